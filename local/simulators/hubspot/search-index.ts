import { LazySortedList } from './lazy-sorted-list.ts';
import type { RecordVersion } from './record-version.ts';

/** How a search selects and orders; see `search-request.ts` for how a request becomes this. */
export interface SearchPlan {
  readonly matches: (version: RecordVersion) => boolean;
  /** Every match was modified within these bounds (ms, inclusive); they only make the search faster. */
  readonly modifiedFrom: number;
  readonly modifiedTo: number;
  readonly order:
    | { readonly by: 'modified'; readonly isDescending: boolean }
    | { readonly by: 'comparison'; readonly compare: (a: RecordVersion, b: RecordVersion) => number };
}

export interface SearchHits {
  readonly total: number;
  readonly page: readonly RecordVersion[];
}

/** How long a change takes to reach searches, ms: always the same, or as it is at an instant (ms), since an index falls behind under load. */
export type IndexLag = number | ((now: number) => number);

/**
 * What searches see of one object: each record as it was a lag ago. Changes arrive in the order they were made. A changed record is found in its former state
 * until its change has arrived; an archived one is gone at once.
 * *Cost*: searches by modification time walk the records within the bounds only; others walk all.
 */
export class SearchIndex {
  readonly #lagMs: IndexLag;
  #lastDueAt = 0;
  readonly #documents = new Map<string, RecordVersion>();
  readonly #byModified = new LazySortedList<RecordVersion>({
    compare: compareByModified,
    isCurrent: (version) => this.#documents.get(version.id) === version,
  });
  /** Changes on their way, in order of arrival; one per write of the last lag, those before `#arrived` done. */
  #arriving: { dueAt: number; version: RecordVersion }[] = [];
  #arrived = 0;
  /** The newest version of each record on its way; anything else in `#arriving` has been overtaken or archived. */
  readonly #newest = new Map<string, RecordVersion>();

  constructor(lagMs: IndexLag) {
    this.#lagMs = lagMs;
  }

  put(version: RecordVersion, now: number): void {
    const lagMs = typeof this.#lagMs === 'number' ? this.#lagMs : this.#lagMs(now);
    if (lagMs <= 0 && this.#arrived === this.#arriving.length) {
      this.#index(version);
      return;
    }
    this.#lastDueAt = Math.max(this.#lastDueAt, now + lagMs);
    this.#arriving.push({ dueAt: this.#lastDueAt, version });
    this.#newest.set(version.id, version);
    this.#receive(now);
  }

  remove(id: string): void {
    this.#newest.delete(id);
    this.#documents.delete(id);
  }

  /** Everything that is on its way arrives now. */
  catchUp(): void {
    this.#receive(Number.POSITIVE_INFINITY);
    this.#lastDueAt = 0;
  }

  search(plan: SearchPlan, offset: number, limit: number, now: number): SearchHits {
    this.#receive(now);
    if (plan.order.by === 'modified' && !plan.order.isDescending) return this.#walk(plan, offset, limit);
    const matches = this.#collect(plan);
    if (plan.order.by === 'modified') matches.reverse();
    else matches.sort(plan.order.compare);
    return { total: matches.length, page: matches.slice(offset, offset + limit) };
  }

  #walk(plan: SearchPlan, offset: number, limit: number): SearchHits {
    const page: RecordVersion[] = [];
    let total = 0;
    for (const version of this.#within(plan)) {
      if (total >= offset && page.length < limit) page.push(version);
      total += 1;
    }
    return { total, page };
  }

  #collect(plan: SearchPlan): RecordVersion[] {
    return [...this.#within(plan)];
  }

  *#within({ matches, modifiedFrom, modifiedTo }: SearchPlan): Generator<RecordVersion, void, undefined> {
    for (const version of this.#byModified.from(({ modifiedAt }) => modifiedAt >= modifiedFrom)) {
      if (version.modifiedAt > modifiedTo) return;
      if (matches(version)) yield version;
    }
  }

  #receive(now: number): void {
    for (; this.#arrived < this.#arriving.length; this.#arrived += 1) {
      const arrival = this.#arriving[this.#arrived];
      if (arrival === undefined || arrival.dueAt > now) break;
      const { version } = arrival;
      if (this.#newest.has(version.id)) this.#index(version);
      if (this.#newest.get(version.id) === version) this.#newest.delete(version.id);
    }
    // Cut only when most of it is done: cutting after every arrival would copy the rest again and again.
    if (this.#arrived < 1_024 || this.#arrived * 2 < this.#arriving.length) return;
    this.#arriving = this.#arriving.slice(this.#arrived);
    this.#arrived = 0;
  }

  #index(version: RecordVersion): void {
    this.#documents.set(version.id, version);
    this.#byModified.add(version);
  }
}

function compareByModified(a: RecordVersion, b: RecordVersion): number {
  return a.modifiedAt - b.modifiedAt || Number(a.id) - Number(b.id);
}
