import { valuesOf } from '../../deliver/plan-delivery.ts';
import { weighLikeness } from '../../identity/candidates.ts';
import type { ExternalRef } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import type { Values } from '../../model/value.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Hub, MatchKey } from '../ports.ts';
import { growProblem, type ProblemDraft, problemId, raiseProblem } from '../problems/raise-problem.ts';
import { enterWeakKeys, takeTheirPlaces } from './weak-key-holders.ts';

/** A record that is or becomes part of a unified one, and what it tells. */
export interface Lookalike {
  readonly kind: Kind;
  readonly ref: ExternalRef;
  readonly values: Values;
  readonly unifiedId: string;
}

/** A person compares no more than these. */
const DOUBTS_MAX = 5;

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
): Promise<readonly string[]> {
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
  return doubts;
}

/** Asks a person which of the others a record that was just made is the same as, if any. */
export async function askAboutNew(hub: Hub, like: Lookalike, doubts: readonly string[], why: string): Promise<void> {
  if (doubts.length === 0) return;
  const { ref } = like;
  const draft = {
    ...questionAbout(like, doubts),
    ...ref,
    message: `${ref.object} ${ref.externalId} ${why}`,
    nextStep: '',
  };
  await raiseProblem(hub, { ...draft, nextStep: `${waysOut(draft)}; until then the hub creates it nowhere else.` });
}

/**
 * Asks a person whether a record that is established is the same as others that a record just linked to it brought to light.
 * One question for each established record, which grows.
 */
export async function askAboutKnown(hub: Hub, like: Lookalike, doubts: readonly string[]): Promise<void> {
  if (doubts.length === 0) return;
  const { kind, unifiedId } = like;
  const draft: ProblemDraft = {
    ...questionAbout(like, doubts),
    connection: 'hub',
    message: `The ${kind} ${unifiedId} looks like ${doubts.length === 1 ? 'another' : `${doubts.length} others`}, but they share nothing that identifies one for certain.`,
    nextStep: '',
  };
  await growProblem(hub, problemId(draft), (known) => {
    const before = known?.state === 'open' ? (known.candidates ?? []) : [];
    const candidates = [...new Set([...before, unifiedId, ...doubts])].slice(0, DOUBTS_MAX + 1);
    if (candidates.length <= before.length) return undefined;
    return { ...draft, candidates, nextStep: `${waysOut({ ...draft, candidates })}.` };
  });
}

/** The commands that answer a question about likeness, to be pasted: the first two of the records are the ones to merge. */
export function waysOut(question: ProblemDraft): string {
  const { kind, candidates = [] } = question;
  const [own, other] = candidates;
  const others = candidates.length > 2 ? ' which is the same' : ' whether they are the same';
  const merge = `npx hub merge ${kind} ${other} ${own} shows what that would do, with --yes it is done`;
  return `Say${others} (${merge}) or not (npx hub ignore ${problemId(question)} --reason "<why>")`;
}

function questionAbout({ kind, unifiedId }: Lookalike, doubts: readonly string[]) {
  return { cause: 'doubtful-match', kind, unifiedId, candidates: [unifiedId, ...doubts] } as const;
}
