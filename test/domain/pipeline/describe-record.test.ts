import { describe, expect, test } from 'vitest';
import { describeRecord } from '../../../domain/pipeline/describe-record.ts';
import { absorbOne } from '../../support/due-deliveries.ts';
import { bundleOf, pairedHub, type SmallHub, smallHub } from '../../support/small-hub.ts';
import { forwardIn } from '../../support/tiny-mapping.ts';

async function described(small: SmallHub, connection: string, externalId: string) {
  const { id } = await bundleOf(small, connection, externalId);
  const record = await describeRecord(small.hub, 'partner', id);
  if (record === undefined) throw new Error(`there is no ${id}`);
  return record;
}

async function edit(small: SmallHub, connection: string, id: string, stage: string): Promise<void> {
  small.clock.now += 10_000;
  small.systems[connection]?.edit(id, { STAGE: stage });
  await small.notice(connection, [id]);
  await small.settle();
}

const iso = (ms: number): string => new Date(ms).toISOString();

describe('a described record', () => {
  test('says of every field who said so, when, why it won, and what each system holds', async () => {
    const { small, a, b } = await pairedHub();
    const editedAt = Math.floor(small.clock.now / 1_000) * 1_000;
    small.systems.two?.edit(b, { NOTE: 'call on Monday' });
    await small.notice('two', [b]);
    await small.settle();

    const record = await described(small, 'one', a);

    expect(record.fields.note).toEqual({
      value: 'call on Monday',
      from: `two#thing#${b}`,
      at: iso(editedAt),
      rule: 'only',
      why: 'no other source says anything else',
      sources: [
        { source: `one#thing#${a}`, value: 'call on Monday', at: iso(editedAt), origin: 'hub' },
        { source: `two#thing#${b}`, value: 'call on Monday', at: iso(editedAt), origin: 'system' },
      ],
    });
    expect(record).toMatchObject({
      kind: 'partner',
      state: 'present',
      version: 2,
      changedAt: iso(editedAt),
      seats: { 'one#thing': a, 'two#thing': b },
      keys: ['domain:acme.com'],
    });
    expect(record.sources.map(({ ref, state }) => [ref, state])).toEqual([
      [`one#thing#${a}`, 'present'],
      [`two#thing#${b}`, 'present'],
    ]);
  });

  test('shows what waits for a person about it, also where it is only being created', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    small.systems.two?.failNextWrite(
      { kind: 'rejected', code: 'NO', message: 'Not this name.', fields: ['NAME'] },
      false,
    );
    await small.notice('one', [a]);
    await small.settle();

    const { problems, seats } = await described(small, 'one', a);

    expect(seats['two#thing']).toBe('being created');
    expect(problems).toContainEqual(
      expect.objectContaining({
        cause: 'refused-value',
        connection: 'two',
        field: 'name',
        nextStep: expect.any(String),
      }),
    );
  });

  test('names who was passed over because it may only move a field forward', async () => {
    const { small, a } = await pairedHub({ mapping: forwardIn('two'), directions: { two: 'in' } });
    const b = small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com', STAGE: 'first' }) ?? '';
    await small.notice('two', [b]);
    await edit(small, 'one', a, 'won');
    await edit(small, 'two', b, 'second');

    const record = await described(small, 'one', a);

    expect(record.fields.stage).toMatchObject({
      value: 'won',
      from: `one#thing#${a}`,
      rule: 'forward',
      why: `two#thing#${b} may only move it forward, would have taken it back, and was passed over`,
    });
  });

  test('still tells of it when what was passed over has been put right', async () => {
    const { small, a, b } = await pairedHub({ mapping: forwardIn('two') });
    await edit(small, 'one', a, 'won');
    await edit(small, 'two', b, 'second');

    const record = await described(small, 'one', a);

    expect(small.systems.two?.read(b).STAGE).toBe('won');
    expect(record.fields.stage).toMatchObject({
      rule: 'forward',
      why: 'a system that may only move it forward would have taken it back, and was passed over',
    });
  });

  test('tells its history, newest first', async () => {
    const { small, a } = await pairedHub();
    small.systems.one?.edit(a, { NAME: 'Acme GmbH' });
    await small.notice('one', [a]);
    await small.settle();

    const { journal } = await described(small, 'one', a);

    expect(journal.map(({ step, version }) => [step, version])).toEqual([
      ['changed', 2],
      ['created', 1],
    ]);
    expect(journal[0]).toMatchObject({
      from: `one#thing#${a}`,
      changes: { name: ['Acme', 'Acme GmbH'] },
      at: iso(small.clock.now),
    });
  });

  test('says why a value waits, and that the others still hold the old one', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { NOTE: '?odd' });
    await small.notice('one', [a]);
    await small.settle();

    const record = await described(small, 'two', b);

    expect(record.fields.note).toBeUndefined();
    expect(record.problems).toMatchObject([{ cause: 'unmapped-value', field: 'note', value: '?odd' }]);
    small.systems.two?.edit(b, { NOTE: 'fine' });
    await small.notice('two', [b]);
    await small.settle();
    const { note } = (await described(small, 'two', b)).fields;
    expect(note).toMatchObject({
      value: 'fine',
      rule: 'only',
      why: 'one’s value is held: no lookup lists this value',
    });
    expect(note?.sources).toMatchObject([
      { source: `one#thing#${a}`, value: '?odd', held: 'no lookup lists this value' },
      { source: `two#thing#${b}`, value: 'fine' },
    ]);
    expect(record.sources[0]?.problems).toHaveLength(1);
  });

  test('says that it is being created somewhere', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    small.systems.two?.failNextWrite({ kind: 'uncertain', code: 'X', message: 'no answer' }, false);
    await small.notice('one', [a]);
    await small.drain();

    expect((await described(small, 'one', a)).seats).toEqual({ 'one#thing': a, 'two#thing': 'being created' });
  });

  test('that was merged away says where it lives on', async () => {
    const small = await smallHub(['one']);
    const [a, b] = ['Acme', 'Globex'].map((name) => small.systems.one?.create({ NAME: name }) ?? '');
    await absorbOne(small, [a ?? '', b ?? '']);
    const loser = (await bundleOf(small, 'one', b ?? '')).id;
    small.systems.one?.merge(b ?? '', a ?? '');
    await absorbOne(small, [b ?? '']);

    expect(await describeRecord(small.hub, 'partner', loser)).toMatchObject({
      state: 'merged',
      mergedInto: (await bundleOf(small, 'one', a ?? '')).id,
    });
  });

  test('that nobody knows is none', async () => {
    const small = await smallHub(['one']);

    expect(await describeRecord(small.hub, 'partner', 'nowhere')).toBeUndefined();
  });
});
