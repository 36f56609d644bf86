import { type Outcome, refuse, succeed, validationError } from './api-error.ts';
import { type AssociationState, type RecordRef, stateAfterRemoving, statesAfterAdding } from './association-store.ts';
import { type AssociationType, findAssociationType } from './association-types.ts';
import type { CrmState } from './crm-state.ts';
import { type ObjectType, objectTypeNames } from './object-types.ts';
import { mergeRecords } from './record-merge.ts';
import type { PlannedWrite } from './record-planner.ts';
import { type ChangeOrigin, nextVersion, type RecordVersion } from './record-version.ts';
import type { WebhookPublisher } from './webhook-publisher.ts';

/** When and by whom a change is made. */
export interface ChangeContext {
  readonly now: number;
  readonly by: ChangeOrigin;
}

export interface RecordWriterOptions {
  readonly state: CrmState;
  readonly publisher: WebhookPublisher;
  /** Whether a merge ends in a record with a third id instead of the primary's own. */
  readonly mergeMakesNewId: boolean;
}

/** Carries out checked changes: state first, then the webhook events about them. */
export class RecordWriter {
  readonly #options: RecordWriterOptions;

  constructor(options: RecordWriterOptions) {
    this.#options = options;
  }

  /** Writes a plan. An update in which nothing differs changes nothing, not even the modification time. */
  write({ type, former, changed, associations }: PlannedWrite, context: ChangeContext): RecordVersion {
    const { state, publisher } = this.#options;
    const names = Object.keys(changed);
    // Earlier inputs of the same batch may have written to the same record, under an id that was merged into it.
    const current = former === undefined ? undefined : (state.records(type).find(former.id) ?? former);
    if (current !== undefined && names.length === 0) return current;
    const version =
      current === undefined
        ? firstVersion(state.newId(), changed, context)
        : nextVersion(current, changed, context.now, context.by);
    state.commit({ kind: 'record', type, version });
    if (current === undefined) publisher.created(type, version, context.by);
    else publisher.changed(type, version, names, context.by);
    for (const { to, types } of associations) this.associate({ type, id: version.id }, to, types, context);
    return version;
  }

  archive(type: ObjectType, id: string, { now, by }: ChangeContext): void {
    const { state, publisher } = this.#options;
    const version = state.records(type).find(id);
    if (version === undefined) return;
    state.commit({ kind: 'record', type, version: { ...version, archivedAt: now, modifiedAt: now } });
    publisher.deleted(type, version.id, now, by);
  }

  /** Brings an archived record back, as a person can in the vendor's recycling bin. */
  restore(type: ObjectType, id: string, { now, by }: ChangeContext): RecordVersion | undefined {
    const { state, publisher } = this.#options;
    const archived = state.records(type).findArchived(id);
    if (archived === undefined) return undefined;
    const version: RecordVersion = { ...archived, archivedAt: null, modifiedAt: now };
    state.commit({ kind: 'record', type, version });
    publisher.restored(type, id, now, by);
    return version;
  }

  /** Forgets a contact for good, with its history and associations. */
  erase(type: ObjectType, id: string, { now, by }: ChangeContext): void {
    const { state, publisher } = this.#options;
    const from = { type, id: state.records(type).survivorOf(id) };
    for (const toType of ['companies', 'deals', 'leads'] as const) {
      for (const linked of state.associations.linked(from, toType)) {
        state.commit({ kind: 'associated', from, to: { type: toType, id: linked.id }, typeIds: [] });
      }
    }
    state.commit({ kind: 'erased', type, id: from.id });
    publisher.erased(type, from.id, now, by);
  }

  merge(type: ObjectType, primaryId: string, loserId: string, { now, by }: ChangeContext): Outcome<RecordVersion> {
    const { state, publisher, mergeMakesNewId } = this.#options;
    const primary = state.records(type).find(primaryId);
    const loser = state.records(type).find(loserId);
    if (primary === undefined || loser === undefined || primary.id === loser.id) {
      return refuse(validationError('Both records of a merge must exist and differ'));
    }
    const mergeBy = { changeSource: 'MERGE_OBJECTS', sourceId: by.sourceId };
    const survivorId = mergeMakesNewId ? state.newId() : primary.id;
    const merged = mergeRecords(type, primary, loser, survivorId, now, mergeBy);
    if (!merged.ok) return merged;
    const moves = [...this.#associationsOf(type, primary.id), ...this.#associationsOf(type, loser.id)];
    for (const former of [primary, loser]) {
      if (former.id !== survivorId) state.commit({ kind: 'merged', type, loserId: former.id, survivorId });
    }
    state.commit({ kind: 'record', type, version: merged.value.version });
    this.#moveAssociations(moves, { type, id: survivorId });
    const { propertiesMoved } = merged.value;
    publisher.merged(type, { survivorId, primaryId: primary.id, loserId: loser.id, propertiesMoved }, now, by.sourceId);
    return succeed(merged.value.version);
  }

  associate(from: RecordRef, to: RecordRef, types: readonly AssociationType[], context: ChangeContext): void {
    for (const after of statesAfterAdding(this.#options.state.associations, from, to, types)) {
      this.#setAssociation(after, context);
    }
  }

  dissociate(from: RecordRef, to: RecordRef, types: readonly AssociationType[], context: ChangeContext): void {
    this.#setAssociation(stateAfterRemoving(this.#options.state.associations, from, to, types), context);
  }

  #setAssociation(after: AssociationState, { now, by }: ChangeContext): void {
    const { state, publisher } = this.#options;
    const before = { ...after, typeIds: state.associations.typeIds(after.from, after.to) };
    if (before.typeIds.length === after.typeIds.length && after.typeIds.every((id) => before.typeIds.includes(id)))
      return;
    state.commit({ kind: 'associated', ...after });
    publisher.associationChanged(before, after, now, by);
  }

  #associationsOf(type: ObjectType, id: string): AssociationState[] {
    const from = { type, id };
    return objectTypeNames.flatMap((toType) =>
      this.#options.state.associations
        .linked(from, toType)
        .map((linked) => ({ from, to: { type: toType, id: linked.id }, typeIds: linked.typeIds })),
    );
  }

  /** The survivor takes over every association; what it has already (its own primary company) it keeps. */
  #moveAssociations(moves: readonly AssociationState[], survivor: RecordRef): void {
    const { state } = this.#options;
    for (const { from, to } of moves) {
      if (from.id !== survivor.id) state.commit({ kind: 'associated', from, to, typeIds: [] });
    }
    for (const { from, to, typeIds } of moves) {
      if (from.id === survivor.id) continue;
      const takenLabels = new Set(
        state.associations.linked(survivor, to.type).flatMap((linked) => linked.typeIds.filter(isSingleOfHolder)),
      );
      const kept = typeIds.filter((typeId) => !takenLabels.has(typeId));
      const held = state.associations.typeIds(survivor, to);
      state.commit({ kind: 'associated', from: survivor, to, typeIds: [...new Set([...held, ...kept])] });
    }
  }
}

function firstVersion(
  id: string,
  changed: Readonly<Record<string, string | null>>,
  { now, by }: ChangeContext,
): RecordVersion {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(changed)) if (value !== null) values[name] = value;
  return { id, values, createdAt: now, modifiedAt: now, archivedAt: null, createdBy: by, changes: {} };
}

function isSingleOfHolder(typeId: number): boolean {
  return findAssociationType(typeId)?.singleOf === 'from';
}
