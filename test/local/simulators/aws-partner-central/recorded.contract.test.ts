import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type OpportunityFields,
  opportunityFields,
} from '../../../../local/simulators/aws-partner-central/opportunity-requests.ts';
import { type AccountUnderTest, complete, openAccount } from './partner-central-under-test.ts';

const folder = resolve(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts/aws');
const recordedFile = resolve(folder, 'partner-central-recorded/partnercentral-selling.recorded.json');
const isThere = existsSync(recordedFile);
const title = isThere ? '' : ' (skipped: the shared contract files are not there)';

interface Exchange {
  readonly scenario: string;
  readonly operation: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
}

function load(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

const exchanges = isThere ? (load(recordedFile) as readonly Exchange[]) : [];

/** Operations that are recorded and that the simulator leaves out: the hub has no use for them. */
const NOT_SIMULATED: Readonly<Record<string, string>> = {
  CreateResourceSnapshot: 'Snapshots are taken by tasks.',
  CreateResourceSnapshotJob: 'Snapshot jobs run by themselves.',
  GetResourceSnapshot: 'An opportunity is read by itself.',
  GetResourceSnapshotJob: 'Snapshot jobs run by themselves.',
  GetSellingSystemSettings: 'Settings are made by a person.',
  ListEngagementMembers: 'Members come with invitations.',
  ListEngagementResourceAssociations: 'Which engagement an opportunity is in is told by its task.',
  ListResourceSnapshotJobs: 'Snapshot jobs run by themselves.',
  ListResourceSnapshots: 'An opportunity is read by itself.',
  ListTagsForResource: 'The hub tags nothing.',
  PutSellingSystemSettings: 'Settings are made by a person.',
  StartOpportunityFromEngagementTask: 'Leads are turned into opportunities by a person.',
  StartResourceSnapshotJob: 'Snapshot jobs run by themselves.',
  StopResourceSnapshotJob: 'Snapshot jobs run by themselves.',
  TagResource: 'The hub tags nothing.',
  UpdateEngagementContext: 'Leads are qualified by a person.',
};

/** What the recording tool was to put into the place of its variables. */
const VARIABLES: Readonly<Record<string, string>> = {
  catalog: 'Sandbox',
  clientToken: 'token',
  $guid: 'token',
  $randomUUID: 'token',
  $randomDomainName: 'northwind.example',
  $randomLoremSentence: 'A sentence that is long enough to be a problem.',
  'vault:aws.receiver.accountId': '777788889999',
  targetCloseDate: '2029-10-05',
  awsMarketplaceOfferId: 'offer-abc123',
};

function filledIn(request: Exchange['request']): Record<string, unknown> {
  const text = JSON.stringify(request).replaceAll(/\{\{([^}]+)\}\}/g, (_, name: string) => VARIABLES[name] ?? 'Text');
  return JSON.parse(text) as Record<string, unknown>;
}

/** Everything a partner can write, from the recorded request that says most. */
function recordedFields(): OpportunityFields {
  const request = exchanges.find(({ operation }) => operation === 'CreateOpportunity')?.request;
  return opportunityFields.parse({ ...complete, ...filledIn(request ?? {}) });
}

interface Stage {
  readonly under: AccountUnderTest;
  readonly catalog: 'AWS' | 'Sandbox';
  readonly exchange: Exchange;
  readonly input: Record<string, unknown>;
}

/** Brings an account to where the recorded call was made, and answers the members that name what is there. */
const PREPARED: Readonly<Record<string, (stage: Stage) => Promise<Record<string, unknown>> | Record<string, unknown>>> =
  {
    CreateOpportunity: () => ({}),
    CreateEngagement: () => ({}),
    ListOpportunities: ({ under, catalog, input }) => {
      const launched = {
        ...recordedFields(),
        LifeCycle: { Stage: 'Launched' as const, TargetCloseDate: '2029-05-05' },
      };
      under.account.admin.seed({ opportunities: [{ catalog, fields: launched, status: 'Approved' }] });
      return input;
    },
    ListSolutions: () => ({}),
    UpdateOpportunity: async ({ under, catalog, exchange, input }) => {
      const isVerdict = exchange.scenario.includes('[Simulate] Approval');
      const isDraft = exchange.scenario.startsWith('LeadToOpportunity') || exchange.scenario.startsWith('All API');
      const status = isVerdict ? 'Submitted' : isDraft ? 'Pending Submission' : 'Approved';
      const fields = opportunityFields.parse(input);
      const [Identifier] = under.account.admin.seed({ opportunities: [{ catalog, fields, status }] });
      return { Identifier, LastModifiedDate: (await read(under, catalog, Identifier)).LastModifiedDate };
    },
    GetOpportunity: async ({ under, catalog, exchange }) => {
      const [Identifier] = opportunity(under, catalog, 'Approved');
      await under.call('AssociateOpportunity', {
        Catalog: catalog,
        OpportunityIdentifier: Identifier,
        RelatedEntityType: 'AwsMarketplaceOffers',
        RelatedEntityIdentifier: 'offer-abc123',
      });
      const hasNeed = JSON.stringify(exchange.response.PrimaryNeedsFromAws)?.includes('Do Not') === true;
      if (hasNeed) under.account.admin.edit({ opportunityId: Identifier, involvement: 'For Visibility Only' });
      return { Identifier };
    },
    GetAwsOpportunitySummary: ({ under, catalog, exchange }) => {
      const [opportunityId] = opportunity(under, catalog, 'Approved');
      const { LifeCycle, Insights } = exchange.response;
      if (LifeCycle !== null) under.account.admin.edit({ opportunityId, summary: { NextSteps: 'Go on.' } });
      if (Insights !== null) {
        under.account.admin.edit({ opportunityId, insights: Insights as Record<string, unknown> });
      }
      return { RelatedOpportunityIdentifier: opportunityId };
    },
    AssignOpportunity: ({ under, catalog }) => ({ Identifier: opportunity(under, catalog, 'Approved')[0] }),
    AssociateOpportunity: ({ under, catalog, input }) => ({
      OpportunityIdentifier: opportunity(under, catalog, 'Pending Submission')[0],
      ...(input.RelatedEntityType === 'Solutions' ? { RelatedEntityIdentifier: solutionOf(catalog) } : {}),
    }),
    DisassociateOpportunity: ({ under, catalog }) => ({
      OpportunityIdentifier: opportunity(under, catalog, 'Pending Submission')[0],
      RelatedEntityIdentifier: solutionOf(catalog),
    }),
    SubmitOpportunity: ({ under, catalog }) => ({ Identifier: opportunity(under, catalog, 'Pending Submission')[0] }),
    StartEngagementFromOpportunityTask: ({ under, catalog }) => ({
      Identifier: opportunity(under, catalog, 'Pending Submission')[0],
    }),
    ListEngagementFromOpportunityTasks: async ({ under, catalog, input }) => {
      const start = {
        Catalog: catalog,
        ClientToken: 't',
        Identifier: opportunity(under, catalog, 'Pending Submission')[0],
        AwsSubmission: { InvolvementType: 'Co-Sell' },
      };
      const { json } = await under.call('StartEngagementFromOpportunityTask', start);
      return input.TaskIdentifier === undefined ? {} : { TaskIdentifier: [json.TaskId] };
    },
    ListEngagementByAcceptingInvitationTasks: async ({ under, catalog }) => {
      const start = { Catalog: catalog, ClientToken: 't', Identifier: referral(under, catalog).invitationId };
      await under.call('StartEngagementByAcceptingInvitationTask', start);
      return {};
    },
    ListEngagementInvitations: ({ under, catalog }) => {
      referral(under, catalog);
      return {};
    },
    GetEngagementInvitation: ({ under, catalog, exchange, input }) => {
      const isLead = exchange.response.PayloadType === 'LeadInvitation';
      const id = isLead ? lead(under, catalog).invitationId : referral(under, catalog).invitationId;
      return { Identifier: named(input.Identifier, catalog, id) };
    },
    AcceptEngagementInvitation: ({ under, catalog }) => ({ Identifier: lead(under, catalog).invitationId }),
    RejectEngagementInvitation: ({ under, catalog, input }) => ({
      Identifier: named(input.Identifier, catalog, referral(under, catalog).invitationId),
    }),
    StartEngagementByAcceptingInvitationTask: ({ under, catalog, input }) => ({
      Identifier: named(input.Identifier, catalog, referral(under, catalog).invitationId),
    }),
    CreateEngagementInvitation: async ({ under, catalog }) => ({
      EngagementIdentifier: await engagement(under, catalog, 0),
    }),
    GetEngagement: async ({ under, catalog, exchange }) => ({
      Identifier: await engagement(under, catalog, JSON.stringify(exchange.response).includes('"Lead"') ? 1 : 0),
    }),
    ListEngagements: async ({ under, catalog }) => {
      await engagement(under, catalog, 0);
      return {};
    },
  };

function opportunity(
  { account }: AccountUnderTest,
  catalog: Stage['catalog'],
  status: 'Approved' | 'Pending Submission',
): readonly [string] {
  const solutions = [solutionOf(catalog)];
  const [id] = account.admin.seed({ opportunities: [{ catalog, fields: recordedFields(), status, solutions }] });
  return [id ?? ''];
}

function solutionOf(catalog: Stage['catalog']): string {
  return catalog === 'AWS' ? 'S-0010001' : 'S-0020001';
}

function referral({ account }: AccountUnderTest, catalog: Stage['catalog']): Readonly<Record<string, string>> {
  const outcome = account.admin.sendReferral({ catalog, fields: recordedFields() });
  return outcome.ok ? outcome.ids : {};
}

function lead({ account }: AccountUnderTest, catalog: Stage['catalog']): Readonly<Record<string, string>> {
  const request = exchanges.find(
    ({ scenario }) => scenario === 'LeadToOpportunity / CreateEngagementInvitation',
  )?.request;
  const { Invitation } = filledIn(request ?? {}) as { Invitation: { Message: string; Payload: never } };
  const { Message: message, Payload: payload } = Invitation;
  const outcome = account.admin.sendInvitation({ catalog, title: 'A lead', message, payload });
  return outcome.ok ? outcome.ids : {};
}

/** An engagement as the recorded creations make them: the first for a project, the second for a lead. */
async function engagement({ call }: AccountUnderTest, Catalog: Stage['catalog'], which: 0 | 1): Promise<string> {
  const request = exchanges.filter(({ operation }) => operation === 'CreateEngagement')[which]?.request ?? {};
  return (await call('CreateEngagement', { ...filledIn(request), Catalog })).json.Id;
}

/** An identifier as the recorded one names things: by ARN or by id. */
function named(recorded: unknown, catalog: string, id: string | undefined): string {
  const isArn = String(recorded).startsWith('arn:');
  return isArn ? `arn:aws:partnercentral:us-east-1::catalog/${catalog}/engagement-invitation/${id}` : `${id}`;
}

async function read({ call }: AccountUnderTest, Catalog: string, Identifier: unknown) {
  return (await call('GetOpportunity', { Catalog, Identifier })).json;
}

/** Members that the recorded value has and the other has not, or has in another type. `null` is of every type. */
function departures(recorded: unknown, answered: unknown, path = ''): readonly string[] {
  if (recorded === null || answered === null) return answered === undefined ? [path] : [];
  if (typeof recorded !== typeof answered || Array.isArray(recorded) !== Array.isArray(answered)) return [path];
  if (Array.isArray(recorded) && Array.isArray(answered)) {
    if (recorded.length === 0) return [];
    return answered.length === 0 ? [path] : departures(recorded[0], answered[0], `${path}[0]`);
  }
  if (typeof recorded !== 'object') return [];
  // Both are objects by the lines above.
  const [left, right] = [recorded as Record<string, unknown>, answered as Record<string, unknown>];
  return Object.keys(left).flatMap((name) =>
    departures(left[name], right[name], path === '' ? name : `${path}.${name}`),
  );
}

describe.skipIf(!isThere)(`the recorded conversations${title}`, () => {
  const simulated = exchanges.filter(({ operation }) => !(operation in NOT_SIMULATED));

  it('are all replayed, or left out for a reason', () => {
    const known = new Set([...Object.keys(PREPARED), ...Object.keys(NOT_SIMULATED)]);

    expect(exchanges.map(({ operation }) => operation).filter((operation) => !known.has(operation))).toEqual([]);
    expect(simulated.length).toBeGreaterThan(60);
    expect(Object.keys(NOT_SIMULATED).filter((operation) => operation in PREPARED)).toEqual([]);
  });

  it.each(simulated)('is taken and answered in the recorded shape: $scenario', async (exchange) => {
    const { operation, request, response } = exchange;
    // Before the dates that the recorded requests close at.
    const under = openAccount({ now: () => Date.UTC(2025, 0, 15), hasLimits: false });
    const input = filledIn(request);
    const catalog = input.Catalog === 'AWS' ? 'AWS' : 'Sandbox';
    const prepared = await PREPARED[operation]?.({ under, catalog, exchange, input });

    const { status, json } = await under.call(operation, { ...input, ...prepared });

    expect({ status, json }).toMatchObject({ status: 200 });
    expect(departures(response, json)).toEqual([]);
  });
});

interface RecordedEvent {
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

describe.skipIf(!isThere)(`the events${title}`, () => {
  it('have the recorded shapes, all of them', async () => {
    const under = openAccount({ hasLimits: false });
    const { admin } = under.account;
    const id = await under.submitted();
    admin.review({ opportunityId: id, status: 'Approved' });
    for (const answer of ['take', 'refuse', 'expire']) {
      const { invitationId } = referral(under, 'Sandbox');
      const Identifier = invitationId ?? '';
      if (answer === 'take') await under.call('AcceptEngagementInvitation', { Identifier });
      if (answer === 'refuse') await under.call('RejectEngagementInvitation', { Identifier });
      if (answer === 'expire') admin.answerInvitation({ invitationId: Identifier, answer });
    }
    const engagementId = admin.engagements()[0]?.id ?? '';
    admin.addContext({ engagementId, context: { Type: 'Lead' } });
    const recorded = [
      'events/partnercentral-selling.events.synthetic.json',
      'partner-central-recorded/partnercentral-selling.events.recorded.json',
    ].flatMap((file) => load(resolve(folder, file)) as readonly RecordedEvent[]);

    const differences = recorded.flatMap((event) => {
      const type = event['detail-type'];
      const told = under.events.find((each) => each['detail-type'] === type && isAlike(each, event));
      if (told === undefined) return [`${type}: is never told`];
      return [...departures(event, told), ...departures(told, event).map((path) => `${path} (ours only)`)];
    });

    expect(differences).toEqual([]);
    expect(recorded.length).toBeGreaterThan(20);
  });
});

/** Same schema version, resources of the same form, and the same end of an invitation. */
function isAlike(told: RecordedEvent, recorded: RecordedEvent): boolean {
  const form = ({ resources, detail }: RecordedEvent) => {
    const invitation = detail.engagementInvitation as { participantType?: string } | undefined;
    const kinds = resources.map((arn) => arn.split('/').at(-2));
    return JSON.stringify([kinds, detail.schemaVersion, invitation?.participantType]);
  };
  return form(told) === form(recorded);
}
