import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsMarketplace } from '../../../connectors/aws-marketplace/connector.ts';
import type { SweepMode } from '../../../domain/model/notice.ts';
import type { ChangesPage } from '../../../domain/pipeline/ports.ts';
import { AWS_NOW, AwsRefusal, type FakeMarketplace, type Input, startFakeMarketplace } from './fake-marketplace.ts';
import { agreementHeld, seconds } from './small-agreements.ts';

const now = Date.parse(AWS_NOW);
const connectedAt = Date.UTC(2026, 1, 1);

let aws: FakeMarketplace;

beforeEach(async () => {
  aws = await startFakeMarketplace();
});

afterEach(() => aws.close());

describe('sweeping offers', () => {
  it('asks for private ones only, by their stamp, and goes on behind what it told', async () => {
    const offers = [offer('offer-1', '2026-02-10T00:00:00Z'), offer('offer-2', '2026-03-02T10:14:00Z')];
    aws.answer({ ListEntities: pages([offers]) });

    const first = await page('Offer', 'changes', null);
    const second = await page('Offer', 'changes', first.position);

    expect(first).toMatchObject({ ids: ['offer-1', 'offer-2'], hasMore: false });
    // The overlap reaches back to the second one, which was told and did not change.
    expect(second.ids).toEqual(['offer-1']);
    expect(aws.requests.map(({ input }) => input.EntityTypeFilters)).toEqual([
      filters('2026-01-31T23:50:00Z'),
      filters('2026-03-02T10:05:00Z'),
    ]);
    offers[1] = offer('offer-2', '2026-03-02T10:14:30Z');
    expect((await page('Offer', 'changes', second.position)).ids).toContain('offer-2');
  });

  it('goes through all pages of a pass, and begins anew where AWS refuses its own token', async () => {
    let isRefused = true;
    const listed = pages([[offer('offer-1', '2026-02-10T00:00:00Z')], [offer('offer-2', '2026-02-11T00:00:00Z')]]);
    aws.answer({
      ListEntities: (input) => {
        if (input.NextToken !== undefined && isRefused) throw new AwsRefusal('ValidationException', 'bad token');
        return listed(input);
      },
    });

    const first = await page('Offer', 'changes', null);
    const refused = await page('Offer', 'changes', first.position);
    isRefused = false;
    const again = await page('Offer', 'changes', refused.position);
    const last = await page('Offer', 'changes', again.position);

    expect([first, refused, again, last].map(({ ids, hasMore }) => [ids, hasMore])).toEqual([
      [['offer-1'], true],
      [[], true],
      // Told before.
      [[], true],
      [['offer-2'], false],
    ]);
  });

  it('does not begin anew for ever', async () => {
    const first = pages([[offer('offer-1', '2026-02-10T00:00:00Z')], []]);
    aws.answer({
      ListEntities: (input) => {
        if (input.NextToken !== undefined) throw new AwsRefusal('ValidationException', 'bad token');
        return first(input);
      },
    });

    let position: unknown = null;
    let fault: unknown;
    for (let call = 0; call < 20 && fault === undefined; call += 1) {
      const answer = await sweep('Offer', 'walk', position);
      if (answer.ok) position = answer.value.position;
      else fault = answer.fault;
    }

    expect(fault).toMatchObject({ kind: 'defect', code: 'TOKENS_REFUSED' });
  });
});

describe('sweeping agreements', () => {
  const old = agreementHeld('agmt-old', {
    acceptanceTime: seconds('2025-06-01T00:00:00Z'),
    startTime: seconds('2025-06-01T00:00:00Z'),
  });
  const fresh = agreementHeld('agmt-new');
  const cancelled = agreementHeld('agmt-cancelled', {
    ...old.head,
    agreementId: 'agmt-cancelled',
    status: 'CANCELLED',
  });

  it('tells what was accepted or ended before its time, once, at one call each run', async () => {
    aws.answer({ SearchAgreements: agreementPages([[fresh.head, old.head], [cancelled.head]]) });

    const told: string[][] = [];
    let position: unknown = null;
    for (let run = 0; run < 4; run += 1) {
      const { ids, position: next, hasMore } = await page('Agreement', 'changes', position);
      told.push([...ids]);
      position = next;
      expect(hasMore).toBe(false);
    }

    expect(told).toEqual([['agmt-new'], ['agmt-cancelled'], [], []]);
    expect(aws.requests).toHaveLength(4);
    expect(aws.requests[0]?.input).toEqual({
      catalog: 'AWSMarketplace',
      filters: [
        { name: 'PartyType', values: ['Proposer'] },
        { name: 'AgreementType', values: ['PurchaseAgreement'] },
      ],
      sort: { sortBy: 'EndTime', sortOrder: 'DESCENDING' },
      maxResults: 50,
    });
  });

  it('tells again when the state moves', async () => {
    const held = [{ ...fresh.head }];
    aws.answer({ SearchAgreements: agreementPages([held]) });

    const first = await page('Agreement', 'changes', null);
    held[0] = { ...fresh.head, status: 'CANCELLED' };
    const second = await page('Agreement', 'changes', first.position);
    const third = await page('Agreement', 'changes', second.position);

    expect([first.ids, second.ids, third.ids]).toEqual([['agmt-new'], ['agmt-new'], []]);
  });

  it('ends a pass where everything has ended long ago', async () => {
    const ended = {
      ...old.head,
      agreementId: 'agmt-ended',
      status: 'EXPIRED',
      endTime: seconds('2025-12-31T23:59:59Z'),
    };
    aws.answer({ SearchAgreements: agreementPages([[fresh.head, ended], [old.head]]) });

    const first = await page('Agreement', 'changes', null);
    await page('Agreement', 'changes', first.position);

    expect(aws.requests.map(({ input }) => input.nextToken)).toEqual([undefined, undefined]);
  });

  it.each(['walk', 'backfill'] as const)('goes through all of them in a %s', async (mode) => {
    aws.answer({ SearchAgreements: agreementPages([[fresh.head, old.head], [cancelled.head]]) });

    const first = await page('Agreement', mode, null);
    const second = await page('Agreement', mode, first.position);

    expect([first.ids, second.ids]).toEqual([['agmt-new', 'agmt-old'], ['agmt-cancelled']]);
    expect([first.hasMore, second.hasMore]).toEqual([true, false]);
  });

  it.each(['Offer', 'Agreement'])('finds no deletions of an %s, and asks for none', async (object) => {
    expect(await page(object, 'deletions', null)).toMatchObject({ ids: [], hasMore: false });
    expect(aws.requests).toHaveLength(0);
  });
});

function filters(after: string): object {
  return {
    OfferFilters: {
      Targeting: { ValueList: ['BuyerAccounts'] },
      LastModifiedDate: { DateRange: { AfterValue: after } },
    },
  };
}

function offer(id: string, modified: string): object {
  return { EntityId: id, LastModifiedDate: modified };
}

function pages(all: readonly (readonly object[])[]) {
  return ({ NextToken }: Input) => {
    const index = Number(NextToken ?? 0);
    return { EntitySummaryList: all[index], ...(index + 1 < all.length ? { NextToken: String(index + 1) } : {}) };
  };
}

function agreementPages(all: readonly (readonly object[])[]) {
  return ({ nextToken }: Input) => {
    const index = Number(nextToken ?? 0);
    return { agreementViewSummaries: all[index], ...(index + 1 < all.length ? { nextToken: String(index + 1) } : {}) };
  };
}

function sweep(object: string, mode: SweepMode, position: unknown) {
  const served = awsMarketplace.objects[object];
  if (served === undefined) throw new Error(`No object ${object}.`);
  return served.changes(aws.call, { mode, position, connectedAt, now });
}

async function page(object: string, mode: SweepMode, position: unknown): Promise<ChangesPage> {
  const answer = await sweep(object, mode, position);
  if (!answer.ok) throw new Error(answer.fault.message);
  // As a cursor keeps it.
  return { ...answer.value, position: JSON.parse(JSON.stringify(answer.value.position)) as unknown };
}
