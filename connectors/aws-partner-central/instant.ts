/**
 * The instant of one of AWS's timestamps, ms since the epoch; `undefined` when it is none. AWS stamps with no digit of a second up to
 * nine; those after the third are cut off, so this is for comparing and remembering, never for sending back.
 */
export function instantOf(timestamp: unknown): number | undefined {
  if (typeof timestamp !== 'string') return undefined;
  const at = Date.parse(timestamp);
  return Number.isNaN(at) ? undefined : at;
}
