import { describe, expect, it } from 'vitest';
import { complete, openAccount } from './partner-central-under-test.ts';

describe('creating an opportunity', () => {
  it('makes a draft, with every member in the answer of a read, and tells of it', async () => {
    const { call, read, told } = openAccount();

    const made = await call('CreateOpportunity', { ...complete, ClientToken: 'a' });

    expect(made).toEqual({
      status: 200,
      json: {
        Id: expect.stringMatching(/^O\d{7,}$/),
        LastModifiedDate: '2026-03-02T10:15:01.25Z',
        PartnerOpportunityIdentifier: 'deal-1',
      },
    });
    expect(told()).toEqual(['Opportunity Created']);
    expect(await read(made.json.Id)).toMatchObject({
      Arn: `arn:aws:partnercentral:us-east-1:111122223333:catalog/Sandbox/opportunity/${made.json.Id}`,
      CreatedDate: '2026-03-02T10:15:01Z',
      LifeCycle: { ReviewStatus: 'Pending Submission', Stage: 'Qualified', ClosedLostReason: null },
      Marketing: { Source: 'None', CampaignName: null },
      NationalSecurity: 'No',
      SoftwareRevenue: null,
      RelatedEntityIdentifiers: { Solutions: [], AwsProducts: [], AwsMarketplaceOffers: [] },
    });
  });

  it('is done once for a client token, and refused for the token with another request', async () => {
    const { call, account } = openAccount();
    const first = await call('CreateOpportunity', { ...complete, ClientToken: 'a' });

    const again = await call('CreateOpportunity', { ClientToken: 'a', ...complete, Marketing: null });
    const other = await call('CreateOpportunity', { ...complete, ClientToken: 'a', NationalSecurity: 'No' });
    const elsewhere = await call('CreateOpportunity', { ...complete, ClientToken: 'a', Catalog: 'AWS' });

    expect(again).toEqual(first);
    expect(other).toMatchObject({ status: 400, json: { __type: expect.stringContaining('ConflictException') } });
    expect(elsewhere.json.Id).not.toBe(first.json.Id);
    expect(account.admin.opportunities()).toHaveLength(2);
  });

  it('is done once when its answer is lost', async () => {
    const { call, account, ask } = openAccount();
    await ask('POST', 'faults', { kind: 'lose-answer', match: { pathIncludes: 'CreateOpportunity' } });

    const lost = await call('CreateOpportunity', { ...complete, ClientToken: 'a' });
    const again = await call('CreateOpportunity', { ...complete, ClientToken: 'a' });

    expect(lost.status).toBe(0);
    expect(again.status).toBe(200);
    expect(account.admin.opportunities()).toHaveLength(1);
  });

  it('keeps the catalogs apart', async () => {
    const { call, draft } = openAccount();
    const id = await draft();

    expect(await call('GetOpportunity', { Catalog: 'AWS', Identifier: id })).toMatchObject({
      status: 400,
      json: { __type: expect.stringContaining('ResourceNotFoundException') },
    });
    expect((await call('ListOpportunities', { Catalog: 'AWS' })).json.OpportunitySummaries).toEqual([]);
  });

  it.each([
    [{ ClientToken: undefined }, 'ClientToken', 'REQUIRED_FIELD_MISSING'],
    [{ OpportunityType: 'New' }, 'OpportunityType', 'INVALID_ENUM_VALUE'],
    [
      { PrimaryNeedsFromAws: ['Do Not Need Support from AWS Sales Rep'] },
      'PrimaryNeedsFromAws[0]',
      'INVALID_ENUM_VALUE',
    ],
    [
      { Project: { CustomerBusinessProblem: 'Too short.' } },
      'Project.CustomerBusinessProblem',
      'INVALID_STRING_FORMAT',
    ],
    [{ Customer: { Account: { Industry: 'Retail' } } }, 'Customer.Account.CompanyName', 'REQUIRED_FIELD_MISSING'],
    [{ Customer: { Contacts: [{ Email: 'Ada@x.example' }] } }, 'Customer.Contacts[0].Email', 'INVALID_STRING_FORMAT'],
    [
      {
        Project: {
          ExpectedCustomerSpend: [{ Amount: '1.005', CurrencyCode: 'USD', Frequency: 'Monthly', TargetCompany: 'AWS' }],
        },
      },
      'Project.ExpectedCustomerSpend[0].Amount',
      'INVALID_STRING_FORMAT',
    ],
    [{ OpportunityTeam: Array.from({ length: 11 }, () => ({})) }, 'OpportunityTeam', 'TOO_MANY_VALUES'],
  ])('is refused as the model says: %j', async (part, FieldName, Code) => {
    const { call, account } = openAccount();

    const { status, json } = await call('CreateOpportunity', { ...complete, ClientToken: 'a', ...part });

    expect({ status, json }).toMatchObject({
      status: 400,
      json: { Reason: 'REQUEST_VALIDATION_FAILED', ErrorList: [{ FieldName, Code }] },
    });
    expect(account.admin.opportunities()).toEqual([]);
  });

  it.each([
    [{ LifeCycle: { TargetCloseDate: '2026-03-01' } }, 'LifeCycle.TargetCloseDate'],
    [{ LifeCycle: { Stage: 'Closed Lost' } }, 'LifeCycle.ClosedLostReason'],
    [{ NationalSecurity: 'Yes' }, 'NationalSecurity'],
    [{ Catalog: 'AWS', Origin: 'AWS Referral' }, 'Origin'],
  ])('is refused by rules of the business: %j', async (part, FieldName) => {
    const { call } = openAccount();

    const { status, json } = await call('CreateOpportunity', { ...complete, ClientToken: 'a', ...part });

    expect({ status, json }).toMatchObject({
      status: 400,
      json: { Reason: 'BUSINESS_VALIDATION_FAILED', ErrorList: [{ FieldName }] },
    });
  });

  it('refuses values of the wrong type as unreadable', async () => {
    const { call } = openAccount();

    const { json } = await call('CreateOpportunity', { ...complete, ClientToken: 'a', Project: { Title: 7 } });

    expect(json).toMatchObject({ __type: expect.stringContaining('SerializationException') });
  });
});

describe('updating an opportunity', () => {
  it('replaces everything: what is left out is null', async () => {
    const { call, read, draft } = openAccount();
    const id = await draft();
    const held = await read(id);

    await call('UpdateOpportunity', {
      Identifier: id,
      LastModifiedDate: held.LastModifiedDate,
      LifeCycle: { Stage: 'Qualified' },
    });

    const after = await read(id);
    expect(after).toMatchObject({
      Customer: { Account: null, Contacts: [] },
      LifeCycle: { Stage: 'Qualified', TargetCloseDate: null, NextSteps: null },
      PartnerOpportunityIdentifier: null,
      OpportunityType: null,
      Project: { Title: null, ExpectedCustomerSpend: [] },
    });
    expect(after.RelatedEntityIdentifiers.Solutions).toEqual(['S-0020001']);
    expect(after.OpportunityTeam).toHaveLength(1);
  });

  it('needs the lock exactly, to the nanosecond', async () => {
    const { call, read, draft } = openAccount({ stampDigits: 9 });
    const id = await draft();
    const { LastModifiedDate } = await read(id);
    expect(LastModifiedDate).toMatch(/\.\d{7,9}Z$/);

    const cut = new Date(LastModifiedDate).toISOString();
    const stale = await call('UpdateOpportunity', { ...complete, Identifier: id, LastModifiedDate: cut });
    const exact = await call('UpdateOpportunity', { ...complete, Identifier: id, LastModifiedDate });
    const repeated = await call('UpdateOpportunity', { ...complete, Identifier: id, LastModifiedDate });

    expect(stale.json.__type).toContain('ConflictException');
    expect(exact).toMatchObject({ status: 200, json: { Id: id, LastModifiedDate: (await read(id)).LastModifiedDate } });
    expect(repeated.json.__type).toContain('ConflictException');
  });

  it('gives every change another lock, also while the clock stands still', async () => {
    const { callAtOnce, read, draft } = openAccount({ hasLimits: false });
    const id = await draft();
    const locks = [(await read(id)).LastModifiedDate as string];

    for (let round = 0; round < 3; round += 1) {
      const { json } = await callAtOnce('UpdateOpportunity', {
        ...complete,
        Identifier: id,
        LastModifiedDate: locks.at(-1),
      });
      locks.push(json.LastModifiedDate);
    }

    expect(new Set(locks).size).toBe(4);
  });

  it('keeps a history of next steps', async () => {
    const { call, read, draft } = openAccount();
    const id = await draft();
    const { LastModifiedDate } = await read(id);

    const LifeCycle = { ...complete.LifeCycle, NextSteps: 'Send the offer.' };
    await call('UpdateOpportunity', { ...complete, Identifier: id, LastModifiedDate, LifeCycle });

    expect((await read(id)).LifeCycle.NextStepsHistory).toEqual([
      { Value: 'Send the offer.', Time: expect.stringMatching(/^2026-03-02T/) },
    ]);
  });

  it('is refused without a stage, and for a row that a fault names', async () => {
    const { call, read, draft, ask } = openAccount();
    const id = await draft();
    const { LastModifiedDate } = await read(id);
    await ask('POST', 'faults', { kind: 'fail-rows', field: 'Project.Title', value: 'Cursed' });

    const stageless = await call('UpdateOpportunity', {
      ...complete,
      Identifier: id,
      LastModifiedDate,
      LifeCycle: null,
    });
    const Project = { ...complete.Project, Title: 'Cursed' };
    const cursed = await call('UpdateOpportunity', { ...complete, Identifier: id, LastModifiedDate, Project });

    expect(stageless.json.ErrorList).toMatchObject([{ FieldName: 'LifeCycle.Stage', Code: 'REQUIRED_FIELD_MISSING' }]);
    expect(cursed.json.ErrorList).toMatchObject([{ Code: 'INVALID_VALUE' }]);
    expect((await read(id)).Project.Title).toBe('Data platform');
  });
});

describe('what belongs to an opportunity', () => {
  const relate = (OpportunityIdentifier: string, RelatedEntityType: string, RelatedEntityIdentifier: string) => ({
    OpportunityIdentifier,
    RelatedEntityType,
    RelatedEntityIdentifier,
  });

  it.each([
    ['AwsProducts', (at: number) => `Product${at}`, 20],
    ['AwsMarketplaceSolutions', (at: number) => `arn:aws:aws-marketplace:us-east-1::s/${at}`, 10],
    ['AwsMarketplaceProducts', (at: number) => `arn:aws:aws-marketplace:us-east-1::p/${at}`, 10],
    ['AwsMarketplaceOffers', (at: number) => `offer-${at}`, 1],
  ])('has its limit: %s', async (type, name, most) => {
    const { call, draft, read } = openAccount();
    const id = await draft();

    for (let at = 0; at < most; at += 1) {
      expect(await call('AssociateOpportunity', relate(id, type, name(at)))).toMatchObject({ status: 200 });
    }
    const beyond = await call('AssociateOpportunity', relate(id, type, name(most)));
    const again = await call('AssociateOpportunity', relate(id, type, name(0)));

    expect(beyond.json.ErrorList).toMatchObject([{ Code: 'TOO_MANY_VALUES' }]);
    expect(again.status).toBe(200);
    expect((await read(id)).RelatedEntityIdentifiers[type]).toHaveLength(most);
  });

  it('is a solution of the same catalog that is active', async () => {
    const { call, draft } = openAccount();
    const id = await draft();

    const other = await call('AssociateOpportunity', relate(id, 'Solutions', 'S-0010001'));
    const inactive = await call('AssociateOpportunity', relate(id, 'Solutions', 'S-0020003'));
    const formless = await call('AssociateOpportunity', relate(id, 'Solutions', 'Data Platform'));

    expect(other.json.__type).toContain('ResourceNotFoundException');
    expect(inactive.json.ErrorList).toMatchObject([{ Code: 'INVALID_VALUE' }]);
    expect(formless.json.ErrorList).toMatchObject([{ Code: 'INVALID_STRING_FORMAT' }]);
  });

  it('names an offer by its id, however it was associated, and lets it go again', async () => {
    const { call, draft, read } = openAccount();
    const id = await draft();
    const arn = 'arn:aws:aws-marketplace:us-east-1:111122223333:AWSMarketplace/Offer/offer-abc123';

    await call('AssociateOpportunity', relate(id, 'AwsMarketplaceOffers', arn));
    expect((await read(id)).RelatedEntityIdentifiers.AwsMarketplaceOffers).toEqual(['offer-abc123']);

    await call('DisassociateOpportunity', relate(id, 'AwsMarketplaceOffers', arn));
    expect((await read(id)).RelatedEntityIdentifiers.AwsMarketplaceOffers).toEqual([]);
    expect((await call('DisassociateOpportunity', relate(id, 'AwsMarketplaceOffers', arn))).status).toBe(400);
  });

  it('changes its lock, and the owner with it', async () => {
    const { call, draft, read, told } = openAccount();
    const id = await draft();
    const before = await read(id);
    told();

    const Assignee = { Email: 'grace@partner.example', FirstName: 'Grace', LastName: 'H', BusinessTitle: 'Seller' };
    await call('AssignOpportunity', { Identifier: id, Assignee });

    const after = await read(id);
    expect(after.OpportunityTeam).toMatchObject([{ BusinessTitle: 'OpportunityOwner', FirstName: 'Grace' }]);
    expect(after.LastModifiedDate).not.toBe(before.LastModifiedDate);
    expect(told()).toEqual(['Opportunity Updated']);
  });
});
