import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionSettings, WebhookReceipt, WebhookRefusal } from '../../../connectors/kit/connector.ts';
import { bodyMax, receiveOutboundMessage } from '../../../connectors/salesforce/outbound-message.ts';

const key = 'webhook-key-0123456789';
const organization = '00D000000000001EAA';
const settings: ConnectionSettings = {
  id: 'salesforce',
  system: 'salesforce',
  auth: 'client-credentials',
  objects: ['Account', 'Opportunity'],
  accountId: organization,
};

function receive(body: string | Uint8Array, url = `https://hub.example/webhooks/salesforce?key=${key}`, of = settings) {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return receiveOutboundMessage({ method: 'POST', url, headers: {}, body: bytes }, of, { webhookKey: key });
}

const notification = (id: string, recordId: string, type = 'sf:Account', fields = ''): string =>
  `<Notification><Id>${id}</Id><sObject xsi:type="${type}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>${recordId}</sf:Id>${fields}</sObject></Notification>`;

const message = (notifications: string, organizationId = organization): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>${organizationId}</OrganizationId><ActionId>04k000000000001AAA</ActionId><SessionId xsi:nil="true"/>${notifications}</notifications></soapenv:Body></soapenv:Envelope>`;

const one = message(notification('04l000000000001AAA', '001000000000001AAA'));
const codeOf = (answer: WebhookReceipt | WebhookRefusal): string => ('code' in answer ? answer.code : 'taken');

describe('an outbound message', () => {
  it('becomes hints, by 18-character ids, each record once', () => {
    const answer = receive(
      message(
        notification('04l000000000001AAA', '001000000000001') +
          notification('04l000000000002AAA', '001000000000001AAA') +
          notification(
            '04l000000000003AAA',
            '006000000000001AAA',
            'sf:Opportunity',
            '<sf:Name>a &lt; b &amp; &#169;</sf:Name>',
          ),
      ),
    );

    expect(answer).toMatchObject({
      hints: [
        { object: 'Account', externalId: '001000000000001AAA' },
        { object: 'Opportunity', externalId: '006000000000001AAA' },
      ],
      replayKeys: [],
      ignored: {},
    });
  });

  it('is acknowledged in the exact words Salesforce waits for', () => {
    const answer = receive(one);

    expect(answer).toMatchObject({
      response: {
        status: 200,
        contentType: 'text/xml; charset=utf-8',
        body: expect.stringMatching(
          /^<\?xml version="1\.0" encoding="UTF-8"\?><soapenv:Envelope [^>]+><soapenv:Body><notificationsResponse xmlns="http:\/\/soap\.sforce\.com\/2005\/09\/outbound"><Ack>true<\/Ack><\/notificationsResponse><\/soapenv:Body><\/soapenv:Envelope>$/,
        ),
      },
    });
  });

  it('about objects that are not connected, or without a record id, is acknowledged and counted', () => {
    const answer = receive(
      message(
        notification('04l000000000001AAA', '500000000000001AAA', 'sf:Case') +
          notification('04l000000000002AAA', 'nonsense'),
      ),
    );

    expect(answer).toMatchObject({ hints: [], ignored: { 'object-not-connected': 1, 'no-record-id': 1 } });
  });

  it('is refused without the key of the address, and with another one', () => {
    expect(receive(one, 'https://hub.example/webhooks/salesforce')).toMatchObject({ status: 401, code: 'unsigned' });
    expect(receive(one, 'https://hub.example/webhooks/salesforce?key=')).toMatchObject({
      status: 401,
      code: 'unsigned',
    });
    expect(receive(one, `https://hub.example/webhooks/salesforce?key=${key}x`)).toMatchObject({
      status: 401,
      code: 'forged',
    });
    expect(receive(one, 'no address at all')).toMatchObject({ status: 401, code: 'unsigned' });
  });

  it('is refused from another org, and compared on 18 characters', () => {
    expect(
      receive(message(notification('04l000000000001AAA', '001000000000001AAA'), '00D000000000002EAA')),
    ).toMatchObject({ status: 401, code: 'wrong-account' });
    expect(codeOf(receive(one, undefined, { ...settings, accountId: '00D000000000001' }))).toBe('taken');
    const { accountId: _any, ...unbound } = settings;
    expect(
      codeOf(
        receive(
          message(notification('04l000000000001AAA', '001000000000001AAA'), '00D000000000002EAA'),
          undefined,
          unbound,
        ),
      ),
    ).toBe('taken');
  });

  it('holds 1 to 100 notifications', () => {
    const many = (count: number): string =>
      message(
        Array.from({ length: count }, (_, index) =>
          notification(`04l${String(index).padStart(12, '0')}`, '001000000000001AAA'),
        ).join(''),
      );

    expect(codeOf(receive(many(100)))).toBe('taken');
    expect(codeOf(receive(many(101)))).toBe('malformed');
    expect(codeOf(receive(many(0)))).toBe('malformed');
  });

  it.each([
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${one}`],
    [
      'entities that expand',
      one.replace('<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
    ],
    ['elements without end', one.slice(0, -20)],
    ['elements too deep', one.replace('</sObject>', `${'<x>'.repeat(20)}${'</x>'.repeat(20)}</sObject>`)],
    ['an attribute without quotes', one.replace('xsi:nil="true"', 'xsi:nil=true')],
    ['text behind its end', `${one}more`],
    ['no envelope', '<notifications/>'],
    ['no org', one.replace(/<OrganizationId>.*<\/OrganizationId>/, '')],
    ['a name out of Object', one.replaceAll('notifications', 'constructor')],
    ['a notification without id', message('<Notification><sObject xsi:type="sf:Account"/></Notification>')],
    ['JSON', '{"a":1}'],
    ['nothing', ''],
  ])('with %s is malformed', (_what, body) => {
    expect(receive(body)).toMatchObject({ status: 400, code: 'malformed' });
  });

  it('longer than a mebibyte is not looked at', () => {
    expect(receive(new Uint8Array(bodyMax + 1))).toMatchObject({ status: 413, code: 'oversized' });
  });

  it('is refused, not thrown at, when any bytes of it changed', () => {
    const bytes = new TextEncoder().encode(one);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), { minLength: 1 }),
        (edits) => {
          const body = bytes.slice();
          for (const [at, value] of edits) body[at] = value;

          const answer = receive(body);

          if ('status' in answer) expect([400, 401]).toContain(answer.status);
          else expect(answer.hints.length + Object.keys(answer.ignored).length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

const fixtures = join(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts', 'salesforce', 'fixtures');
const isPresent = existsSync(fixtures);

describe.skipIf(!isPresent)(
  `the contract files${isPresent ? '' : ' (skipped: the shared folder is not there)'}`,
  () => {
    it('hold a message that is taken, and the same acknowledgement', () => {
      const answer = receive(readFileSync(join(fixtures, 'outbound-message.synthetic.xml')));
      const ack = readFileSync(join(fixtures, 'outbound-message-ack.synthetic.xml'), 'utf8');

      expect(answer).toMatchObject({ hints: [{ object: 'Opportunity', externalId: '006000000000001AAA' }] });
      expect('response' in answer && answer.response.body.replaceAll(/\s/g, '')).toBe(ack.replaceAll(/\s/g, ''));
    });
  },
);
