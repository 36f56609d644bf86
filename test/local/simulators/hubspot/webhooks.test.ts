import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { allSubscriptions, type WebhookSubscription } from '../../../../local/simulators/hubspot/webhook-settings.ts';
import { link, openSession, type SimulatorSession, startOfTests } from './simulator-session.ts';
import { openReceiver, type WebhookReceiver } from './webhook-receiver.ts';

interface WebhookSession extends SimulatorSession {
  readonly receiver: WebhookReceiver;
  /** Waits until all is delivered, and answers the events without the parts that say nothing about the occurrence. */
  delivered(): Promise<readonly Record<string, unknown>[]>;
}

async function openWithWebhooks(subscriptions: readonly WebhookSubscription[]): Promise<WebhookSession> {
  const receiver = await openReceiver();
  const session = await openSession({
    accessTokens: [
      { token: 'simulated-hubspot-token' },
      { token: 'person', by: { changeSource: 'CRM_UI', sourceId: 'userId:7' } },
    ],
    webhooks: { targetUrl: `${receiver.url}/webhooks/hubspot?via=a%2Fb`, subscriptions },
    webhookDelivery: { lingerMs: 1, backOffMs: () => 1, attemptsMax: 3 },
  });
  return {
    ...session,
    receiver,
    async delivered() {
      await session.simulator.admin.webhooksIdle();
      return receiver.events().map(withoutEnvelope);
    },
  };
}

function withoutEnvelope(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const envelope = new Set(['eventId', 'subscriptionId', 'attemptNumber', 'portalId', 'appId']);
  return Object.fromEntries(Object.entries(event).filter(([key]) => !envelope.has(key)));
}

const byApp = { occurredAt: startOfTests, changeSource: 'INTEGRATION', sourceId: '7414209' };

test('a creation is told with a change of each property it set', async () => {
  const session = await openWithWebhooks(allSubscriptions('named'));

  const { body } = await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'A', city: 'Oslo' } });

  const objectId = Number(body.id);
  expect(await session.delivered()).toEqual([
    { ...byApp, subscriptionType: 'company.creation', objectId, changeFlag: 'CREATED' },
    { ...byApp, subscriptionType: 'company.propertyChange', objectId, propertyName: 'name', propertyValue: 'A' },
    { ...byApp, subscriptionType: 'company.propertyChange', objectId, propertyName: 'city', propertyValue: 'Oslo' },
  ]);
});

test('events name the account, the app, the subscription and the attempt', async () => {
  const session = await openWithWebhooks([{ eventType: 'company.creation' }]);

  await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'A' } });
  await session.simulator.admin.webhooksIdle();

  expect(session.receiver.events()).toMatchObject([
    { eventId: 1, subscriptionId: 3_100_001, portalId: 48_120_337, appId: 7_414_209, attemptNumber: 0 },
  ]);
});

test('an update tells each property that changed and no other; instants are told as epoch ms, clears as empty text', async () => {
  const session = await openWithWebhooks([{ eventType: 'deal.propertyChange' }]);
  session.simulator.admin.seed([
    {
      type: 'deals',
      id: '300',
      properties: {
        dealname: 'A',
        amount: '5',
        deal_currency_code: 'EUR',
        dealstage: 'closedwon',
        pipeline: 'default',
      },
    },
  ]);

  await session.call(
    'PATCH',
    '/crm/v3/objects/deals/300',
    { properties: { dealname: 'A', amount: '', closedate: '2026-12-24' } },
    'person',
  );

  const told = { occurredAt: startOfTests, changeSource: 'CRM_UI', sourceId: 'userId:7', objectId: 300 };
  expect(await session.delivered()).toEqual([
    { ...told, subscriptionType: 'deal.propertyChange', propertyName: 'amount', propertyValue: '' },
    {
      ...told,
      subscriptionType: 'deal.propertyChange',
      propertyName: 'closedate',
      propertyValue: String(Date.UTC(2026, 11, 24)),
    },
  ]);
});

test('generic subscriptions tell the object type; leads are told in that style only', async () => {
  const session = await openWithWebhooks(allSubscriptions('named'));
  session.simulator.admin.seed([{ type: 'contacts', id: '200', properties: { email: 'kim@example.com' } }]);

  await session.call('POST', '/crm/v3/objects/leads', {
    properties: { hs_lead_name: 'Kim' },
    associations: [link('200', 578)],
  });

  const events = await session.delivered();
  expect(events).toContainEqual(
    expect.objectContaining({ subscriptionType: 'object.creation', objectTypeId: '0-136', isSensitive: false }),
  );
  expect(events).toContainEqual(
    expect.objectContaining({
      subscriptionType: 'object.propertyChange',
      objectTypeId: '0-136',
      propertyName: 'hs_lead_name',
      propertyValue: 'Kim',
    }),
  );
  expect(events).toContainEqual({
    ...byApp,
    subscriptionType: 'object.associationChange',
    fromObjectId: expect.any(Number),
    toObjectId: 200,
    fromObjectTypeId: '0-136',
    toObjectTypeId: '0-1',
    associationTypeId: 578,
    associationCategory: 'HUBSPOT_DEFINED',
    associationRemoved: false,
  });
  expect(events).toContainEqual(
    expect.objectContaining({
      subscriptionType: 'contact.associationChange',
      associationType: 'CONTACT_TO_LEAD',
      fromObjectId: 200,
      isPrimaryAssociation: true,
    }),
  );
});

test('a subscription to one property hears of no other', async () => {
  const session = await openWithWebhooks([{ eventType: 'company.propertyChange', propertyName: 'city' }]);

  await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'A', city: 'Oslo' } });

  expect((await session.delivered()).map(({ propertyName }) => propertyName)).toEqual(['city']);
});

test('deletion, restoration, merge and erasure are told', async () => {
  const session = await openWithWebhooks(
    allSubscriptions('named').filter(({ eventType }) => /deletion|restore|merge|privacy/i.test(eventType)),
  );
  session.simulator.admin.seed([
    { type: 'companies', id: '100', properties: { name: 'A' } },
    { type: 'companies', id: '101', properties: { name: 'B', city: 'Oslo' } },
    { type: 'contacts', id: '200', properties: { email: 'kim@example.com' } },
  ]);

  await session.call('DELETE', '/crm/v3/objects/companies/100');
  await session.call('POST', '/_simulator/records/companies/100/restore');
  await session.call('POST', '/crm/v3/objects/companies/merge', { primaryObjectId: '100', objectIdToMerge: '101' });
  await session.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '200' });

  expect(await session.delivered()).toMatchObject([
    { subscriptionType: 'company.deletion', objectId: 100, changeFlag: 'DELETED' },
    { subscriptionType: 'company.restore', objectId: 100, changeSource: 'CRM_UI' },
    {
      subscriptionType: 'company.merge',
      objectId: 100,
      primaryObjectId: 100,
      mergedObjectIds: [101],
      newObjectId: 100,
      numberOfPropertiesMoved: 1,
      changeSource: 'MERGE_OBJECTS',
    },
    { subscriptionType: 'contact.privacyDeletion', objectId: 200 },
  ]);
});

test('an association that comes or goes is told from both sides', async () => {
  const session = await openWithWebhooks(allSubscriptions('named'));
  session.simulator.admin.seed([
    { type: 'companies', id: '100', properties: {} },
    { type: 'deals', id: '300', properties: {} },
  ]);

  await session.call('PUT', '/crm/v4/objects/deals/300/associations/default/companies/100');
  await session.call('DELETE', '/crm/v4/objects/deals/300/associations/companies/100');

  const sides = (await session.delivered()).map(({ associationType, fromObjectId, associationRemoved }) => [
    associationType,
    fromObjectId,
    associationRemoved,
  ]);
  expect(sides).toEqual([
    ['DEAL_TO_COMPANY', 300, false],
    ['COMPANY_TO_DEAL', 100, false],
    ['DEAL_TO_COMPANY', 300, true],
    ['COMPANY_TO_DEAL', 100, true],
  ]);
});

test('every post is signed over method, address with decoded escapes, raw body and time', async () => {
  const session = await openWithWebhooks(allSubscriptions('named'));
  session.simulator.admin.configureWebhooks({ targetUrl: `${session.receiver.url}/webhooks/hubspot?via=a%2Fb` });

  await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'Müller & Söhne – 株式会社' } });
  await session.simulator.admin.webhooksIdle();

  const [post] = session.receiver.posts;
  const timestamp = String(post?.headers['x-hubspot-request-timestamp']);
  expect(Number(timestamp)).toBe(startOfTests);
  const signed = `POST${session.receiver.url}/webhooks/hubspot?via=a/b${post?.body}${timestamp}`;
  const expected = createHmac('sha256', 'simulated-hubspot-client-secret').update(signed).digest('base64');
  expect(post?.headers['x-hubspot-signature-v3']).toBe(expected);
  expect(post?.target).toBe('/webhooks/hubspot?via=a%2Fb');
});

test('many events travel in arrays of at most 100', async () => {
  const session = await openWithWebhooks([{ eventType: 'company.creation' }]);

  for (let batch = 0; batch < 3; batch += 1) {
    const inputs = Array.from({ length: 90 }, (_, index) => ({ properties: { name: `${batch}-${index}` } }));
    await session.call('POST', '/crm/v3/objects/companies/batch/create', { inputs });
  }
  await session.simulator.admin.webhooksIdle();

  expect(session.receiver.events()).toHaveLength(270);
  expect(Math.max(...session.receiver.posts.map(({ events }) => events.length))).toBeLessThanOrEqual(100);
});

test('a refused post is repeated with its attempt number, and given up in the end', async () => {
  const session = await openWithWebhooks([{ eventType: 'company.creation' }]);
  session.receiver.answerWith(500, 404, 200, 500, 500, 500);

  await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'A' } });
  await session.simulator.admin.webhooksIdle();
  expect(session.receiver.events().map(({ attemptNumber }) => attemptNumber)).toEqual([0, 1, 2]);

  await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'B' } });
  await session.simulator.admin.webhooksIdle();
  expect(session.receiver.posts).toHaveLength(6);
  expect(session.simulator.admin.statistics().webhooks).toMatchObject({ taken: 1, abandoned: 1, failedPosts: 5 });
});

test('webhooks can be made to be lost, doubled and out of order', async () => {
  const session = await openWithWebhooks([{ eventType: 'company.propertyChange', propertyName: 'name' }]);
  const create = (name: string) => session.call('POST', '/crm/v3/objects/companies', { properties: { name } });
  session.simulator.admin.pauseWebhooks();

  session.simulator.admin.misbehave({ drop: { every: 1, count: 1 } });
  await create('lost');
  session.simulator.admin.misbehave({ duplicate: { every: 1, count: 1 } });
  await create('doubled');
  session.simulator.admin.misbehave({ reorder: { every: 1, count: 1 } });
  await create('overtaken');
  await create('last');
  session.simulator.admin.resumeWebhooks();

  const names = (await session.delivered()).map(({ propertyValue }) => propertyValue);
  expect(names).toEqual(['doubled', 'last', 'overtaken', 'doubled']);
});

test('seeding tells nobody, and without a target nothing is sent', async () => {
  const session = await openWithWebhooks(allSubscriptions('generic'));
  session.simulator.admin.seed([{ type: 'companies', id: '100', properties: { name: 'A' } }]);
  session.simulator.admin.configureWebhooks({ targetUrl: undefined });

  await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'B' } });

  expect(await session.delivered()).toEqual([]);
});

test.each(['named', 'generic'] as const)(
  'all subscriptions there are, in the %s style, can be set over HTTP',
  async (style) => {
    const session = await openWithWebhooks([]);

    const { status } = await session.call('PUT', '/_simulator/webhooks', { subscriptions: allSubscriptions(style) });

    expect(status).toBe(200);
  },
);

test('target, subscriptions and misbehaviour are set over HTTP', async () => {
  const session = await openWithWebhooks([]);
  const receiver = await openReceiver();

  const configured = await session.call('PUT', '/_simulator/webhooks', {
    targetUrl: `${receiver.url}/elsewhere`,
    subscriptions: [{ eventType: 'object.creation', objectTypeId: '0-2' }],
    misbehaviour: { duplicate: { every: 1 } },
  });
  await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'A' } });
  await session.simulator.admin.webhooksIdle();

  expect(configured.status).toBe(200);
  expect(receiver.events()).toHaveLength(2);
  expect((await session.call('GET', '/_simulator/webhooks')).body).toMatchObject({ taken: 2, duplicated: 1 });
  expect((await session.call('PUT', '/_simulator/webhooks', { targetUrl: 'nowhere' })).status).toBe(400);
});
