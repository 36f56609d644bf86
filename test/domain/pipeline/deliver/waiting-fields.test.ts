import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompiledMapping, Wait } from '../../../../domain/mapping/compiled-mapping.ts';
import type { SystemValues } from '../../../../domain/model/value.ts';
import { previewRecord } from '../../../../domain/pipeline/deliver/preview-delivery.ts';
import { describeRecord } from '../../../../domain/pipeline/describe-record.ts';
import { bundleOf, pairedHub, problemsOf, type SmallHub } from '../../../support/small-hub.ts';

/** `two` says in a field of its own, which nobody else keeps, whether it takes edits of the name, the note and the parent. */
const REVIEW: Wait = {
  theirs: 'STREET',
  readAs: 'street',
  fields: new Set(['name', 'note', 'parent']),
  isWhole: false,
  note: 'It is being reviewed.',
  isMetBy: (value) => value === 'in review' || value === ' IN REVIEW',
};

function reviewedInTwo(connection: string, mapping: CompiledMapping): CompiledMapping {
  const fields = mapping.fields.map((line) => {
    if (line.field !== 'street') return line;
    // Every state means the same to the hub, which only wants to know what `two` calls it.
    return { ...line, flow: 'in' as const, readIn: () => ({ ok: true, value: null }) as const };
  });
  const byField = new Map(fields.map((line) => [line.field, line]));
  return { ...mapping, fields, byField, waits: connection === 'two' ? [REVIEW] : [] };
}

const paired = (): ReturnType<typeof pairedHub> => pairedHub({ mapping: reviewedInTwo });

async function edit(small: SmallHub, connection: string, id: string, values: SystemValues): Promise<void> {
  small.clock.now += 5_000;
  small.systems[connection]?.edit(id, values);
  await small.notice(connection, [id]);
}

async function told(small: SmallHub, connection: string, id: string, values: SystemValues): Promise<void> {
  await edit(small, connection, id, values);
  await small.settle();
}

describe('while a system takes no edits of a field', () => {
  test('it is left alone there and the rest is written', async () => {
    const { small, a, b } = await paired();
    await told(small, 'two', b, { STREET: 'in review' });
    await told(small, 'one', a, { NAME: 'Acme AG', TIER: 'gold' });

    expect(small.systems.two?.read(b)).toMatchObject({ NAME: 'Acme', TIER: 'gold' });
  });

  test('nothing is sent, nothing stays queued, and nobody is asked, by whatever comes in', async () => {
    const { small, a, b } = await paired();
    const parent = small.systems.one?.create({ NAME: 'Holding' }) ?? '';
    await small.notice('one', [parent]);
    await told(small, 'two', b, { STREET: 'in review' });
    const writes = small.systems.two?.calls.writes;
    await told(small, 'one', a, { NAME: 'Acme AG', PARENT: parent });
    await told(small, 'two', b, { STREET: ' IN REVIEW' });

    expect(small.systems.two?.calls.writes).toBe(writes);
    expect(small.outbox.nextVisibleAt()).toBeUndefined();
    expect(await problemsOf(small)).toEqual([]);
  });

  test('the record and a preview say what waits, where and why', async () => {
    const { small, a, b } = await paired();
    await told(small, 'two', b, { STREET: 'in review' });
    await told(small, 'one', a, { NAME: 'Acme AG' });
    const bundle = await bundleOf(small, 'two', b);
    const waiting = { fields: ['name'], note: 'It is being reviewed.' };

    expect((await describeRecord(small.hub, 'partner', bundle.id))?.waiting).toEqual([
      { connection: 'two', object: 'thing', ...waiting },
    ]);
    expect(await previewRecord(small.hub, bundle, 'two', undefined)).toMatchObject([
      { operation: 'none', fields: [], waiting: [waiting] },
    ]);
  });

  test('a state that began after the delivery was planned, and is seen just before the write, counts', async () => {
    const { small, a, b } = await paired();
    await edit(small, 'one', a, { NAME: 'Acme AG' });
    small.systems.two?.edit(b, { STREET: 'in review' });
    await small.settle();

    expect(small.systems.two?.read(b).NAME).toBe('Acme');
  });

  test('what waited goes out when the state is over, and only then', async () => {
    const { small, a, b } = await paired();
    await told(small, 'two', b, { STREET: 'in review' });
    await told(small, 'one', a, { NAME: 'Acme AG' });
    // Another word for the same state, then one that means the same to the hub and is another to the system.
    await told(small, 'two', b, { STREET: ' IN REVIEW' });
    expect(small.systems.two?.read(b).NAME).toBe('Acme');
    await told(small, 'two', b, { STREET: 'approved' });

    expect(small.systems.two?.read(b).NAME).toBe('Acme AG');
    const { id } = await bundleOf(small, 'two', b);
    expect((await describeRecord(small.hub, 'partner', id))?.waiting).toEqual([]);
  });

  test('whatever is edited on either side meanwhile, both are the same in the end', async () => {
    const value = fc.constantFrom('red', 'blue', 'green', '');
    const values = fc.record(
      { NAME: fc.constantFrom('Acme', 'Acme AG'), NOTE: value, CITY: value },
      { requiredKeys: [] },
    );
    const step = fc.record({
      connection: fc.constantFrom('one', 'two'),
      values,
      state: fc.option(fc.constantFrom('in review', ' IN REVIEW', 'approved', null), { nil: undefined }),
      isSettled: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const { small, a, b } = await paired();
        for (const { connection, values: edits, state, isSettled } of steps) {
          await edit(small, connection, connection === 'one' ? a : b, edits);
          if (state !== undefined) await edit(small, 'two', b, { STREET: state });
          if (isSettled) await small.settle();
        }
        await told(small, 'two', b, { STREET: 'approved' });

        const { STREET: _state, HUB_ID: _two, ...two } = small.systems.two?.read(b) ?? {};
        const { HUB_ID: _one, ...one } = small.systems.one?.read(a) ?? {};
        const held = (record: SystemValues) =>
          Object.entries(record)
            .filter(([, each]) => each !== null && each !== '')
            .sort();
        expect(held(two)).toEqual(held(one));
        expect(await problemsOf(small)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
