import { describe, expect, it } from 'vitest';
import { createOpportunity } from '../../../connectors/aws-partner-central/create-opportunity.ts';
import { findCreated } from '../../../connectors/aws-partner-central/find-created.ts';
import { writeOpportunities } from '../../../connectors/aws-partner-central/write-opportunities.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import { awsError, fakeSelling } from './fake-selling.ts';

const hubId = 'PartnerOpportunityIdentifier';
const unifiedId = '01J00000000000000000000001';

function create(more: Partial<WriteItem> = {}): WriteItem {
  return {
    operation: 'create',
    unifiedId,
    values: {
      'Project.Title': 'Rollout',
      'Customer.Account.CompanyName': 'Nordlicht AG',
      'RelatedEntityIdentifiers.Solution': 'S-0000001',
      AwsSubmission: true,
    },
    base: {},
    ...more,
  };
}

const made = { Id: 'O1', LastModifiedDate: '2026-03-02T10:15:00.123456789Z', PartnerOpportunityIdentifier: unifiedId };
const willing = {
  CreateOpportunity: () => made,
  AssociateOpportunity: () => ({}),
  ListEngagementFromOpportunityTasks: () => ({ TaskSummaries: null }),
  StartEngagementFromOpportunityTask: () => ({ TaskStatus: 'COMPLETE' }),
};

describe('a new opportunity', () => {
  it('is made, gets its solution and is handed to AWS, in this order', async () => {
    const { call, asked, operations } = fakeSelling(willing);

    const outcome = await createOpportunity(call, hubId, create());

    expect(outcome).toMatchObject({ outcome: 'written', externalId: 'O1', created: true });
    expect(operations()).toEqual([
      'CreateOpportunity',
      'AssociateOpportunity',
      'ListEngagementFromOpportunityTasks',
      'StartEngagementFromOpportunityTask',
    ]);
    expect(asked[0]?.input).toEqual({
      ClientToken: `tributary-${unifiedId}`,
      PartnerOpportunityIdentifier: unifiedId,
      Origin: 'Partner Referral',
      Marketing: { Source: 'None' },
      Customer: { Account: { CompanyName: 'Nordlicht AG' } },
      Project: { Title: 'Rollout', SalesActivities: ['Initialized discussions with customer'] },
      LifeCycle: { ReviewStatus: 'Pending Submission' },
    });
    expect(asked[3]?.input.AwsSubmission).toEqual({ InvolvementType: 'For Visibility Only', Visibility: 'Full' });
  });

  it('is co-sell where AWS is needed and nothing else was said', async () => {
    const { call, asked } = fakeSelling(willing);
    const values = {
      ...create().values,
      PrimaryNeedsFromAws: 'Co-Sell - Deal Support;Co-Sell - Technical Consultation',
    };

    await createOpportunity(call, hubId, create({ values }));

    expect(asked[0]?.input.PrimaryNeedsFromAws).toEqual(['Co-Sell - Deal Support', 'Co-Sell - Technical Consultation']);
    expect(asked.at(-1)?.input.AwsSubmission).toMatchObject({ InvolvementType: 'Co-Sell' });
  });

  it.each([
    'AssociateOpportunity',
    'ListEngagementFromOpportunityTasks',
    'StartEngagementFromOpportunityTask',
  ] as const)(
    'leaves the hub uncertain when %s fails, naming what was made, so that it goes on instead of making another',
    async (operation) => {
      const fails = () => {
        throw awsError('ThrottlingException');
      };
      const { call } = fakeSelling({ ...willing, [operation]: fails });

      expect(await createOpportunity(call, hubId, create())).toMatchObject({
        outcome: 'failed',
        fault: { kind: 'uncertain', code: 'ThrottlingException' },
        madeAs: 'O1',
      });
    },
  );

  it('names nothing when a step got no answer: it may still be under way', async () => {
    const { call } = fakeSelling({
      ...willing,
      AssociateOpportunity: () => {
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      },
    });

    const outcome = await createOpportunity(call, hubId, create());

    expect(outcome).toMatchObject({ outcome: 'failed', fault: { kind: 'uncertain' } });
    expect(outcome).not.toHaveProperty('madeAs');
  });

  it('leaves the hub uncertain when AWS says that its token was used with other values: there is one already', async () => {
    const { call } = fakeSelling({
      CreateOpportunity: () => {
        throw awsError('ConflictException');
      },
    });

    expect(await createOpportunity(call, hubId, create())).toMatchObject({ fault: { kind: 'uncertain' } });
  });

  it('is found by the hub’s id among the newest, page by page', async () => {
    const pages = [
      { OpportunitySummaries: [{ Id: 'O7' }, { Id: 'O8', PartnerOpportunityIdentifier: 'other' }], NextToken: 'more' },
      { OpportunitySummaries: [{ Id: 'O9', PartnerOpportunityIdentifier: unifiedId }], NextToken: 'even more' },
    ];
    const { call, asked } = fakeSelling({
      ListOpportunities: ({ NextToken }) => pages[NextToken === 'more' ? 1 : 0] ?? {},
    });

    const found = await findCreated(call, hubId, [unifiedId]);

    expect(found).toEqual({ ok: true, value: new Map([[unifiedId, 'O9']]) });
    expect(asked.map(({ input }) => input.NextToken)).toEqual([undefined, 'more']);
  });

  it('is not looked for without end', async () => {
    const { call, asked } = fakeSelling({ ListOpportunities: () => ({ OpportunitySummaries: [], NextToken: 'more' }) });

    expect(await findCreated(call, hubId, [unifiedId])).toEqual({ ok: true, value: new Map() });
    expect(asked).toHaveLength(10);
  });
});

describe('several writes', () => {
  it('stop at a limit, and answer every item in order', async () => {
    const { call, operations } = fakeSelling({
      CreateOpportunity: () => {
        throw awsError('ThrottlingException');
      },
    });
    const wanting = { ...create(), values: { 'Project.Title': '' } };

    const outcomes = await writeOpportunities(call, hubId, [
      { ...create(), operation: 'delete', externalId: 'O1' },
      wanting,
      create(),
    ]);

    expect(outcomes.map((each) => each.outcome === 'failed' && each.fault.kind)).toEqual([
      'rejected',
      'throttled',
      'throttled',
    ]);
    expect(operations()).toEqual(['CreateOpportunity']);
  });
});
