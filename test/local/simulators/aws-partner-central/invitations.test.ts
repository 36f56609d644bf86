import { describe, expect, it } from 'vitest';
import { opportunityFields } from '../../../../local/simulators/aws-partner-central/opportunity-requests.ts';
import { type AccountUnderTest, complete, openAccount } from './partner-central-under-test.ts';

const dayMs = 86_400_000;

/** AWS refers an opportunity in the Sandbox. */
function refer({ account }: AccountUnderTest): { readonly invitationId: string; readonly opportunityId: string } {
  const outcome = account.admin.sendReferral({ catalog: 'Sandbox', fields: opportunityFields.parse(complete) });
  if (!outcome.ok) throw new Error(outcome.problem);
  return { invitationId: outcome.ids.invitationId ?? '', opportunityId: outcome.ids.opportunityId ?? '' };
}

describe('a referral of AWS', () => {
  it('comes as an invitation that tells what it is about, and expires after 15 days', async () => {
    const under = openAccount();
    const { invitationId, opportunityId } = refer(under);

    const [event] = under.events;
    const { json } = await under.call('GetEngagementInvitation', { Identifier: invitationId });

    expect(event).toMatchObject({
      'detail-type': 'Engagement Invitation Created',
      detail: {
        schemaVersion: '1.0',
        engagementInvitation: {
          id: invitationId,
          senderAccountId: 'aws',
          senderCompanyName: 'AWS',
          participantType: 'RECEIVER',
          expirationDate: expect.stringMatching(/^2026-03-17T10:15:00\.25\d{2,7}Z$/),
        },
      },
    });
    expect(json).toMatchObject({
      Status: 'PENDING',
      Payload: { OpportunityInvitation: { Customer: { CompanyName: 'Northwind Traders' } } },
      ExistingMembers: [{ CompanyName: 'AWS' }],
    });
    expect((await under.call('GetOpportunity', { Identifier: opportunityId })).status).toBe(400);
    expect((await under.call('GetEngagement', { Identifier: json.EngagementId })).status).toBe(400);
  });

  it('is an approved opportunity once its invitation is accepted, by id or ARN', async () => {
    const under = openAccount();
    const { invitationId, opportunityId } = refer(under);
    under.told();

    const Identifier = `arn:aws:partnercentral:us-east-1::catalog/Sandbox/engagement-invitation/${invitationId}`;
    const { json } = await under.call('StartEngagementByAcceptingInvitationTask', { Identifier, ClientToken: 't' });

    expect(json).toMatchObject({ TaskStatus: 'COMPLETE', OpportunityId: opportunityId, ReasonCode: null });
    expect(under.told()).toEqual([
      'Engagement Invitation Accepted',
      'Engagement Member Added',
      'Opportunity Created',
      'Engagement Resource Snapshot Created',
    ]);
    expect(await under.read(opportunityId)).toMatchObject({
      CreatedDate: '2026-03-02T10:15:00Z',
      LifeCycle: { ReviewStatus: 'Approved', Stage: 'Qualified' },
    });
    const summary = await under.call('GetAwsOpportunitySummary', { RelatedOpportunityIdentifier: opportunityId });
    expect(summary.json.Origin).toBe('AWS Referral');
    const tasks = await under.call('ListEngagementByAcceptingInvitationTasks', {
      EngagementInvitationIdentifier: [invitationId],
    });
    expect(tasks.json.TaskSummaries).toEqual([json]);
  });

  it('fails in its task when it expires while the task runs', async () => {
    const under = openAccount({ taskMs: 60_000 });
    const { invitationId } = refer(under);

    const start = { Identifier: invitationId, ClientToken: 't' };
    await under.call('StartEngagementByAcceptingInvitationTask', start);
    under.account.admin.answerInvitation({ invitationId, answer: 'expire' });
    under.advance(60_000);
    const { json } = await under.call('StartEngagementByAcceptingInvitationTask', start);

    expect(json).toMatchObject({ TaskStatus: 'FAILED', ReasonCode: 'InvitationValidationFailed', OpportunityId: null });
  });

  it('can be rejected with a reason, once', async () => {
    const under = openAccount();
    const { invitationId } = refer(under);
    under.told();

    const reject = { Identifier: invitationId, RejectionReason: 'Next steps unclear' };
    const first = await under.call('RejectEngagementInvitation', reject);
    const second = await under.call('RejectEngagementInvitation', reject);

    expect(first).toEqual({ status: 200, json: {} });
    expect(second.json.__type).toContain('ConflictException');
    expect(under.told()).toEqual(['Engagement Invitation Rejected']);
    expect((await under.call('GetEngagementInvitation', { Identifier: invitationId })).json).toMatchObject({
      Status: 'REJECTED',
      RejectionReason: 'Next steps unclear',
    });
  });

  it('expires by itself, and cannot be accepted any more', async () => {
    const under = openAccount();
    const { invitationId } = refer(under);
    under.told();

    under.advance(15 * dayMs - 1);
    under.account.runDue();
    expect(under.told()).toEqual([]);
    under.advance(1);
    under.account.runDue();

    expect(under.told()).toEqual(['Engagement Invitation Expired']);
    const accept = await under.call('StartEngagementByAcceptingInvitationTask', {
      Identifier: invitationId,
      ClientToken: 't',
    });
    expect(accept.json.__type).toContain('ConflictException');
  });

  it('is simulated in the Sandbox by creating an opportunity of that origin', async () => {
    const under = openAccount();

    const made = await under.call('CreateOpportunity', { ...complete, ClientToken: 'a', Origin: 'AWS Referral' });

    expect(under.told()).toEqual(['Engagement Invitation Created']);
    expect((await under.call('GetOpportunity', { Identifier: made.json.Id })).status).toBe(400);
    const list = await under.call('ListEngagementInvitations', { ParticipantType: 'RECEIVER', Status: ['PENDING'] });
    const [{ Id }] = list.json.EngagementInvitationSummaries;
    await under.call('StartEngagementByAcceptingInvitationTask', { Identifier: Id, ClientToken: 't' });
    expect((await under.read(made.json.Id)).LifeCycle.ReviewStatus).toBe('Approved');
  });
});

describe('an invitation to a lead', () => {
  const lead = {
    catalog: 'Sandbox',
    title: 'A lead',
    message: 'Would you talk to them?',
    payload: {
      LeadInvitation: { Customer: { CompanyName: 'Fabrikam' }, Interaction: { ContactBusinessTitle: 'CTO' } },
    },
  } as const;

  it('is accepted without an opportunity', async () => {
    const under = openAccount();
    const outcome = under.account.admin.sendInvitation(lead);
    const Identifier = outcome.ok ? outcome.ids.invitationId : '';
    under.told();

    const task = await under.call('StartEngagementByAcceptingInvitationTask', { Identifier, ClientToken: 't' });
    const accept = await under.call('AcceptEngagementInvitation', { Identifier });

    expect(task.json.Reason).toBe('BUSINESS_VALIDATION_FAILED');
    expect(accept).toEqual({ status: 200, json: {} });
    expect(under.told()).toEqual(['Engagement Invitation Accepted', 'Engagement Member Added']);
    const engagements = await under.call('ListEngagements');
    expect(engagements.json.EngagementSummaryList).toMatchObject([{ Title: 'A lead', MemberCount: 2 }]);
  });
});

describe('an engagement of the partner', () => {
  const engagement = { ClientToken: 'e', Title: 'Together', Description: 'With others' };
  const invite = {
    ClientToken: 'i',
    Invitation: {
      Message: 'Join us.',
      Receiver: { Account: { AwsAccountId: '777788889999', Alias: 'Second Partner' } },
      Payload: {
        LeadInvitation: { Customer: { CompanyName: 'Fabrikam' }, Interaction: { ContactBusinessTitle: 'CTO' } },
      },
    },
  };

  it('grows by whom it invites, by others, and by what AWS adds', async () => {
    const under = openAccount();
    const { json } = await under.call('CreateEngagement', engagement);
    const sent = await under.call('CreateEngagementInvitation', { ...invite, EngagementIdentifier: json.Id });

    const { admin } = under.account;
    admin.answerInvitation({ invitationId: sent.json.Id, answer: 'accept' });
    admin.joinEngagement({ engagementId: json.Id, accountId: '666677778888', companyName: 'Third Partner' });
    admin.addContext({ engagementId: json.Id, context: { Type: 'Lead' } });

    expect(under.told()).toEqual([
      'Engagement Created',
      'Engagement Invitation Created',
      'Engagement Invitation Accepted',
      'Engagement Member Added',
      'Engagement Member Added',
      'Engagement Updated',
    ]);
    expect((await under.call('GetEngagement', { Identifier: json.Id })).json).toMatchObject({
      MemberCount: 3,
      Contexts: [{ Id: '1', Type: 'Lead' }],
      ModifiedBy: 'aws',
    });
    const sentOnes = await under.call('ListEngagementInvitations', { ParticipantType: 'SENDER' });
    expect(sentOnes.json.EngagementInvitationSummaries).toMatchObject([{ Status: 'ACCEPTED', ExpirationDate: null }]);
  });

  it('does not accept for the partner what the partner received', async () => {
    const under = openAccount();
    const { invitationId } = refer(under);

    expect(under.account.admin.answerInvitation({ invitationId, answer: 'accept' }).ok).toBe(false);
  });
});
