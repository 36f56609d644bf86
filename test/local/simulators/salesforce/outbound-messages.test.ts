import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HttpResponse, startHttpServer } from '../../../../local/simulators/shared/http-server.ts';
import { startOrg } from './org-under-test.ts';

const ack =
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>';

interface Message {
  readonly OrganizationId: string;
  readonly ActionId: string;
  readonly Notification: readonly { readonly Id: string; readonly sObject: Readonly<Record<string, unknown>> }[];
}

/** A target that answers with the given answers in turn, the last one for ever, and keeps what it received. */
async function startTarget(...answers: readonly HttpResponse[]) {
  const bodies: string[] = [];
  const server = await startHttpServer({
    handle: (request) => {
      bodies.push(request.body.toString('utf8'));
      return answers[Math.min(bodies.length, answers.length) - 1] ?? { status: 200, body: ack };
    },
  });
  onTestFinished(() => server.close());
  const parser = new XMLParser({
    ignoreAttributes: false,
    removeNSPrefix: true,
    parseTagValue: false,
    isArray: (name) => name === 'Notification',
  });
  return {
    url: `${server.url}/webhooks/salesforce`,
    bodies,
    messages: (): Message[] => bodies.map((body) => parser.parse(body).Envelope.Body.notifications),
  };
}

describe('outbound messages', () => {
  it('tell of created and changed records with the fields asked for, and always the id', async () => {
    const target = await startTarget();
    const org = await startOrg({
      outboundMessages: [{ object: 'Account', url: target.url, fields: ['Name', 'SystemModstamp', 'Phone'] }],
    });

    const id = await org.create('Account', { Name: 'Acme & <Söhne>' });
    await org.create('Contact', { LastName: 'Nobody asked' });
    await org.simulator.outboundMessages.idle();

    const [message] = target.messages();
    expect(target.bodies).toHaveLength(1);
    expect(message?.OrganizationId).toBe(org.simulator.organizationId);
    expect(message?.ActionId).toMatch(/^04k/);
    expect(message?.Notification).toHaveLength(1);
    expect(message?.Notification[0]?.Id).toMatch(/^04l\w{15}$/);
    expect(message?.Notification[0]?.sObject).toMatchObject({
      '@_type': 'sf:Account',
      Id: id,
      Name: 'Acme & <Söhne>',
      SystemModstamp: '2026-03-04T05:06:07.000Z',
    });
    expect(message?.Notification[0]?.sObject).not.toHaveProperty('Phone');
  });

  it('carry at most 100 notifications of one object', async () => {
    const target = await startTarget();
    const org = await startOrg({
      outboundMessages: [
        { object: 'Account', url: target.url },
        { object: 'Contact', url: target.url },
      ],
    });
    const records = Array.from({ length: 200 }, (_, at) =>
      at < 150
        ? { attributes: { type: 'Account' }, Name: `N${at}` }
        : { attributes: { type: 'Contact' }, LastName: `N${at}` },
    );

    await org.call('POST', 'composite/sobjects', { records });
    await org.simulator.outboundMessages.idle();

    const sizes = target
      .messages()
      .map((message) => [message.Notification[0]?.sObject['@_type'], message.Notification.length]);
    expect(sizes.sort()).toEqual([
      ['sf:Account', 100],
      ['sf:Account', 50],
      ['sf:Contact', 50],
    ]);
    const ids = target.messages().flatMap((message) => message.Notification.map((notification) => notification.Id));
    expect(new Set(ids).size).toBe(200);
  });

  it('are sent again until the answer says Ack true, with the same notification id', async () => {
    const target = await startTarget(
      { status: 500, body: '' },
      { status: 200, body: 'OK' },
      { status: 200, body: ack.replace('true', 'false') },
      { status: 200, body: ack },
    );
    const org = await startOrg({
      outboundMessages: [{ object: 'Account', url: target.url }],
      outboundBackOffMs: () => 1,
    });

    await org.create('Account', { Name: 'Acme' });
    await org.simulator.outboundMessages.idle();

    expect(target.bodies).toHaveLength(4);
    expect(new Set(target.messages().map((message) => message.Notification[0]?.Id)).size).toBe(1);
    expect(org.simulator.statistics().outboundMessages).toMatchObject({ taken: 1, failedPosts: 3 });
  });

  it('show the record as it is when they are sent', async () => {
    const target = await startTarget();
    const org = await startOrg({ outboundMessages: [{ object: 'Account', url: target.url, fields: ['Name'] }] });
    org.simulator.outboundMessages.pause();

    const changed = await org.create('Account', { Name: 'First' });
    const deleted = await org.create('Account', { Name: 'Short-lived' });
    await org.call('PATCH', `sobjects/Account/${changed}`, { Name: 'Second' });
    await org.call('DELETE', `sobjects/Account/${deleted}`);
    org.simulator.outboundMessages.resume();
    await org.simulator.outboundMessages.idle();

    const objects = target
      .messages()
      .flatMap((message) => message.Notification.map((notification) => notification.sObject));
    expect(objects.map(({ Id, Name }) => [Id, Name])).toEqual([
      [changed, 'Second'],
      [deleted, undefined],
      [changed, 'Second'],
    ]);
  });

  it('are not sent for deletes, seeds, or what the org does by itself; nor for changes when only creation is asked for', async () => {
    const target = await startTarget();
    const org = await startOrg({ outboundMessages: [{ object: 'Contact', url: target.url, on: 'created' }] });
    const [accountId = '', loserId = ''] = org.simulator.seed([
      { object: 'Account', values: { Name: 'A' } },
      { object: 'Account', values: { Name: 'B' } },
    ]);
    const id = await org.create('Contact', { LastName: 'P', AccountId: loserId });

    await org.call('PATCH', `sobjects/Contact/${id}`, { Title: 'CEO' });
    org.simulator.merge({ masterId: accountId, loserIds: [loserId] });
    await org.call('DELETE', `sobjects/Contact/${id}`);
    await org.simulator.outboundMessages.idle();

    expect(org.simulator.statistics().outboundMessages.queued).toBe(1);
  });

  it('can be lost and doubled on demand', async () => {
    const target = await startTarget();
    const org = await startOrg({ outboundMessages: [{ object: 'Account', url: target.url }] });
    org.simulator.outboundMessages.misbehave({ drop: { every: 3 }, duplicate: { every: 2, count: 1 } });

    for (let at = 0; at < 3; at += 1) await org.create('Account', { Name: `N${at}` });
    await org.simulator.outboundMessages.idle();

    expect(org.simulator.statistics().outboundMessages).toMatchObject({ dropped: 1, duplicated: 1, taken: 3 });
  });
});
