import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cached } from '../../../domain/mapping/bounded-cache.ts';

test('answers are computed once while they are in use', () => {
  const computed: string[] = [];
  const length = cached((text) => {
    computed.push(text);
    return { length: text.length };
  });

  for (let index = 0; index < 20_000; index += 1) {
    length(`other ${index}`);
    length('in use');
  }

  expect(computed.filter((text) => text === 'in use')).toHaveLength(1);
});

test('what is not in use is forgotten, so that memory is bounded', () => {
  let computations = 0;
  const length = cached((text) => {
    computations += 1;
    return { length: text.length };
  });

  length('once');
  for (let index = 0; index < 8_192; index += 1) length(`other ${index}`);
  length('once');

  expect(computations).toBe(8_194);
});

test('long texts are computed every time', () => {
  let computations = 0;
  const length = cached((text) => {
    computations += 1;
    return { length: text.length };
  });

  length('x'.repeat(257));
  length('x'.repeat(257));

  expect(computations).toBe(2);
});

test('remembering changes no answer', () => {
  const upper = cached((text) => ({ text: text.toUpperCase() }));
  fc.assert(
    fc.property(fc.array(fc.string()), (texts) => {
      for (const text of texts) expect(upper(text)).toEqual({ text: text.toUpperCase() });
    }),
  );
});
