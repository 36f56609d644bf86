import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScheduleExpression } from '../../../../local/aws/eventbridge/schedule-expression.ts';

const at = (text: string): number => Date.parse(text);
function next(expression: string, after: string, zone?: string): string | undefined {
  const schedule = parseScheduleExpression(expression, zone);
  if (schedule === undefined) throw new Error(`${expression} was refused`);
  const found = schedule.next(at(after), at(after));
  return found === undefined ? undefined : new Date(found).toISOString().slice(0, 16);
}

describe('a schedule expression', () => {
  it.each([
    ['cron(0 10 * * ? *)', '2026-03-01T10:00:00Z', '2026-03-02T10:00', 'daily, not again in the minute it fired'],
    ['cron(15 12 * * ? *)', '2026-03-01T10:00:00Z', '2026-03-01T12:15', 'later today'],
    ['cron(0 18 ? * MON-FRI *)', '2026-03-06T18:00:00Z', '2026-03-09T18:00', 'on workdays'],
    ['cron(0 8 1 * ? *)', '2026-03-01T08:00:00Z', '2026-04-01T08:00', 'on the first of the month'],
    ['cron(0/15 * * * ? *)', '2026-03-01T10:50:00Z', '2026-03-01T11:00', 'every quarter of an hour'],
    ['cron(0/10 * ? * MON-FRI *)', '2026-03-06T23:55:00Z', '2026-03-09T00:00', 'every ten minutes on workdays'],
    ['cron(0/5 8-17 ? * 2-6 *)', '2026-03-06T17:55:00Z', '2026-03-09T08:00', 'in working hours, Monday being 2'],
    ['cron(0 9 ? * 2#1 *)', '2026-03-03T00:00:00Z', '2026-04-06T09:00', 'on the first Monday of the month'],
    ['cron(0 9 ? * 6#5 *)', '2026-03-03T00:00:00Z', '2026-05-29T09:00', 'on a fifth Friday, in months that have one'],
    ['cron(0 9 L * ? *)', '2026-02-01T00:00:00Z', '2026-02-28T09:00', 'on the last day of the month'],
    ['cron(0 9 ? * L *)', '2026-03-01T00:00:00Z', '2026-03-07T09:00', 'on the last day of the week'],
    ['cron(0 9 ? * FRIL *)', '2026-03-01T00:00:00Z', '2026-03-27T09:00', 'on the last Friday of the month'],
    [
      'cron(0 9 1W * ? *)',
      '2026-07-02T00:00:00Z',
      '2026-08-03T09:00',
      'on the workday nearest to the first, which stays in its month',
    ],
    ['cron(0 9 15W * ? *)', '2026-08-01T00:00:00Z', '2026-08-14T09:00', 'on the Friday before a Saturday'],
    ['cron(0 0 29 2 ? *)', '2026-03-01T00:00:00Z', '2028-02-29T00:00', 'on a leap day'],
    ['cron(30 6 ? JAN,JUL SUN 2026-2027)', '2026-07-27T00:00:00Z', '2027-01-03T06:30', 'in some months of some years'],
    ['cron(0 0 ? * SAT-MON *)', '2026-03-03T00:00:00Z', '2026-03-07T00:00', 'over the end of the week'],
  ])('%s after %s fires %s: %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('is over when its last year is', () => {
    expect(next('cron(0 0 1 1 ? 2025)', '2026-03-01T00:00:00Z')).toBeUndefined();
  });

  it.each([
    ['cron(30 8 * * ? *)', '2026-01-15T00:00:00Z', 'Europe/Berlin', '2026-01-15T07:30'],
    ['cron(30 8 * * ? *)', '2026-07-15T00:00:00Z', 'Europe/Berlin', '2026-07-15T06:30'],
    ['cron(30 2 * * ? *)', '2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-30T00:30'],
    ['cron(30 3 * * ? *)', '2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-29T01:30'],
    ['cron(30 2 * * ? *)', '2026-10-24T12:00:00Z', 'Europe/Berlin', '2026-10-25T00:30'],
    ['at(2026-06-01T09:00:00)', '2026-01-01T00:00:00Z', 'America/New_York', '2026-06-01T13:00'],
  ])('%s after %s in %3$s keeps to the clock there', (expression, after, zone, expected) => {
    expect(next(expression, after, zone)).toBe(expected);
  });

  it('fires at a rate counted from its beginning, whatever time it is asked', () => {
    const schedule = parseScheduleExpression('rate(5 minutes)');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1e9 }), (anchor, passed) => {
        const found = schedule?.next(anchor + passed, anchor) ?? Number.NaN;
        expect((found - anchor) % 300_000).toBe(0);
        expect(found - (anchor + passed)).toBeGreaterThan(0);
        expect(found - (anchor + passed)).toBeLessThanOrEqual(300_000);
      }),
    );
  });

  it('fires once at a time, and then never', () => {
    expect(next('at(2026-06-01T09:00:00)', '2026-06-01T09:00:00Z')).toBeUndefined();
  });

  it.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(5 weeks)',
    'rate(1.5 hours)',
    'every(5 minutes)',
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(0 10 * * ?)',
    'cron(60 10 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 10 32 * ? *)',
    'cron(0 10 * 13 ? *)',
    'cron(0 10 ? * 8 *)',
    'cron(0 10 * * ? 1969)',
    'cron(0 10 ? * MON#6 *)',
    'cron(0/0 10 * * ? *)',
    'at(2026-13-01T00:00)',
  ])('%s is refused', (expression) => {
    expect(parseScheduleExpression(expression)).toBeUndefined();
  });

  it('is refused in a time zone that is none', () => {
    expect(parseScheduleExpression('cron(0 10 * * ? *)', 'Mars/Olympus')).toBeUndefined();
  });
});
