import { expect, test } from 'vitest';
import { enterWeakKeys } from '../../../../domain/pipeline/identify/weak-key-holders.ts';
import type { MatchKey } from '../../../../domain/pipeline/ports.ts';
import { memoryStore } from '../../../../local/memory/memory-store.ts';

const key = (value: string): MatchKey => ({ kind: 'partner', type: 'weak-head', value });

/** A store where so many records gave a key, called by the key and their number. */
async function storeWith(holders: Readonly<Record<string, number>>) {
  const store = memoryStore();
  for (const [value, count] of Object.entries(holders)) {
    for (let n = 1; n <= count; n += 1) await enterWeakKeys(store, [key(value)], `${value}${n}`);
  }
  return store;
}

test('of those that have but one common name in common, a few are looked at', async () => {
  const store = await storeWith({ north: 8, south: 8, east: 8 });

  const found = await enterWeakKeys(store, ['north', 'south', 'east'].map(key), 'new');

  expect(found).toHaveLength(3);
});

test('those with something rarer in common are all looked at, ten at most, and come first', async () => {
  const store = await storeWith({ north: 8, rare: 5, rarer: 2 });

  const found = await enterWeakKeys(store, ['north', 'rare', 'rarer'].map(key), 'new');

  expect(found).toEqual(['rarer1', 'rarer2', 'rare1', 'rare2', 'rare3', 'rare4', 'rare5']);
});

test('a record that shares two full keys with another is not commonplace', async () => {
  const store = memoryStore();
  for (let n = 1; n <= 8; n += 1) await enterWeakKeys(store, ['north', 'south'].map(key), `both${n}`);

  expect(await enterWeakKeys(store, ['north', 'south'].map(key), 'new')).toHaveLength(8);
});
