import { isFrozen } from '../../absorb/frozen-field.ts';
import { ATTEMPTS_MAX } from '../../deliver/retry.ts';
import type { ExternalRef } from '../../model/external-ref.ts';
import { isKind } from '../../model/kind.ts';
import type { Notice } from '../../model/notice.ts';
import type { Problem } from '../../model/problem.ts';
import { type Effects, noEffects, noteDue, sendEffects } from '../effects.ts';
import { dropDoubts, followDoubts } from '../identify/decide-likeness.ts';
import { CREATED_NOWHERE, waysOut } from '../identify/find-likeness.ts';
import { inParallel } from '../in-parallel.ts';
import { finishMerge } from '../merge/merge-by-person.ts';
import type { Hub, SweepCursor } from '../ports.ts';
import { settleRecord } from '../settle-record.ts';
import { recordsOf } from './judge-likeness.ts';
import { judgeProblem, type Verdict } from './judge-problem.ts';
import { dueOf, sceneOf } from './problem-scene.ts';
import { problemId } from './raise-problem.ts';

/** How many problems of a review ended how. */
export type ReviewReport = Readonly<Partial<Record<Verdict, number>>>;

/** Problems looked at by one call. */
const PAGE = 200;
/** How long after the end of a pass the next one begins, ms. */
const PASS_EVERY_MS = 240_000;
/** Longer than a step that raises a problem lives, ms. */
const FRESH_MS = 180_000;
/** How often a record is read or delivered again only because of its problem. */
const ASK_EVERY_MS = 3_600_000;

/**
 * Looks at the next open problems (those ignored are looked at in the same way after them) and closes every one whose cause is
 * gone, whoever or whatever ended it. Where only a fresh look can tell, the record is queued again as background work, once an
 * hour at most; reading it then closes the problem ({@link closeAfterReading}), delivering it does so at the next review.
 *
 * *Bounds*: 200 problems a call; a pass over all of them goes on with the next call, and a new one begins four minutes after the
 * last has ended. Costs one read unit when there is nothing to do, and a few for each problem.
 *
 * *Faults*: one problem that cannot be looked at does not keep the others from it; the review rejects when it has gone on behind it.
 */
export async function reviewProblems(hub: Hub): Promise<ReviewReport> {
  const stored = await hub.store.readCursor(EVERYWHERE, 'problems', 'review');
  if (stored?.finishedAt !== undefined && hub.now() - stored.finishedAt < PASS_EVERY_MS) return {};
  let place: Place | undefined = stored?.finishedAt === undefined ? placeOf(stored?.position) : FIRST;
  const report: Partial<Record<Verdict, number>> = {};
  const failures: unknown[] = [];
  // At most two lists: the end of those open, and the beginning of those ignored.
  for (let lists = 0, seen = 0; lists < 2 && place !== undefined && seen < PAGE; lists += 1) {
    const page = await hub.store.listProblems({ limit: PAGE - seen, ...place });
    const effects = noEffects();
    const verdicts = await inParallel(page.problems, (problem) =>
      reviewOne(hub, problem, effects).catch((error: unknown): Verdict => {
        failures.push(error);
        return 'stands';
      }),
    );
    await sendEffects(hub, effects);
    for (const verdict of verdicts) report[verdict] = (report[verdict] ?? 0) + 1;
    seen += verdicts.length;
    place = placeAfter(place, page.next);
  }
  await moveOn(hub, stored, place);
  if (failures.length > 0) throw failures[0];
  return report;
}

function placeAfter(place: Place, next: string | undefined): Place | undefined {
  if (next !== undefined) return { ...place, after: next };
  return place.state === 'open' ? { state: 'ignored' } : undefined;
}

interface Place {
  readonly state: 'open' | 'ignored';
  readonly after?: string;
}

const FIRST: Place = { state: 'open' };
/** The review is the hub's own and no connection's. */
const EVERYWHERE = '*';

function placeOf(position: unknown): Place {
  // Written by moveOn and nobody else, hence the cast.
  return (position as Place | undefined) ?? FIRST;
}

/** Two reviews at the same time do no harm; whoever moved the cursor first has moved it. */
async function moveOn(hub: Hub, stored: SweepCursor | undefined, place: Place | undefined): Promise<void> {
  const cursor: SweepCursor = {
    connection: EVERYWHERE,
    object: 'problems',
    mode: 'review',
    counter: (stored?.counter ?? 0) + 1,
    position: place ?? FIRST,
    seen: 0,
    startedAt: stored?.startedAt ?? hub.now(),
    ...(place === undefined ? { finishedAt: hub.now() } : {}),
  };
  await hub.store.putCursor(cursor, stored?.counter ?? null);
}

/** Looks at one problem at once, because a person asks for it; answers what became of its cause. */
export async function reviewNow(hub: Hub, problem: Problem): Promise<Verdict> {
  const effects = noEffects();
  const verdict = await lookAt(hub, problem, effects);
  await sendEffects(hub, effects);
  return verdict;
}

async function reviewOne(hub: Hub, problem: Problem, effects: Effects): Promise<Verdict> {
  // Whoever raised it just now may not have written down yet why; it is looked at the next time.
  return hub.now() - (problem.raisedAt ?? problem.openedAt) < FRESH_MS ? 'stands' : lookAt(hub, problem, effects);
}

async function lookAt(hub: Hub, problem: Problem, effects: Effects): Promise<Verdict> {
  const verdict = problem.cause === 'merge-unfinished' ? await finish(hub, problem) : await judgeProblem(hub, problem);
  if (verdict === 'gone' || verdict === 'thaw') {
    if (verdict === 'thaw' && !(await thaw(hub, problem))) return 'stands';
    if (problem.cause === 'doubtful-match' && !(await endDoubt(hub, problem, effects))) return 'stands';
    if (problem.cause === 'invitation' && !(await tellAnswer(hub, problem, effects))) return 'stands';
    effects.answered.push({ id: problem.id, as: problem });
    hub.log('problem-closed', { problem: problem.id, cause: problem.cause, connection: problem.connection });
  } else if (verdict === 'stands') {
    if (problem.cause === 'doubtful-match') await askAnew(hub, problem);
  } else if ((await hub.store.count(`asked#${problem.id}`, ASK_EVERY_MS, hub.now(), 1)) === 1) {
    await ask(hub, problem, verdict, effects);
  }
  return verdict;
}

async function finish(hub: Hub, problem: Problem): Promise<Verdict> {
  return (await finishMerge(hub, problem)) ? 'gone' : 'stands';
}

async function ask(hub: Hub, problem: Problem, verdict: Verdict, effects: Effects): Promise<void> {
  const { connection, object, externalId, correlationId = problem.id } = problem;
  // What was given up is tried once: the next try is the next review's, and not that of a message of its own beside it.
  const attempts = problem.cause === 'gave-up' ? ATTEMPTS_MAX : 0;
  if (verdict === 'ask-delivery') {
    const scene = await sceneOf(hub, problem);
    if (scene?.bundle !== undefined) noteDue(effects, { ...dueOf(scene, scene.bundle), attempts });
    return;
  }
  if (object === undefined || externalId === undefined) return;
  const ids = [externalId];
  const notice: Notice = {
    schema: 1,
    connection,
    object,
    ids,
    reason: 'retry',
    attempts,
    correlationId,
    work: 'backfill',
  };
  effects.notices.push({ notice, delayMs: 0 });
}

/** Takes the freeze off the field; the tally stays, so that a fight that goes on is frozen by the next write. `false`: written meanwhile. */
async function thaw(hub: Hub, problem: Problem): Promise<boolean> {
  const source = (await sceneOf(hub, problem))?.source;
  if (source === undefined) return true;
  const field = problem.field ?? '';
  const { [field]: reason, ...held } = source.held;
  if (reason === undefined || !isFrozen(reason)) return true;
  const problems = source.problems.filter((id) => id !== problem.id);
  return hub.store.putSource({ ...source, held, problems, counter: source.counter + 1 }, source.counter);
}

/** What was withheld because of the doubt is created now. `false`: somebody wrote meanwhile. */
async function endDoubt(
  hub: Hub,
  { kind, candidates = [], correlationId }: Problem,
  effects: Effects,
): Promise<boolean> {
  if (kind === undefined || !isKind(kind)) return true;
  for (const id of candidates) {
    const cause = { correlationId: correlationId ?? hub.newId(), isRepeated: false };
    if (!(await dropDoubts(hub, kind, id, candidates, cause, effects))) return false;
  }
  return true;
}

/** Whoever answered was cut short before that was told, or the question would be closed. */
async function tellAnswer(hub: Hub, { unifiedId, correlationId }: Problem, effects: Effects): Promise<boolean> {
  if (unifiedId === undefined) return true;
  const cause = { correlationId: correlationId ?? hub.newId(), isRepeated: true };
  return (await settleRecord(hub, 'invitation', unifiedId, cause, effects)).outcome !== 'contended';
}

/** One of the two was merged into a third record meanwhile: the question is about that one now. */
async function askAnew(hub: Hub, problem: Problem): Promise<void> {
  const records = await recordsOf(hub, problem);
  const ids = records.map(({ id }) => id);
  if (ids.every((id) => problem.candidates?.includes(id))) return;
  // The doubts of the record it is about come first: an answer to the question ends those about the records that it names.
  const own = records.find(({ id }) => id === problem.candidates?.[0]);
  if (own !== undefined && !(await followDoubts(hub, own))) return;
  const nextStep = `${waysOut({ ...problem, candidates: ids }, problem.id)}${CREATED_NOWHERE}`;
  await hub.store.openProblem({ ...problem, candidates: ids, nextStep, raisedAt: hub.now() }, problem);
}

/** A record that was read because of a problem was taken in, or is not there at all: what was about reading it is answered. */
export async function closeAfterReading(hub: Hub, ref: ExternalRef, isShown: boolean): Promise<void> {
  for (const cause of ['gave-up', 'refused-record', 'defect', ...(isShown ? (['not-shown'] as const) : [])] as const) {
    const known = await hub.store.readProblem(problemId({ ...ref, cause }));
    // With a unified id it is about writing the record, which reading does not answer.
    if (known !== undefined && known.state !== 'closed' && known.unifiedId === undefined) {
      await hub.store.closeProblem(known.id, hub.now(), known);
    }
  }
}
