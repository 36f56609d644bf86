import { valuesOf } from '../../deliver/plan-delivery.ts';
import { weighLikeness } from '../../identity/candidates.ts';
import { haveOneMailbox } from '../../identity/same-person.ts';
import { mayBelongTo } from '../../identity/sole-keys.ts';
import { isKind } from '../../model/kind.ts';
import type { Problem } from '../../model/problem.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Hub } from '../ports.ts';
import { wantedKeys } from '../settle-record.ts';
import { readFollowing } from './problem-scene.ts';

/** The records a question is about that are still there and not the same by now, merges followed, each once. */
export async function recordsOf(hub: Hub, { kind, candidates = [] }: Problem): Promise<readonly UnifiedRecord[]> {
  if (kind === undefined || !isKind(kind)) return [];
  const records = new Map<string, UnifiedRecord>();
  for (const id of candidates.slice(0, CANDIDATES_MAX)) {
    const { unified } = await readFollowing(hub, kind, id);
    if (unified?.state === 'present') records.set(unified.id, unified);
  }
  return [...records.values()];
}

/** More than these records in one question are compared by nobody. */
const CANDIDATES_MAX = 20;

/**
 * A doubt about a record is over when it or all the others are gone or one with it, when a person has said so of each, or when
 * it is like none of them any more.
 */
export async function judgeLikeness(hub: Hub, problem: Problem): Promise<'stands' | 'gone'> {
  const [one, ...others] = await recordsOf(hub, problem);
  if (one === undefined) return 'gone';
  const vocabulary = vocabularyOf(hub, one.kind);
  const values = valuesOf(one);
  const weigh = weighLikeness(one.kind, values, vocabulary);
  for (const other of others) {
    const isAlike =
      weigh(valuesOf(other)).isDoubtful ||
      haveOneMailbox(values, valuesOf(other), vocabulary) ||
      (one.doubts?.includes(other.id) === true && mayBelongTo(values, valuesOf(other), vocabulary));
    if (isAlike && !(await hub.store.readPin(one.kind, one.id, other.id))) return 'stands';
  }
  return 'gone';
}

/** A conflict is over when no two of the records want the same key any more, or a person has said of all that do that they differ. */
export async function judgeConflict(hub: Hub, problem: Problem): Promise<'stands' | 'gone'> {
  const records = await recordsOf(hub, problem);
  const wanted = new Map<string, ReadonlySet<string>>();
  for (const { kind, id } of records) {
    wanted.set(id, new Set(await wantedKeys(hub, await hub.store.readBundle(kind, id))));
  }
  for (const one of records) {
    for (const other of records) {
      if (one.id >= other.id) continue;
      const theirs = wanted.get(other.id) ?? new Set();
      const isShared = [...(wanted.get(one.id) ?? [])].some((key) => theirs.has(key));
      if (isShared && !(await hub.store.readPin(one.kind, one.id, other.id))) return 'stands';
    }
  }
  return 'gone';
}
