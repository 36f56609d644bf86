import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareStamps, nanosOf, nextStamp, stampOf } from '../../../../local/simulators/aws-partner-central/stamps.ts';

const nanos = fc.bigInt({ min: 0n, max: 4_102_444_800_000_000_000n });

describe('stamps', () => {
  it('say what they mean to the nanosecond, without zeros at their end', () => {
    fc.assert(
      fc.property(nanos, (instant) => {
        const stamp = stampOf(instant, 9);
        expect(nanosOf(stamp)).toBe(instant);
        expect(stamp).not.toMatch(/\.\d*0Z$/);
      }),
    );
  });

  it('compare as the instants do, whatever their length and zone', () => {
    fc.assert(
      fc.property(nanos, nanos, (a, b) => {
        expect(Math.sign(compareStamps(stampOf(a, 9), stampOf(b, 9)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
    expect(compareStamps('2026-03-02T10:15:00Z', '2026-03-02T10:15:00.000Z')).toBe(0);
    expect(compareStamps('2026-03-02T12:15:00.5+02:00', '2026-03-02T10:15:00.500000001Z')).toBe(-1);
  });

  it('rise with every change, also when the clock stands still or goes back', () => {
    fc.assert(
      fc.property(fc.constantFrom(3 as const, 6 as const, 9 as const), fc.array(fc.nat(5)), (digits, clock) => {
        let former: string | undefined;
        clock.forEach((ms, tick) => {
          const stamp = nextStamp(1_772_446_500_000 + ms, tick, digits, former);
          if (former !== undefined) expect(compareStamps(stamp, former)).toBe(1);
          former = stamp;
        });
      }),
    );
  });

  it.each(['2026-03-02', '2026-03-02T10:15:00', '2026-13-02T10:15:00Z', '2026-03-02T10:15:00.1234567890Z'])(
    'are not %s',
    (text) => {
      expect(nanosOf(text)).toBeUndefined();
    },
  );
});
