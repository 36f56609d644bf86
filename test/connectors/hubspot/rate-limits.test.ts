import { describe, expect, it } from 'vitest';
import { readLimits } from '../../../connectors/hubspot/rate-limits.ts';

const read = (headers: Readonly<Record<string, string>>) => readLimits((name) => headers[name] ?? null);

describe('the limits an answer tells', () => {
  it('are used of limit, for the rolling 10 seconds and the day', () => {
    const figures = read({
      'x-hubspot-ratelimit-max': '110',
      'x-hubspot-ratelimit-remaining': '100',
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      'x-hubspot-ratelimit-daily': '250000',
      'x-hubspot-ratelimit-daily-remaining': '249990',
    });

    expect(figures).toEqual([
      { budget: 'calls', used: 10, limit: 110 },
      { budget: 'daily', used: 10, limit: 250_000 },
    ]);
  });

  it('are none in a search’s answer, and none where they make no sense', () => {
    expect(read({})).toEqual([]);
    expect(read({ 'x-hubspot-ratelimit-max': 'many', 'x-hubspot-ratelimit-remaining': '1' })).toEqual([]);
    expect(
      read({
        'x-hubspot-ratelimit-max': '110',
        'x-hubspot-ratelimit-remaining': '1',
        'x-hubspot-ratelimit-interval-milliseconds': '1000',
      }),
    ).toEqual([]);
  });
});
