import { describe, expect, it } from 'vitest';
import { startOrg, testNow } from '../org-under-test.ts';

describe('a single record', () => {
  it('is created, read, changed and deleted', async () => {
    let now = testNow;
    const org = await startOrg({ now: () => now });

    const created = await org.call('POST', 'sobjects/Account', {
      Name: ' Acme ',
      Phone: '(0)20 1234',
      Website: 'ACME.example',
    });
    const id = created.json.id;
    now += 2_000;
    const changed = await org.call('PATCH', `sobjects/Account/${id.slice(0, 15)}`, { Phone: null, name: 'Acme Ltd' });
    const read = await org.call(
      'GET',
      `sobjects/Account/${id}?fields=Name,Phone,Website,CreatedDate,SystemModstamp,IsDeleted`,
    );
    const deleted = await org.call('DELETE', `sobjects/Account/${id}`);
    const gone = await org.call('GET', `sobjects/Account/${id}`);

    expect(created).toMatchObject({ status: 201, json: { id, success: true, errors: [] } });
    expect(changed).toMatchObject({ status: 204, json: undefined });
    expect(read.json).toEqual({
      attributes: { type: 'Account', url: `/services/data/v67.0/sobjects/Account/${id}` },
      Name: 'Acme Ltd',
      Phone: null,
      Website: 'ACME.example',
      CreatedDate: '2026-03-04T05:06:07.000+0000',
      SystemModstamp: '2026-03-04T05:06:09.000+0000',
      IsDeleted: false,
    });
    expect(deleted.status).toBe(204);
    expect(gone).toMatchObject({ status: 404, json: [{ errorCode: 'ENTITY_IS_DELETED' }] });
    expect((await org.call('PATCH', `sobjects/Account/${id}`, { Name: 'x' })).json[0].errorCode).toBe(
      'ENTITY_IS_DELETED',
    );
  });

  it('is not found under an id of nothing, of another object, or malformed', async () => {
    const org = await startOrg();
    const contactId = await org.create('Contact', { LastName: 'Petit' });

    for (const id of ['001Tb0000000009IAA', contactId, 'abc']) {
      const answer = await org.call('GET', `sobjects/Account/${id}`);
      expect(answer).toMatchObject({ status: 404, json: [{ errorCode: 'NOT_FOUND' }] });
    }
    expect((await org.call('GET', 'sobjects/Nothing/001Tb0000000009IAA')).status).toBe(404);
  });

  it('is answered with all fields, nulls included, when none are named', async () => {
    const org = await startOrg();
    const id = await org.create('Account', { Name: 'Acme' });

    const { json } = await org.call('GET', `sobjects/Account/${id}`);

    expect(json).toMatchObject({ Id: id, Industry: null, BillingAddress: null, CurrencyIsoCode: 'USD' });
  });

  it('refuses an unknown field, in the body and in the list of fields', async () => {
    const org = await startOrg();
    const id = await org.create('Account', { Name: 'Acme' });

    const written = await org.call('PATCH', `sobjects/Account/${id}`, { Foo__c: 1 });
    const read = await org.call('GET', `sobjects/Account/${id}?fields=Foo__c`);

    expect(written).toMatchObject({
      status: 400,
      json: [{ errorCode: 'INVALID_FIELD', message: "No such column 'Foo__c' on sobject of type Account" }],
    });
    expect(read).toMatchObject({ status: 400, json: [{ errorCode: 'INVALID_FIELD' }] });
  });

  it('refuses a body that is not JSON, not an object, or holds a value of the wrong type', async () => {
    const org = await startOrg();

    for (const body of [
      '{',
      '[]',
      { Name: 5 },
      { Name: 'x', AnnualRevenue: 'much' },
      { Name: 'x', NumberOfEmployees: 1.5 },
    ]) {
      const answer = await org.call('POST', 'sobjects/Account', body);
      expect(answer).toMatchObject({ status: 400, json: [{ errorCode: 'JSON_PARSER_ERROR' }] });
    }
    expect(org.simulator.records('Account')).toEqual([]);
  });

  it('names the methods an address has', async () => {
    const org = await startOrg();

    expect(await org.call('PATCH', 'sobjects/Account', {})).toMatchObject({
      status: 405,
      json: [{ errorCode: 'METHOD_NOT_ALLOWED', message: "HTTP Method 'PATCH' not allowed. Allowed are GET,POST" }],
    });
  });
});

describe('a record by external id', () => {
  it('is created with 201, then updated with 200', async () => {
    const org = await startOrg();
    const path = 'sobjects/Account/Tributary_Id__c/01HUB';

    const created = await org.call('PATCH', path, { Name: 'Acme' });
    const updated = await org.call('PATCH', path.replace('01HUB', '01hub'), { Phone: '1' });

    expect(created).toMatchObject({ status: 201, json: { success: true, errors: [], created: true } });
    expect(updated).toMatchObject({ status: 200, json: { id: created.json.id, created: false } });
    expect((await org.call('GET', path)).json).toMatchObject({ Name: 'Acme', Phone: '1', Tributary_Id__c: '01HUB' });
    expect((await org.call('DELETE', path)).status).toBe(204);
    expect((await org.call('GET', path)).status).toBe(404);
  });

  it('is refused when the body repeats the key', async () => {
    const org = await startOrg();

    const answer = await org.call('PATCH', 'sobjects/Account/Tributary_Id__c/01HUB', {
      Name: 'x',
      tributary_id__c: '01HUB',
    });

    expect(answer).toMatchObject({ status: 400, json: [{ errorCode: 'INVALID_FIELD', fields: ['Tributary_Id__c'] }] });
  });

  it('is answered with 300 and all addresses when several records match', async () => {
    const org = await startOrg({
      customFields: [{ object: 'Account', name: 'Loose_Key__c', type: 'string', externalId: true }],
    });
    const first = await org.create('Account', { Name: 'A', Loose_Key__c: 'k' });
    const second = await org.create('Account', { Name: 'B', Loose_Key__c: 'K' });

    const answer = await org.call('PATCH', 'sobjects/Account/Loose_Key__c/k', { Phone: '1' });

    expect(answer.status).toBe(300);
    expect(answer.json).toEqual([first, second].map((id) => `/services/data/v67.0/sobjects/Account/${id}`));
    expect(org.simulator.records('Account').every(({ Phone }) => Phone === null)).toBe(true);
  });

  it('is not found by a field that is no key, nor by a mail address under .inc', async () => {
    const org = await startOrg();
    await org.create('Lead', { LastName: 'L', Company: 'C', Email: 'a@acme.inc' });

    expect((await org.call('PATCH', 'sobjects/Account/Phone/1', { Name: 'x' })).json[0]).toMatchObject({
      errorCode: 'NOT_FOUND',
    });
    expect((await org.call('GET', 'sobjects/Lead/Email/a%40acme.inc')).status).toBe(404);
  });
});

describe('a conditional request', () => {
  it('is refused when the record was modified since, and not answered when it was not', async () => {
    const org = await startOrg();
    const id = await org.create('Account', { Name: 'Acme' });
    const path = `sobjects/Account/${id}`;
    const before = new Date(testNow - 60_000).toUTCString();
    const after = new Date(testNow + 60_000).toUTCString();

    expect((await org.call('PATCH', path, { Phone: '1' }, { 'if-unmodified-since': before })).status).toBe(412);
    expect((await org.call('PATCH', path, { Phone: '2' }, { 'if-unmodified-since': after })).status).toBe(204);
    expect((await org.call('PATCH', path, { Phone: '3' }, { 'if-unmodified-since': 'soon' })).status).toBe(400);
    expect((await org.call('GET', path, undefined, { 'if-modified-since': after })).status).toBe(304);
    expect((await org.call('GET', path, undefined, { 'if-modified-since': before })).json.Phone).toBe('2');
  });
});
