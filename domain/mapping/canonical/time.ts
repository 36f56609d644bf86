const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(?:Z|([+-]\d{2}):?(\d{2}))$/i;
const EPOCH_MS = /^-?\d{1,15}$/;
const YEAR_ONE_MS = -62_135_596_800_000;
const YEAR_TEN_THOUSAND_MS = 253_402_300_800_000;

/** A date without a zone, `YYYY-MM-DD`, that is in the calendar; else `undefined`. Years 0001 to 9999. */
export function canonicalDate(text: string): string | undefined {
  const date = text.trim();
  if (!DATE.test(date) || date.startsWith('0000')) return undefined;
  const midnight = new Date(`${date}T00:00:00Z`);
  // The language reads 30 February as a day of March; the calendar does not have it.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date) ? date : undefined;
}

/**
 * A moment as `YYYY-MM-DDTHH:mm:ss.sssZ`. Reads ISO texts that name their offset, and ms since the epoch as text; else
 * `undefined`. A time without an offset could be any moment and is not read. Years 0001 to 9999.
 */
export function canonicalInstant(text: string): string | undefined {
  const ms = epochMs(text.trim());
  if (ms === undefined || !(ms >= YEAR_ONE_MS && ms < YEAR_TEN_THOUSAND_MS)) return undefined;
  return new Date(ms).toISOString();
}

function epochMs(text: string): number | undefined {
  if (EPOCH_MS.test(text)) return Number(text);
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '', hours, minutes] = match;
  if (canonicalDate(date) === undefined) return undefined;
  const offset = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const ms = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}.${milliseconds}${offset}`);
  return Number.isNaN(ms) ? undefined : ms;
}
