import { describe, expect, it } from 'vitest';
import { startOrg } from '../org-under-test.ts';

const base = '/services/data/v67.0';

describe('composite', () => {
  it('serves subrequests in order, later ones with values of earlier answers', async () => {
    const org = await startOrg();

    const { json } = await org.call('POST', 'composite', {
      compositeRequest: [
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'partner', body: { Name: 'Acme' } },
        {
          method: 'POST',
          url: `${base}/sobjects/Contact`,
          referenceId: 'person',
          body: { LastName: 'P', AccountId: '@{partner.id}' },
        },
        {
          method: 'GET',
          url: `${base}/query?q=SELECT+Account.Name+FROM+Contact+WHERE+Id='@{person.id}'`,
          referenceId: 'read',
        },
        { method: 'PATCH', url: `${base}/sobjects/Account/@{partner.id}`, referenceId: 'bad', body: { Foo: 1 } },
      ],
    });

    expect(json.compositeResponse.map((part: { httpStatusCode: number }) => part.httpStatusCode)).toEqual([
      201, 201, 200, 400,
    ]);
    expect(json.compositeResponse[2].body.records[0].Account.Name).toBe('Acme');
    expect(org.simulator.records('Contact')).toHaveLength(1);
  });

  it('takes everything back with allOrNone', async () => {
    const org = await startOrg();

    const { json } = await org.call('POST', 'composite', {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'a', body: { Name: 'Acme' } },
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'b', body: {} },
      ],
    });

    expect(json.compositeResponse).toMatchObject([
      { body: [{ errorCode: 'PROCESSING_HALTED' }], httpStatusCode: 400, referenceId: 'a' },
      { body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }], referenceId: 'b' },
    ]);
    expect(org.simulator.records('Account')).toEqual([]);
  });

  it('does not let a rolled back collection take earlier subrequests with it', async () => {
    const org = await startOrg();

    await org.call('POST', 'composite', {
      compositeRequest: [
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'a', body: { Name: 'Acme' } },
        {
          method: 'POST',
          url: `${base}/composite/sobjects`,
          referenceId: 'b',
          body: {
            allOrNone: true,
            records: [{ attributes: { type: 'Account' }, Name: 'B' }, { attributes: { type: 'Account' } }],
          },
        },
      ],
    });

    expect(org.simulator.records('Account').map(({ Name }) => Name)).toEqual(['Acme']);
  });

  it('refuses more than 25 subrequests, and none', async () => {
    const org = await startOrg();
    const subrequest = { method: 'GET', url: `${base}/limits`, referenceId: 'x' };

    expect((await org.call('POST', 'composite', { compositeRequest: Array(26).fill(subrequest) })).status).toBe(400);
    expect((await org.call('POST', 'composite', {})).status).toBe(400);
  });
});
