import type { OwnField, Rule, UnifiedField } from '../model/unified-record.ts';
import { isEmptyValue, isSameValue } from '../model/value.ts';
import type { Vocabulary, VocabularyField } from '../model/vocabulary.ts';
import { asOwn, asText, byMerit, type Candidate, candidatesOf, HUB, type Order } from './candidate.ts';
import type { CanonicalSource } from './canonical-source.ts';
import { standing } from './move-forward.ts';

/**
 * Merges sources into the unified fields, each with its provenance. Pure, and the same for any order or repetition of
 * the sources.
 *
 * What the hub wrote (`hub`) never competes. Edits (`system`) beat what was found; among edits the newest wins, ties by
 * the connections' order, then by value. What was found competes by the connections' order only. A cleared field is a
 * value, too, if it held one before: the absorber marks a first sight of nothing as `found`, and nothing found is no
 * candidate. Fields of a group win together, with the values of one source. A source that may only move a field forward is
 * passed over where it would take it back (`move-forward.ts`).
 */
export function unifyFields(
  vocabulary: Vocabulary,
  sources: readonly CanonicalSource[],
  own: Readonly<Record<string, OwnField>>,
): Readonly<Record<string, UnifiedField>> {
  const unified: Record<string, UnifiedField> = {};
  const { single, groups } = contestsOf(vocabulary);
  for (const field of single) {
    const winner =
      field.survivorship.by === 'union'
        ? unite(field, sources, own)
        : decide(field, candidatesOf(field, sources, own), sources);
    if (winner !== undefined) unified[field.name] = winner;
  }
  for (const members of groups) Object.assign(unified, pickGroup(members, sources, own));
  return unified;
}

function decide(
  field: VocabularyField,
  candidates: readonly Candidate[],
  sources: readonly CanonicalSource[],
): UnifiedField | undefined {
  if (!candidates.some(({ isForwardOnly }) => isForwardOnly)) return crown(candidates, orderOf(field, sources), field);
  const { stands, passedOver } = standing(field, candidates);
  if (stands === undefined) return undefined;
  const others = candidates.filter((candidate) => candidate !== stands);
  const rule = passedOver ? 'forward' : ruleOf(stands, others.sort(byMerit)[0], field);
  return provenance(stands, rule);
}

/** What is decided by itself, and what is decided together. */
interface Contests {
  readonly single: readonly VocabularyField[];
  readonly groups: readonly (readonly VocabularyField[])[];
}

/** A vocabulary does not change, and every change of every record asks. */
const known = new WeakMap<Vocabulary, Contests>();

function contestsOf(vocabulary: Vocabulary): Contests {
  const before = known.get(vocabulary);
  if (before !== undefined) return before;
  const isGrouped = ({ group, survivorship }: VocabularyField): boolean =>
    group !== undefined && survivorship.by !== 'union';
  const fields = [...vocabulary.fields.values()].filter(({ through }) => through === undefined);
  const contests: Contests = {
    single: fields.filter((field) => !isGrouped(field)),
    groups: [...Map.groupBy(fields.filter(isGrouped), ({ group }) => group).values()],
  };
  known.set(vocabulary, contests);
  return contests;
}

/** Best first: by authority where the field has one, edits before what was found, then newest, connection order, value. */
function orderOf(field: VocabularyField, sources: readonly CanonicalSource[]): Order {
  if (field.survivorship.by !== 'authority') return byMerit;
  const { connections } = field.survivorship;
  const connectionOf = new Map(sources.map((source) => [source.from, source.connection]));
  const place = (candidate: Candidate): number => {
    const index = connections.indexOf(connectionOf.get(candidate.from) ?? '');
    return index === -1 || isEmptyValue(candidate.value) ? connections.length : index;
  };
  return (a, b) => place(a) - place(b) || byMerit(a, b);
}

/** The best candidate; the second best tells by which rule it won. */
function crown(candidates: readonly Candidate[], order: Order, field: VocabularyField): UnifiedField | undefined {
  let winner: Candidate | undefined;
  let second: Candidate | undefined;
  for (const candidate of candidates) {
    if (winner === undefined || order(candidate, winner) < 0) [winner, second] = [candidate, winner];
    else if (second === undefined || order(candidate, second) < 0) second = candidate;
  }
  return winner && provenance(winner, ruleOf(winner, second, field));
}

function provenance({ value, at, from, origin }: Candidate, rule: Rule): UnifiedField {
  return { value, at, from, origin, rule };
}

function ruleOf(winner: Candidate, second: Candidate | undefined, field: VocabularyField): Rule {
  if (field.survivorship.by === 'hub') return 'hub';
  if (second === undefined || isSameValue(winner.value, second.value)) return 'only';
  if (field.survivorship.by === 'authority') return 'authority';
  if (winner.origin === 'found') return 'found-order';
  return second.origin === 'system' && winner.at === second.at ? 'tie-order' : 'newest';
}

/**
 * A group competes per source as a whole: it is an edit, as new as its newest edited member, if any member was edited
 * there; then all its values come from that source, also those the hub wrote earlier.
 */
function pickGroup(
  members: readonly VocabularyField[],
  sources: readonly CanonicalSource[],
  own: Readonly<Record<string, OwnField>>,
): Record<string, UnifiedField> {
  const [lead] = members;
  if (lead === undefined) return {};
  const bids = sources.flatMap((source) => groupBid(members, source) ?? []);
  const ownBid = groupBidOfHub(members, own);
  const crowned = crown(ownBid === undefined ? bids : [...bids, ownBid], orderOf(lead, sources), lead);
  if (crowned === undefined) return {};
  const values = crowned.from === HUB ? own : (sources.find((source) => source.from === crowned.from)?.fields ?? {});
  const result: Record<string, UnifiedField> = {};
  for (const member of members) {
    const value = values[member.name];
    if (value !== undefined) result[member.name] = { ...crowned, value: value.value };
  }
  return result;
}

function groupBid(members: readonly VocabularyField[], source: CanonicalSource): Candidate | undefined {
  const present = members.flatMap((member) => source.fields[member.name] ?? []);
  const edits = present.filter((field) => field.origin === 'system');
  const competing = edits.length > 0 ? edits : present.filter((field) => field.origin === 'found');
  const isNothing = edits.length === 0 && competing.every((field) => isEmptyValue(field.value));
  if (competing.length === 0 || isNothing) return undefined;
  return {
    value: members.map((member) => asText(source.fields[member.name]?.value ?? null)),
    at: Math.max(...competing.map((field) => field.at)),
    from: source.from,
    origin: edits.length > 0 ? 'system' : 'found',
    rank: source.rank,
    isForwardOnly: false,
  };
}

function groupBidOfHub(
  members: readonly VocabularyField[],
  own: Readonly<Record<string, OwnField>>,
): Candidate | undefined {
  const held = members.flatMap((member) => own[member.name] ?? []);
  if (held.length === 0) return undefined;
  return asOwn({
    value: members.map((member) => asText(own[member.name]?.value ?? null)),
    at: Math.max(...held.map((field) => field.at)),
    origin: held.some((field) => field.origin === 'system') ? 'system' : 'found',
  });
}

/** A set merged element by element: each element is in or out by its newest edit, else in if it was found anywhere. */
function unite(
  field: VocabularyField,
  sources: readonly CanonicalSource[],
  own: Readonly<Record<string, OwnField>>,
): UnifiedField | undefined {
  const bids = new Map<string, Candidate[]>();
  const bid = (element: string, candidate: Candidate): void => {
    bids.set(element, [...(bids.get(element) ?? []), candidate]);
  };
  const held = own[field.name];
  if (held !== undefined && Array.isArray(held.value)) {
    for (const element of held.value) bid(element, asOwn({ ...held, value: true }));
  }
  let isEdited = false;
  for (const source of sources) {
    for (const [element, story] of Object.entries(source.fields[field.name]?.elements ?? {})) {
      if (story.origin === 'hub' || (story.origin === 'found' && !story.isPresent)) continue;
      isEdited ||= story.origin === 'system';
      const { at, origin } = story;
      const { from, rank } = source;
      bid(element, { value: story.isPresent, at, origin, from, rank, isForwardOnly: false });
    }
  }
  const winners = [...bids].flatMap(([element, candidates]) => {
    const [winner] = candidates.sort(byMerit);
    return winner === undefined ? [] : [{ element, winner }];
  });
  const newest = winners.map(({ winner }) => winner).sort(byMerit)[0];
  if (newest === undefined || (winners.every(({ winner }) => winner.value !== true) && !isEdited)) return undefined;
  const value = winners.flatMap(({ element, winner }) => (winner.value === true ? [element] : [])).sort();
  return { value, at: newest.at, from: newest.from, origin: newest.origin, rule: 'union' };
}
