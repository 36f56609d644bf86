import { describe, expect, it } from 'vitest';
import { startOrg, testNow } from './org-under-test.ts';

const upsertPath = 'composite/sobjects/Account/Tributary_Id__c';
const rows = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    attributes: { type: 'Account' },
    Tributary_Id__c: `k${at}`,
    Name: `N${at}`,
  }));

describe('the daily allowance', () => {
  it('is told with every answer and ends in 403, until 24 hours have passed', async () => {
    let now = testNow;
    const org = await startOrg({ dailyRequestsMax: 2, now: () => now });

    const first = await org.call('GET', 'limits');
    await org.call('GET', 'limits');
    const refused = await org.call('POST', 'sobjects/Account', { Name: 'x' });
    now += 24 * 60 * 60 * 1000 + 60_000;
    const nextDay = await org.call('GET', 'limits');

    expect(first.headers.get('sforce-limit-info')).toBe('api-usage=1/2');
    expect(first.json.DailyApiRequests).toEqual({ Max: 2, Remaining: 1 });
    expect(refused).toMatchObject({
      status: 403,
      json: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
    });
    expect(refused.headers.get('sforce-limit-info')).toBe('api-usage=2/2');
    expect(org.simulator.records('Account')).toEqual([]);
    expect(nextDay.headers.get('sforce-limit-info')).toBe('api-usage=1/2');
  });
});

describe('a fault', () => {
  it('of throttling answers 403 as often as asked', async () => {
    const org = await startOrg();
    org.simulator.faults.add({ kind: 'throttle', count: 2 });

    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await org.call('GET', 'limits')).status);

    expect(statuses).toEqual([403, 403, 200]);
  });

  it('of the daily limit says that all is spent', async () => {
    const org = await startOrg();
    org.simulator.faults.add({ kind: 'daily-limit' });

    const answer = await org.call('GET', 'limits');

    expect(answer.json[0]).toEqual({ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' });
    expect(answer.headers.get('sforce-limit-info')).toBe('api-usage=100000/100000');
  });

  it('of unavailability answers 503 and does nothing', async () => {
    const org = await startOrg();
    org.simulator.faults.add({ kind: 'unavailable' });

    const answer = await org.call('POST', 'sobjects/Account', { Name: 'x' });

    expect(answer).toMatchObject({ status: 503, json: [{ errorCode: 'SERVER_UNAVAILABLE' }] });
    expect(org.simulator.records('Account')).toEqual([]);
  });

  it('that loses the answer lets the write be done', async () => {
    const org = await startOrg();
    org.simulator.faults.add({ kind: 'lose-answer' });

    const read = await org.call('GET', 'limits');
    const lost = org.call('PATCH', upsertPath, { records: rows(2) });

    await expect(lost).rejects.toThrow();
    expect(read.status).toBe(200);
    expect(org.simulator.records('Account')).toHaveLength(2);
    expect(org.simulator.statistics().calls.byStatus).toEqual({ 200: 1, cut: 1 });
  });

  it('that cuts the request does nothing', async () => {
    const org = await startOrg();
    org.simulator.faults.add({ kind: 'cut-request', match: { method: 'PATCH' } });

    await expect(org.call('PATCH', upsertPath, { records: rows(2) })).rejects.toThrow();
    expect(org.simulator.records('Account')).toEqual([]);
  });

  it('on rows refuses those rows, by default because they are locked', async () => {
    const org = await startOrg();
    org.simulator.faults.add({ kind: 'fail-rows', object: 'Account', field: 'Name', value: 'N1' });
    org.simulator.faults.add({ kind: 'fail-rows', field: 'Tributary_Id__c', value: 'k2', code: 'QUERY_TIMEOUT' });

    const { json } = await org.call('PATCH', upsertPath, { records: rows(4) });

    expect(json.map((row: { errors: { statusCode: string }[] }) => row.errors[0]?.statusCode)).toEqual([
      undefined,
      'UNABLE_TO_LOCK_ROW',
      'QUERY_TIMEOUT',
      undefined,
    ]);
  });

  it('of slowness holds the answer back', async () => {
    const org = await startOrg();
    org.simulator.faults.add({ kind: 'slow', delayMs: 30 });
    const startedAt = performance.now();

    const answer = await org.call('POST', 'sobjects/Account', { Name: 'x' });

    expect(answer.status).toBe(201);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
  });

  it('of being down refuses connections', async () => {
    const org = await startOrg();
    org.simulator.faults.add({ kind: 'refuse-connections', forMs: 60_000 });

    await expect(org.call('GET', 'limits')).rejects.toThrow();
  });
});

describe('addresses', () => {
  it('lists versions, and serves any of them', async () => {
    const org = await startOrg();

    const versions = await fetch(`${org.simulator.url}/services/data/`);
    const token = org.simulator.openSession('integration@tributary.example');
    const old = await fetch(`${org.simulator.url}/services/data/v50.0`, {
      headers: { authorization: `Bearer ${token}` },
    });

    expect(((await versions.json()) as unknown[]).at(-1)).toEqual({
      label: 'Version 67.0',
      url: '/services/data/v67.0',
      version: '67.0',
    });
    expect(await old.json()).toMatchObject({ sobjects: '/services/data/v50.0/sobjects' });
    expect((await fetch(`${org.simulator.url}/services/data/v67/limits`)).status).toBe(404);
  });

  it('are counted by pattern, without ids', async () => {
    const org = await startOrg();
    const id = await org.create('Account', { Name: 'x' });
    await org.call('GET', `sobjects/Account/${id}`);
    await org.call('GET', 'nowhere/at/all');

    expect(org.simulator.statistics().calls.byRoute).toMatchObject({
      'POST sobjects/:object': { calls: 1, records: 1 },
      'GET sobjects/:object/:id': { calls: 1 },
      'GET (unknown)': { byStatus: { 404: 1 } },
    });
  });
});
