import type { JournalEntry } from '../model/journal.ts';
import type { DeliveryDue, Notice, RecordChanged } from '../model/notice.ts';
import type { Problem } from '../model/problem.ts';
import type { Hub } from './ports.ts';

/**
 * What a step will tell others once its own writes are done: collected for a whole batch, so that it leaves in few
 * calls. A batch whose effects could not be sent is not acknowledged, and its repetition finds and sends them again.
 */
export interface Effects {
  readonly journal: JournalEntry[];
  readonly changed: RecordChanged[];
  readonly due: Map<string, DeliveryDue>;
  readonly dueLater: { readonly due: DeliveryDue; readonly delayMs: number }[];
  readonly notices: { readonly notice: Notice; readonly delayMs: number }[];
  /**
   * Questions that are answered, each as it was when that is known; one that has grown since goes on. They stay open until what follows from the
   * answer has been sent.
   */
  readonly answered: { readonly id: string; readonly as?: Problem }[];
}

/** An empty collection. */
export function noEffects(): Effects {
  return { journal: [], changed: [], due: new Map(), dueLater: [], notices: [], answered: [] };
}

/** Notes that a record may be behind in a connection; repeated notes become one, as urgent as the most urgent of them. */
export function noteDue(effects: Effects, due: DeliveryDue): void {
  const key = keyOf(due);
  const isUrgent = due.work === 'backfill' && effects.due.has(key) && effects.due.get(key)?.work !== 'backfill';
  effects.due.set(key, isUrgent ? { ...due, work: 'live' } : due);
}

/** Takes back that a record may be behind in a connection. */
export function dropDue(effects: Effects, due: DeliveryDue): void {
  effects.due.delete(keyOf(due));
}

/** Adds what was collected apart. */
export function addEffects(effects: Effects, { journal, changed, due, dueLater, notices, answered }: Effects): void {
  effects.journal.push(...journal);
  effects.changed.push(...changed);
  for (const each of due.values()) noteDue(effects, each);
  effects.dueLater.push(...dueLater);
  effects.notices.push(...notices);
  effects.answered.push(...answered);
}

function keyOf({ connection, object, kind, id }: DeliveryDue): string {
  return `${connection}#${object}#${kind}#${id}`;
}

/**
 * Sends everything collected: history first, then the world, then the hub's own queues; then questions are closed. Rejects if anything was
 * not accepted.
 */
export async function sendEffects(hub: Hub, effects: Effects): Promise<void> {
  if (effects.journal.length > 0) await hub.store.appendJournal(effects.journal);
  if (effects.changed.length > 0) await hub.outbox.changed(effects.changed);
  if (effects.due.size > 0) await hub.outbox.deliver([...effects.due.values()]);
  for (const [delayMs, group] of byDelay(effects.dueLater)) {
    await hub.outbox.deliverLater(
      group.map(({ due }) => due),
      delayMs,
    );
  }
  for (const [delayMs, group] of byDelay(effects.notices)) {
    await hub.outbox.notice(
      group.map(({ notice }) => notice),
      delayMs,
    );
  }
  for (const { id, as } of effects.answered) await hub.store.closeProblem(id, hub.now(), as);
}

/** Queues take delays in whole seconds; waits are rounded up so that messages of one batch leave together. */
function byDelay<T extends { readonly delayMs: number }>(items: readonly T[]): Map<number, T[]> {
  return Map.groupBy(items, ({ delayMs }) => Math.ceil(delayMs / 1_000) * 1_000);
}
