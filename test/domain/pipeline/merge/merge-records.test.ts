import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refKey } from '../../../../domain/model/external-ref.ts';
import type { UnifiedRecord } from '../../../../domain/model/unified-record.ts';
import { isEmptyValue, type SystemValues, type Value } from '../../../../domain/model/value.ts';
import { noEffects, sendEffects } from '../../../../domain/pipeline/effects.ts';
import { mergeIdOf, mergeRecords } from '../../../../domain/pipeline/merge/merge-records.ts';
import { unmergeRecords } from '../../../../domain/pipeline/merge/unmerge-records.ts';
import { type SmallHub, smallHub } from '../../../support/small-hub.ts';

async function unifiedOf(small: SmallHub, connection: string, externalId: string): Promise<UnifiedRecord> {
  const ref = { connection, object: 'thing', externalId };
  const id = (await small.store.readRefs([ref])).get(refKey(ref)) ?? '';
  const { unified } = await small.store.readBundle('partner', id);
  if (unified === undefined) throw new Error(`${refKey(ref)} has no unified record`);
  return unified;
}

/** What a record holds; to hold nothing of a field and never to have heard of it are the same to its readers. */
function valuesOf(unified: UnifiedRecord): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(unified.fields).flatMap(([name, { value }]) => (isEmptyValue(value) ? [] : [[name, value]])),
  );
}

async function merge(small: SmallHub, survivorId: string, loserId: string): Promise<void> {
  const effects = noEffects();
  const request = { kind: 'partner', survivorId, loserId, reason: 'test', correlationId: 'test', effects } as const;
  expect(await mergeRecords(small.hub, request)).toBe(true);
  await sendEffects(small.hub, effects);
  await small.settle();
}

async function unmerge(small: SmallHub, survivorId: string, loserId: string): Promise<void> {
  const mergeId = mergeIdOf(survivorId, loserId);
  expect(await unmergeRecords(small.hub, { mergeId, correlationId: 'test' })).toMatchObject({ end: 'done' });
  await small.settle();
}

/** `a` is known to `one` and `two`, `b` to `three` alone, because nothing is created before a backfill. */
async function strangers(a: SystemValues, b: SystemValues): Promise<{ small: SmallHub; a: string; b: string }> {
  const small = await smallHub(['one', 'two', 'three'], { isOpen: false });
  const inOne = small.systems.one?.create(a) ?? '';
  const inThree = small.systems.three?.create(b) ?? '';
  await small.notice('one', [inOne]);
  await small.notice('three', [inThree]);
  await small.settle();
  for (const connection of ['one', 'two', 'three']) {
    const state = await small.store.readConnection(connection);
    if (state === undefined) continue;
    await small.store.putConnection({ ...state, counter: state.counter + 1, releasedAt: 1 }, state.counter);
  }
  small.clock.now += 60_000;
  return { small, a: inOne, b: inThree };
}

describe('merging two unified records', () => {
  test('gives one record that both external ids lead to, with the alias left behind', async () => {
    const { small, a, b } = await strangers({ NAME: 'Acme' }, { NAME: 'Acme Ltd', NOTE: 'key account' });
    const [before, other] = [await unifiedOf(small, 'one', a), await unifiedOf(small, 'three', b)];

    await merge(small, before.id, other.id);

    const merged = await unifiedOf(small, 'three', b);
    expect(merged.id).toBe(before.id);
    expect(valuesOf(merged)).toMatchObject({ note: 'key account' });
    expect((await small.store.readBundle('partner', other.id)).unified).toMatchObject({
      state: 'merged',
      mergedInto: before.id,
    });
    expect(small.systems.one?.read(a).NOTE).toBe('key account');
  });

  test('may be repeated without changing anything', async () => {
    const { small, a, b } = await strangers({ NAME: 'Acme' }, { NAME: 'Acme Ltd' });
    const [before, other] = [await unifiedOf(small, 'one', a), await unifiedOf(small, 'three', b)];
    await merge(small, before.id, other.id);
    const once = await unifiedOf(small, 'one', a);

    await merge(small, before.id, other.id);

    expect(valuesOf(await unifiedOf(small, 'one', a))).toEqual(valuesOf(once));
  });
});

const text = fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null });
const record = fc.record({
  NAME: fc.constantFrom('Acme', 'Globex', 'Initech'),
  TIER: text,
  STREET: text,
  CITY: text,
  NOTE: text,
  SKILLS: fc.subarray(['cloud', 'data', 'retail']),
});

describe('un-merging', () => {
  test('gives back both records as they were, in the hub and in the systems', async () => {
    await fc.assert(
      fc.asyncProperty(record, record, async (valuesA, valuesB) => {
        const { small, a, b } = await strangers(valuesA, valuesB);
        const [before, other] = [await unifiedOf(small, 'one', a), await unifiedOf(small, 'three', b)];
        const [inOne, inThree] = [{ ...small.systems.one?.read(a) }, { ...small.systems.three?.read(b) }];

        await merge(small, before.id, other.id);
        await unmerge(small, before.id, other.id);

        expect(valuesOf(await unifiedOf(small, 'one', a))).toEqual(valuesOf(before));
        expect(valuesOf(await unifiedOf(small, 'three', b))).toEqual(valuesOf(other));
        expect((await unifiedOf(small, 'three', b)).id).toBe(other.id);
        expect(small.systems.one?.read(a)).toEqual(inOne);
        expect(small.systems.three?.read(b)).toEqual(inThree);
      }),
      { numRuns: 60 },
    );
  });

  test('keeps what a person changed since the merge', async () => {
    const { small, a, b } = await strangers({ NAME: 'Acme', NOTE: 'old' }, { NAME: 'Globex' });
    const [before, other] = [await unifiedOf(small, 'one', a), await unifiedOf(small, 'three', b)];
    await merge(small, before.id, other.id);
    small.clock.now += 60_000;
    small.systems.three?.edit(b, { NOTE: 'written after the merge' });
    await small.notice('three', [b]);
    await small.settle();

    await unmerge(small, before.id, other.id);

    expect(small.systems.three?.read(b)).toMatchObject({ NAME: 'Globex', NOTE: 'written after the merge' });
    expect(small.systems.one?.read(a).NAME).toBe('Acme');
  });

  test('keeps what a person entered before the merge and the hub saw only since, though the system’s clock is slow', async () => {
    const { small, a, b } = await strangers({ NAME: 'Acme', DOMAIN: 'acme.com' }, { NAME: 'Globex' });
    const twin = small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    await small.notice('two', [twin]);
    await small.settle();
    const { id } = await unifiedOf(small, 'one', a);
    const other = await unifiedOf(small, 'three', b);
    small.clock.now += 60_000;
    small.systems.one?.edit(a, { NOTE: 'entered before', SKILLS: ['cloud'] });
    small.clock.now += 60_000;
    await merge(small, id, other.id);
    await small.notice('one', [a]);
    await small.settle();
    expect(small.systems.two?.read(twin).NOTE).toBe('entered before');

    await unmerge(small, id, other.id);

    for (const [system, record] of [
      ['one', a],
      ['two', twin],
    ] as const) {
      expect(small.systems[system]?.read(record)).toMatchObject({ NOTE: 'entered before', SKILLS: ['cloud'] });
    }
    expect(small.systems.three?.read(b).NOTE ?? null).toBeNull();
  });

  test('leaves a pin, so that the same key does not join them again', async () => {
    const { small, a, b } = await strangers({ NAME: 'Acme', DOMAIN: 'acme.com' }, { NAME: 'Globex' });
    const [before, other] = [await unifiedOf(small, 'one', a), await unifiedOf(small, 'three', b)];
    await merge(small, before.id, other.id);
    await unmerge(small, before.id, other.id);

    expect(await small.store.readPin('partner', other.id, before.id)).toBe(true);
  });
});
