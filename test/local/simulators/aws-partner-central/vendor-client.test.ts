import {
  ConflictException,
  CreateOpportunityCommand,
  GetOpportunityCommand,
  ListEngagementInvitationsCommand,
  PartnerCentralSellingClient,
  paginateListOpportunities,
  StartEngagementByAcceptingInvitationTaskCommand,
  StartEngagementFromOpportunityTaskCommand,
  ThrottlingException,
  UpdateOpportunityCommand,
  ValidationException,
} from '@aws-sdk/client-partnercentral-selling';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { opportunityFields } from '../../../../local/simulators/aws-partner-central/opportunity-requests.ts';
import type { PartnerCentralOptions } from '../../../../local/simulators/aws-partner-central/simulator-options.ts';
import { startAwsPartnerCentralSimulator } from '../../../../local/simulators/aws-partner-central/start-aws-partner-central-simulator.ts';
import { startHttpServer } from '../../../../local/simulators/shared/http-server.ts';
import { complete, startMs } from './partner-central-under-test.ts';

const Catalog = 'Sandbox';
const { PrimaryNeedsFromAws, Customer, Project, LifeCycle, OpportunityType } = opportunityFields.parse(complete);
/** The vendor's types know no `null`, and this has none. */
const fields = { PrimaryNeedsFromAws, Customer, Project, LifeCycle, OpportunityType } as NonNullable<
  ConstructorParameters<typeof CreateOpportunityCommand>[0]
>;

async function start(options: PartnerCentralOptions = {}) {
  const simulator = await startAwsPartnerCentralSimulator({ now: () => startMs, hasLimits: false, ...options });
  const client = new PartnerCentralSellingClient({
    endpoint: simulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await simulator.close();
  });
  return { simulator, client };
}

describe('the vendor’s client', () => {
  it('creates, reads, updates and submits', async () => {
    const { client } = await start();
    const made = await client.send(new CreateOpportunityCommand({ ...fields, Catalog, ClientToken: 'a' }));
    const held = await client.send(new GetOpportunityCommand({ Catalog, Identifier: made.Id }));

    const update = { ...fields, Catalog, Identifier: made.Id, LastModifiedDate: held.LastModifiedDate };
    const changed = await client.send(new UpdateOpportunityCommand(update));
    const task = await client.send(
      new StartEngagementFromOpportunityTaskCommand({
        Catalog,
        ClientToken: 't',
        Identifier: made.Id,
        AwsSubmission: { InvolvementType: 'Co-Sell' },
      }),
    );

    expect(held.LastModifiedDate).toEqual(new Date(startMs));
    expect(held.Customer?.Account?.CompanyName).toBe('Northwind Traders');
    expect(changed.LastModifiedDate).toEqual(new Date(startMs + 1));
    expect(task.TaskStatus).toBe('FAILED');
    expect(task.Message).toContain('Solutions');
  });

  it('gets the service’s exceptions with what they say', async () => {
    const { client } = await start();
    const made = await client.send(new CreateOpportunityCommand({ ...fields, Catalog, ClientToken: 'a' }));

    const stale = { ...fields, Catalog, Identifier: made.Id, LastModifiedDate: new Date(0) };
    const lost = { Catalog, ClientToken: 'b', LifeCycle: { Stage: 'Closed Lost' } } as const;

    await expect(client.send(new UpdateOpportunityCommand(stale))).rejects.toBeInstanceOf(ConflictException);
    const refusal = await client.send(new CreateOpportunityCommand(lost)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ValidationException);
    expect(refusal).toMatchObject({
      Reason: 'BUSINESS_VALIDATION_FAILED',
      ErrorList: [{ FieldName: 'LifeCycle.ClosedLostReason', Code: 'REQUIRED_FIELD_MISSING' }],
      message: 'The request breaks a business rule.',
    });
  });

  it('is throttled by the limits', async () => {
    const { client } = await start({ hasLimits: true });
    await client.send(new CreateOpportunityCommand({ ...fields, Catalog, ClientToken: 'a' }));

    const second = client.send(new CreateOpportunityCommand({ ...fields, Catalog, ClientToken: 'b' }));

    await expect(second).rejects.toBeInstanceOf(ThrottlingException);
  });

  it('loses digits of nanosecond stamps, so that its update is refused', async () => {
    const { client } = await start({ stampDigits: 9 });
    const made = await client.send(new CreateOpportunityCommand({ ...fields, Catalog, ClientToken: 'a' }));
    const { LastModifiedDate } = await client.send(new GetOpportunityCommand({ Catalog, Identifier: made.Id }));

    const update = client.send(
      new UpdateOpportunityCommand({ ...fields, Catalog, Identifier: made.Id, LastModifiedDate }),
    );

    await expect(update).rejects.toBeInstanceOf(ConflictException);
  });

  it('pages through lists, and accepts a referral', async () => {
    const { client, simulator } = await start();
    const opportunities = Array.from({ length: 5 }, () => ({
      catalog: 'Sandbox' as const,
      fields: opportunityFields.parse(complete),
    }));
    simulator.admin.seed({ opportunities });
    simulator.admin.sendReferral({ catalog: 'Sandbox', fields: opportunityFields.parse(complete) });

    const pages: number[] = [];
    for await (const page of paginateListOpportunities({ client, pageSize: 2 }, { Catalog })) {
      pages.push(page.OpportunitySummaries?.length ?? 0);
    }
    const invitations = await client.send(
      new ListEngagementInvitationsCommand({ Catalog, ParticipantType: 'RECEIVER' }),
    );
    const Identifier = invitations.EngagementInvitationSummaries?.[0]?.Id;
    const task = await client.send(
      new StartEngagementByAcceptingInvitationTaskCommand({ Catalog, ClientToken: 't', Identifier }),
    );

    expect(pages).toEqual([2, 2, 1]);
    expect(task.TaskStatus).toBe('COMPLETE');
    const referred = await client.send(new GetOpportunityCommand({ Catalog, Identifier: task.OpportunityId }));
    expect(referred.LifeCycle?.ReviewStatus).toBe('Approved');
  });
});

describe('the account’s address', () => {
  it('says whose account it is', async () => {
    const { simulator } = await start({ accessKeyIds: ['test'] });
    const identity = new STSClient({
      endpoint: simulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    onTestFinished(() => identity.destroy());

    expect((await identity.send(new GetCallerIdentityCommand({}))).Account).toBe(simulator.accountId);
  });

  it('sends events to the bus of a hub, and does by itself what is due', async () => {
    const taken: unknown[] = [];
    const bus = await startHttpServer({
      handle({ body }) {
        taken.push(...(JSON.parse(body.toString('utf8')) as { Events: unknown[] }).Events);
        return { status: 200, body: '{"FailedEntryCount":0}' };
      },
    });
    onTestFinished(() => bus.close());
    const timers: (() => void)[] = [];
    let now = startMs;
    const { simulator } = await start({
      now: () => now,
      bus: { endpoint: bus.url },
      setTimer(callback) {
        timers.push(callback);
        return () => undefined;
      },
    });
    simulator.admin.sendReferral({ catalog: 'Sandbox', fields: opportunityFields.parse(complete) });

    now = simulator.nextDueAt() ?? 0;
    timers.at(-1)?.();
    await simulator.eventsIdle();

    expect(now).toBe(startMs + 15 * 86_400_000);
    expect(taken).toMatchObject([
      { 'detail-type': 'Engagement Invitation Created' },
      { 'detail-type': 'Engagement Invitation Expired' },
    ]);
  });
});
