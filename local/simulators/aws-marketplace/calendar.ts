/** ISO 8601 durations as the Catalog takes them: whole years, months, weeks or days (`P12M`, `P365D`). */
export const durationPattern = /^P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/;

export const dayMs = 86_400_000;

/** The instant a duration after another, by the calendar: a month after 31 January is the last day of February. */
export function addDuration(from: number, duration: string): number {
  const [, years = '0', months = '0', weeks = '0', days = '0'] = durationPattern.exec(duration) ?? [];
  const date = new Date(from);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + Number(years) * 12 + Number(months));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime() + (Number(weeks) * 7 + Number(days)) * dayMs;
}

/** The day's first instant, UTC. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`);
}

/** The day's last millisecond, UTC: until then an offer can be accepted, and an agreement lasts. */
export function endOfDay(day: string): number {
  return startOfDay(day) + dayMs - 1;
}

/** The day an instant is in, UTC. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
