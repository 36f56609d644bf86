import { describe, expect, test } from 'vitest';
import { canonicalDate, canonicalInstant } from '../../../../domain/mapping/canonical/time.ts';

describe('a date', () => {
  test.each(['2026-05-31', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is in the calendar', (date) => {
    expect(canonicalDate(` ${date}`)).toBe(date);
  });

  test.each([
    '2023-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-04-31',
    '0000-01-01',
    '31.05.2026',
    '2026-5-31',
    '2026-05-31T00:00:00Z',
    '',
  ])('%s is none', (typed) => {
    expect(canonicalDate(typed)).toBeUndefined();
  });
});

describe('a moment', () => {
  test.each([
    ['2026-05-31T14:22:10.000+0000', '2026-05-31T14:22:10.000Z'],
    ['2026-05-31T14:22:10.1Z', '2026-05-31T14:22:10.100Z'],
    ['2026-05-31T14:22:10.123456789Z', '2026-05-31T14:22:10.123Z'],
    ['2026-05-31T01:00-07:00', '2026-05-31T08:00:00.000Z'],
    ['1780185600000', '2026-05-31T00:00:00.000Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
  ])('%s is %s', (typed, expected) => {
    expect(canonicalInstant(typed)).toBe(expected);
  });

  test.each([
    '2026-05-31T14:22:10',
    '2026-05-31',
    '2026-02-30T00:00:00Z',
    '2026-05-31T25:00:00Z',
    'yesterday',
    '999999999999999',
  ])('%s could be any moment or none', (typed) => {
    expect(canonicalInstant(typed)).toBeUndefined();
  });
});
