import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeAgreementCommand } from '@aws-sdk/client-marketplace-agreement';
import { DescribeChangeSetCommand, StartChangeSetCommand } from '@aws-sdk/client-marketplace-catalog';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SAMPLE_OFFER_ID } from '../../../../local/simulators/aws-marketplace/sample-products.ts';
import { openAwsMarketplaceAccount } from '../../../../local/simulators/aws-marketplace/start-aws-marketplace-simulator.ts';
import { startHttpServer } from '../../../../local/simulators/shared/http-server.ts';
import { BUYER, dayMs, openMarket, privateOffer, startOfTests } from './market-session.ts';

const Catalog = 'AWSMarketplace';

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'marketplace-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'market.log');
}

describe('a marketplace with a file', () => {
  it('goes on after a restart where it was: what was under way comes to its end, what is over does not come again', async () => {
    const file = temporaryFile();
    const before = await openMarket({ file });
    const offerId = await before.offer();
    const accepted = before.market.admin.accept(offerId, { buyerAccountId: BUYER });
    const agreementId = accepted.ok ? accepted.result.id : '';
    const { ChangeSetId } = await before.catalog.send(
      new StartChangeSetCommand({ Catalog, ChangeSet: privateOffer(), ClientRequestToken: 'again' }),
    );
    await before.market.close();

    const after = await openMarket({ file, startAt: startOfTests + dayMs });
    const sameToken = await after.catalog.send(
      new StartChangeSetCommand({ Catalog, ChangeSet: privateOffer(), ClientRequestToken: 'again' }),
    );
    after.pass(0);

    expect(sameToken.ChangeSetId).toBe(ChangeSetId);
    expect(after.heard()).toEqual(['Change Set Succeeded', 'Offer Released']);
    expect(await after.catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }))).toMatchObject({
      Status: 'SUCCEEDED',
      EndTime: '2026-03-02T10:15:11Z',
    });
    expect(await after.agreement.send(new DescribeAgreementCommand({ agreementId }))).toMatchObject({
      status: 'ACTIVE',
    });
    after.pass(20 * dayMs);
    expect(after.market.admin.records('invoices')).toHaveLength(1);
  });

  it('begins anew when it is reset', async () => {
    const { market, offer, heard } = await openMarket({ file: temporaryFile() });
    await offer();
    heard();

    market.reset();

    expect(market.admin.records('offers')).toMatchObject([{ id: SAMPLE_OFFER_ID }]);
    expect(market.nextDueAt()).toBeUndefined();
    expect(heard()).toEqual([]);
  });
});

describe('a marketplace without an address', () => {
  it('serves calls that are handed in, and gives the same ids for the same numbers', async () => {
    const idOf = async (): Promise<string> => {
      let seed = 1;
      const account = openAwsMarketplaceAccount(
        {
          now: () => startOfTests,
          setTimer: 'none',
          random: () => {
            seed = (seed * 48_271) % 2_147_483_647;
            return seed / 2_147_483_647;
          },
        },
        { refuseConnections: () => {} },
      );
      const answer = await account.handle({
        method: 'POST',
        target: '/StartChangeSet',
        path: '/StartChangeSet',
        query: new URLSearchParams(),
        headers: { authorization: 'AWS4-HMAC-SHA256 Credential=K/20260302/us-east-1/aws-marketplace/aws4_request, ' },
        body: Buffer.from(JSON.stringify({ Catalog, ChangeSet: privateOffer() })),
      });
      await account.close();
      return answer === 'cut-connection' ? '' : (answer.body ?? '');
    };

    const first = await idOf();

    expect(JSON.parse(first)).toMatchObject({ ChangeSetId: expect.stringMatching(/^[a-z0-9]{25}$/) });
    expect(await idOf()).toBe(first);
  });
});

describe('what a test asks of the marketplace over HTTP', () => {
  async function asked() {
    const session = await openMarket();
    const ask = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${session.market.url}/_simulator/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    };
    return { ...session, ask };
  }

  it('is done, or refused with the reason', async () => {
    const { ask, heard } = await asked();

    const accepted = await ask('POST', `offers/${SAMPLE_OFFER_ID}/accept`, { buyerAccountId: BUYER });
    const { id } = accepted.body as { readonly id: string };
    const ended = await ask('POST', `agreements/${id}/end`, { status: 'TERMINATED' });

    expect([accepted.status, ended.status]).toEqual([200, 200]);
    expect(heard()).toContain('Purchase Agreement Ended - Proposer');
    expect(await ask('POST', `agreements/${id}/amend`, { addedValue: '1' })).toMatchObject({ status: 409 });
    expect(await ask('POST', `agreements/${id}/amend`, { addedValue: 1 })).toMatchObject({ status: 400 });
    expect(await ask('POST', 'agreements/none/renew', {})).toMatchObject({ status: 409 });
    expect(await ask('GET', 'nothing')).toMatchObject({ status: 404 });
    expect(await ask('GET', 'records/agreements')).toMatchObject({ body: { records: [{ id, status: 'TERMINATED' }] } });
  });

  it('loses, repeats and delays events, and sends one again', async () => {
    const { ask, heard, events, pass } = await asked();
    const pause = () => ask('POST', 'disbursement/pause');

    await ask('PUT', 'events/misbehaviour', { lose: { every: 1, count: 1 } });
    await pause();
    expect(heard()).toEqual([]);
    await ask('PUT', 'events/misbehaviour', { delay: { every: 1, count: 1, byMs: 60_000 } });
    await pause();
    expect(heard()).toEqual([]);
    pass(60_000);
    expect(heard()).toEqual(['Disbursement Paused']);
    const { body } = await ask('GET', 'events');
    const [lost] = (body as { readonly events: readonly { readonly id: string }[] }).events;
    await ask('POST', `events/${lost?.id}/again`);

    expect(events.at(-1)?.id).toBe(lost?.id);
    expect(await ask('POST', 'events/none/again')).toMatchObject({ status: 404 });
    expect(await ask('GET', 'statistics')).toMatchObject({ body: { events: { happened: 2, lost: 1, delayed: 1 } } });
  });

  it('plans faults for calls by service and operation', async () => {
    const { ask, agreement } = await asked();
    const call = () => agreement.send(new DescribeAgreementCommand({ agreementId: 'agmt-none' }));

    await ask('POST', 'faults', { kind: 'throttle', match: { pathIncludes: 'Agreement.' } });
    await expect(call()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await ask('POST', 'faults', { kind: 'unavailable', count: 5 });
    await expect(call()).rejects.toMatchObject({ name: 'InternalServerException', $metadata: { httpStatusCode: 503 } });
    await ask('DELETE', 'faults');

    await expect(call()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a marketplace beside a hub', () => {
  it('puts its events on the bus of the hub, whole and with its own clock', async () => {
    const posts: unknown[] = [];
    const bus = await startHttpServer({
      handle(request) {
        posts.push({ target: request.headers['x-amz-target'], ...JSON.parse(request.body.toString('utf8')) });
        return { status: 200, body: '{"FailedEntryCount":0}' };
      },
    });
    onTestFinished(() => bus.close());
    const { market, events } = await openMarket({ bus: { endpoint: bus.url, busName: 'hub' } });

    market.admin.pauseDisbursement();
    await market.eventsIdle();

    expect(posts).toEqual([{ target: 'AWSEvents.PublishServiceEvents', EventBusName: 'hub', Events: events }]);
    expect(events[0]?.time).toBe('2026-03-02T10:15:00Z');
    expect(market.statistics().bus).toMatchObject({ taken: 1, abandoned: 0 });
  });

  it('dates its answers by that clock, too', async () => {
    const { market } = await openMarket();

    const answer = await fetch(`${market.url}/DescribeEntity?catalog=AWSMarketplace&entityId=${SAMPLE_OFFER_ID}`);

    expect(answer.headers.get('date')).toBe('Mon, 02 Mar 2026 10:15:00 GMT');
  });
});

describe('who calls', () => {
  it('is known by the access key, where keys are given and no others are known', async () => {
    const { agreement } = await openMarket({ hasKnownKeysOnly: true });

    await expect(agreement.send(new DescribeAgreementCommand({ agreementId: 'agmt-none' }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });
});
