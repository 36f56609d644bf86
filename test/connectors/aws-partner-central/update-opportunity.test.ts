import { describe, expect, it } from 'vitest';
import { updateOpportunity } from '../../../connectors/aws-partner-central/update-opportunity.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import { awsError, fakeSelling, opportunity } from './fake-selling.ts';

const written = { LastModifiedDate: '2026-03-02T10:16:00.987654321Z', Id: 'O1111111' };

function update(values: WriteItem['values'], base: WriteItem['base'] = {}): WriteItem {
  return { operation: 'update', unifiedId: '01J00000000000000000000001', externalId: 'O1111111', values, base };
}

/** What AWS says of a stage that demands a solution. */
function lacksSolution(): Error {
  return awsError('ValidationException', {
    ErrorList: [
      {
        FieldName: 'RelatedEntityIdentifiers.Solutions',
        Message: 'The field is required.',
        Code: 'REQUIRED_FIELD_MISSING',
      },
    ],
  });
}

function held(status: string) {
  return opportunity({ LifeCycle: { Stage: 'Prospect', ReviewStatus: status, TargetCloseDate: '2026-12-01' } });
}

describe('an update of an opportunity', () => {
  it('sends all that was read, with the change in it and the lock as it was read', async () => {
    const { call, asked } = fakeSelling({ GetOpportunity: () => opportunity(), UpdateOpportunity: () => written });

    const outcome = await updateOpportunity(call, update({ 'LifeCycle.NextSteps': 'Call them' }));

    expect(outcome).toEqual({
      outcome: 'written',
      externalId: 'O1111111',
      created: false,
      modifiedAt: Date.parse('2026-03-02T10:16:00.987Z'),
    });
    expect(asked[1]?.input).toEqual({
      Identifier: 'O1111111',
      LastModifiedDate: '2026-03-02T10:15:00.123456789Z',
      OpportunityType: 'Net New Business',
      NationalSecurity: 'No',
      PartnerOpportunityIdentifier: '01J00000000000000000000001',
      // In no list of AWS's, but what AWS holds.
      PrimaryNeedsFromAws: ['Do Not Need Support from AWS Sales Rep'],
      Customer: {
        Account: {
          CompanyName: 'Nordlicht AG',
          Industry: 'Retail',
          WebsiteUrl: 'https://nordlicht.example',
          Address: { CountryCode: 'DE', PostalCode: '20095' },
        },
        Contacts: [{ Email: 'jo@nordlicht.example', FirstName: 'Jo' }],
      },
      Project: { ...(opportunity().Project as object) },
      LifeCycle: {
        Stage: 'Prospect',
        ReviewStatus: 'Pending Submission',
        TargetCloseDate: '2026-12-01',
        NextSteps: 'Call them',
      },
      Marketing: { Source: 'None' },
    });
  });

  it('of a currency alone changes nothing where there is no amount, also when AWS answers an empty list of spends', async () => {
    const project = { ...(opportunity().Project as object), ExpectedCustomerSpend: [] };
    const { call, operations } = fakeSelling({ GetOpportunity: () => opportunity({ Project: project }) });

    const outcome = await updateOpportunity(call, update({ 'Project.ExpectedCustomerSpend.Self.CurrencyCode': 'USD' }));

    expect(outcome).toMatchObject({ outcome: 'written' });
    expect(operations()).toEqual(['GetOpportunity']);
  });

  it('is a conflict for the hub when somebody was faster', async () => {
    const { call } = fakeSelling({
      GetOpportunity: () => opportunity(),
      UpdateOpportunity: () => {
        throw awsError('ConflictException');
      },
    });

    const outcome = await updateOpportunity(call, update({ 'LifeCycle.NextSteps': 'Call them' }));

    expect(outcome).toMatchObject({ outcome: 'failed', fault: { kind: 'conflict' } });
  });

  it('writes over no edit that the hub has not seen', async () => {
    const { call, operations } = fakeSelling({ GetOpportunity: () => opportunity() });

    const outcome = await updateOpportunity(call, update({ 'Project.Title': 'Ours' }, { 'Project.Title': 'As read' }));

    expect(outcome).toMatchObject({ outcome: 'failed', fault: { kind: 'conflict', code: 'EDITED_SINCE_READ' } });
    expect(operations()).toEqual(['GetOpportunity']);
  });

  it('sends nothing when AWS holds it already', async () => {
    const { call, operations } = fakeSelling({ GetOpportunity: () => opportunity() });

    const outcome = await updateOpportunity(call, update({ 'Project.Title': 'Rollout', 'LifeCycle.NextSteps': null }));

    expect(outcome).toMatchObject({ outcome: 'written' });
    expect(operations()).toEqual(['GetOpportunity']);
  });

  it.each([
    ['Submitted', { 'LifeCycle.NextSteps': 'x' }, ['LifeCycle.NextSteps']],
    ['In review', { 'LifeCycle.TargetCloseDate': '2027-01-01' }, ['LifeCycle.TargetCloseDate']],
    ['In Review', { 'LifeCycle.Stage': 'Qualified' }, ['LifeCycle.Stage']],
    ['Rejected', { 'LifeCycle.Stage': 'Qualified' }, ['LifeCycle.Stage']],
    [
      'Action Required',
      { 'LifeCycle.Stage': 'Qualified', 'LifeCycle.TargetCloseDate': '2027-01-01' },
      ['LifeCycle.Stage'],
    ],
    ['Approved', { 'Project.Title': 'Other', 'LifeCycle.Stage': 'Qualified' }, ['Project.Title']],
  ])(
    'is refused while the status is %s, naming what is locked, and AWS is not asked',
    async (status, values, fields) => {
      const { call, operations } = fakeSelling({ GetOpportunity: () => held(status) });

      const outcome = await updateOpportunity(call, update(values));

      expect(outcome).toMatchObject({ fault: { kind: 'rejected', code: 'LOCKED_IN_REVIEW_STATUS', fields } });
      expect(operations()).toEqual(['GetOpportunity']);
    },
  );

  it('is decided again when the status moved since the hub read it, so that it waits and is not refused', async () => {
    const { call } = fakeSelling({ GetOpportunity: () => held('Submitted') });
    const base = { 'LifeCycle.ReviewStatus': 'Pending Submission' };

    const outcome = await updateOpportunity(call, update({ 'LifeCycle.NextSteps': 'x' }, base));

    expect(outcome).toMatchObject({ fault: { kind: 'conflict', code: 'EDITED_SINCE_READ' } });
  });

  it.each([
    ['Pending Submission', { 'Project.Title': 'Other' }],
    ['Approved', { 'LifeCycle.Stage': 'Qualified' }],
    ['Action Required', { 'Customer.Account.Address.PostalCode': '20097' }],
    ['A status of tomorrow', { 'Project.Title': 'Other' }],
  ])('goes out while the status is %s and the fields may be edited', async (status, values) => {
    const { call, operations } = fakeSelling({ GetOpportunity: () => held(status), UpdateOpportunity: () => written });

    expect(await updateOpportunity(call, update(values))).toMatchObject({ outcome: 'written' });
    expect(operations()).toEqual(['GetOpportunity', 'UpdateOpportunity']);
  });

  it('keeps the other spends, and takes a contract’s worth only with its length', async () => {
    const amount = {
      'Project.ExpectedCustomerSpend.Self.Amount': '48000.25',
      'Project.ExpectedCustomerSpend.Self.CurrencyCode': 'EUR',
    };
    const { call, asked } = fakeSelling({ GetOpportunity: () => opportunity(), UpdateOpportunity: () => written });

    const without = await updateOpportunity(call, update(amount));
    const withLength = await updateOpportunity(
      call,
      update({ ...amount, 'Project.ExpectedContractDuration.Value': '12' }),
    );

    expect(without).toMatchObject({ fault: { kind: 'rejected', fields: Object.keys(amount) } });
    expect(withLength).toMatchObject({ outcome: 'written' });
    expect(asked.at(-1)?.input.Project).toMatchObject({
      ExpectedCustomerSpend: [
        { Amount: '531.0', CurrencyCode: 'USD', Frequency: 'Monthly', TargetCompany: 'AWS' },
        { Amount: '48000.25', CurrencyCode: 'EUR', Frequency: 'Monthly', TargetCompany: 'Self' },
      ],
      ExpectedContractDuration: { Term: 'Months', Value: '12' },
    });
  });

  it.each([
    ['LifeCycle.NextSteps', 'x'.repeat(256)],
    ['Project.CustomerBusinessProblem', 'too short'],
    ['Project.ExpectedCustomerSpend.AWS.Amount', '1.005'],
    ['Project.ExpectedCustomerSpend.AWS.Amount', '-1'],
    ['LifeCycle.Stage', 'Deferred'],
    ['LifeCycle.ReviewStatus', 'Approved'],
    ['Customer.Account.Address.StateOrRegion', 'Texas'],
    ['Project.ExpectedContractDuration.Value', '145'],
    ['No.Such.Field', 'x'],
  ])('refuses what AWS would not take in %s before it is sent', async (field, value) => {
    const { call, operations } = fakeSelling({ GetOpportunity: () => opportunity() });

    const outcome = await updateOpportunity(call, update({ [field]: value }));

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', fields: [field] } });
    expect(JSON.stringify(outcome)).not.toContain(`"${value}"`);
    expect(operations()).toEqual(['GetOpportunity']);
  });

  it('names the fields AWS refuses as the mapping names them', async () => {
    const { call } = fakeSelling({
      GetOpportunity: () => opportunity(),
      UpdateOpportunity: () => {
        throw awsError('ValidationException', {
          ErrorList: [
            { FieldName: 'lifeCycle.nextSteps', Message: 'not like this', Code: 'INVALID_VALUE' },
            { FieldName: 'Project.ExpectedCustomerSpend[1].Amount', Message: 'too much', Code: 'VALUE_OUT_OF_RANGE' },
          ],
        });
      },
    });

    const outcome = await updateOpportunity(call, update({ 'LifeCycle.NextSteps': 'x' }));

    expect(outcome).toMatchObject({
      fault: {
        kind: 'rejected',
        fields: [
          'LifeCycle.NextSteps',
          'Project.ExpectedCustomerSpend.Self.Amount',
          'Project.ExpectedCustomerSpend.AWS.Amount',
        ],
      },
    });
  });
});

describe('the associations of an opportunity', () => {
  it('are changed as differences, also where its members may not be edited', async () => {
    const { call, asked } = fakeSelling({
      GetOpportunity: () => held('Submitted'),
      AssociateOpportunity: () => ({}),
      DisassociateOpportunity: () => ({}),
    });

    const outcome = await updateOpportunity(
      call,
      update({
        'RelatedEntityIdentifiers.Solution': 'S-0000002',
        'RelatedEntityIdentifiers.AwsMarketplaceOffer': 'offer-abc1',
      }),
    );

    expect(outcome).toMatchObject({ outcome: 'written' });
    expect(
      asked.slice(1).map(({ operation, input }) => [operation, input.RelatedEntityType, input.RelatedEntityIdentifier]),
    ).toEqual([
      ['AssociateOpportunity', 'Solutions', 'S-0000002'],
      ['DisassociateOpportunity', 'Solutions', 'S-0000001'],
      [
        'AssociateOpportunity',
        'AwsMarketplaceOffers',
        'arn:aws:aws-marketplace:us-east-1:111122223333:AWSMarketplace/Offer/offer-abc1',
      ],
    ]);
  });

  it('come before the stage where there is no solution yet, since AWS takes the stages of a certain deal only with one', async () => {
    let solutions: readonly string[] = [];
    const stamps = ['2026-03-02T10:15:00.123456789Z', '2026-03-02T10:15:01.987654321Z'];
    const { call, asked, operations } = fakeSelling({
      GetOpportunity: () =>
        opportunity({
          LastModifiedDate: stamps[solutions.length],
          RelatedEntityIdentifiers: { Solutions: solutions, AwsMarketplaceOffers: [] },
        }),
      AssociateOpportunity: ({ RelatedEntityIdentifier }) => {
        solutions = [String(RelatedEntityIdentifier)];
        return {};
      },
      UpdateOpportunity: () => {
        if (solutions.length === 0) throw lacksSolution();
        return written;
      },
    });

    const outcome = await updateOpportunity(
      call,
      update(
        { 'LifeCycle.Stage': 'Committed', 'RelatedEntityIdentifiers.Solution': 'S-0000002' },
        { 'LifeCycle.Stage': 'Prospect', 'RelatedEntityIdentifiers.Solution': null },
      ),
    );

    expect(outcome).toMatchObject({ outcome: 'written' });
    expect(operations()).toEqual(['GetOpportunity', 'AssociateOpportunity', 'GetOpportunity', 'UpdateOpportunity']);
    expect(asked.at(-1)?.input.LastModifiedDate).toBe(stamps[1]);
  });

  it('are waited for by nothing but the stage where the solution itself was refused', async () => {
    const { call } = fakeSelling({
      GetOpportunity: () => opportunity({ RelatedEntityIdentifiers: { Solutions: [], AwsMarketplaceOffers: [] } }),
      UpdateOpportunity: () => {
        throw lacksSolution();
      },
    });

    const outcome = await updateOpportunity(
      call,
      update({ 'LifeCycle.Stage': 'Committed', 'LifeCycle.NextSteps': 'Call them' }),
    );

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', fields: ['LifeCycle.Stage'] } });
  });

  it('are left alone when they are there, by id or by ARN', async () => {
    const related = {
      Solutions: ['S-0000001'],
      AwsMarketplaceOffers: ['arn:aws:aws-marketplace:us-east-1:111122223333:AWSMarketplace/Offer/offer-abc1'],
    };
    const { call, operations } = fakeSelling({
      GetOpportunity: () => opportunity({ RelatedEntityIdentifiers: related }),
    });

    await updateOpportunity(
      call,
      update({
        'RelatedEntityIdentifiers.Solution': 'S-0000001',
        'RelatedEntityIdentifiers.AwsMarketplaceOffer': 'offer-abc1',
      }),
    );

    expect(operations()).toEqual(['GetOpportunity']);
  });

  it('are refused by their field when AWS knows no such thing', async () => {
    const { call } = fakeSelling({
      GetOpportunity: () => opportunity(),
      AssociateOpportunity: () => {
        throw awsError('ResourceNotFoundException');
      },
    });

    const outcome = await updateOpportunity(call, update({ 'RelatedEntityIdentifiers.Solution': 'S-0000009' }));

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', fields: ['RelatedEntityIdentifiers.Solution'] } });
  });
});
