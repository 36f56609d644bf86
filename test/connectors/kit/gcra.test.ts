import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allow, correct, left, restore, spend } from '../../../connectors/kit/gcra.ts';

const limits = fc.record({
  limit: fc.integer({ min: 1, max: 60 }),
  windowMs: fc.integer({ min: 1, max: 20_000 }),
  burst: fc.integer({ min: 1, max: 60 }),
  slackMs: fc.integer({ min: 0, max: 2_000 }),
});

/** Spends at each arrival as much as is asked and granted; answers the times of the units granted. */
function run(
  allowance: ReturnType<typeof allow>,
  arrivals: readonly { readonly afterMs: number; readonly units: number; readonly reserve: number }[],
): readonly number[] {
  const granted: number[] = [];
  let now = 1_700_000_000_000;
  let tat: number | undefined;
  for (const { afterMs, units, reserve } of arrivals) {
    now += afterMs;
    const spent = spend(allowance, tat, now, units, reserve);
    if (!spent.granted) continue;
    tat = spent.tat;
    for (let unit = 0; unit < spent.units; unit += 1) granted.push(now);
  }
  return granted;
}

const arrivalsOf = (windowMs: number) =>
  fc.array(
    fc.record({
      afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: Math.ceil(windowMs / 4) }), fc.constant(windowMs)),
      units: fc.integer({ min: 1, max: 20 }),
      reserve: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 300 },
  );

describe('GCRA', () => {
  it('grants at least one unit of a fresh allowance at any time, whatever fraction its interval is', () => {
    const now = fc.integer({ min: 1_600_000_000_000, max: 2_200_000_000_000 });
    fc.assert(
      fc.property(limits, now, ({ limit, windowMs, burst, slackMs }, at) => {
        expect(spend(allow(limit, windowMs, { burst, slackMs }), undefined, at, 1).granted).toBe(true);
      }),
      // A burst of one unit in an interval of ninths, where it was found.
      { examples: [[{ limit: 10, windowMs: 1_000, burst: 1, slackMs: 250 }, 1_777_885_200_000]] },
    );
  });

  it('never grants more than the limit in any window, wherever it begins, both ends included', () => {
    const scenario = limits.chain((limit) => fc.tuple(fc.constant(limit), arrivalsOf(limit.windowMs)));
    fc.assert(
      fc.property(scenario, ([{ limit, windowMs, burst }, arrivals]) => {
        const times = run(allow(limit, windowMs, { burst }), arrivals);

        for (const [index, from] of times.entries()) {
          const upTo = times.findLastIndex((at) => at <= from + windowMs);
          expect(upTo - index + 1).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it('keeps the limit also when every unit may be used later by any part of the slack', () => {
    const scenario = limits.chain((limit) =>
      fc.tuple(
        fc.constant(limit),
        arrivalsOf(limit.windowMs),
        fc.infiniteStream(fc.integer({ min: 0, max: limit.slackMs })),
      ),
    );
    fc.assert(
      fc.property(scenario, ([{ limit, windowMs, burst, slackMs }, arrivals, delays]) => {
        const times = run(allow(limit, windowMs, { burst, slackMs }), arrivals);

        const used = times.map((at) => at + (delays.next().value ?? 0)).toSorted((a, b) => a - b);

        for (const [index, from] of used.entries()) {
          const upTo = used.findLastIndex((at) => at <= from + windowMs);
          expect(upTo - index + 1).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it('grants a whole burst at once, then one unit an interval', () => {
    const allowance = allow(100, 10_000, { burst: 10 });

    const first = spend(allowance, undefined, 0, 50);
    const tat = first.granted ? first.tat : 0;

    expect(first).toMatchObject({ granted: true, units: 10 });
    expect(spend(allowance, tat, 0, 1)).toEqual({ granted: false, waitMs: 112 });
    expect(spend(allowance, tat, 112, 5)).toMatchObject({ granted: true, units: 1 });
  });

  it('grants what it said to wait for', () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 0, max: 100_000 }), ({ limit, windowMs, burst }, spentMs) => {
        const allowance = allow(limit, windowMs, { burst });
        const refused = spend(allowance, spentMs, 0, 1);
        fc.pre(!refused.granted);

        expect(spend(allowance, spentMs, refused.granted ? 0 : refused.waitMs, 1).granted).toBe(true);
      }),
    );
  });

  it.each([
    [10, 1_000],
    [7, 1_000],
    [3, 100],
  ])(
    'has one unit to grant when nothing was spent, also of %i in %i ms, where a unit takes a fraction of a millisecond',
    (limit, windowMs) => {
      // A moment of today: beside it, a fraction of a millisecond is nearly nothing.
      const now = 1_777_885_200_000;
      const allowance = allow(limit, windowMs, { burst: 1, slackMs: 200 });

      const first = spend(allowance, undefined, now, 1);
      const second = spend(allowance, first.granted ? first.tat : undefined, now, 1);

      expect(first.granted).toBe(true);
      expect(second).toEqual({ granted: false, waitMs: Math.ceil(allowance.intervalMs) });
    },
  );

  it('leaves a reserve to work that asks without one', () => {
    const allowance = allow(100, 10_000, { burst: 10 });
    const bulk = spend(allowance, undefined, 0, 10, 4);
    const tat = bulk.granted ? bulk.tat : 0;

    expect(bulk).toMatchObject({ granted: true, units: 6 });
    expect(spend(allowance, tat, 0, 1, 4).granted).toBe(false);
    expect(spend(allowance, tat, 0, 10)).toMatchObject({ granted: true, units: 4 });
  });

  it('never lets a reserve take everything', () => {
    expect(spend(allow(1, 1_000), undefined, 0, 1, 9)).toMatchObject({ granted: true, units: 1 });
  });

  it('believes a smaller remainder, never a larger one', () => {
    const allowance = allow(100, 10_000, { burst: 10 });

    const corrected = correct(allowance, undefined, 0, 3);

    expect(left(allowance, corrected, 0)).toBe(3);
    expect(left(allowance, correct(allowance, corrected, 0, 9), 0)).toBe(3);
  });

  it('holds still for as long as it is told when nothing is left', () => {
    const allowance = allow(100, 10_000, { burst: 10 });

    const held = correct(allowance, undefined, 0, 0, 5_000);

    expect(spend(allowance, held, 4_999, 1).granted).toBe(false);
    expect(spend(allowance, held, 5_000, 1)).toMatchObject({ granted: true, units: 1 });
  });

  it('gives back at most the burst, and takes nothing away', () => {
    const allowance = allow(100, 10_000, { burst: 10 });
    const spent = correct(allowance, undefined, 0, 0);

    expect(left(allowance, restore(allowance, spent, 0, 4), 0)).toBe(4);
    expect(left(allowance, restore(allowance, spent, 0, 400), 0)).toBe(10);
    expect(left(allowance, restore(allowance, undefined, 0, 0), 0)).toBe(10);
  });
});
