import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { receiveWebhook, webhookBodyMax } from '../../../connectors/hubspot/webhook.ts';
import type { ConnectionSettings, WebhookReceipt, WebhookRefusal } from '../../../connectors/kit/connector.ts';

const clientSecret = 'a-secret-of-the-app';
const now = Date.UTC(2026, 10, 22, 12);
const settings: ConnectionSettings = {
  id: 'hubspot',
  system: 'hubspot',
  auth: 'static-token',
  objects: ['company', 'deal', 'contact', 'lead'],
  accountId: '77',
};

function receive(body: string, over: Partial<ConnectionSettings> = {}): WebhookReceipt | WebhookRefusal {
  const url = 'https://hub.example/webhooks/hubspot';
  const timestamp = String(now);
  const signature = createHmac('sha256', clientSecret).update(`POST${url}${body}${timestamp}`).digest('base64');
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp };
  const request = { method: 'POST', url, headers, body: new TextEncoder().encode(body) };
  return receiveWebhook(request, { ...settings, ...over }, { clientSecret }, now);
}

function receiveEvents(events: readonly object[], over: Partial<ConnectionSettings> = {}): WebhookReceipt {
  const receipt = receive(JSON.stringify(events.map((event) => ({ portalId: 77, ...event }))), over);
  if (!('hints' in receipt)) throw new Error(`Refused: ${receipt.code}`);
  return receipt;
}

describe('a webhook request', () => {
  it('hints each record once, in the order it is first named', () => {
    const { hints } = receiveEvents([
      { subscriptionType: 'deal.creation', objectId: 2 },
      { subscriptionType: 'company.propertyChange', objectId: 1, propertyName: 'name', propertyValue: 'x' },
      { subscriptionType: 'deal.propertyChange', objectId: 2, propertyName: 'amount', propertyValue: '1' },
      { subscriptionType: 'contact.deletion', objectId: 3 },
      { subscriptionType: 'deal.restore', objectId: 4 },
    ]);

    expect(hints).toEqual([
      { object: 'deal', externalId: '2' },
      { object: 'company', externalId: '1' },
      { object: 'contact', externalId: '3' },
      { object: 'deal', externalId: '4' },
    ]);
  });

  it('understands the generic form by type id', () => {
    const { hints } = receiveEvents([
      { subscriptionType: 'object.propertyChange', objectTypeId: '0-136', objectId: 9 },
      { subscriptionType: 'object.creation', objectTypeId: '0-2', objectId: 8 },
    ]);

    expect(hints).toEqual([
      { object: 'lead', externalId: '9' },
      { object: 'company', externalId: '8' },
    ]);
  });

  it('hints every id a merge names, because the survivor may have a third one', () => {
    const merge = { primaryObjectId: 1, mergedObjectIds: [2, 3], newObjectId: 4, objectId: 4 };

    const { hints } = receiveEvents([
      { subscriptionType: 'company.merge', ...merge },
      { subscriptionType: 'object.merge', objectTypeId: '0-136', ...merge },
    ]);

    expect(hints.map(({ object, externalId }) => `${object} ${externalId}`)).toEqual(
      ['company', 'lead'].flatMap((object) => [1, 2, 3, 4].map((id) => `${object} ${id}`)),
    );
  });

  it('hints both ends of an association that are mapped', () => {
    const ends = { fromObjectId: 1, toObjectId: 2 };

    const { hints, ignored } = receiveEvents(
      [
        { subscriptionType: 'deal.associationChange', associationType: 'DEAL_TO_COMPANY', ...ends },
        { subscriptionType: 'object.associationChange', fromObjectTypeId: '0-136', toObjectTypeId: '0-1', ...ends },
        { subscriptionType: 'contact.associationChange', associationType: 'CONTACT_TO_TICKET', ...ends },
        { subscriptionType: 'object.associationChange', fromObjectTypeId: '0-5', toObjectTypeId: '0-8', ...ends },
      ],
      { objects: ['deal', 'company', 'lead'] },
    );

    expect(hints).toEqual([
      { object: 'deal', externalId: '1' },
      { object: 'company', externalId: '2' },
      { object: 'lead', externalId: '1' },
    ]);
    expect(ignored).toEqual({ 'unmapped-object': 2 });
  });

  it('hints the contact of a privacy deletion', () => {
    const { hints } = receiveEvents([{ subscriptionType: 'contact.privacyDeletion', objectId: 5 }]);

    expect(hints).toEqual([{ object: 'contact', externalId: '5' }]);
  });

  it('tolerates and counts what it does not know', () => {
    const { hints, ignored } = receiveEvents([
      { subscriptionType: 'conversation.newMessage', objectId: 1 },
      { subscriptionType: 'deal.somethingNew', objectId: 1 },
      { subscriptionType: 'object.propertyChange', objectTypeId: '2-4711', objectId: 1 },
      { subscriptionType: 'deal.creation', objectId: 'no id at all' },
      { subscriptionType: 17, objectId: 1 },
      { subscriptionType: 'deal.creation', objectId: 6, aNewKey: { of: ['theirs'] } },
    ]);

    expect(hints).toEqual([{ object: 'deal', externalId: '6' }]);
    expect(ignored).toEqual({ 'unknown-type': 2, 'unmapped-object': 2, unreadable: 1 });
  });

  it('is refused when it is of another account only, and passes over single events of another', () => {
    const mine = { subscriptionType: 'deal.creation', objectId: 1 };
    const foreign = { subscriptionType: 'deal.creation', objectId: 2, portalId: 78 };

    expect(receive(JSON.stringify([foreign]))).toEqual({ status: 401, code: 'wrong-account' });
    const mixed = receiveEvents([mine, foreign]);
    expect(mixed.hints).toEqual([{ object: 'deal', externalId: '1' }]);
    expect(mixed.ignored).toEqual({ 'other-account': 1 });
  });

  it('takes any account while the connection does not know its own', () => {
    const { accountId: _unset, ...withoutAccount } = settings;
    const body = JSON.stringify([{ subscriptionType: 'deal.creation', objectId: 2, portalId: 78 }]);
    const url = 'https://hub.example/webhooks/hubspot';
    const timestamp = String(now);
    const signature = createHmac('sha256', clientSecret).update(`POST${url}${body}${timestamp}`).digest('base64');
    const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp };

    const receipt = receiveWebhook(
      { method: 'POST', url, headers, body: new TextEncoder().encode(body) },
      withoutAccount,
      { clientSecret },
      now,
    );

    expect(receipt).toHaveProperty('hints', [{ object: 'deal', externalId: '2' }]);
  });

  it.each([
    ['an object', '{}'],
    ['cut short', '[{"objectId":1'],
    ['empty', ''],
    ['a number', '5'],
  ])('is malformed when its body is %s', (_what, body) => {
    expect(receive(body)).toEqual({ status: 400, code: 'malformed' });
  });

  it('takes more events than HubSpot promises, up to a bound', () => {
    const events = (count: number) =>
      JSON.stringify(
        Array.from({ length: count }, (_, id) => ({ subscriptionType: 'deal.creation', portalId: 77, objectId: id })),
      );

    expect(receive(events(1_000))).toHaveProperty('hints.length', 1_000);
    expect(receive(events(1_001))).toEqual({ status: 413, code: 'too-many' });
  });

  it('is not even hashed when it is too long', () => {
    const request = { method: 'POST', url: 'https://h/', headers: {}, body: new Uint8Array(webhookBodyMax + 1) };

    expect(receiveWebhook(request, settings, { clientSecret }, now)).toEqual({ status: 413, code: 'too-long' });
  });

  it('takes an empty list: there is nothing to do', () => {
    expect(receive('[]')).toMatchObject({ hints: [], response: { status: 200 } });
  });
});
