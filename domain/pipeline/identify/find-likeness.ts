import { valuesOf } from '../../deliver/plan-delivery.ts';
import { weighLikeness } from '../../identity/candidates.ts';
import type { ExternalRef } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import type { Problem } from '../../model/problem.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import type { Values } from '../../model/value.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Bundle, Hub, MatchKey } from '../ports.ts';
import { growProblem, type ProblemDraft, problemId } from '../problems/raise-problem.ts';
import { enterWeakKeys, takeTheirPlaces } from './weak-key-holders.ts';

/** A record that is or becomes part of a unified one, and what it tells. */
export interface Lookalike {
  readonly kind: Kind;
  readonly ref: ExternalRef;
  readonly values: Values;
  readonly unifiedId: string;
}

/** What a record is found to look like. */
export interface Likenesses {
  /** Others that a person should compare with it, the most alike first. */
  readonly doubts: readonly string[];
  /** Those with a weak key in common that are not written yet. */
  readonly unwritten: readonly string[];
}

/** A person compares no more than these: what else were in doubt would be in no question, and end with none. */
export const DOUBTS_MAX = 5;

/**
 * Enters a record under its weak keys, and answers which others that are there already it is so much alike that a person should
 * compare them, the most alike first. Weak evidence never links. `known` are those that are asked about anyway.
 *
 * *Units*: at most 16 reads and 16 writes for the keys, one write to note them, 10 reads of candidates and one read for each that
 * is alike. Where one of the candidates is gone, the keys once more.
 */
export async function findLikeness(
  hub: Hub,
  { kind, values, unifiedId }: Lookalike,
  weak: readonly MatchKey[],
  known: readonly string[] = [],
): Promise<Likenesses> {
  const { store } = hub;
  await store.noteKeys(
    kind,
    unifiedId,
    weak.map(({ type, value }) => `${type}:${value}`),
  );
  const candidates = await enterWeakKeys(store, weak, unifiedId);
  const records = await store.readUnified(
    kind,
    candidates.filter((id) => !known.includes(id)),
  );
  const unwritten = candidates.filter((id) => !known.includes(id) && !records.has(id));
  const gone = new Set([...records.values()].filter(({ state }) => state !== 'present').map(({ id }) => id));
  if (gone.size > 0) await takeTheirPlaces(store, weak, unifiedId, gone);
  const weigh = weighLikeness(kind, values, vocabularyOf(hub, kind));
  const alike = [...records.values()]
    .filter(({ state, doubts = [] }) => state === 'present' && !doubts.includes(unifiedId))
    .map((other) => ({ id: other.id, likeness: weigh(valuesOf(other)) }))
    .filter(({ likeness }) => likeness.isDoubtful)
    .sort((a, b) => b.likeness.evidence - a.likeness.evidence || (a.id < b.id ? -1 : 1));
  const doubts: string[] = [];
  for (const { id } of alike) {
    if (known.length + doubts.length >= DOUBTS_MAX) break;
    if (!(await store.readPin(kind, unifiedId, id))) doubts.push(id);
  }
  return { doubts, unwritten };
}

/**
 * What is in doubt about a record as it is written. Who met it at the same moment may have written it first, and a person may have answered
 * since: then what is still there, and still another record, is in doubt, if there is room for it in the question.
 *
 * *Units*: none while it is not written; else one read for each that is in doubt, and one for each pin.
 */
export async function doubtsSince(
  hub: Hub,
  { kind, id, unified }: Bundle,
  doubts: readonly string[],
): Promise<readonly string[]> {
  if (unified === undefined || doubts.length === 0) return doubts;
  const records = await hub.store.readUnified(kind, doubts);
  const { doubts: before = [] } = unified;
  const left: string[] = [];
  for (const doubt of doubts) {
    if (doubt === id || before.includes(doubt) || records.get(doubt)?.state !== 'present') continue;
    if (before.length + left.length >= DOUBTS_MAX) break;
    if (!(await hub.store.readPin(kind, id, doubt))) left.push(doubt);
  }
  return left;
}

/** Why a record looks like others: the rest of a sentence about it. */
export function whyAlike(kind: Kind, others: number): string {
  return `looks like ${others === 1 ? `another ${kind}` : `${others} other ${kind}s`}, but they share nothing that identifies one for certain.`;
}

/**
 * Asks a person which of the others that are in doubt a record is the same as, when it was written with them. Whoever met it at the same moment, in
 * another system maybe, asks the same question. Nothing is asked about a record that was not written: another worker may have made its id
 * another name of what it writes.
 */
export async function askAboutDoubts(
  hub: Hub,
  { kind, id: unifiedId, doubts = [] }: UnifiedRecord,
  ref: ExternalRef,
  why = whyAlike(kind, doubts.length),
): Promise<void> {
  const told = { ...ref, message: `${ref.object} ${ref.externalId} ${why}`, isNew: true };
  await ask(hub, { kind, unifiedId }, doubts, () => told);
}

/**
 * Asks a person whether a record that is established is the same as others that a record just linked to it brought to light.
 * One question for each record, which grows.
 */
export async function askAboutKnown(hub: Hub, like: Lookalike, doubts: readonly string[]): Promise<void> {
  await ask(hub, like, doubts, ({ length }) => ({
    connection: 'hub',
    message: `The ${like.kind} ${like.unifiedId} looks like ${length === 1 ? 'another' : `${length} others`}, but they share nothing that identifies one for certain.`,
    isNew: false,
  }));
}

/** Where a question is shown, and what it says. */
type Told = Pick<ProblemDraft, 'connection' | 'object' | 'externalId' | 'message'> & {
  /** The record is created nowhere before it is answered. */
  readonly isNew: boolean;
};

async function ask(
  hub: Hub,
  { kind, unifiedId }: Pick<Lookalike, 'kind' | 'unifiedId'>,
  doubts: readonly string[],
  tell: (others: readonly string[]) => Told,
): Promise<void> {
  if (doubts.length === 0) return;
  const about = { cause: 'doubtful-match', kind, unifiedId } as const;
  await growProblem(hub, problemId({ ...about, connection: 'hub' }), (known) => {
    const before = known?.state === 'open' ? (known.candidates ?? []) : [];
    const candidates = [...new Set([...before, unifiedId, ...doubts])].slice(0, DOUBTS_MAX + 1);
    const { isNew, ...told } = tell(candidates.slice(1));
    const isTold = known?.externalId !== undefined || !isNew;
    if (candidates.length <= before.length && isTold) return undefined;
    const shown = before.length > 0 && known?.externalId !== undefined ? shownIn(known) : told;
    const draft = { ...about, ...shown, candidates, nextStep: '' };
    return { ...draft, nextStep: `${waysOut(draft)}${shown.externalId === undefined ? '.' : CREATED_NOWHERE}` };
  });
}

/** What a question about a new record says beside what answers it. */
export const CREATED_NOWHERE = '; until then the hub creates it nowhere else.';

function shownIn({ connection, object, externalId, message }: Problem): Omit<Told, 'isNew'> {
  return {
    connection,
    ...(object === undefined ? {} : { object }),
    ...(externalId === undefined ? {} : { externalId }),
    message,
  };
}

/** The commands that answer a question about likeness, to be pasted: the first two of the records are the ones to merge. */
export function waysOut(question: ProblemDraft, id = problemId(question)): string {
  const { kind, candidates = [] } = question;
  const [own, other] = candidates;
  const others = candidates.length > 2 ? ' which is the same' : ' whether they are the same';
  const merge = `npx hub merge ${kind} ${other} ${own} shows what that would do, with --yes it is done`;
  return `Say${others} (${merge}) or not (npx hub ignore ${id} --reason "<why>")`;
}
