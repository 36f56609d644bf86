import { describe, expect, it } from 'vitest';
import { opportunityFields } from '../../../../local/simulators/aws-partner-central/opportunity-requests.ts';
import { type AccountUnderTest, complete, openAccount } from './partner-central-under-test.ts';

const fields = opportunityFields.parse(complete);

function seed({ account, advance }: AccountUnderTest, count: number): readonly string[] {
  return Array.from({ length: count }, () => {
    advance(1_000);
    return account.admin.seed({ opportunities: [{ catalog: 'Sandbox', fields }] })[0] ?? '';
  });
}

const oldestFirst = { SortBy: 'LastModifiedDate', SortOrder: 'ASCENDING' };

describe('a list of opportunities', () => {
  it('is given in pages, none twice and none left out', async () => {
    const under = openAccount();
    const ids = seed(under, 45);
    const request = { Sort: oldestFirst };

    const seen: string[] = [];
    let NextToken: string | null = null;
    for (let page = 0; page < 5; page += 1) {
      const { json } = await under.call('ListOpportunities', { ...request, NextToken });
      seen.push(...json.OpportunitySummaries.map(({ Id }: { Id: string }) => Id));
      NextToken = json.NextToken;
      if (NextToken === null) break;
    }

    expect(seen).toEqual(ids);
  });

  it('goes on where it was when the last record given has changed meanwhile', async () => {
    const under = openAccount();
    const ids = seed(under, 4);
    const request = { Sort: oldestFirst, MaxResults: 2 };
    const first = await under.call('ListOpportunities', request);

    const moved = ids[1] ?? '';
    const { LastModifiedDate } = await under.read(moved);
    await under.call('UpdateOpportunity', { ...complete, Identifier: moved, LastModifiedDate });
    const second = await under.call('ListOpportunities', { ...request, NextToken: first.json.NextToken });
    const third = await under.call('ListOpportunities', { ...request, NextToken: second.json.NextToken });

    const given = [second, third].map(({ json }) => json.OpportunitySummaries.map(({ Id }: { Id: string }) => Id));
    expect(given).toEqual([[ids[2], ids[3]], [moved]]);
  });

  it('takes no token of another request', async () => {
    const under = openAccount();
    seed(under, 3);
    const { NextToken } = (await under.call('ListOpportunities', { MaxResults: 1 })).json;

    const other = await under.call('ListOpportunities', { MaxResults: 1, NextToken, LifeCycleStage: ['Qualified'] });
    const none = await under.call('ListOpportunities', { NextToken: 'AAMA-nothing' });

    for (const { json } of [other, none]) {
      expect(json.ErrorList).toMatchObject([{ FieldName: 'NextToken', Code: 'INVALID_VALUE' }]);
    }
  });

  it('begins with the instant that is named, that instant included, to the nanosecond', async () => {
    const under = openAccount({ stampDigits: 9 });
    const ids = seed(under, 3);
    const { LastModifiedDate: stamp } = await under.read(ids[1] ?? '');

    const from = await under.call('ListOpportunities', { LastModifiedDate: { AfterLastModifiedDate: stamp } });
    const before = await under.call('ListOpportunities', { LastModifiedDate: { BeforeLastModifiedDate: stamp } });

    const idsOf = ({ json }: typeof from) => json.OpportunitySummaries.map(({ Id }: { Id: string }) => Id);
    expect(idsOf(from)).toEqual([ids[2], ids[1]]);
    expect(idsOf(before)).toEqual([ids[0]]);
  });

  it.each([
    [{ LifeCycleStage: ['Launched'] }, 0],
    [{ LifeCycleStage: ['Qualified'], LifeCycleReviewStatus: ['Pending Submission'] }, 2],
    [{ LifeCycleReviewStatus: ['In review'] }, 0],
    [{ CustomerCompanyName: ['Northwind Traders'] }, 2],
    [{ CustomerCompanyName: ['Northwind'] }, 0],
    [{ Identifier: ['O5000001'] }, 1],
    [{ TargetCloseDate: { AfterTargetCloseDate: '2026-09-30' } }, 2],
    [{ TargetCloseDate: { BeforeTargetCloseDate: '2026-09-30' } }, 0],
    [{ CreatedDate: { AfterCreatedDate: '2026-03-02T10:15:02Z' } }, 1],
  ])('is filtered by %j', async (filter, count) => {
    const under = openAccount();
    seed(under, 2);

    const { json } = await under.call('ListOpportunities', filter);

    expect(json.OpportunitySummaries).toHaveLength(count);
  });

  it('gives whole amounts a fraction that a single read does not', async () => {
    const under = openAccount();
    const [id = ''] = seed(under, 1);

    const { json } = await under.call('ListOpportunities');

    expect(json.OpportunitySummaries[0].Project.ExpectedCustomerSpend[0].Amount).toBe('12500.0');
    expect((await under.read(id)).Project.ExpectedCustomerSpend[0].Amount).toBe('12500');
  });
});

describe('a list of solutions', () => {
  it('is of one catalog, filtered and ordered', async () => {
    const { call } = openAccount();

    const all = await call('ListSolutions', { Sort: { SortBy: 'Name', SortOrder: 'ASCENDING' } });
    const active = await call('ListSolutions', { Status: ['Active'], Category: ['Software Product'] });

    const idsOf = ({ json }: typeof all) => json.SolutionSummaries.map(({ Id }: { Id: string }) => Id);
    expect(idsOf(all)).toEqual(['S-0020001', 'S-0020003', 'S-0020002']);
    expect(idsOf(active)).toEqual(['S-0020001']);
  });
});

describe('the limits', () => {
  const read = { Identifier: 'O1' };
  const isThrottled = ({ json }: { json: { __type?: string } }) =>
    json.__type?.endsWith('ThrottlingException') === true;

  it('are ten reads and one write in a second, over both catalogs', async () => {
    const { callAtOnce, advance } = openAccount();

    const reads = [];
    for (let at = 0; at < 11; at += 1) reads.push(await callAtOnce('GetOpportunity', read));
    const first = await callAtOnce('CreateOpportunity', { ClientToken: 'a', Catalog: 'AWS' });
    const second = await callAtOnce('SubmitOpportunity', { Identifier: 'O1', InvolvementType: 'Co-Sell' });
    advance(999);
    const tooSoon = await callAtOnce('CreateOpportunity', { ClientToken: 'b' });
    advance(1);
    const later = await callAtOnce('CreateOpportunity', { ClientToken: 'b' });

    expect(reads.map(isThrottled)).toEqual([...Array.from({ length: 10 }, () => false), true]);
    expect([first, second, tooSoon, later].map(isThrottled)).toEqual([false, true, true, false]);
  });

  it('are 10,000 writes in any 24 hours', async () => {
    const { callAtOnce, advance, account } = openAccount();
    const write = { Identifier: 'O1', InvolvementType: 'Co-Sell' };

    for (let at = 0; at < 10_000; at += 1) {
      await callAtOnce('SubmitOpportunity', write);
      advance(1_000);
    }
    const beyond = await callAtOnce('SubmitOpportunity', write);
    advance(86_400_000 - 10_000 * 1_000);
    const dayLater = await callAtOnce('SubmitOpportunity', write);

    expect(isThrottled(beyond)).toBe(true);
    expect(isThrottled(dayLater)).toBe(false);
    expect(account.admin.statistics().overLimit).toEqual({ 'writes in 24 hours': 1 });
  });
});
