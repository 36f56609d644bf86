import { type CronFields, parseCronFields } from './cron-fields.ts';
import { type TimeZone, timeZoneOf } from './time-zone.ts';

/**
 * When a schedule fires next, strictly after a moment, or nothing when it never does again.
 *
 * `anchor` is when the schedule began to count, which matters to rates only. All in milliseconds since the epoch.
 */
export type NextOccurrence = (after: number, anchor: number) => number | undefined;

/** A schedule as its expression says it. */
export interface Schedule {
  readonly kind: 'rate' | 'cron' | 'at';
  readonly next: NextOccurrence;
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const RATE = /^rate\((\d{1,9}) (minute|hour|day)(s?)\)$/;
const CRON = /^cron\((.+)\)$/;
const AT = /^at\((\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\)$/;

/**
 * Parses `rate(...)`, `cron(...)` or `at(...)`, or answers nothing for an expression that AWS would refuse. Rates of one
 * take the singular of the unit, all others the plural.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseScheduleExpression(text: string, timeZoneName = 'UTC'): Schedule | undefined {
  const rate = RATE.exec(text);
  if (rate !== null) return parseRate(Number(rate[1]), rate[2] ?? '', rate[3] === 's');

  const timeZone = timeZoneOf(timeZoneName);
  if (timeZone === undefined) return undefined;
  const at = AT.exec(text);
  if (at !== null) return parseAt(at.slice(1).map(Number), timeZone);
  const fields = parseCronFields(CRON.exec(text)?.[1] ?? '');
  return fields === undefined ? undefined : { kind: 'cron', next: (after) => nextCron(fields, timeZone, after) };
}

function parseRate(value: number, unit: string, isPlural: boolean): Schedule | undefined {
  const everyMs = value * (UNIT_MS[unit] ?? Number.NaN);
  if (!(everyMs > 0) || (value === 1) === isPlural) return undefined;
  return {
    kind: 'rate',
    next: (after, anchor) => anchor + (Math.floor(Math.max(0, after - anchor) / everyMs) + 1) * everyMs,
  };
}

function parseAt(parts: readonly number[], timeZone: TimeZone): Schedule | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const moment = timeZone.momentOf({ year, month, day, hour, minute });
  if (moment === undefined) return undefined;
  const at = moment + second * 1000;
  return { kind: 'at', next: (after) => (at > after ? at : undefined) };
}

/** No cron expression waits longer than from one leap day on a given weekday to the next, 40 years at most. */
const MONTHS_SEARCHED_MAX = 12 * 41;

function nextCron(fields: CronFields, timeZone: TimeZone, after: number): number | undefined {
  const start = timeZone.wallTimeAt(after);
  const latestYear = Math.max(...fields.years);
  for (let offset = 0; offset < MONTHS_SEARCHED_MAX; offset += 1) {
    const monthIndex = start.month - 1 + offset;
    const year = start.year + Math.floor(monthIndex / 12);
    const month = (monthIndex % 12) + 1;
    if (year > latestYear) return undefined;
    if (!fields.years.has(year) || !fields.months.has(month)) continue;
    const found = nextInMonth(fields, timeZone, after, year, month, offset === 0 ? start.day : 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nextInMonth(
  fields: CronFields,
  timeZone: TimeZone,
  after: number,
  year: number,
  month: number,
  fromDay: number,
): number | undefined {
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const firstWeekday = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  for (const day of ascending(fields.days(lastDay, firstWeekday))) {
    if (day < fromDay || day > lastDay) continue;
    for (const hour of ascending(fields.hours)) {
      for (const minute of ascending(fields.minutes)) {
        const moment = timeZone.momentOf({ year, month, day, hour, minute });
        if (moment !== undefined && moment > after) return moment;
      }
    }
  }
  return undefined;
}

function ascending(values: ReadonlySet<number>): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
