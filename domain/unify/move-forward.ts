import type { OwnField, UnifiedField } from '../model/unified-record.ts';
import { isSameValue, type Value } from '../model/value.ts';
import type { Vocabulary, VocabularyField } from '../model/vocabulary.ts';
import { byMerit, type Candidate, candidatesOf, HUB, mayNotGoBack } from './candidate.ts';
import type { CanonicalField, CanonicalSource } from './canonical-source.ts';

/*
 * Sources that may only move a field forward (`moves` of a lookup). As if all that was ever said were gone through, oldest
 * first: what people said last stands, and after it only what leads further than what stands.
 *
 * A source remembers its last word only, and what lost is written over by the hub. So two things are kept as the hub's own:
 * what people said last, when it gives way to such a source (`ownBeneath`), and what such a source said itself before it
 * said something that does not count (`isTakenBack`). Without them an older word would count again once they are gone.
 */

/** What stands, and whether something that would have won was passed over. */
export interface Standing {
  readonly stands: Candidate | undefined;
  readonly passedOver: boolean;
}

/** The winner where some candidates may only move the field forward. The same for any order of the candidates. */
export function standing(field: VocabularyField, candidates: readonly Candidate[]): Standing {
  let stands = lastWord(candidates);
  const floor = stands;
  // What was found has no time of its own to come after something, so it counts only where there is nothing else.
  const isLater = (candidate: Candidate): boolean =>
    floor === undefined || (candidate.origin === 'system' && byMerit(candidate, floor) < 0);
  const later = candidates.filter((candidate) => candidate.isForwardOnly && isLater(candidate)).sort(byMerit);
  let passedOver = false;
  for (const candidate of later.reverse()) {
    if (stands === undefined || leadsOn(field, stands.value, candidate.value)) {
      stands = candidate;
      passedOver = false;
    } else if (!isSameValue(candidate.value, stands.value)) passedOver = true;
  }
  return { stands, passedOver };
}

/** The best of those that count wherever they lead. */
function lastWord(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    if (!candidate.isForwardOnly && (best === undefined || byMerit(candidate, best) < 0)) best = candidate;
  }
  return best;
}

function leadsOn(field: VocabularyField, from: Value, to: Value): boolean {
  return placeOf(field, to) > placeOf(field, from);
}

/** How far a value is: its place among the choices; the ends are all equally far, and nothing comes before the first. */
function placeOf({ choices = [], ends = [] }: VocabularyField, value: Value): number {
  if (typeof value !== 'string') return -1;
  return ends.includes(value) ? choices.length : choices.indexOf(value);
}

/**
 * Whether a winning value must be kept because its source now says something else that only counts where it leads on: if it
 * does not lead on, what won still stands; and if what won counted wherever it led, nothing before it counts any more.
 */
export function isTakenBack(
  field: VocabularyField | undefined,
  won: UnifiedField,
  source: CanonicalSource,
  told: CanonicalField,
): boolean {
  const moves = field && source.moves?.[field.name];
  if (field === undefined || told.origin === 'hub' || isSameValue(told.value, won.value)) return false;
  if (!mayNotGoBack(moves, told.value)) return false;
  return !mayNotGoBack(moves, won.value) || !leadsOn(field, won.value, told.value);
}

/** The hub's own source, with the last word of people wherever a source that may only move a field forward won over it. */
export function ownBeneath(
  vocabulary: Vocabulary,
  sources: readonly CanonicalSource[],
  own: Readonly<Record<string, OwnField>>,
  fields: Readonly<Record<string, UnifiedField>>,
): Readonly<Record<string, OwnField>> {
  let kept = own;
  for (const { from, moves } of sources) {
    for (const name of Object.keys(moves ?? {})) {
      const [field, won] = [vocabulary.fields.get(name), fields[name]];
      if (field === undefined || won?.from !== from || !mayNotGoBack(moves?.[name], won.value)) continue;
      const floor = lastWord(candidatesOf(field, sources, own));
      if (floor === undefined || floor.from === HUB) continue;
      const { value, at, origin } = floor;
      kept = { ...kept, [name]: { value, at, origin, from: floor.from } };
    }
  }
  return kept;
}
