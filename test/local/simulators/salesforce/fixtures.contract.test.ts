import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../../../../local/simulators/shared/http-server.ts';
import { startOrg, type TestAnswer } from './org-under-test.ts';

const folder = join(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts/salesforce');
const isPresent = existsSync(folder);

function fixture(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** The shape of a JSON value: names and types, lists by their first element. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => [name, shapeOf(member)]),
  );
}

describe.skipIf(!isPresent)(
  `answers have the shape of the contract fixtures (skipped when ${folder} is not there)`,
  () => {
    // biome-ignore lint/suspicious/noExplicitAny: fixtures have a shape of their own each.
    const errors: Readonly<Record<string, { status: number; body: any }>> = isPresent
      ? JSON.parse(fixture('fixtures/errors.synthetic.json'))
      : {};

    function expectSame(answer: TestAnswer, name: string) {
      expect(answer.status).toBe(errors[name]?.status);
      expect(shapeOf(answer.json)).toEqual(shapeOf(errors[name]?.body));
      expect(answer.json[0].errorCode).toBe(errors[name]?.body[0].errorCode);
    }

    it('for errors of a whole request', async () => {
      const org = await startOrg({
        duplicateRules: [{ object: 'Lead', name: 'R', fields: ['Email'], allowSave: true }],
      });
      const id = await org.create('Account', { Name: 'x' });
      await org.call('DELETE', `sobjects/Account/${id}`);
      const lead = { LastName: 'L', Company: 'C', Email: 'a@x.example' };
      await org.create('Lead', lead);

      expectSame(await org.call('POST', 'sobjects/Lead', lead), '400-duplicates');
      expectSame(await org.call('GET', 'sobjects/Account/001Tb0000000099IAA'), '404-deleted');
      expectSame(await org.call('GET', `sobjects/Account/${id}`), '404-entity-deleted');
      org.simulator.faults.add({ kind: 'unavailable' });
      expectSame(await org.call('GET', 'limits'), '503');
      org.simulator.faults.add({ kind: 'daily-limit' });
      expectSame(await org.call('GET', 'limits'), '403-request-limit');
      org.simulator.expireSessions();
      expectSame(await org.call('GET', 'limits'), '401-session');
    });

    it('for several matches of an external id', async () => {
      const org = await startOrg({
        customFields: [{ object: 'Account', name: 'Key__c', type: 'string', externalId: true }],
      });
      await org.create('Account', { Name: 'A', Key__c: 'k' });
      await org.create('Account', { Name: 'B', Key__c: 'k' });

      const answer = await org.call('PATCH', 'sobjects/Account/Key__c/k', { Name: 'C' });

      expect(answer.status).toBe(errors['300-multiple-external-id']?.status);
      expect(shapeOf(answer.json)).toEqual(shapeOf(errors['300-multiple-external-id']?.body));
    });

    it('for a collection upsert in which rows fail', async () => {
      const { request, status, headers, body } = JSON.parse(
        fixture('fixtures/collections-upsert.partial-failure.synthetic.json'),
      );
      const key = request.path.split('/').at(-1);
      const org = await startOrg({
        customFields: [{ object: 'Opportunity', name: key, type: 'string', externalId: true, unique: true }],
      });
      org.simulator.faults.add({ kind: 'fail-rows', field: key, value: request.body.records[2][key] });

      const answer = await org.call(request.method, request.path.split('/').slice(4).join('/'), request.body);

      expect(answer.status).toBe(status);
      expect(Object.keys(headers).every((name) => answer.headers.has(name))).toBe(true);
      expect(answer.json.map(shapeOf)).toEqual(body.map((row: { errors: { fields: string[] }[] }) => shapeOf(row)));
      const codes = (rows: { errors: { statusCode: string }[] }[]) =>
        rows.map(({ errors: [error] }) => error?.statusCode);
      expect(codes(answer.json)).toEqual(codes(body));
    });

    it('for outbound messages and the acknowledgement that ends them', async () => {
      const bodies: string[] = [];
      const target = await startHttpServer({
        handle: ({ body }) => {
          bodies.push(body.toString('utf8'));
          return { status: 200, body: fixture('fixtures/outbound-message-ack.synthetic.xml') };
        },
      });
      onTestFinished(() => target.close());
      const org = await startOrg({
        outboundMessages: [{ object: 'Opportunity', url: target.url, fields: ['Tributary_Id__c', 'StageName'] }],
      });

      await org.call('POST', 'composite/sobjects', {
        records: ['k1', 'k2'].map((key) => ({
          attributes: { type: 'Opportunity' },
          Tributary_Id__c: key,
          Name: key,
          StageName: 'Closed Won',
          CloseDate: '2026-01-01',
        })),
      });
      await org.simulator.outboundMessages.idle();

      const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'Notification' });
      const renamed = fixture('fixtures/outbound-message.synthetic.xml').replaceAll('Hub_Key__c', 'Tributary_Id__c');
      expect(shapeOf(parser.parse(bodies[0] ?? ''))).toEqual(shapeOf(parser.parse(renamed)));
      expect(org.simulator.statistics().outboundMessages.taken).toBe(2);
    });

    it('for status codes, which are all codes of the partner API', async () => {
      const { StatusCode: known } = JSON.parse(fixture('soap-partner-types.json')) as { StatusCode: string[] };
      const org = await startOrg();
      const rows = [
        { attributes: { type: 'Contact' } },
        { attributes: { type: 'Contact' }, LastName: 'x'.repeat(81), Email: 'y' },
        { attributes: { type: 'Contact' }, LastName: 'x', AccountId: 'z' },
        { attributes: { type: 'Contact' }, LastName: 'x', AccountId: '001Tb0000000099IAA' },
        { attributes: { type: 'Contact' }, LastName: 'x', OwnerId: '005Tb0000000004IAA' },
        { attributes: { type: 'Account' }, Name: 'x', Partner_Tier__c: 'Tin' },
        { attributes: { type: 'Account' }, Name: 'x', AnnualRevenue: 1e20 },
        { attributes: { type: 'Account' }, Name: 'x', Foo: 1 },
        { attributes: { type: 'Account' }, Name: 'x', CreatedDate: '2026-01-01' },
      ];

      const { json } = await org.call('POST', 'composite/sobjects', { records: rows, allOrNone: true });

      const codes = json.flatMap((row: { errors: { statusCode: string }[] }) =>
        row.errors.map(({ statusCode }) => statusCode),
      );
      expect(codes.length).toBeGreaterThanOrEqual(rows.length);
      expect(codes.filter((code: string) => !known.includes(code))).toEqual([]);
    });
  },
);
