import { expect, test } from 'vitest';
import { LaggingCopy } from './lagging-copy.ts';

const answer = (body: string) => ({ status: 200, headers: {}, body });

test('a copy says what the system said before its lag, and knows nothing of other questions', () => {
  const copy = new LaggingCopy();
  copy.note('P1', 1_000, answer('former'));
  copy.note('P1', 40_000, answer('newer'));

  expect(copy.ask('P1', 45_000, 30_000)).toEqual(answer('former'));
  expect(copy.ask('P1', 75_000, 30_000)).toEqual(answer('newer'));
  expect(copy.ask('P2', 45_000, 30_000)).toBeUndefined();
});

test('a copy is not behind without end, and not ahead of itself', () => {
  const copy = new LaggingCopy();
  copy.note('P1', 1_000, answer('former'));

  expect(copy.ask('P1', 2_000, 30_000)).toBeUndefined();
  expect(copy.ask('P1', 92_000, 30_000)).toBeUndefined();
});
