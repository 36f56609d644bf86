import { expect, test } from 'vitest';
import { candidatesOf, placeOf } from './candidate.ts';
import type { Mutation } from './mutations.ts';

const usual: Mutation = { name: 'drop the claim', file: 'a.ts', patches: [] };
const directed: Mutation = { ...usual, family: 'crowded' };

function placesOf(mutation: Mutation, table: string): readonly string[] {
  return candidatesOf(mutation, 3, ['late-search', 'late-creation'], table).map(placeOf);
}

test('without a hint all seeds come in order, and then the kept plans', () => {
  expect(placesOf(usual, '')).toEqual(['1', '2', '3', 'kept plan `late-search`', 'kept plan `late-creation`']);
});

test('where it was found last comes first, and once', () => {
  const table =
    '| rule broken | file | found by seed |\n| drop the claim twice | `a.ts` | 2 |\n| drop the claim | `a.ts` | 3 | why |';

  expect(placesOf(usual, table).slice(0, 3)).toEqual(['3', '1', '2']);
  expect(placesOf(usual, '| drop the claim | `a.ts` | kept plan `late-creation` |')[0]).toBe(
    'kept plan `late-creation`',
  );
});

test('a mutation with a family is looked for in the seeds of that family only', () => {
  expect(placesOf(directed, '| drop the claim | `a.ts` | 2 of _crowded_ |')).toEqual([
    '2 of _crowded_',
    '1 of _crowded_',
    '3 of _crowded_',
  ]);
});

test('what is rare is looked for in more seeds', () => {
  expect(placesOf({ ...directed, seeds: 5 }, '')).toHaveLength(5);
  expect(placesOf({ ...directed, seeds: 2 }, '')).toHaveLength(3);
});

test('a place that is none of its own any more is no hint', () => {
  expect(placesOf(directed, '| drop the claim | `a.ts` | 2 |')[0]).toBe('1 of _crowded_');
});
