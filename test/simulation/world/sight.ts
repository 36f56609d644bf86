import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { kindOfEntity } from '../people/people.ts';
import type { PeopleKind } from '../people/people-kinds.ts';
import type { Deed, SystemId } from '../plan/plan.ts';
import type { Chronicle } from './chronicle.ts';
import type { Vendor } from './vendor.ts';

/** As long as a webhook, a look, a second look and the telling of it may take together, ms. */
const TOLD_MS = 480_000;

interface Hidden {
  readonly entity: string;
  readonly ids: readonly string[];
  readonly since: number;
}

/** Somebody changes what the hub's user may see. */
export type SightDeed = Extract<Deed, { readonly do: 'hide' | 'show' | 'hide-field' | 'show-field' }>;

interface HiddenField {
  readonly vendor: Vendor;
  readonly kind: PeopleKind;
  readonly field: string;
  readonly since: number;
}

/** What the hub's user may not see in the orgs, and whether the hub has told of what waits because of that. */
export class Sight {
  /** Records with edits that waited for long, and of which nobody was asked, for people. */
  readonly unasked: string[] = [];
  readonly #hidden = new Map<SystemId, readonly Hidden[]>();
  /** Where and until when a thing was hidden before. */
  readonly #former: (Hidden & { readonly system: SystemId; readonly until: number })[] = [];
  readonly #fields: HiddenField[] = [];
  /** Fields that some org has hidden: an edit of one may be for nobody else to see, or to take. */
  readonly #everHidden = new Set<string>();
  readonly #chronicle: Chronicle;
  readonly #store: HubStore;

  constructor(chronicle: Chronicle, store: HubStore) {
    this.#chronicle = chronicle;
    this.#store = store;
  }

  async perform(vendor: Vendor, deed: SightDeed, now: number): Promise<void> {
    switch (deed.do) {
      case 'hide-field':
        return this.#hideField(vendor, deed.kind, deed.field, now);
      case 'show-field':
        return this.#showField(vendor, deed.kind, deed.field, now);
      case 'hide':
        return this.#hide(vendor, deed.entity, now);
      case 'show':
        return this.#show(vendor, deed.entity, now);
    }
  }

  #hideField(vendor: Vendor, kind: PeopleKind, field: string, since: number): void {
    this.#fields.push({ vendor, kind, field, since });
    this.#everHidden.add(`${kind} ${field}`);
    this.#setFields(vendor);
  }

  /** Ends it for the field, and looks first whether somebody was asked. */
  async #showField(vendor: Vendor, kind: PeopleKind, field: string, now: number): Promise<void> {
    const ended = this.#fields.filter((each) => each.vendor === vendor && each.kind === kind && each.field === field);
    const { problems } = await this.#store.listProblems({ limit: 200 });
    const isAsked = problems.some(({ connection, cause }) => connection === vendor.id && cause === 'missing-field');
    for (const each of ended) {
      const isEdited = this.#chronicle.changes.some(
        (change) =>
          change.system !== vendor.id &&
          change.kind === kind &&
          change.by === 'person' &&
          change.event === 'changed' &&
          field in change.units &&
          change.at >= each.since &&
          change.at < now - TOLD_MS &&
          this.#isSeen(change.system, change.entity, change.at) &&
          this.#isSeen(vendor.id, change.entity, change.at) &&
          !this.#fields.some((other) => other.vendor.id === change.system && other.field === field),
      );
      if (isEdited && !isAsked) this.unasked.push(`${vendor.id} ${kind}.${field}`);
      this.#fields.splice(this.#fields.indexOf(each), 1);
    }
    this.#setFields(vendor);
  }

  #hide(vendor: Vendor, entity: string, now: number): void {
    const kind = kindOfEntity(entity);
    const ids = vendor
      .records(kind)
      .flatMap((record) => (record.entity === entity && record.isLive ? [record.id] : []));
    this.#set(vendor, [...(this.#hidden.get(vendor.id) ?? []), { entity, ids, since: now }]);
  }

  /** Ends it for the thing, and looks first whether somebody was asked. */
  async #show(vendor: Vendor, entity: string, now: number): Promise<void> {
    const all = this.#hidden.get(vendor.id) ?? [];
    const { problems } = await this.#store.listProblems({ limit: 200 });
    for (const span of all.filter((each) => each.entity === entity)) {
      const { ids, since } = span;
      this.#former.push({ ...span, system: vendor.id, until: now });
      for (const id of ids) {
        const isAsked = problems.some(({ connection, externalId }) => connection === vendor.id && externalId === id);
        if (!isAsked && this.#waits(vendor, entity, since, now)) this.unasked.push(`${vendor.id} ${entity} ${id}`);
      }
    }
    this.#set(
      vendor,
      all.filter((each) => each.entity !== entity),
    );
  }

  /** Everything is seen again. */
  async showAll(vendors: Iterable<Vendor>, now: number): Promise<void> {
    for (const { vendor, kind, field } of [...this.#fields]) await this.#showField(vendor, kind, field, now);
    for (const vendor of vendors)
      for (const { entity } of this.#hidden.get(vendor.id) ?? []) await this.#show(vendor, entity, now);
  }

  /** Whether somebody has edited the thing long ago in another system, where the hub saw it all the time, while it was hidden here. */
  #waits(vendor: Vendor, entity: string, since: number, now: number): boolean {
    return this.#chronicle.changes.some(
      (change) =>
        change.entity === entity &&
        change.system !== vendor.id &&
        change.by === 'person' &&
        change.event === 'changed' &&
        Object.keys(change.units).some((unit) => !this.#everHidden.has(`${change.kind} ${unit}`)) &&
        change.at >= since &&
        change.at < now - TOLD_MS &&
        this.#isSeen(change.system, entity, change.at),
    );
  }

  #isSeen(system: SystemId, entity: string, since: number): boolean {
    const isHidden = (this.#hidden.get(system) ?? []).some((each) => each.entity === entity);
    return (
      !isHidden && !this.#former.some((each) => each.system === system && each.entity === entity && each.until > since)
    );
  }

  #setFields(vendor: Vendor): void {
    const hidden = this.#fields.filter((each) => each.vendor === vendor);
    vendor.hideFields?.(hidden.map(({ kind, field }) => [kind, field] as const));
  }

  #set(vendor: Vendor, hidden: readonly Hidden[]): void {
    this.#hidden.set(vendor.id, hidden);
    vendor.hide?.(new Set(hidden.flatMap(({ ids }) => ids)));
  }
}
