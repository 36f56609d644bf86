/** The days of a month on which a cron schedule fires, given its length and the weekday (0 = Sunday) of its first day. */
export type DaysOfMonth = (lastDay: number, firstWeekday: number) => ReadonlySet<number>;

/** A parsed `cron(minutes hours day-of-month month day-of-week year)`. Months are 1 to 12. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly days: DaysOfMonth;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Range {
  readonly min: number;
  readonly max: number;
  /** Names that stand for numbers, the first for `min`. */
  readonly names?: readonly string[];
}

const MINUTES: Range = { min: 0, max: 59 };
const HOURS: Range = { min: 0, max: 23 };
const DAYS: Range = { min: 1, max: 31 };
const MONTH: Range = { min: 1, max: 12, names: MONTHS };
const WEEKDAY: Range = { min: 1, max: 7, names: WEEKDAYS };
const YEAR: Range = { min: 1970, max: 2199 };

/**
 * Parses the six fields of an AWS cron expression, or answers nothing for one that AWS would refuse.
 *
 * One of day-of-month and day-of-week must be `?`. Day-of-month takes `L` and `nW`, day-of-week `L`, `nL` and `n#k`.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseCronFields(text: string): CronFields | undefined {
  const [minute, hour, dayOfMonth, month, dayOfWeek, year, ...rest] = text.trim().split(/\s+/);
  if (year === undefined || rest.length > 0) return undefined;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;

  const minutes = parseSet(minute, MINUTES);
  const hours = parseSet(hour, HOURS);
  const months = parseSet(month, MONTH);
  const years = parseSet(year, YEAR);
  const days = dayOfWeek === '?' ? parseDaysOfMonth(dayOfMonth) : parseDaysOfWeek(dayOfWeek);
  if (minutes === undefined || hours === undefined || months === undefined || years === undefined || days === undefined)
    return undefined;
  return { minutes, hours, months, years, days };
}

function parseDaysOfMonth(field: string | undefined): DaysOfMonth | undefined {
  if (field === 'L') return (lastDay) => new Set([lastDay]);
  if (field === 'LW') return (lastDay, firstWeekday) => new Set([nearestWorkday(lastDay, lastDay, firstWeekday)]);
  const workday = /^(\d{1,2})W$/.exec(field ?? '')?.[1];
  if (workday !== undefined) {
    const day = Number(workday);
    if (day < DAYS.min || day > DAYS.max) return undefined;
    return (lastDay, firstWeekday) =>
      day > lastDay ? new Set() : new Set([nearestWorkday(day, lastDay, firstWeekday)]);
  }
  const days = parseSet(field, DAYS);
  return days === undefined ? undefined : () => days;
}

/** The working day closest to a day, without leaving the month. */
function nearestWorkday(day: number, lastDay: number, firstWeekday: number): number {
  const weekday = (firstWeekday + day - 1) % 7;
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < lastDay ? day + 1 : day - 2;
  return day;
}

function parseDaysOfWeek(field: string | undefined): DaysOfMonth | undefined {
  const nth = /^([A-Z]{3}|\d)#([1-5])$/i.exec(field ?? '');
  if (nth !== null) {
    const weekday = numberOf(nth[1], WEEKDAY);
    return weekday === undefined
      ? undefined
      : (lastDay, firstWeekday) =>
          new Set(
            weekdaysOf(weekday, lastDay, firstWeekday)
              .slice(Number(nth[2]) - 1)
              .slice(0, 1),
          );
  }
  const last = /^([A-Z]{3}|\d)L$/i.exec(field ?? '');
  if (last !== null) {
    const weekday = numberOf(last[1], WEEKDAY);
    return weekday === undefined
      ? undefined
      : (lastDay, firstWeekday) => new Set(weekdaysOf(weekday, lastDay, firstWeekday).slice(-1));
  }
  // The last day of the week is Saturday.
  const weekdays = parseSet(field === 'L' ? '7' : field, WEEKDAY);
  if (weekdays === undefined) return undefined;
  return (lastDay, firstWeekday) =>
    new Set([...weekdays].flatMap((weekday) => weekdaysOf(weekday, lastDay, firstWeekday)));
}

/** Days of the month that fall on a weekday (1 = Sunday). */
function weekdaysOf(weekday: number, lastDay: number, firstWeekday: number): readonly number[] {
  const first = ((weekday - 1 - firstWeekday + 7) % 7) + 1;
  const days: number[] = [];
  for (let day = first; day <= lastDay; day += 7) days.push(day);
  return days;
}

function parseSet(field: string | undefined, range: Range): ReadonlySet<number> | undefined {
  if (field === undefined || field === '') return undefined;
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const parsed = parsePart(part, range);
    if (parsed === undefined) return undefined;
    for (const value of parsed) values.add(value);
  }
  return values;
}

/** `*`, `5`, `5-9`, and each of them with `/step`. */
function parsePart(part: string, range: Range): readonly number[] | undefined {
  const [span = '', step, ...rest] = part.split('/');
  const stride = step === undefined ? 1 : Number(step);
  if (rest.length > 0 || !Number.isInteger(stride) || stride < 1) return undefined;

  const [from, to, ...more] =
    span === '*' ? [range.min, range.max] : span.split('-').map((text) => numberOf(text, range));
  if (from === undefined || more.length > 0 || (span.includes('-') && to === undefined)) return undefined;
  const end = to ?? (step === undefined ? from : range.max);
  const values: number[] = [];
  // A range may run over the end: FRI-MON.
  const length = end >= from ? end - from : end - from + (range.max - range.min + 1);
  for (let offset = 0; offset <= length; offset += stride)
    values.push(((from - range.min + offset) % (range.max - range.min + 1)) + range.min);
  return values;
}

function numberOf(text: string | undefined, range: Range): number | undefined {
  const named = range.names?.indexOf((text ?? '').toUpperCase()) ?? -1;
  const value = named >= 0 ? named + range.min : /^\d{1,4}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return value >= range.min && value <= range.max ? value : undefined;
}
