import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refKey } from '../../../../domain/model/external-ref.ts';
import type { UnifiedRecord } from '../../../../domain/model/unified-record.ts';
import { isEmptyValue, type SystemValue, type SystemValues } from '../../../../domain/model/value.ts';
import { noEffects, sendEffects } from '../../../../domain/pipeline/effects.ts';
import { mergeIdOf, mergeRecords } from '../../../../domain/pipeline/merge/merge-records.ts';
import { unmergeRecords } from '../../../../domain/pipeline/merge/unmerge-records.ts';
import { type SmallHub, smallHub } from '../../../support/small-hub.ts';
import { forwardIn } from '../../../support/tiny-mapping.ts';

const SYSTEMS = ['one', 'two', 'three'] as const;
const FIELDS = ['NAME', 'DOMAIN', 'TIER', 'STREET', 'CITY', 'SKILLS', 'NOTE', 'STAGE'] as const;

const text = fc.constantFrom<SystemValue>('x', 'y', 'z', null);
const stage = fc.constantFrom<SystemValue>('first', 'second', 'won', 'lost', null);
const skills = fc.subarray(['cloud', 'data', 'retail']);
const record = fc.record({
  NAME: fc.constantFrom('Acme', 'Globex', 'Initech'),
  TIER: text,
  STREET: text,
  CITY: text,
  NOTE: text,
  SKILLS: skills,
  STAGE: stage,
});
const change = fc.oneof(
  fc.record({ NAME: fc.constantFrom('Umbrella', 'Hooli') }),
  fc.record({ DOMAIN: fc.constantFrom('c.com', 'd.com') }),
  fc.record({ TIER: fc.constantFrom('p', 'q', null) }),
  fc.record({ STREET: fc.constantFrom('p', 'q', null) }),
  fc.record({ CITY: fc.constantFrom('p', 'q', null) }),
  fc.record({ NOTE: fc.constantFrom('p', 'q', null) }),
  fc.record({ SKILLS: skills }),
  fc.record({ STAGE: stage }),
);
/** Edits of one of the records of the merged one, in any system, one after the other. */
const edits = fc.array(
  fc.record({ system: fc.constantFrom(...SYSTEMS), values: change, pauseMs: fc.nat({ max: 90_000 }) }),
  {
    maxLength: 6,
  },
);

/** `a` in `one` and `two`, `b` in `three`: two records that the hub holds to be different. `three` may only move the stage forward. */
async function strangers(a: SystemValues, b: SystemValues): Promise<SmallHub> {
  const small = await smallHub(SYSTEMS, { isOpen: false, mapping: forwardIn('three') });
  const inOne = small.systems.one?.create({ DOMAIN: 'a.com', ...a }) ?? '';
  const inTwo = small.systems.two?.create({ DOMAIN: 'a.com', ...a }) ?? '';
  const inThree = small.systems.three?.create({ DOMAIN: 'b.com', ...b }) ?? '';
  await small.notice('one', [inOne]);
  await small.notice('two', [inTwo]);
  await small.notice('three', [inThree]);
  await small.settle();
  for (const connection of SYSTEMS) {
    const state = await small.store.readConnection(connection);
    if (state === undefined) continue;
    await small.store.putConnection({ ...state, counter: state.counter + 1, releasedAt: 1 }, state.counter);
  }
  small.clock.now += 60_000;
  return small;
}

async function unifiedOf(small: SmallHub, connection: string): Promise<UnifiedRecord> {
  const ref = { connection, object: 'thing', externalId: `${connection}-1` };
  const id = (await small.store.readRefs([ref])).get(refKey(ref)) ?? '';
  const { unified } = await small.store.readBundle('partner', id);
  if (unified === undefined) throw new Error(`${refKey(ref)} has no unified record`);
  return unified;
}

function held(small: SmallHub, connection: string): Record<string, SystemValue> {
  const values = small.systems[connection]?.read(`${connection}-1`) ?? {};
  return Object.fromEntries(FIELDS.map((name) => [name, plain(values[name])]));
}

function plain(value: SystemValue | undefined): SystemValue {
  if (Array.isArray(value)) return [...value].sort();
  return value === undefined || value === '' || isEmptyValue(value) ? null : value;
}

/** Fields of a group are decided together, so an edit of one is an edit of all. */
function touched(values: SystemValues): readonly string[] {
  return Object.keys(values).flatMap((name) => (name === 'STREET' || name === 'CITY' ? ['STREET', 'CITY'] : [name]));
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

test('un-merging gives back every field of both records but those somebody changed since, with keys, seats and crosswalk', async () => {
  await fc.assert(
    fc.asyncProperty(record, record, edits, fc.boolean(), async (valuesA, valuesB, later, isTurned) => {
      const small = await strangers(valuesA, valuesB);
      const [a, b] = [await unifiedOf(small, 'one'), await unifiedOf(small, 'three')];
      const before = new Map(SYSTEMS.map((connection) => [connection, held(small, connection)]));
      const [survivor, loser] = isTurned ? [b.id, a.id] : [a.id, b.id];

      await merge(small, survivor, loser);
      const changed = new Map([
        ['a', new Set<string>()],
        ['b', new Set<string>()],
      ]);
      for (const { system, values, pauseMs } of later) {
        small.clock.now += pauseMs + 1_000;
        small.systems[system]?.edit(`${system}-1`, values);
        for (const name of touched(values)) changed.get(system === 'three' ? 'b' : 'a')?.add(name);
        await small.notice(system, [`${system}-1`]);
        await small.settle();
      }
      small.clock.now += 60_000;
      await unmerge(small, survivor, loser);

      for (const connection of SYSTEMS) {
        const now = held(small, connection);
        const isKept = changed.get(connection === 'three' ? 'b' : 'a');
        for (const name of FIELDS) {
          if (isKept?.has(name) !== true)
            expect([connection, name, now[name]]).toEqual([connection, name, before.get(connection)?.[name]]);
        }
      }
      for (const [connection, was] of [
        ['one', a],
        ['two', a],
        ['three', b],
      ] as const) {
        const now = await unifiedOf(small, connection);
        expect(now.id).toBe(was.id);
        expect(now.state).toBe('present');
        expect(now.seats).toEqual(was.seats);
        if (changed.get(connection === 'three' ? 'b' : 'a')?.has('DOMAIN') === true) continue;
        expect(now.keys).toEqual(was.keys);
        for (const text of was.keys) {
          const [type = '', value = ''] = text.split(':');
          const key = { kind: 'partner', type, value } as const;
          expect([...(await small.store.readKeys([key])).values()]).toEqual([was.id]);
        }
      }
      expect(await small.store.readPin('partner', a.id, b.id)).toBe(true);
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('records that refer to one of the two mean it again, also those first read while they were one', async () => {
  const small = await strangers({ NAME: 'Acme' }, { NAME: 'Globex' });
  const [a, b] = [await unifiedOf(small, 'one'), await unifiedOf(small, 'three')];
  const parentOf = async (child: string): Promise<unknown> => {
    const ref = { connection: 'three', object: 'thing', externalId: child };
    const id = (await small.store.readRefs([ref])).get(refKey(ref)) ?? '';
    return (await small.store.readBundle('partner', id)).unified?.fields.parent?.value;
  };
  const [early = '', late = ''] = ['Early', 'Late'].map(
    (NAME) => small.systems.three?.create({ NAME, DOMAIN: `${NAME}.com`, PARENT: 'three-1' }) ?? '',
  );
  await small.notice('three', [early]);
  await small.settle();
  expect(await parentOf(early)).toBe(b.id);

  await merge(small, a.id, b.id);
  await small.notice('three', [early, late]);
  await small.settle();
  expect(await parentOf(late)).toBe(a.id);
  await unmerge(small, a.id, b.id);

  expect([await parentOf(early), await parentOf(late)]).toEqual([b.id, b.id]);
});
