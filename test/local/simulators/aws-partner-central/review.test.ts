import { describe, expect, it } from 'vitest';
import { type AccountUnderTest, complete, openAccount } from './partner-central-under-test.ts';

/** Updates an opportunity with all it is complete with, but for one part. */
async function edit({ call, read }: AccountUnderTest, id: string, part: Readonly<Record<string, unknown>>) {
  const { LastModifiedDate } = await read(id);
  return call('UpdateOpportunity', { ...complete, Identifier: id, LastModifiedDate, ...part });
}

const parts = {
  Title: { Project: { ...complete.Project, Title: 'Another title' } },
  Stage: { LifeCycle: { ...complete.LifeCycle, Stage: 'Technical Validation' } },
  TargetCloseDate: { LifeCycle: { ...complete.LifeCycle, TargetCloseDate: '2026-12-31' } },
  Spend: {
    Project: {
      ...complete.Project,
      ExpectedCustomerSpend: [{ Amount: '9', CurrencyCode: 'EUR', Frequency: 'Monthly', TargetCompany: 'AWS' }],
    },
  },
  Key: { PartnerOpportunityIdentifier: null },
};

describe('submitting', () => {
  it('makes an engagement, invites AWS, and puts the opportunity into review', async () => {
    const { call, draft, read, told } = openAccount();
    const Identifier = await draft();
    told();

    const started = await call('StartEngagementFromOpportunityTask', {
      Identifier,
      ClientToken: 't',
      AwsSubmission: { InvolvementType: 'Co-Sell' },
    });

    expect(started.json).toEqual({
      EngagementId: expect.stringMatching(/^eng-[0-9a-z]{14}$/),
      EngagementInvitationId: expect.stringMatching(/^engi-[0-9a-z]{13}$/),
      Message: null,
      OpportunityId: Identifier,
      ReasonCode: null,
      ResourceSnapshotJobId: expect.stringMatching(/^job-[0-9a-z]{13}$/),
      StartTime: expect.stringMatching(/\.\d{6,9}Z$/),
      TaskArn: expect.stringMatching(
        /^arn:aws:partnercentral:us-east-1::catalog\/Sandbox\/engagement-from-opportunity-task\//,
      ),
      TaskId: expect.stringMatching(/^task-[0-9a-z]{13}$/),
      TaskStatus: 'COMPLETE',
    });
    expect(told()).toEqual([
      'Engagement Created',
      'Opportunity Updated',
      'Engagement Resource Snapshot Created',
      'Engagement Invitation Created',
    ]);
    expect((await read(Identifier)).LifeCycle.ReviewStatus).toBe('Submitted');
  });

  it('by a task says in the task what is lacking', async () => {
    const { call, read, told } = openAccount();
    const bare = await call('CreateOpportunity', { ClientToken: 'a' });
    const Identifier = bare.json.Id;
    told();

    const start = { Identifier, ClientToken: 't', AwsSubmission: { InvolvementType: 'Co-Sell' } };
    const { json } = await call('StartEngagementFromOpportunityTask', start);
    const submit = await call('SubmitOpportunity', { Identifier, InvolvementType: 'Co-Sell' });

    expect(json).toMatchObject({ TaskStatus: 'FAILED', ReasonCode: 'OpportunityValidationFailed' });
    expect(json.Message).toContain('RelatedEntityIdentifiers.Solutions');
    expect(submit.json.ErrorList).toContainEqual(
      expect.objectContaining({ FieldName: 'Customer.Account.CompanyName', Code: 'REQUIRED_FIELD_MISSING' }),
    );
    expect((await read(Identifier)).LifeCycle.ReviewStatus).toBe('Pending Submission');
    expect(told()).toEqual([]);
  });

  it('runs once for a client token, takes its time, and is seen in the list of tasks', async () => {
    const under = openAccount({ taskMs: 60_000 });
    const { call, draft, read, advance } = under;
    const Identifier = await draft();
    const start = { Identifier, ClientToken: 't', AwsSubmission: { InvolvementType: 'Co-Sell' } };

    const first = await call('StartEngagementFromOpportunityTask', start);
    const during = await read(Identifier);
    advance(60_000);
    const list = await call('ListEngagementFromOpportunityTasks', { TaskIdentifier: [first.json.TaskId] });
    const again = await call('StartEngagementFromOpportunityTask', start);

    expect(first.json).toMatchObject({ TaskStatus: 'IN_PROGRESS', EngagementId: null });
    expect(during.LifeCycle.ReviewStatus).toBe('Pending Submission');
    expect(list.json.TaskSummaries).toEqual([expect.objectContaining({ TaskStatus: 'COMPLETE', ReasonCode: null })]);
    expect(again.json).toEqual(list.json.TaskSummaries[0]);
    expect((await read(Identifier)).LifeCycle.ReviewStatus).toBe('Submitted');
  });

  it('for visibility only is read back as a need that the model does not know', async () => {
    const { call, draft, read } = openAccount();
    const Identifier = await draft();

    await call('SubmitOpportunity', { Identifier, InvolvementType: 'For Visibility Only' });

    expect((await read(Identifier)).PrimaryNeedsFromAws).toEqual(['Do Not Need Support from AWS Sales Rep']);
  });

  it('for visibility only takes that need back where it was read, unless it is told to keep to the model', async () => {
    const outcomes = [];
    for (const refusesItsOwnNeed of [false, true]) {
      const under = openAccount({ refusesItsOwnNeed });
      const id = await under.submitted();
      under.account.admin.review({ opportunityId: id, status: 'Approved' });
      const PrimaryNeedsFromAws = ['Do Not Need Support from AWS Sales Rep'];
      const early = await edit(under, id, { PrimaryNeedsFromAws });
      under.account.admin.edit({ opportunityId: id, involvement: 'For Visibility Only' });
      const asRead = await edit(under, id, { PrimaryNeedsFromAws });
      outcomes.push([early.status, asRead.status]);
      expect((await under.read(id)).PrimaryNeedsFromAws).toEqual(PrimaryNeedsFromAws);
    }

    expect(outcomes).toEqual([
      [400, 200],
      [400, 400],
    ]);
  });

  it('is done once', async () => {
    const { call, submitted } = openAccount();
    const Identifier = await submitted();

    const again = await call('SubmitOpportunity', { Identifier, InvolvementType: 'Co-Sell' });

    expect(again.json.__type).toContain('ConflictException');
  });
});

describe('what may be edited', () => {
  it('is all before the submission', async () => {
    const under = openAccount();
    const id = await under.draft();

    for (const part of Object.values(parts)) expect(await edit(under, id, part)).toMatchObject({ status: 200 });
  });

  it.each(['Submitted', 'In review', 'Rejected'] as const)(
    'is nothing while %s, but for what it is associated with',
    async (status) => {
      const under = openAccount();
      const id = await under.submitted();
      if (status !== 'Submitted') under.account.admin.review({ opportunityId: id, status });

      for (const part of [{}, ...Object.values(parts)]) {
        const { json } = await edit(under, id, part);
        expect(json.ErrorList).toMatchObject([{ FieldName: 'LifeCycle.ReviewStatus', Code: 'ACTION_NOT_PERMITTED' }]);
      }
      const relation = {
        OpportunityIdentifier: id,
        RelatedEntityType: 'Solutions',
        RelatedEntityIdentifier: 'S-0020002',
      };
      expect(await under.call('AssociateOpportunity', relation)).toMatchObject({ status: 200 });
    },
  );

  it('is a few fields while action is required, and sends it back into review', async () => {
    const under = openAccount();
    const id = await under.submitted();
    under.account.admin.review({
      opportunityId: id,
      status: 'Action Required',
      comments: 'Which market?',
      reason: 'X',
    });

    expect((await under.read(id)).LifeCycle).toMatchObject({
      ReviewStatus: 'Action Required',
      ReviewComments: 'Which market?',
      ReviewStatusReason: 'X',
    });
    expect((await edit(under, id, parts.Title)).json.ErrorList).toMatchObject([
      { FieldName: 'Project.Title', Code: 'ACTION_NOT_PERMITTED' },
    ]);
    expect((await edit(under, id, parts.Stage)).json.ErrorList).toMatchObject([{ FieldName: 'LifeCycle.Stage' }]);
    expect(await edit(under, id, parts.Spend)).toMatchObject({ status: 200 });
    expect((await under.read(id)).LifeCycle.ReviewStatus).toBe('Submitted');
  });

  it.each(['Action Required', 'Approved'] as const)(
    'is open for what was read and is written back: %s',
    async (status) => {
      const under = openAccount();
      const id = await under.submitted({ SoftwareRevenue: { DeliveryModel: 'Contract' } });
      under.account.admin.review({ opportunityId: id, status });
      const held = await under.read(id);

      const LifeCycle = { ...held.LifeCycle, TargetCloseDate: '2026-12-31' };
      const { status: outcome } = await under.call('UpdateOpportunity', { ...held, Identifier: id, LifeCycle });

      const { LastModifiedDate, ...after } = await under.read(id);
      expect(outcome).toBe(200);
      expect(after).toEqual({
        ...held,
        LastModifiedDate: undefined,
        LifeCycle: { ...LifeCycle, ReviewStatus: status === 'Approved' ? 'Approved' : 'Submitted' },
      });
      expect(LastModifiedDate).not.toBe(held.LastModifiedDate);
    },
  );

  it('is most of it after approval, but not what AWS took over, nor by leaving it out', async () => {
    const under = openAccount();
    const id = await under.submitted();
    under.account.admin.review({ opportunityId: id, status: 'In review' });
    under.told();
    under.account.admin.review({ opportunityId: id, status: 'Approved' });

    expect(under.told()).toEqual([
      'Engagement Invitation Accepted',
      'Engagement Member Added',
      'Opportunity Updated',
      'Engagement Resource Snapshot Created',
    ]);
    expect(await edit(under, id, parts.Stage)).toMatchObject({ status: 200 });
    const Review = { LifeCycle: { ...parts.Stage.LifeCycle, ReviewStatus: 'Action Required' } };
    expect(await edit(under, id, Review)).toMatchObject({ status: 200 });
    expect((await under.read(id)).LifeCycle).toMatchObject({ Stage: 'Technical Validation', ReviewStatus: 'Approved' });
    for (const [part, FieldName] of [
      [parts.Title, 'Project.Title'],
      [parts.Key, 'PartnerOpportunityIdentifier'],
    ] as const) {
      expect((await edit(under, id, part)).json.ErrorList).toMatchObject([{ FieldName, Code: 'ACTION_NOT_PERMITTED' }]);
    }
  });

  it('keeps a solution once it is submitted, and needs one to be committed', async () => {
    const under = openAccount();
    const id = await under.submitted();
    const relation = {
      OpportunityIdentifier: id,
      RelatedEntityType: 'Solutions',
      RelatedEntityIdentifier: 'S-0020001',
    };
    const bare = await under.call('CreateOpportunity', { ...complete, ClientToken: 'bare' });

    const last = await under.call('DisassociateOpportunity', relation);
    const Committed = { LifeCycle: { ...complete.LifeCycle, Stage: 'Committed' } };
    const committed = await edit(under, bare.json.Id, Committed);

    expect(last.json.ErrorList).toMatchObject([{ Code: 'NOT_ENOUGH_VALUES' }]);
    expect(committed.json.ErrorList).toMatchObject([{ FieldName: 'RelatedEntityIdentifiers.Solutions' }]);
  });

  it('is almost nothing once it is launched', async () => {
    const under = openAccount();
    const id = await under.submitted();
    under.account.admin.review({ opportunityId: id, status: 'Approved' });
    const Launched = { LifeCycle: { ...complete.LifeCycle, Stage: 'Launched' } };
    await edit(under, id, Launched);

    const spend = await edit(under, id, { ...Launched, ...parts.Spend });
    const Project = { ...complete.Project, AdditionalComments: 'Live since March.' };
    const comment = await edit(under, id, { ...Launched, Project });

    expect(spend.json.ErrorList).toMatchObject([{ FieldName: 'Project.ExpectedCustomerSpend' }]);
    expect(comment.status).toBe(200);
  });

  it('is as much as before once it is launched, where an account is set up so', async () => {
    const under = openAccount({ isOpenAfterTheEnd: true });
    const id = await under.submitted();
    under.account.admin.review({ opportunityId: id, status: 'Approved' });
    const Launched = { LifeCycle: { ...complete.LifeCycle, Stage: 'Launched' } };
    await edit(under, id, Launched);

    expect(await edit(under, id, { ...Launched, ...parts.Spend })).toMatchObject({ status: 200 });
    expect((await edit(under, id, { ...Launched, ...parts.Title })).status).toBe(400);
  });

  it('is the outcome of the review, in the Sandbox only, by who plays AWS', async () => {
    const under = openAccount();
    const id = await under.submitted();

    const verdict = await edit(under, id, { LifeCycle: { ...complete.LifeCycle, ReviewStatus: 'Approved' } });

    expect(verdict.status).toBe(200);
    expect((await under.read(id)).LifeCycle.ReviewStatus).toBe('Approved');
  });
});

describe('AWS', () => {
  it('decides only what is submitted', async () => {
    const { account, draft, submitted } = openAccount();

    const early = account.admin.review({ opportunityId: await draft(), status: 'Approved' });
    const id = await submitted();
    account.admin.review({ opportunityId: id, status: 'Rejected' });
    const late = account.admin.review({ opportunityId: id, status: 'Approved' });

    expect([early.ok, late.ok]).toEqual([false, false]);
  });

  it('edits its own opportunity, which partners see in its summary and hear of, and not in theirs', async () => {
    const { account, call, submitted, read, told } = openAccount();
    const id = await submitted();
    const before = await read(id);
    told();

    account.admin.edit({ opportunityId: id, summary: { Stage: 'Seller Engaged', NextSteps: 'We call them.' } });

    expect(told()).toEqual(['Opportunity Updated']);
    expect(await read(id)).toEqual(before);
    expect((await call('GetAwsOpportunitySummary', { RelatedOpportunityIdentifier: id })).json).toMatchObject({
      LifeCycle: {
        Stage: 'Seller Engaged',
        NextSteps: 'We call them.',
        NextStepsHistory: [{ Value: 'We call them.', Time: expect.any(String) }],
      },
      InvolvementType: 'Co-Sell',
      Visibility: 'Full',
    });
  });

  it('moves the partner’s opportunity, under a new lock', async () => {
    const { account, submitted, read } = openAccount();
    const id = await submitted();
    const before = await read(id);

    account.admin.edit({ opportunityId: id, lifeCycle: { Stage: 'Committed' } });

    const after = await read(id);
    expect(after.LifeCycle).toMatchObject({ Stage: 'Committed', NextSteps: 'Call on Monday.' });
    expect(after.LastModifiedDate).not.toBe(before.LastModifiedDate);
  });

  it('has no opportunity of its own before the submission', async () => {
    const { call, draft } = openAccount();

    const summary = await call('GetAwsOpportunitySummary', { RelatedOpportunityIdentifier: await draft() });

    expect(summary.json.__type).toContain('ResourceNotFoundException');
  });
});
