import { describe, expect, test } from 'vitest';
import { decideByPerson } from '../../../domain/pipeline/decide-by-person.ts';
import { mergeByPerson } from '../../../domain/pipeline/merge/merge-by-person.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { bundleOf, problemsOf, type SmallHub } from '../../support/small-hub.ts';
import { moneyHub, ratesOf } from '../../support/tiny-money.ts';

const DAY_MS = 86_400_000;

async function made(small: SmallHub, values: Record<string, string>): Promise<string> {
  const id = small.systems.one?.create({ NAME: 'Deal', ...values }) ?? '';
  await told(small, 'one', id);
  return id;
}

async function told(small: SmallHub, connection: string, id: string): Promise<void> {
  await small.notice(connection, [id]);
  await small.settle();
}

async function kept(small: SmallHub, id: string, connection = 'one'): Promise<readonly unknown[]> {
  const { unified } = await bundleOf(small, connection, id);
  return ['rate', 'day', 'into'].map((field) => unified?.fields[field]?.value ?? null);
}

/** Counts the reads of rates from now on. */
function countReads(small: SmallHub): { reads: number } {
  const counted = { reads: 0 };
  const store: HubStore = small.store;
  const { readRates } = store;
  Object.assign(store, {
    readRates: (day: string, daysBack: number) => {
      counted.reads++;
      return readRates(day, daysBack);
    },
  });
  return counted;
}

describe('beside an amount the hub keeps', () => {
  test('what it worked out itself, which nobody can decide otherwise', async () => {
    const small = await moneyHub();
    const a = await made(small, {});
    const { id, kind } = await bundleOf(small, 'one', a);

    const answer = await decideByPerson(small.hub, { kind, id, values: { rate: 'a lot' }, by: 'ada' });

    expect(answer).toEqual({
      end: 'refused',
      reason: 'rate is worked out by the hub: import the rates it is worked out from.',
    });
  });

  test('the rate of its day, that day, and the reporting currency', async () => {
    const small = await moneyHub();
    await small.store.putRates([ratesOf('2023-11-14'), ratesOf('2023-11-13', { USD: '2' })]);
    const id = await made(small, { STREET: '100', CITY: 'USD' });

    expect(await kept(small, id)).toEqual(['0.8', '2023-11-14', 'EUR']);
    const { unified } = await bundleOf(small, 'one', id);
    expect(unified?.fields).toMatchObject({ street: { value: '100' }, city: { value: 'USD' }, rate: { from: 'hub' } });
  });

  test('that of the last day before, when none was published on it, for seven days', async () => {
    const small = await moneyHub();
    await small.store.putRates([ratesOf('2023-11-07')]);
    expect(await kept(small, await made(small, { STREET: '1', CITY: 'USD' }))).toEqual(['0.8', '2023-11-07', 'EUR']);

    small.clock.now += DAY_MS;
    expect(await kept(small, await made(small, { STREET: '1', CITY: 'USD' }))).toEqual([null, null, null]);
  });

  test('one, without asking, when it is in the reporting currency', async () => {
    const small = await moneyHub();
    const counted = countReads(small);
    const id = await made(small, { STREET: '100', CITY: 'EUR' });

    expect(await kept(small, id)).toEqual(['1', '2023-11-14', 'EUR']);
    expect(counted.reads).toBe(0);
  });

  test.each([
    ['no amount', { CITY: 'USD' }],
    ['no currency', { STREET: '100' }],
  ])('nothing, without asking, when there is %s', async (_name, values) => {
    const small = await moneyHub();
    const counted = countReads(small);

    expect(await kept(small, await made(small, values))).toEqual([null, null, null]);
    expect(counted.reads).toBe(0);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('what it kept, while the same amount stands: other edits and other sources read no rates and change nothing', async () => {
    const small = await moneyHub();
    await small.store.putRates([ratesOf('2023-11-14'), ratesOf('2023-11-20', { USD: '2' })]);
    const id = await made(small, { STREET: '100', CITY: 'USD' });
    const there = small.systems.two?.all()[0]?.id ?? '';
    await told(small, 'two', there);
    const counted = countReads(small);
    small.clock.now += 6 * DAY_MS;
    small.systems.one?.edit(id, { NOTE: 'call' });
    await told(small, 'one', id);
    small.systems.two?.edit(there, { STREET: '100.00' });
    small.systems.two?.edit(there, { STREET: '100' });
    await told(small, 'two', there);

    expect(await kept(small, id)).toEqual(['0.8', '2023-11-14', 'EUR']);
    expect(counted.reads).toBe(0);
  });

  test('the rate of another day when the amount becomes another one, read once', async () => {
    const small = await moneyHub();
    await small.store.putRates([ratesOf('2023-11-14'), ratesOf('2023-11-20', { USD: '2' })]);
    const id = await made(small, { STREET: '100', CITY: 'USD' });
    const counted = countReads(small);
    small.clock.now += 6 * DAY_MS;
    small.systems.one?.edit(id, { STREET: '120' });
    await told(small, 'one', id);
    await told(small, 'one', id);

    expect(await kept(small, id)).toEqual(['0.5', '2023-11-20', 'EUR']);
    expect(counted.reads).toBe(1);
  });

  test('nothing any more when the amount was taken away', async () => {
    const small = await moneyHub();
    await small.store.putRates([ratesOf('2023-11-14')]);
    const id = await made(small, { STREET: '100', CITY: 'USD' });
    small.clock.now += 5_000;
    small.systems.one?.edit(id, { STREET: '', CITY: '' });
    await told(small, 'one', id);

    expect(await kept(small, id)).toEqual([null, null, null]);
  });

  test('after a merge the rate of the amount that won', async () => {
    const small = await moneyHub();
    await small.store.putRates([ratesOf('2023-11-14'), ratesOf('2023-11-20', { USD: '2' })]);
    const first = await made(small, { STREET: '100', CITY: 'USD' });
    small.clock.now += 6 * DAY_MS;
    const second = await made(small, { STREET: '100', CITY: 'USD' });
    const [a, b] = [(await bundleOf(small, 'one', first)).id, (await bundleOf(small, 'one', second)).id];
    await mergeByPerson(small.hub, 'partner', a, b, 'ann');
    await small.settle();

    const { unified } = await bundleOf(small, 'one', first);
    const at = unified?.fields.street?.at ?? 0;
    const isFirst = at < small.clock.now - DAY_MS;
    expect(await kept(small, first)).toEqual(isFirst ? ['0.8', '2023-11-14', 'EUR'] : ['0.5', '2023-11-20', 'EUR']);
  });

  test('nothing at all without a reporting currency', async () => {
    const small = await moneyHub();
    const counted = countReads(small);
    Object.assign(small.hub, { reportingCurrency: undefined });

    expect(await kept(small, await made(small, { STREET: '100', CITY: 'USD' }))).toEqual([null, null, null]);
    expect(counted.reads).toBe(0);
  });
});

describe('an amount whose rate is not known', () => {
  test('has none, and is one problem for its currency with what to do, however many lack it', async () => {
    const small = await moneyHub();
    await made(small, { STREET: '100', CITY: 'USD' });
    const id = await made(small, { STREET: '50', CITY: 'USD' });
    await made(small, { STREET: '50', CITY: 'CHF' });

    expect(await kept(small, id)).toEqual([null, null, null]);
    const { problems } = await small.store.listProblems({ limit: 10 });
    expect(problems.map(({ cause, externalId }) => `${cause} ${externalId}`).toSorted()).toEqual([
      'rate-missing CHF/EUR',
      'rate-missing USD/EUR',
    ]);
    expect(problems[0]?.nextStep).toContain('npx hub rates import <file>');
  });

  test('loses the rate of the amount before it', async () => {
    const small = await moneyHub();
    await small.store.putRates([ratesOf('2023-11-14')]);
    const id = await made(small, { STREET: '100', CITY: 'USD' });
    small.clock.now += 30 * DAY_MS;
    small.systems.one?.edit(id, { STREET: '120' });
    await told(small, 'one', id);

    expect(await kept(small, id)).toEqual([null, null, null]);
  });

  test('gets the rate of its own day when rates were imported and it is read again', async () => {
    const small = await moneyHub();
    const id = await made(small, { STREET: '100', CITY: 'USD' });
    small.clock.now += 30 * DAY_MS;
    await small.store.putRates([ratesOf('2023-11-14'), ratesOf('2023-12-14', { USD: '2' })]);
    await told(small, 'one', id);

    expect(await kept(small, id)).toEqual(['0.8', '2023-11-14', 'EUR']);
  });
});
