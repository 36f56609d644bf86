import { type AppendLog, openAppendLog } from '../shared/append-log.ts';
import { type AssociationState, AssociationStore } from './association-store.ts';
import { ObjectRecords } from './object-records.ts';
import { type ObjectType, objectTypeNames } from './object-types.ts';
import type { PropertyCatalogue } from './property-catalogue.ts';
import type { PropertyDefinition } from './property-definition.ts';
import type { RecordVersion } from './record-version.ts';
import type { IndexLag } from './search-index.ts';

/** One change of state. Everything a simulator knows follows from its entries, applied in order. */
export type StateEntry =
  | { readonly kind: 'record'; readonly type: ObjectType; readonly version: RecordVersion }
  | { readonly kind: 'merged'; readonly type: ObjectType; readonly loserId: string; readonly survivorId: string }
  | { readonly kind: 'erased'; readonly type: ObjectType; readonly id: string }
  | ({ readonly kind: 'associated' } & AssociationState)
  | { readonly kind: 'property'; readonly type: ObjectType; readonly definition: PropertyDefinition }
  | { readonly kind: 'ids'; readonly next: number };

export interface CrmStateOptions {
  readonly catalogue: PropertyCatalogue;
  /** How long a change takes to reach searches, in ms. */
  readonly indexLagMs: IndexLag;
  readonly now: () => number;
  /** Where changes are kept; without it they live in memory only. */
  readonly file: string | undefined;
}

/**
 * The state of a simulated account. Changes go through `commit`, which applies them at once; `flush` makes those since
 * the last one durable with a single write, so that a call is either kept whole or (killed before) not at all.
 */
export class CrmState {
  readonly catalogue: PropertyCatalogue;
  associations = new AssociationStore();
  readonly #options: CrmStateOptions;
  #records: Readonly<Record<ObjectType, ObjectRecords>>;
  #customProperties: Extract<StateEntry, { kind: 'property' }>[] = [];
  #nextId = firstId;
  #unwritten: StateEntry[] = [];
  readonly #log: AppendLog<StateEntry> | undefined;

  constructor(options: CrmStateOptions) {
    this.catalogue = options.catalogue;
    this.#options = options;
    this.#records = this.#emptyRecords();
    if (options.file === undefined) return;
    this.#log = openAppendLog<StateEntry>({
      file: options.file,
      replay: (entry) => this.#apply(entry),
      snapshot: () => this.#snapshot(),
    });
    this.catchUpSearch();
  }

  records(type: ObjectType): ObjectRecords {
    return this.#records[type];
  }

  commit(entry: StateEntry): void {
    this.#apply(entry);
    if (this.#log !== undefined) this.#unwritten.push(entry);
  }

  flush(): void {
    if (this.#unwritten.length === 0) return;
    this.#log?.append(this.#unwritten);
    this.#unwritten = [];
  }

  /** Lets searches see every change at once. */
  catchUpSearch(): void {
    for (const type of objectTypeNames) this.#records[type].searchIndex.catchUp();
  }

  /** A record id never given before, in this run or an earlier one; it is taken once a record with it is committed. */
  newId(): string {
    return String(this.#nextId);
  }

  /** Forgets all records and associations; added properties stay, and ids are not given again. */
  reset(): void {
    this.#records = this.#emptyRecords();
    this.associations = new AssociationStore();
    this.#unwritten = [];
    this.#log?.compact();
  }

  close(): void {
    this.flush();
    this.#log?.close();
  }

  #apply(entry: StateEntry): void {
    switch (entry.kind) {
      case 'record':
        this.#records[entry.type].put(entry.version, this.#options.now());
        this.#nextId = Math.max(this.#nextId, Number(entry.version.id) + 1);
        return;
      case 'merged':
        this.#records[entry.type].redirect(entry.loserId, entry.survivorId);
        return;
      case 'erased':
        this.#records[entry.type].erase(entry.id);
        return;
      case 'associated':
        this.associations.set(entry);
        return;
      case 'property':
        this.catalogue.add(entry.type, entry.definition);
        this.#customProperties.push(entry);
        return;
      case 'ids':
        this.#nextId = Math.max(this.#nextId, entry.next);
        return;
    }
  }

  *#snapshot(): Generator<StateEntry, void, undefined> {
    yield { kind: 'ids', next: this.#nextId };
    yield* this.#customProperties;
    for (const type of objectTypeNames) {
      for (const version of this.#records[type].all()) yield { kind: 'record', type, version };
      for (const [loserId, survivorId] of this.#records[type].redirections()) {
        yield { kind: 'merged', type, loserId, survivorId };
      }
    }
    for (const association of this.associations.all()) yield { kind: 'associated', ...association };
  }

  #emptyRecords(): Readonly<Record<ObjectType, ObjectRecords>> {
    const empty = (type: ObjectType): ObjectRecords =>
      new ObjectRecords({
        indexLagMs: this.#options.indexLagMs,
        uniqueValues: (version) => this.#uniqueValues(type, version),
      });
    return {
      contacts: empty('contacts'),
      companies: empty('companies'),
      deals: empty('deals'),
      leads: empty('leads'),
      line_items: empty('line_items'),
    };
  }

  /** The addresses a contact took over in merges stay its own, also for uniqueness. */
  #uniqueValues(type: ObjectType, { values }: RecordVersion): Record<string, string[]> {
    const held: Record<string, string[]> = {};
    for (const name of this.catalogue.uniqueProperties(type)) {
      const value = values[name];
      if (value !== undefined) held[name] = [value];
    }
    const additional = type === 'contacts' ? values.hs_additional_emails : undefined;
    if (additional !== undefined) held.email = [...(held.email ?? []), ...additional.split(';')];
    return held;
  }
}

const firstId = 20_001;
