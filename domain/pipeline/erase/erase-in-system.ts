import { retryDelayMs } from '../../deliver/retry.ts';
import type { Erasure } from '../../model/erasure.ts';
import { type ExternalRef, seatKey } from '../../model/external-ref.ts';
import type { Fault } from '../../model/fault.ts';
import { isKind } from '../../model/kind.ts';
import type { Notice } from '../../model/notice.ts';
import type { WriteOutcome } from '../../model/snapshot.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import type { Effects } from '../effects.ts';
import type { Hub, SystemPort } from '../ports.ts';
import { closeProblems, type ProblemDraft, problemId, raiseProblem } from '../problems/raise-problem.ts';
import { erasureNotice } from '../tombstone.ts';
import { buryRecord, quietMs } from './erase-record.ts';
import { type ErasureScope, erasureScope } from './erasure-scope.ts';

/** How often it looks whether a connection that keeps an erasure waiting is there again, ms: as long as a queue can delay. */
const LOOK_AGAIN_MS = 900_000;
/** Tries before a person hears that a system does not take a deletion. */
const QUIET_ATTEMPTS = 3;

/**
 * Goes on with the erasure a notice is about: in the hub, then in every system that has not deleted the record yet. Comes back
 * later for what has to wait, for as long as it takes. Answers what became of it, for the report.
 */
export async function eraseNoticed(hub: Hub, notice: Notice, effects: Effects): Promise<string> {
  const { erasure: asked } = notice;
  if (asked === undefined || !isKind(asked.kind)) return 'ignored:no-erasure';
  const buried = await buryRecord(hub, asked.kind, asked.id, effects, notice.attempts);
  if (buried.end === 'unknown') return 'ignored:no-erasure';
  if (buried.end !== 'buried') {
    const delayMs = retryDelayMs(notice.attempts, undefined, hub.random());
    const waitMs = buried.end === 'waits' ? Math.max(buried.waitMs, delayMs) : delayMs;
    comeBack(notice, Math.max(1_000, waitMs), effects, buried.end === 'contended' || buried.isTry);
    return `waits:${buried.end === 'waits' ? 'claimed' : 'contended'}`;
  }
  const waiting: Waiting[] = [];
  for (const shells of shellsBySeat(buried.scope)) {
    const left = await deleteThere(hub, buried.erasure, shells, notice.attempts);
    if (left !== undefined) waiting.push(left);
  }
  const [first] = waiting;
  if (first !== undefined) {
    const isTry = waiting.some((each) => each.isTry);
    comeBack(notice, Math.min(...waiting.map(({ waitMs }) => waitMs)), effects, isTry);
    return `waits:${first.reason}`;
  }
  const waitMs = await endErasure(hub, buried.erasure);
  if (waitMs === 0) return 'erased';
  comeBack(notice, waitMs, effects, false);
  return 'waits:quiet';
}

/**
 * Ends an erasure when no system has anything left to delete and nobody can be at work on the record any more. Answers how long
 * it is until then, ms; 0 when it is done, or goes on by another message.
 */
export async function endErasure(hub: Hub, { kind, id, ids }: Erasure): Promise<number> {
  const { bundles } = await erasureScope(hub.store, kind, ids);
  if ([...bundles.values()].some(({ sources }) => sources.length > 0)) return 0;
  const erasure = await hub.store.readErasure(kind, id);
  if (erasure === undefined || erasure.doneAt !== undefined) return 0;
  const { emptySince, counter, ...rest } = erasure;
  const now = hub.now();
  const waitMs = quietMs(erasure, now);
  // Whoever was faster has said the same, or found something new to do and comes by again.
  if (emptySince === undefined) await hub.store.putErasure({ ...rest, emptySince: now, counter: counter + 1 }, counter);
  else if (waitMs === 0)
    await hub.store.putErasure({ ...rest, emptySince, doneAt: now, counter: counter + 1 }, counter);
  return waitMs;
}

/** What is left to delete, by connection and object. */
function shellsBySeat({ bundles }: ErasureScope): readonly (readonly SourceRecord[])[] {
  const shells = [...bundles.values()].flatMap(({ sources }) => sources.filter(({ state }) => state === 'erased'));
  return [...Map.groupBy(shells, ({ connection, object }) => seatKey(connection, object)).values()];
}

interface Waiting {
  readonly reason: string;
  readonly waitMs: number;
  /** Something was tried and failed; not, while a closed connection is only waited for. */
  readonly isTry: boolean;
}

/** Deletes the records in their system. Answers why something is left to do, or nothing. */
async function deleteThere(
  hub: Hub,
  erasure: Erasure,
  shells: readonly SourceRecord[],
  attempts: number,
): Promise<Waiting | undefined> {
  const { connection = '', object = '' } = shells[0] ?? {};
  const closed = await closedReason(hub, connection, object);
  if (closed !== undefined) {
    for (const shell of shells) await raiseProblem(hub, waitingDraft(erasure, shell, closed));
    return { reason: closed.reason, waitMs: LOOK_AGAIN_MS, isTry: false };
  }
  const system = await hub.system(connection);
  const hubIdField = hub.mapping(connection, object)?.hubIdField ?? '';
  const outcomes: readonly WriteOutcome[] = system.ok
    ? await system.value.write(
        object,
        hubIdField,
        shells.map(({ unifiedId, externalId }) => ({
          operation: 'delete',
          unifiedId,
          externalId,
          values: {},
          base: {},
        })),
      )
    : shells.map(() => ({ outcome: 'failed', fault: system.fault }));
  const missing = shells.filter((_, index) => isMissing(outcomes[index]));
  const hidden = system.ok ? await notSaidDeleted(system.value, missing, hubIdField) : new Map<SourceRecord, Fault>();
  let waiting: Waiting | undefined;
  for (const [index, shell] of shells.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error(`${connection}: the connector answered too few outcomes`);
    const fault = outcome.outcome === 'failed' ? (hidden.get(shell) ?? outcome.fault) : undefined;
    // Deleted by somebody else is as good as deleted.
    if (fault === undefined || (fault.kind === 'missing' && !hidden.has(shell))) {
      await hub.store.deleteSource(shell);
      await closeProblems(hub, [problemId(waitingDraft(erasure, shell, CLOSED))]);
      continue;
    }
    waiting = await refuseDeletion(hub, erasure, shell, fault, attempts);
  }
  return waiting;
}

function isMissing(outcome: WriteOutcome | undefined): boolean {
  return outcome?.outcome === 'failed' && outcome.fault.kind === 'missing';
}

/**
 * Of records that their system does not find, those of which it does not say that they were deleted, with the reason why the erasure waits:
 * it may only not show them to the hub's user. *Bounds*: one read.
 */
async function notSaidDeleted(
  system: SystemPort,
  shells: readonly SourceRecord[],
  hubIdField: string,
): Promise<ReadonlyMap<SourceRecord, Fault>> {
  const [first] = shells;
  if (first === undefined) return new Map();
  const ids = shells.map(({ externalId }) => externalId);
  const read = await system.read(first.object, ids, [hubIdField], 'live');
  return new Map(
    shells.flatMap((shell, index) => {
      if (!read.ok) return [[shell, read.fault] as const];
      const outcome = read.value[index];
      if (outcome?.outcome === 'deleted') return [];
      if (outcome?.outcome === 'failed') return [[shell, outcome.fault] as const];
      return [[shell, outcome?.outcome === 'found' ? CAME_BACK : HIDDEN] as const];
    }),
  );
}

/** Taken out of the recycle bin between the two calls. */
const CAME_BACK: Fault = { kind: 'transient', code: 'CAME_BACK', message: 'The record is there again.' };
const HIDDEN: Fault = {
  kind: 'missing',
  code: 'NOT_SHOWN',
  message: "It does not show the record to the hub's user, and does not say that it was deleted.",
};

interface ClosedReason {
  readonly reason: string;
  readonly message: string;
  readonly nextStep: string;
}

const CLOSED: ClosedReason = { reason: '', message: '', nextStep: '' };

/** Why the hub may not write to a connection at present; `undefined`: it may. */
export async function closedReason(hub: Hub, connection: string, object: string): Promise<ClosedReason | undefined> {
  const info = hub.connections.find(({ id }) => id === connection);
  if (info === undefined || hub.mapping(connection, object) === undefined) {
    return {
      reason: 'not-configured',
      message: `${connection} with ${object} is not configured any more.`,
      nextStep: `Configure it again; or delete the record there yourself and repeat the erasure with --keep-in ${connection}.`,
    };
  }
  if (info.direction === 'in') {
    return {
      reason: 'read-only',
      message: `The hub may not write to ${connection}.`,
      nextStep: `Let the hub write to it; or delete the record there yourself and repeat the erasure with --keep-in ${connection}.`,
    };
  }
  const state = await hub.connectionState(connection);
  if (state.paused !== undefined) {
    return { reason: 'paused', message: `${connection} is paused.`, nextStep: `Resume ${connection}.` };
  }
  if (state.releasedAt === undefined) {
    return {
      reason: 'not-released',
      message: `${connection} is not released for writing yet.`,
      nextStep: `Release ${connection}; or delete the record there yourself and repeat the erasure with --keep-in ${connection}.`,
    };
  }
  return undefined;
}

async function refuseDeletion(
  hub: Hub,
  erasure: Erasure,
  shell: SourceRecord,
  fault: Fault,
  attempts: number,
): Promise<Waiting> {
  const isHidden = fault === HIDDEN;
  const isRefused = isHidden || fault.kind === 'rejected' || fault.kind === 'defect' || fault.kind === 'credential';
  // Waiting for a limit is nobody's mistake and ends by itself.
  const isThrottled = fault.kind === 'throttled';
  if (isRefused || (attempts >= QUIET_ATTEMPTS && !isThrottled)) {
    await raiseProblem(hub, {
      ...waitingDraft(erasure, shell, {
        reason: fault.kind,
        message: `${shell.connection} does not delete it: ${fault.message}`,
        nextStep: isHidden
          ? `Look for ${shell.object} ${shell.externalId} in ${shell.connection}: let the hub's user see it, or delete it yourself. If it is gone for good, repeat the erasure with --keep-in ${shell.connection}.`
          : `Make it possible, or delete ${shell.object} ${shell.externalId} in ${shell.connection} yourself; the hub keeps trying.`,
      }),
      faultKind: fault.kind,
      code: fault.code,
    });
  }
  const waitMs = isRefused ? LOOK_AGAIN_MS : retryDelayMs(attempts, fault, hub.random());
  return { reason: fault.kind, waitMs, isTry: !isThrottled };
}

function waitingDraft({ kind }: Erasure, shell: SourceRecord, { message, nextStep }: ClosedReason): ProblemDraft {
  const { connection, object, externalId, unifiedId } = shell;
  return {
    cause: 'erasure-waits',
    connection,
    object,
    externalId,
    kind,
    unifiedId,
    message: `The ${kind} ${unifiedId} is erased in the hub and still to be deleted in ${connection}. ${message}`,
    nextStep,
  };
}

function comeBack(notice: Notice, waitMs: number, effects: Effects, isTry: boolean): void {
  const { erasure, connection, object, ids } = notice;
  if (erasure === undefined) return;
  const [externalId = ''] = ids;
  const ref: ExternalRef = { connection, object, externalId };
  effects.notices.push({
    notice: erasureNotice(ref, erasure, notice.attempts + (isTry ? 1 : 0)),
    delayMs: Math.min(LOOK_AGAIN_MS, Math.ceil(waitMs)),
  });
}
