import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import type { AnyConnector } from '../../../connectors/kit/connector-registry.ts';
import { succeed } from '../../../domain/model/fault.ts';
import { webhookHandler } from '../../../functions/receive-webhook/webhook-handler.ts';
import type { HubRuntime } from '../../../functions/runtime/composition.ts';
import type { Facts } from '../../../functions/runtime/log.ts';
import { memoryOutbox } from '../../../local/memory/memory-outbox.ts';
import { memoryStore } from '../../../local/memory/memory-store.ts';

const SECRET = 'a shared secret';
const BODY = '[{"objectId":1,"email":"a.petersen@hub.example"}]';

test('a signed webhook is answered 200 and lies on the inbound queue', async () => {
  const { handle, outbox, lines, counted } = setUp();

  const answer = await handle(webhookEvent(sign(BODY)));

  expect(answer).toEqual({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'thanks' });
  const [notice] = outbox.takeNotices();
  expect(notice).toMatchObject({ connection: 'hubspot', object: 'company', ids: ['1'], reason: 'webhook' });
  expect(lines).toMatchObject([
    {
      step: 'receive-webhook',
      connection: 'hubspot',
      outcome: 'queued',
      status: 200,
      records: 1,
      correlationId: notice?.correlationId,
    },
  ]);
  expect(counted).toEqual({ 'webhook-queued': 1 });
});

test('a forged one is refused, counted, and logged without its body', async () => {
  const { handle, outbox, lines, counted } = setUp();

  const answer = await handle(webhookEvent('forged'));

  expect([answer.statusCode, answer.body]).toEqual([401, '{"error":"forged"}']);
  expect(outbox.takeNotices()).toEqual([]);
  expect(lines).toMatchObject([{ outcome: 'refused', status: 401, code: 'forged' }]);
  expect(JSON.stringify(lines)).not.toContain('petersen');
  expect(counted).toEqual({ 'webhook-refused': 1 });
});

test('a paused connection’s is answered and not queued', async () => {
  const { handle, outbox, store } = setUp();
  await store.putConnection(
    {
      connection: 'hubspot',
      counter: 1,
      connectedAt: 0,
      owners: {},
      ownersReadAt: 0,
      problems: [],
      backfilledAt: {},
      paused: { at: 1, reason: 'a test', by: 'person' },
    },
    null,
  );

  const answer = await handle(webhookEvent(sign(BODY)));

  expect(answer.statusCode).toBe(200);
  expect(outbox.takeNotices()).toEqual([]);
});

test('one for a connection there is not is answered 404', async () => {
  const event = { ...webhookEvent(sign(BODY)), pathParameters: { connection: 'another' } };

  expect((await setUp().handle(event)).statusCode).toBe(404);
});

function sign(body: string): string {
  return createHmac('sha256', SECRET).update(`https://hooks.example/webhooks/hubspot${body}`).digest('hex');
}

function setUp() {
  const store = memoryStore();
  const outbox = memoryOutbox(() => 1_000);
  const lines: (Facts & { readonly step: string })[] = [];
  const counted: Record<string, number> = {};
  const webhook: AnyConnector['webhook'] = {
    bodyMax: 1_000,
    receive: ({ url, headers, body }, _, { clientSecret = '' }) => {
      const expected = createHmac('sha256', clientSecret).update(url).update(body).digest('hex');
      return headers['x-signature'] === expected
        ? {
            hints: [{ object: 'company', externalId: '1' }],
            ignored: {},
            replayKeys: [],
            response: { status: 200, contentType: 'text/plain', body: 'thanks' },
          }
        : { status: 401, code: 'forged' };
    },
  };
  // What the handler uses of a runtime.
  const runtime = {
    hub: {
      store,
      outbox,
      connections: [{ id: 'hubspot' }],
      mapping: () => ({}),
      connectionState: async (id: string) => (await store.readConnection(id)) ?? {},
      now: () => 1_000,
      newId: () => 'c-1',
    },
    systems: {
      webhookDoor: async () =>
        succeed({ connector: { webhook }, settings: {}, credentials: { clientSecret: SECRET }, secretVersion: '1' }),
    },
    replays: { isReplay: async () => false, note: async () => {} },
    log: {
      log: (step: string, facts: Facts) => void lines.push({ step, ...facts }),
      defect: () => {},
      begin: () => {},
    },
    metrics: {
      count: (name: string, by = 1) => {
        counted[name] = (counted[name] ?? 0) + by;
      },
      flush: () => {},
    },
    capacity: { readUnits: 0, writeUnits: 0 },
    begin: () => {},
  } as unknown as HubRuntime;
  const handler = webhookHandler(async () => runtime);
  const handle = (event: APIGatewayProxyEventV2) =>
    handler(event, { getRemainingTimeInMillis: () => 5_000 } as Context);
  return { handle, store, outbox, lines, counted };
}

function webhookEvent(signature: string): APIGatewayProxyEventV2 {
  const http = {
    method: 'POST',
    path: '/webhooks/hubspot',
    protocol: 'HTTP/1.1',
    sourceIp: '192.0.2.1',
    userAgent: '',
  };
  return {
    version: '2.0',
    routeKey: 'POST /webhooks/{connection}',
    rawPath: '/webhooks/hubspot',
    rawQueryString: '',
    headers: { host: 'hooks.example', 'x-signature': signature },
    requestContext: {
      accountId: '1',
      apiId: 'abc',
      domainName: 'hooks.example',
      domainPrefix: 'hooks',
      http,
      requestId: 'r-1',
      routeKey: 'POST /webhooks/{connection}',
      stage: '$default',
      time: '20/Aug/2026:09:30:00 +0000',
      timeEpoch: 1,
    },
    body: Buffer.from(BODY).toString('base64'),
    pathParameters: { connection: 'hubspot' },
    isBase64Encoded: true,
  };
}
