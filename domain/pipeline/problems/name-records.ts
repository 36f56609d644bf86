import { type ExternalRef, refKey, refOfKey } from '../../model/external-ref.ts';
import { isKind, type Kind } from '../../model/kind.ts';
import type { Problem } from '../../model/problem.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Hub } from '../ports.ts';

/** A record that a problem is about, by what people call it. */
export interface NamedRecord {
  readonly kind: Kind;
  readonly id: string;
  /** Absent where it has no name, or was merged or erased. */
  readonly name?: string;
}

/** The records of a problem: the one it is about, and those it names beside, by what the problem calls them. */
export interface ProblemRecords {
  readonly record?: NamedRecord;
  readonly others: Readonly<Record<string, NamedRecord>>;
}

/**
 * Looks up what people call the records that problems are about. Names are for the screen of whoever asks: problems themselves hold
 * none, and no log does. *Units*: one read unit a record, and one for each reference of a record that the problem knows by that only.
 */
export async function nameRecords(
  hub: Hub,
  problems: readonly Problem[],
): Promise<ReadonlyMap<string, ProblemRecords>> {
  const refs = problems
    .flatMap((problem) => [ownRef(problem), ...candidateRefs(problem)])
    .filter((ref) => ref !== undefined);
  const known = refs.length === 0 ? new Map<string, string>() : await hub.store.readRefs(refs);
  const places = problems.map((problem) => ({ problem, ...placesOf(hub, problem, known) }));
  const wanted = new Map<Kind, Set<string>>();
  for (const { own, others } of places) {
    for (const place of [own, ...Object.values(others)]) {
      if (place === undefined) continue;
      const ids = wanted.get(place.kind) ?? new Set<string>();
      wanted.set(place.kind, ids.add(place.id));
    }
  }
  const records = new Map<string, UnifiedRecord>();
  for (const [kind, ids] of wanted) {
    for (const [id, record] of await hub.store.readUnified(kind, [...ids])) records.set(`${kind}#${id}`, record);
  }
  const named = (place: Place): NamedRecord => {
    const name = nameOf(hub, records.get(`${place.kind}#${place.id}`));
    return name === undefined ? place : { ...place, name };
  };
  return new Map(
    places.map(({ problem, own, others }) => [
      problem.id,
      {
        ...(own === undefined ? {} : { record: named(own) }),
        others: Object.fromEntries(Object.entries(others).map(([told, place]) => [told, named(place)])),
      },
    ]),
  );
}

interface Place {
  readonly kind: Kind;
  readonly id: string;
}

function ownRef({ unifiedId, connection, object, externalId }: Problem): ExternalRef | undefined {
  if (unifiedId !== undefined || object === undefined || externalId === undefined) return undefined;
  return { connection, object, externalId };
}

function candidateRefs({ candidates = [] }: Problem): readonly ExternalRef[] {
  return candidates.filter((told) => told.includes('#')).map(refOfKey);
}

function placesOf(
  hub: Hub,
  problem: Problem,
  known: ReadonlyMap<string, string>,
): { readonly own: Place | undefined; readonly others: Readonly<Record<string, Place>> } {
  const { connection, object = '', candidates = [] } = problem;
  const kind = problem.kind ?? hub.mapping(connection, object)?.kind;
  if (kind === undefined || !isKind(kind)) return { own: undefined, others: {} };
  const ref = ownRef(problem);
  const id = problem.unifiedId ?? (ref && known.get(refKey(ref)));
  const others = candidates.flatMap((told): [string, Place][] => {
    const other = told.includes('#') ? known.get(told) : told;
    return other === undefined ? [] : [[told, { kind, id: other }]];
  });
  return { own: id === undefined || id === '' ? undefined : { kind, id }, others: Object.fromEntries(others) };
}

/** Longest name shown, characters. */
const NAME_MAX = 80;

function nameOf(hub: Hub, record: UnifiedRecord | undefined): string | undefined {
  if (record === undefined) return undefined;
  const { called = [] } = vocabularyOf(hub, record.kind);
  const parts = called.map((field) => record.fields[field]?.value).filter((value) => typeof value === 'string');
  const name = parts.join(' ').trim();
  if (name === '') return undefined;
  return name.length <= NAME_MAX ? name : `${name.slice(0, NAME_MAX - 1)}…`;
}
