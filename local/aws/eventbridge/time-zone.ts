/** A moment as a wall clock shows it. Months are 1 to 12. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** Converts between moments and the wall clock of one time zone. */
export interface TimeZone {
  wallTimeAt(at: number): WallTime;
  /** The moment a wall clock shows this time, or nothing when clocks skip it. Where clocks show it twice, the first. */
  momentOf(wall: WallTime): number | undefined;
}

const MINUTE_MS = 60_000;

/** The time zone of an IANA name, or nothing for a name that is not one. */
export function timeZoneOf(name: string): TimeZone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch {
    return undefined;
  }
  const wallTimeAt = (at: number): WallTime => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
  };
  return {
    wallTimeAt,
    momentOf(wall) {
      const asIfUtc = utcOf(wall);
      // The offset half a day before and after covers both sides of a clock change; the earlier moment comes first.
      const offsets = [-12, 12].map((hours) => {
        const near = asIfUtc + hours * 60 * MINUTE_MS;
        return utcOf(wallTimeAt(near)) - near;
      });
      const moments = offsets.map((offset) => asIfUtc - offset).sort((a, b) => a - b);
      return moments.find((moment) => utcOf(wallTimeAt(moment)) === asIfUtc);
    },
  };
}

function utcOf({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}
