/**
 * Cuts a list into pieces of at most `max`, order kept.
 *
 * *Bounds*: `max` is a positive whole number; anything else is a defect of the caller and throws, because a cut of zero
 * would never end. An empty list gives no pieces.
 */
export function chunk<T>(items: readonly T[], max: number): readonly (readonly T[])[] {
  if (!Number.isInteger(max) || max < 1) throw new RangeError(`A piece holds at least 1 item, not ${max}.`);
  const pieces: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += max) pieces.push(items.slice(start, start + max));
  return pieces;
}
