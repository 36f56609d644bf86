import { isFrozen } from '../../absorb/frozen-field.ts';
import { recordHash } from '../../deliver/plan-delivery.ts';
import { refKey } from '../../model/external-ref.ts';
import type { Problem, ProblemCause } from '../../model/problem.ts';
import { WHOLE } from '../../model/source-record.ts';
import { isSameValue } from '../../model/value.ts';
import { assignSeats } from '../../unify/assign-seats.ts';
import { canonicalValue } from '../../unify/canonical-source.ts';
import { vocabularyOf } from '../connection-scope.ts';
import { rateFor } from '../exchange-money.ts';
import type { Hub } from '../ports.ts';
import { isBuried } from '../tombstone.ts';
import { waitsForAnswer } from './ask-about-invitation.ts';
import { judgeConflict, judgeLikeness } from './judge-likeness.ts';
import { findBundle, type ProblemScene, planOf, refusalsOf, sceneOf } from './problem-scene.ts';

/**
 * What became of a problem's cause.
 *
 * - `stands`: it is still there.
 * - `gone`: it is not. `thaw`: a frozen field may be written again.
 * - `ask`: only a fresh look at the record can tell: read it, or try to deliver it.
 */
export type Verdict = 'stands' | 'gone' | 'thaw' | 'ask-read' | 'ask-delivery';

/** Says whether a problem's cause is still there, from what the hub knows. Writes nothing, and asks no system. */
export async function judgeProblem(hub: Hub, problem: Problem): Promise<Verdict> {
  if (LIKENESS.has(problem.cause))
    return problem.cause === 'merge-conflict' ? judgeConflict(hub, problem) : judgeLikeness(hub, problem);
  if (problem.cause === 'erasure-waits') return judgeErasure(hub, problem);
  if (problem.cause === 'rate-missing') return (await lacksRate(hub, problem)) ? 'stands' : 'gone';
  // What happened has happened: only a person can say that it was seen to.
  if (problem.cause === 'event') return 'stands';
  if (problem.cause === 'invitation') {
    const unified = (await findBundle(hub, problem))?.unified;
    return unified !== undefined && waitsForAnswer(unified) ? 'stands' : 'gone';
  }
  if (!hub.connections.some(({ id }) => id === problem.connection)) return 'gone';
  if (problem.cause === 'missing-field') return judgeUnseen(hub, problem);
  if (problem.object === undefined) return judgeConnection(hub, problem);
  const scene = await sceneOf(hub, problem);
  if (scene === undefined) return 'gone';
  if (scene.source !== undefined && scene.source.state !== 'present') return 'gone';
  if (scene.bundle?.unified?.state === 'deleted' || isBuried(scene.bundle)) return 'gone';
  // A newer version of the hub knows causes that this one does not.
  const judge: Judge | undefined = JUDGES[problem.cause];
  return judge === undefined ? 'stands' : judge(hub, scene);
}

const LIKENESS: ReadonlySet<ProblemCause> = new Set(['doubtful-match', 'merge-conflict']);

/** It waits as long as the note of what is to be deleted there is kept. */
async function judgeErasure(hub: Hub, problem: Problem): Promise<Verdict> {
  const { connection, object, externalId } = problem;
  const sources = (await findBundle(hub, problem))?.sources ?? [];
  const isLeft = sources.some(
    (each) => each.connection === connection && each.object === object && each.externalId === externalId,
  );
  return isLeft ? 'stands' : 'gone';
}

/** It is about the record that lacked a rate last: when that one's is known, or it needs none, others that lack theirs ask anew. */
async function lacksRate(hub: Hub, problem: Problem): Promise<boolean> {
  const unified = (await findBundle(hub, problem))?.unified;
  if (unified?.state !== 'present') return false;
  return (await rateFor(hub, vocabularyOf(hub, unified.kind), unified)) === 'missing';
}

/** A pause ends by a person; access and reach are noted in the connection's state as long as they fail. */
async function judgeConnection(hub: Hub, { id, connection, cause }: Problem): Promise<Verdict> {
  const state = await hub.connectionState(connection);
  if (cause === 'mass-change' || cause === 'account-changed') return state.paused === undefined ? 'gone' : 'stands';
  return state.problems.includes(id) ? 'stands' : 'gone';
}

const TOLD_MS = 60_000;

/** Whoever reads records of the object next tells whether the fields are there by now. */
async function judgeUnseen(hub: Hub, problem: Problem): Promise<Verdict> {
  const { connection, object = '', raisedAt = problem.openedAt } = problem;
  // It is told a moment before the connection's state says so.
  if (hub.now() - raisedAt < TOLD_MS) return 'stands';
  const { unseen = {} } = await hub.connectionState(connection);
  return hub.mapping(connection, object) !== undefined && (unseen[object] ?? []).length > 0 ? 'stands' : 'gone';
}

type Judge = (hub: Hub, scene: ProblemScene) => Promise<Verdict>;

const JUDGES: Readonly<Record<ProblemCause, Judge>> = {
  'unmapped-value': judgeHeld,
  'required-missing': async (hub, scene) => {
    const plan = await planOf(hub, scene, false);
    return plan?.missing.includes(scene.problem.field ?? '') === true ? 'stands' : 'gone';
  },
  'refused-value': judgeRefusal,
  'refused-record': (hub, scene) => (isOfReading(scene) ? judgeReading(scene) : judgeRefusal(hub, scene)),
  defect: (hub, scene) => (isOfReading(scene) ? judgeReading(scene) : judgeRefusal(hub, scene)),
  'gave-up': (hub, scene) => (isOfReading(scene) ? judgeReading(scene) : judgeDelivery(hub, scene)),
  'value-taken': judgeTaken,
  'unresolved-reference': judgeReferences,
  'not-shown': (_hub, scene) => judgeReading(scene),
  duplicate: async (hub, { bundle, source }) => {
    if (bundle === undefined || source === undefined) return 'gone';
    return assignSeats(bundle.unified, bundle.sources, hub.now(), undefined).shadows.includes(source)
      ? 'stands'
      : 'gone';
  },
  loop: judgeLoop,
  // About the connection as a whole, about two records, or about one that is erased; judged above.
  'erasure-waits': async () => 'stands',
  'rate-missing': async () => 'stands',
  event: async () => 'stands',
  invitation: async () => 'stands',
  'mass-change': async () => 'stands',
  'missing-field': async () => 'stands',
  credential: async () => 'stands',
  'account-changed': async () => 'stands',
  unreachable: async () => 'stands',
  'doubtful-match': async () => 'stands',
  'merge-unfinished': async () => 'stands',
  'merge-conflict': async () => 'stands',
};

/** Problems of taking a record in name it by its external id only: no unified record was reached. */
function isOfReading({ problem }: ProblemScene): boolean {
  return problem.unifiedId === undefined;
}

async function judgeHeld(hub: Hub, scene: ProblemScene): Promise<Verdict> {
  const field = scene.problem.field ?? '';
  const inwards = scene.source?.held[field];
  if (inwards !== undefined && !isFrozen(inwards)) return 'stands';
  const plan = await planOf(hub, withoutWaits(scene), false);
  return plan?.held[field] === undefined ? 'gone' : 'stands';
}

/** A question does not go away because nothing can be written at the moment. */
function withoutWaits(scene: ProblemScene): ProblemScene {
  return { ...scene, mapping: { ...scene.mapping, waits: [] } };
}

/** A refusal stands as long as the hub would send again what was refused. */
async function judgeRefusal(hub: Hub, scene: ProblemScene): Promise<Verdict> {
  const refused = refusalsOf(scene);
  const plan = await planOf(hub, withoutWaits(scene), true);
  if (plan === undefined || plan.operation === 'none') return 'gone';
  if (refused[WHOLE] === recordHash(plan.fields)) return 'stands';
  const { field } = scene.problem;
  const isStill = plan.fields.some(
    ({ line, intent }) => (field === undefined || line.field === field) && refused[line.field] === intent.hash,
  );
  return isStill ? 'stands' : 'gone';
}

/** What was taken in after the problem was last met was read after all; otherwise only reading it again can tell. */
async function judgeReading({ problem, source }: ProblemScene): Promise<Verdict> {
  return source !== undefined && source.readAt > (problem.raisedAt ?? problem.openedAt) ? 'gone' : 'ask-read';
}

async function judgeDelivery(hub: Hub, scene: ProblemScene): Promise<Verdict> {
  const plan = await planOf(hub, scene, false);
  if (plan === undefined || (plan.operation === 'none' && plan.pending.length === 0)) return 'gone';
  return isOpen(scene) ? 'ask-delivery' : 'stands';
}

/** As long as the hub would make the record; which values the system keeps unique, and who holds them, only it can tell. */
async function judgeTaken(hub: Hub, scene: ProblemScene): Promise<Verdict> {
  const plan = await planOf(hub, scene, false);
  if (plan?.operation !== 'create') return 'gone';
  return isOpen(scene) ? 'ask-delivery' : 'stands';
}

function isOpen({ state }: ProblemScene): boolean {
  return state.paused === undefined && state.releasedAt !== undefined;
}

/** Whether a reference held by the record is still unknown; one that the crosswalk knows by now is worth a look. */
async function judgeReferences(hub: Hub, { problem, mapping, source }: ProblemScene): Promise<Verdict> {
  if (source === undefined) return 'ask-read';
  const unresolved = mapping.fields.flatMap((line) => {
    const value = source.fields[line.field]?.value;
    if (line.referenceTo === undefined || line.flow === 'out' || value === undefined) return [];
    const ids = (Array.isArray(value) ? value : [value]).filter((id) => typeof id === 'string' && id !== '');
    const { object } = line.referenceTo;
    return ids.flatMap((id) =>
      source.resolved[String(id)] === undefined
        ? [{ connection: problem.connection, object, externalId: String(id) }]
        : [],
    );
  });
  if (unresolved.length === 0) return 'gone';
  const known = await hub.store.readRefs(unresolved);
  return unresolved.some((ref) => known.has(refKey(ref))) ? 'ask-read' : 'stands';
}

/** A frozen field is written again when there is nothing left to fight about; the guard counts on. */
async function judgeLoop(hub: Hub, { problem, mapping, bundle, source }: ProblemScene): Promise<Verdict> {
  const field = problem.field ?? '';
  const reason = source?.held[field];
  if (bundle === undefined || source === undefined || reason === undefined || !isFrozen(reason)) return 'gone';
  const line = mapping.byField.get(field);
  const stored = source.fields[field];
  if (line === undefined || stored === undefined) return 'thaw';
  const here = canonicalValue(line, stored.value, await hub.directory(problem.connection), source.resolved);
  const there = bundle.unified?.fields[field]?.value ?? null;
  return here !== undefined && isSameValue(here, there) ? 'thaw' : 'stands';
}
