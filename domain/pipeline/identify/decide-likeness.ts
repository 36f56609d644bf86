import { isKind, type Kind } from '../../model/kind.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import { type Effects, noEffects, sendEffects } from '../effects.ts';
import type { Hub } from '../ports.ts';
import { readFollowing } from '../problems/problem-scene.ts';
import { type SettleCause, settleRecord } from '../settle-record.ts';

/** How a person's decision about two records ended. */
export type DecisionEnd = 'done' | 'unknown' | 'not-a-likeness' | 'contended';

/**
 * A person says that the records of a likeness or conflict are not the same: pins keep them apart for good, and what was
 * withheld because of the doubt is created now. The question of a likeness is about its first record and each of the others;
 * of those among themselves it says nothing.
 */
export async function keepApart(hub: Hub, id: string): Promise<DecisionEnd> {
  const problem = await hub.store.readProblem(id);
  if (problem === undefined) return 'unknown';
  const { cause, kind, candidates = [] } = problem;
  const isLikeness = cause === 'doubtful-match' || cause === 'merge-conflict';
  if (!isLikeness || kind === undefined || !isKind(kind)) return 'not-a-likeness';
  const isApart = (one: string, other: string): boolean =>
    one !== other && (cause === 'merge-conflict' || one === candidates[0] || other === candidates[0]);
  for (const one of candidates) {
    for (const other of candidates) if (one < other && isApart(one, other)) await hub.store.putPin(kind, one, other);
  }
  const effects = noEffects();
  for (const candidate of candidates) {
    // Also without a doubt left: an answer given before may have been cut short before it was told.
    const cause = { correlationId: hub.newId(), isRepeated: true };
    const others = candidates.filter((other) => isApart(candidate, other));
    if (!(await dropDoubts(hub, kind, candidate, others, cause, effects))) return 'contended';
  }
  await sendEffects(hub, effects);
  // As it was answered: it may be about another likeness as well by now.
  await hub.store.closeProblem(id, hub.now(), problem);
  return 'done';
}

/** Ends a record's doubts about others, and settles it, so that what was withheld is created. `false`: written meanwhile. */
export async function dropDoubts(
  hub: Hub,
  kind: Kind,
  id: string,
  others: readonly string[],
  cause: SettleCause,
  effects: Effects,
): Promise<boolean> {
  const { unified } = await hub.store.readBundle(kind, id);
  if (unified === undefined) return true;
  const { doubts = [], ...sure } = unified;
  const left = doubts.filter((doubt) => !others.includes(doubt));
  if (left.length < doubts.length) {
    const next = { ...sure, ...(left.length === 0 ? {} : { doubts: left }), counter: unified.counter + 1 };
    if (!(await hub.store.putUnified(next, unified.counter))) return false;
  }
  return (await settleRecord(hub, kind, id, cause, effects)).outcome !== 'contended';
}

/**
 * What a record is in doubt about may have been merged into another one: then it is in doubt about that one, and what is said of it ends
 * the doubt. `false`: written meanwhile.
 */
export async function followDoubts(hub: Hub, record: UnifiedRecord): Promise<boolean> {
  const { doubts = [], ...sure } = record;
  const led: string[] = [];
  for (const doubt of doubts) led.push((await readFollowing(hub, record.kind, doubt)).id);
  const left = [...new Set(led)].filter((id) => id !== record.id);
  if (left.join() === doubts.join()) return true;
  const next = { ...sure, ...(left.length === 0 ? {} : { doubts: left }), counter: record.counter + 1 };
  return hub.store.putUnified(next, record.counter);
}
