import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { opportunityFields } from '../../../../local/simulators/aws-partner-central/opportunity-requests.ts';
import { type ModelFlaw, ServiceModel, type ServiceModelFile } from '../../../support/aws-service-model.ts';
import { complete, openAccount } from './partner-central-under-test.ts';

const file = resolve(
  process.env.TRIBUTARY_SHARED ?? '../shared',
  'contracts/aws/botocore/partnercentral-selling.service-2.json',
);
const isThere = existsSync(file);
const title = isThere ? '' : ' (skipped: the shared contract files are not there)';

const operations = [
  'AcceptEngagementInvitation',
  'AssignOpportunity',
  'AssociateOpportunity',
  'CreateEngagement',
  'CreateEngagementInvitation',
  'CreateOpportunity',
  'DisassociateOpportunity',
  'GetAwsOpportunitySummary',
  'GetEngagement',
  'GetEngagementInvitation',
  'GetOpportunity',
  'ListEngagementByAcceptingInvitationTasks',
  'ListEngagementFromOpportunityTasks',
  'ListEngagementInvitations',
  'ListEngagements',
  'ListOpportunities',
  'ListSolutions',
  'RejectEngagementInvitation',
  'StartEngagementByAcceptingInvitationTask',
  'StartEngagementFromOpportunityTask',
  'SubmitOpportunity',
  'UpdateOpportunity',
];

/** Texts of the forms that the model's patterns ask for. */
const texts = {
  CatalogIdentifier: 'Sandbox',
  WebsiteUrl: 'https://northwind.example',
  AwsAccount: '111122223333',
  DunsNumber: '123456789',
  Email: 'ada@northwind.example',
  SenderContactEmail: 'Ada@northwind.example',
  PhoneNumber: '+4930123456',
  Amount: '12.50',
  MonetaryValueAmountString: '12.50',
  EstimationUrl: `https://calculator.aws/#/estimate?id=${'0'.repeat(32)}`,
  OpportunityIdentifier: 'O1234567',
  SolutionIdentifier: 'S-0020001',
  Date: '2026-09-30',
  EngagementCustomerProjectDetailsTargetCompletionDateString: '2026-09-30',
  ClientToken: 'token',
  EngagementArnOrIdentifier: 'eng-0123456789abcd',
  EngagementIdentifier: 'eng-0123456789abcd',
  EngagementInvitationArnOrIdentifier: 'engi-0123456789abc',
  TaskArnOrIdentifier: 'task-0123456789abc',
  AwsMarketplaceSolutionArn: 'arn:aws:x',
  CompanyWebsiteUrl: 'www.northwind.example',
  RejectionReasonString: 'Unclear',
};

/** What the simulator takes although the model does not, and why. */
const LOOSER: readonly (readonly [path: RegExp, why: string])[] = [
  [/EstimationUrl$/, 'Addresses of other sites are recorded as accepted.'],
  [/^Tags\[0\]\.(?:Key|Value)$/, 'Tags are not kept, so only their lengths are checked.'],
  [/Customer\.WebsiteUrl$/, 'Only the length is checked: the pattern is no better than that.'],
];

const CODES: Readonly<Record<string, string>> = {
  missing: 'REQUIRED_FIELD_MISSING',
  enum: 'INVALID_ENUM_VALUE',
  pattern: 'INVALID_STRING_FORMAT',
};

describe.skipIf(!isThere)(`requests by the vendor’s model${title}`, () => {
  const model = new ServiceModel(
    isThere ? (JSON.parse(readFileSync(file, 'utf8')) as ServiceModelFile) : { operations: {}, shapes: {} },
  );
  // The second choice is the other member of unions: leads in the place of opportunities.
  const requests = operations.flatMap((operation) =>
    [0, 1].map((choice) => ({
      operation,
      choice,
      input: isThere ? (model.sample(model.inputOf(operation), texts, choice) as Record<string, unknown>) : {},
    })),
  );

  it.each(requests)('are taken with all members: $operation, $choice', async ({ operation, input }) => {
    const { call } = openAccount({ hasLimits: false });

    // A list's token is none of this account's.
    const { json } = await call(operation, { ...input, NextToken: undefined });

    expect(model.flaws(model.inputOf(operation), input)).toEqual([]);
    expect(json?.Reason).not.toBe('REQUEST_VALIDATION_FAILED');
    expect(json?.__type ?? '').not.toContain('Serialization');
  });

  it.each(requests)(
    'are refused where they depart from it: $operation, $choice',
    async ({ operation, input: whole }) => {
      const { callAtOnce } = openAccount({ hasLimits: false });
      const unexpected: unknown[] = [];
      let count = 0;

      for (const breach of model.breaches(model.inputOf(operation), whole)) {
        if (LOOSER.some(([path]) => path.test(breach.path))) continue;
        count += 1;
        const { json } = await callAtOnce(operation, { Catalog: undefined, ...(breach.input as object) });
        const code =
          CODES[breach.kind] ??
          (breach.kind === 'range' ? 'VALUE_OUT_OF_RANGE' : breach.isBelow ? 'NOT_ENOUGH_VALUES' : 'TOO_MANY_VALUES');
        // The model has a pattern for catalogs, the documentation an enumeration.
        const expected = breach.path === 'Catalog' && breach.kind === 'pattern' ? CODES.enum : code;
        const errors: readonly { FieldName: string; Code: string }[] = json.ErrorList ?? [];
        const isRefused = errors.some(({ FieldName, Code }) => FieldName === breach.path && Code === expected);
        if (!isRefused) unexpected.push({ path: breach.path, kind: breach.kind, json });
      }

      expect(unexpected).toEqual([]);
      expect(count).toBeGreaterThan(1);
    },
  );
});

/** Where answers depart from the model as the service's own do; all are recorded of it. */
const AS_RECORDED: readonly (readonly [path: RegExp, kind: ModelFlaw['kind'], why: string])[] = [
  [/^PrimaryNeedsFromAws\[0\]$/, 'enum', 'The need of an opportunity that was only shown.'],
  [/^TaskSummaries\[\d+\]\.ReasonCode$/, 'enum', 'The text "null" in lists of the AWS catalog.'],
  [/AwsMarketplaceOffers\[0\]$/, 'pattern', 'Private offers are answered by their id.'],
  [/^Arn$/, 'pattern', 'ARNs of invitations name a region and no account.'],
  [/^SolutionSummaries\[\d+\]\.Arn$/, 'pattern', 'ARNs of solutions are ARNs, and not their ids.'],
];

describe.skipIf(!isThere)(`answers by the vendor’s model${title}`, () => {
  it('fit it, but for what is recorded', async () => {
    const model = new ServiceModel(JSON.parse(readFileSync(file, 'utf8')) as ServiceModelFile);
    const under = openAccount({ stampDigits: 9 });
    const answered = new Set<string>();
    const flaws: unknown[] = [];
    const met = new Set<string>();
    const call = async (operation: string, input: Readonly<Record<string, unknown>> = {}) => {
      const { status, json } = await under.call(operation, { Catalog: 'AWS', ...input });
      expect({ operation, status, json }).toMatchObject({ status: 200 });
      answered.add(operation);
      const output = model.outputOf(operation);
      for (const flaw of output === undefined ? [] : model.flaws(output, json)) {
        const known = AS_RECORDED.find(([path, kind]) => kind === flaw.kind && path.test(flaw.path));
        if (known === undefined) flaws.push({ operation, ...flaw });
        else met.add(known[2]);
      }
      return json;
    };
    const relate = (OpportunityIdentifier: string, RelatedEntityType: string, RelatedEntityIdentifier: string) => ({
      OpportunityIdentifier,
      RelatedEntityType,
      RelatedEntityIdentifier,
    });
    const all = opportunityFields.parse(complete);
    const Assignee = { Email: 'grace@partner.example', FirstName: 'Grace', LastName: 'H', BusinessTitle: 'Seller' };

    const { Id } = await call('CreateOpportunity', { ...complete, ClientToken: 'a' });
    await call('AssociateOpportunity', relate(Id, 'Solutions', 'S-0010001'));
    await call('AssociateOpportunity', relate(Id, 'Solutions', 'S-0010002'));
    await call('AssociateOpportunity', relate(Id, 'AwsMarketplaceOffers', 'offer-abc'));
    await call('DisassociateOpportunity', relate(Id, 'Solutions', 'S-0010002'));
    await call('AssignOpportunity', { Identifier: Id, Assignee });
    const { LastModifiedDate } = await call('GetOpportunity', { Identifier: Id });
    await call('UpdateOpportunity', { ...complete, Identifier: Id, LastModifiedDate });
    await call('StartEngagementFromOpportunityTask', {
      Identifier: Id,
      ClientToken: 't',
      AwsSubmission: { InvolvementType: 'For Visibility Only' },
    });
    under.account.admin.review({ opportunityId: Id, status: 'Approved', comments: 'Good.', reason: 'Fine' });
    under.account.admin.edit({ opportunityId: Id, summary: { Stage: 'Qualified', NextSteps: 'Go on.' } });
    await call('GetOpportunity', { Identifier: Id });
    await call('GetAwsOpportunitySummary', { RelatedOpportunityIdentifier: Id });
    const second = await call('CreateOpportunity', { ...complete, ClientToken: 'b' });
    await call('AssociateOpportunity', relate(second.Id, 'Solutions', 'S-0010001'));
    await call('SubmitOpportunity', { Identifier: second.Id, InvolvementType: 'Co-Sell' });
    const referrals = ['accept', 'refuse', 'take'].map(() =>
      under.account.admin.sendReferral({ catalog: 'AWS', fields: all }),
    );
    const [taken, refused, joined] = referrals.map((outcome) => (outcome.ok ? outcome.ids.invitationId : ''));
    await call('StartEngagementByAcceptingInvitationTask', { Identifier: taken, ClientToken: 't' });
    await call('RejectEngagementInvitation', { Identifier: refused, RejectionReason: 'Unclear' });
    await call('AcceptEngagementInvitation', { Identifier: joined });
    const engagement = await call('CreateEngagement', { ClientToken: 'e', Title: 'Together', Description: 'Us' });
    await call('CreateEngagementInvitation', {
      ClientToken: 'i',
      EngagementIdentifier: engagement.Id,
      Invitation: {
        Message: 'Join us.',
        Receiver: { Account: { AwsAccountId: '777788889999' } },
        Payload: {
          LeadInvitation: { Customer: { CompanyName: 'Fabrikam' }, Interaction: { ContactBusinessTitle: 'CTO' } },
        },
      },
    });
    await call('GetEngagement', { Identifier: engagement.Id });
    await call('GetEngagementInvitation', { Identifier: refused });
    await call('ListOpportunities', { MaxResults: 1 });
    await call('ListSolutions', { MaxResults: 1 });
    await call('ListEngagements', { MaxResults: 1 });
    await call('ListEngagementInvitations', { ParticipantType: 'RECEIVER' });
    await call('ListEngagementInvitations', { ParticipantType: 'SENDER' });
    await call('ListEngagementFromOpportunityTasks');
    await call('ListEngagementByAcceptingInvitationTasks');

    expect(flaws).toEqual([]);
    expect([...answered].sort()).toEqual(operations);
    expect([...met].sort()).toEqual(AS_RECORDED.map(([, , why]) => why).sort());
  });

  it('fit it when they refuse', async () => {
    const model = new ServiceModel(JSON.parse(readFileSync(file, 'utf8')) as ServiceModelFile);
    const { call, draft, account } = openAccount();
    const id = await draft();

    const invalid = await call('CreateOpportunity', {});
    const forbidden = await call('CreateOpportunity', { ClientToken: 'a', LifeCycle: { Stage: 'Closed Lost' } });
    const conflict = await call('UpdateOpportunity', { Identifier: id, LastModifiedDate: '2026-01-01T00:00:00Z' });
    const unknown = await call('GetOpportunity', { Identifier: 'O1' });
    account.admin.faults.add({ kind: 'throttle' });
    const throttled = await call('GetOpportunity', { Identifier: 'O1' });
    account.admin.faults.add({ kind: 'unavailable' });
    const failed = await call('GetOpportunity', { Identifier: 'O1' });

    const answers = { invalid, forbidden, conflict, unknown, throttled, failed };
    const flaws = Object.values(answers).flatMap(({ json: { __type, ...body } }) =>
      model.flaws(String(__type).slice(String(__type).indexOf('#') + 1), body),
    );
    expect(flaws).toEqual([]);
    expect(Object.values(answers).map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 503]);
  });
});
