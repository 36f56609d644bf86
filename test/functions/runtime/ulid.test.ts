import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ulidFactory } from '../../../functions/runtime/ulid.ts';

test('a ULID is its time and its randomness in 26 characters', () => {
  const ulid = ulidFactory(
    () => 1_469_918_176_385,
    () => new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 4, 1]),
  );

  // The time is the example of the specification.
  expect(ulid()).toBe('01ARYZ6S41' + '0000000000000101');
});

test('ULIDs of one process rise, whatever the clock does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 ** 48 - 1 }), { minLength: 2, maxLength: 20 }),
      fc.uint8Array({ minLength: 10, maxLength: 10 }).filter(([first = 0]) => first < 255),
      (times, bytes) => {
        const clock = times.values();
        const ulid = ulidFactory(
          () => clock.next().value ?? 0,
          () => bytes,
        );

        const made = times.map(() => ulid());

        expect(made).toEqual([...new Set(made)].sort());
        expect(made.every((each) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(each))).toBe(true);
      },
    ),
  );
});

test('a millisecond that has no more ULIDs says so', () => {
  const ulid = ulidFactory(
    () => 1,
    () => new Uint8Array(10).fill(255),
  );
  ulid();

  expect(ulid).toThrow('No more ULIDs');
});
