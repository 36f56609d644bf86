import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOffers, writeOffers } from '../../../connectors/aws-marketplace/write-offers.ts';
import type { WriteOutcome } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { type FakeMarketplace, startFakeMarketplace } from './fake-marketplace.ts';
import { offered, running, taken, unifiedId } from './offered-deal.ts';
import { SmallCatalog } from './small-catalog.ts';

let aws: FakeMarketplace;
let catalog: SmallCatalog;

beforeEach(async () => {
  aws = await startFakeMarketplace();
  catalog = new SmallCatalog();
  aws.answer(catalog.answers);
});

afterEach(() => aws.close());

describe('a private offer is released once', () => {
  it('when the answer to the start was lost', async () => {
    aws.loseAnswer('StartChangeSet');
    catalog.isLagging = true;

    const lost = await create();
    const again = await create();

    expect(lost).toMatchObject({ fault: { kind: 'transient', isUnanswered: true } });
    expect(again).toEqual(running);
    expect(catalog.changeSets).toHaveLength(1);
  });

  it.each(['refuse', 'answer-first'] as const)(
    'when two workers meet with different things to offer, and AWS would %s the second',
    async (onOtherRequest) => {
      catalog.onOtherRequest = onOtherRequest;
      catalog.isLagging = true;

      const both = await Promise.all([create(), create({ ...offered, Price: '50000' })]);
      catalog.catchUp();
      catalog.end('SUCCEEDED');
      const after = await Promise.all([create(), create({ ...offered, Price: '50000' })]);

      expect(both).toEqual([running, running]);
      expect(after).toEqual([taken, taken]);
      expect(catalog.offers).toHaveLength(1);
    },
  );

  it('when the deal moved on while it was made', async () => {
    await create();
    catalog.end('SUCCEEDED');

    const outcome = await create({ ...offered, Price: '1' });

    expect(outcome).toEqual(taken);
    expect(catalog.changeSets).toHaveLength(1);
  });

  it('when a worker with an older list comes after a failure', async () => {
    await create();
    catalog.end('FAILED', 'SERVER_FAULT');
    catalog.isLagging = true;
    await create();
    // This one sees the failed attempt only, as the one before it did.
    const late = await create({ ...offered, Price: '7' });

    expect(late).toEqual(running);
    expect(catalog.changeSets.map(({ status }) => status)).toEqual(['FAILED', 'PREPARING']);
  });

  it('when AWS has forgotten the change set that made it', async () => {
    await create();
    catalog.end('SUCCEEDED');
    catalog.forget();

    expect(await create()).toEqual({ outcome: 'written', externalId: 'offer-1', created: false, isUntouched: true });
    expect(catalog.changeSets).toHaveLength(0);
  });

  it('when nobody knows the state a change set is in', async () => {
    await create();
    const [changeSet] = catalog.changeSets;
    if (changeSet !== undefined) changeSet.status = 'HELD_FOR_REVIEW';

    expect(await create()).toEqual(running);
    expect(catalog.changeSets).toHaveLength(1);
  });

  it.each([
    ['HELD_FOR_REVIEW', '2026-03-02T09:14:00Z', 'CHANGE_SET_STATE_UNKNOWN'],
    ['APPLYING', '2026-03-01T10:14:00Z', 'CHANGE_SET_STUCK'],
  ])('when a change set is %s for too long, and then a person is told', async (status, startedAt, code) => {
    await create();
    const [changeSet] = catalog.changeSets;
    if (changeSet !== undefined) changeSet.status = status;
    catalog.startedAt = startedAt;

    const told = await create();
    const found = await findOffers(aws.call, [unifiedId]);
    await create();

    expect(told).toMatchObject({ fault: { kind: 'rejected', code, toldBy: 'change set cs001' } });
    expect(found).toMatchObject({ value: new Map([[unifiedId, { code }]]) });
    expect(catalog.changeSets).toHaveLength(1);
  });

  it('whatever order two workers, an edit, lost answers, lagging lists and failures come in', async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      catalog = new SmallCatalog();
      aws.answer(catalog.answers);
      const next = chance(seed);
      for (let step = 0; step < 8; step += 1) {
        catalog.isLagging = next() < 0.5;
        catalog.onOtherRequest = next() < 0.5 ? 'refuse' : 'answer-first';
        if (next() < 0.2) aws.loseAnswer('StartChangeSet');
        const worker = (): Promise<WriteOutcome> => create({ ...offered, Price: next() < 0.5 ? '1' : '2' });
        await Promise.all(next() < 0.6 ? [worker(), worker()] : [worker()]);
        // A list lags for seconds, a change set takes minutes: what ended is to be seen.
        if (next() < 0.5 && catalog.changeSets.some(({ status }) => status === 'PREPARING')) {
          catalog.catchUp();
          catalog.end(next() < 0.4 ? 'SUCCEEDED' : 'FAILED', next() < 0.5 ? 'SERVER_FAULT' : 'CLIENT_ERROR');
        }
      }
      expect(catalog.offers.length, `seed ${seed}`).toBeLessThanOrEqual(1);
    }
  });
});

async function create(values: SystemValues = offered): Promise<WriteOutcome> {
  const [outcome] = await writeOffers(aws.call, [{ operation: 'create', unifiedId, values, base: {} }]);
  if (outcome === undefined) throw new Error('One item, no outcome.');
  return outcome;
}

/** Small and seeded; mulberry32. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
