import { type AssociationType, findAssociationType, plainAssociationType } from './association-types.ts';
import type { ObjectType } from './object-types.ts';

export interface RecordRef {
  readonly type: ObjectType;
  readonly id: string;
}

/** All association types between two records, seen from `from`. An empty list is no association. */
export interface AssociationState {
  readonly from: RecordRef;
  readonly to: RecordRef;
  readonly typeIds: readonly number[];
}

/** Who is associated with whom, kept from both sides. */
export class AssociationStore {
  readonly #links = new Map<string, Map<string, readonly number[]>>();

  typeIds(from: RecordRef, to: RecordRef): readonly number[] {
    return this.#links.get(linksKey(from, to.type))?.get(to.id) ?? [];
  }

  /** The records of one type that `from` is associated with, in the order they were associated. */
  linked(from: RecordRef, toType: ObjectType): readonly { readonly id: string; readonly typeIds: readonly number[] }[] {
    const links = this.#links.get(linksKey(from, toType));
    return links === undefined ? [] : [...links].map(([id, typeIds]) => ({ id, typeIds }));
  }

  set({ from, to, typeIds }: AssociationState): void {
    this.#setOneWay(from, to, typeIds);
    this.#setOneWay(to, from, typeIds.map(inverseTypeId));
  }

  /** Every association once, from one of its sides. */
  *all(): Generator<AssociationState, void, undefined> {
    for (const [key, links] of this.#links) {
      const [fromType, fromId, toType] = key.split(' ') as [ObjectType, string, ObjectType];
      // Between two object types each association is kept under both; the alphabetical order picks one of them.
      if (fromType > toType) continue;
      for (const [toId, typeIds] of links) {
        yield { from: { type: fromType, id: fromId }, to: { type: toType, id: toId }, typeIds };
      }
    }
  }

  #setOneWay(from: RecordRef, to: RecordRef, typeIds: readonly number[]): void {
    const key = linksKey(from, to.type);
    let links = this.#links.get(key);
    if (typeIds.length === 0) {
      links?.delete(to.id);
      if (links?.size === 0) this.#links.delete(key);
      return;
    }
    if (links === undefined) {
      links = new Map();
      this.#links.set(key, links);
    }
    links.set(to.id, typeIds);
  }
}

/**
 * The states that follow from adding types to a pair: the plain type comes with every labelled one, and where a label
 * is single (the primary company of a deal), the former holder keeps its plain association and loses the label.
 */
export function statesAfterAdding(
  store: AssociationStore,
  from: RecordRef,
  to: RecordRef,
  added: readonly AssociationType[],
): readonly AssociationState[] {
  const states: AssociationState[] = [];
  const plain = plainAssociationType(from.type, to.type);
  const typeIds = new Set([
    ...store.typeIds(from, to),
    ...(plain === undefined ? [] : [plain.typeId]),
    ...added.map(({ typeId }) => typeId),
  ]);
  for (const type of added) {
    if (type.singleOf === undefined) continue;
    const [holder, other] = type.singleOf === 'from' ? [from, to] : [to, from];
    const label = type.singleOf === 'from' ? type.typeId : type.inverseTypeId;
    for (const linked of store.linked(holder, other.type)) {
      if (linked.id === other.id || !linked.typeIds.includes(label)) continue;
      states.push({
        from: holder,
        to: { type: other.type, id: linked.id },
        typeIds: linked.typeIds.filter((typeId) => typeId !== label),
      });
    }
  }
  return [...states, { from, to, typeIds: [...typeIds] }];
}

/** The state that follows from removing types from a pair; without the plain type nothing of the association is left. */
export function stateAfterRemoving(
  store: AssociationStore,
  from: RecordRef,
  to: RecordRef,
  removed: readonly AssociationType[],
): AssociationState {
  const isWholeRemoved = removed.some(({ label }) => label === null);
  const removedIds = new Set(removed.map(({ typeId }) => typeId));
  const typeIds = isWholeRemoved ? [] : store.typeIds(from, to).filter((typeId) => !removedIds.has(typeId));
  return { from, to, typeIds };
}

function linksKey(from: RecordRef, toType: ObjectType): string {
  return `${from.type} ${from.id} ${toType}`;
}

function inverseTypeId(typeId: number): number {
  return findAssociationType(typeId)?.inverseTypeId ?? typeId;
}
