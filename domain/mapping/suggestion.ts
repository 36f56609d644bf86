import { distance } from 'fastest-levenshtein';

/** The name that was probably meant, as the end of a sentence: `; did you mean "decimal"?`. Empty when none is near. */
export function suggestion(typed: string, names: Iterable<string>): string {
  const [nearest] = [...names]
    .map((name) => ({ name, away: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  const isNear = nearest !== undefined && nearest.away <= Math.max(2, typed.length / 3);
  return isNear ? `; did you mean "${nearest.name}"?` : '';
}
