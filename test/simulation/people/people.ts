import { refKey } from '../../../domain/model/external-ref.ts';
import type { Problem } from '../../../domain/model/problem.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { Deed, Entries, SystemId } from '../plan/plan.ts';
import type { Chronicle } from '../world/chronicle.ts';
import { type SystemRecord, theirName, type Vendor } from '../world/vendor.ts';
import { FIELDS } from './fields.ts';
import { isPeopleKind, type PeopleKind } from './people-kinds.ts';

/** A deed that somebody does in a system's own screens. */
export type PeopleDeed = Extract<
  Deed,
  { readonly do: 'create' | 'edit' | 'relate' | 'delete' | 'restore' | 'bring-back' | 'duplicate' | 'merge' | 'unite' }
>;

/** Two things that are one since then: `other` is called `entity` now. */
export interface United {
  readonly entity: string;
  readonly other: string;
  /** True time, ms. */
  readonly at: number;
}

const KIND_OF_LETTER: Readonly<Record<string, PeopleKind>> = {
  P: 'partner',
  D: 'deal',
  C: 'contact',
  M: 'contact',
  N: 'partner',
  K: 'contact',
  J: 'lead',
  L: 'lead',
};

/** The kind of a thing, from its name. */
export function kindOfEntity(entity: string): PeopleKind {
  const kind = KIND_OF_LETTER[entity.charAt(0)];
  if (kind === undefined) throw new Error(`${entity} is no thing of this world`);
  return kind;
}

/** The people of a world: they see what their system shows them, and do what the plan says if that is possible there then. */
export class People {
  readonly #vendors: ReadonlyMap<SystemId, Vendor>;
  readonly #chronicle: Chronicle;
  readonly #scheduler: Scheduler;
  /** `connection#object#id` → the record it was merged into by hand. */
  readonly merged = new Map<string, string>();
  /** Two things that somebody merged in a system's own screens, and when, ms. */
  readonly united: United[] = [];
  readonly #removed = new Map<string, string>();

  constructor(vendors: ReadonlyMap<SystemId, Vendor>, chronicle: Chronicle, scheduler: Scheduler) {
    this.#vendors = vendors;
    this.#chronicle = chronicle;
    this.#scheduler = scheduler;
  }

  /** Does a deed, in one go; what cannot be done is left. */
  async perform(deed: PeopleDeed): Promise<void> {
    const vendor = this.#vendor(deed.system);
    await this.#act(vendor, deed);
    this.#chronicle.note(vendor, 'person', this.#scheduler.now);
  }

  /** Somebody looks at the problems of records that are there twice, and does what they ask for. Answers whether anything was to be done. */
  async mergeDuplicates(problems: readonly Problem[]): Promise<boolean> {
    let isDone = false;
    for (const { connection, kind, externalId = '', candidates = [] } of problems) {
      const vendor = [...this.#vendors.values()].find(({ id }) => id === connection);
      const holder = candidates[0]?.split('#').at(-1);
      if (vendor === undefined || kind === undefined || !isPeopleKind(kind) || holder === undefined) continue;
      const isThere = (id: string): boolean => vendor.records(kind).some((record) => record.id === id && record.isLive);
      if (!isThere(holder) || !isThere(externalId)) continue;
      // Deals, and leads in some systems, cannot be merged; then the second one is deleted.
      if (!(await vendor.merge(kind, holder, externalId))) await vendor.remove(kind, externalId);
      this.#chronicle.note(vendor, 'person', this.#scheduler.now);
      isDone = true;
    }
    return isDone;
  }

  async #act(vendor: Vendor, deed: PeopleDeed): Promise<void> {
    const kind = kindOfEntity(deed.entity);
    const [first, second] = this.#find(vendor, kind, deed.entity);
    switch (deed.do) {
      case 'create':
      case 'duplicate': {
        if (deed.do === 'create' ? first !== undefined : first === undefined || second !== undefined) return;
        const partner =
          deed.do === 'create' && deed.partner !== undefined
            ? this.#find(vendor, 'partner', deed.partner)[0]
            : undefined;
        // A contact of nobody, and a deal with nobody, are not entered.
        if (deed.do === 'create' && deed.partner !== undefined && partner === undefined) return;
        await vendor.create(kind, deed.entity, valuesOf(kind, vendor, deed.entries), partner?.id);
        return;
      }
      case 'edit': {
        const values = valuesOf(kind, vendor, deed.entries);
        if (first !== undefined && Object.keys(values).length > 0) await vendor.edit(kind, first.id, values);
        return;
      }
      case 'relate': {
        const partner = this.#find(vendor, 'partner', deed.partner)[0];
        if (first !== undefined && partner !== undefined) await vendor.relate(kind, first.id, partner.id);
        return;
      }
      case 'delete':
        if (first === undefined) return;
        this.#removed.set(`${vendor.id}#${deed.entity}`, first.id);
        await vendor.remove(kind, first.id);
        return;
      case 'restore': {
        const id = this.#removed.get(`${vendor.id}#${deed.entity}`);
        if (id !== undefined && first === undefined) await vendor.restore(kind, id);
        return;
      }
      case 'bring-back': {
        const gone = vendor.records(kind).find(({ isLive, entity }) => !isLive && entity === deed.entity);
        if (gone !== undefined && first === undefined) await vendor.restore(kind, gone.id);
        return;
      }
      case 'merge':
        if (first === undefined || second === undefined) return;
        this.merged.set(refKey({ connection: vendor.id, object: kind, externalId: second.id }), first.id);
        await vendor.merge(kind, first.id, second.id);
        return;
      case 'unite': {
        const other = this.#find(vendor, kind, deed.other)[0];
        if (first === undefined || other === undefined || !(await vendor.merge(kind, first.id, other.id))) return;
        this.united.push({ entity: deed.entity, other: deed.other, at: this.#scheduler.now });
      }
    }
  }

  #vendor(id: SystemId): Vendor {
    const vendor = this.#vendors.get(id);
    if (vendor === undefined) throw new Error(`no system ${id}`);
    return vendor;
  }

  /** The live records of a thing, the oldest first. */
  #find(vendor: Vendor, kind: PeopleKind, entity: string): readonly SystemRecord[] {
    return vendor
      .records(kind)
      .filter((record) => record.isLive && record.entity === entity)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

function valuesOf(kind: PeopleKind, vendor: Vendor, entries: Entries): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, place] of Object.entries(entries)) {
    const field = FIELDS[kind].find((each) => each.name === name);
    const theirs = field && theirName(field, vendor.system);
    if (field === undefined || theirs === undefined) continue;
    values[theirs] = place === null ? null : field.choice(place)[vendor.system];
  }
  return values;
}
