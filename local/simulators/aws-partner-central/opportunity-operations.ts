import { wholeSeconds } from '../aws/aws-event.ts';
import { type AwsResult, answered } from '../aws/aws-result.ts';
import type { AwsOperation } from '../aws/aws-service.ts';
import type { FaultPlan } from '../shared/fault-plan.ts';
import { accountEvents } from './account-events.ts';
import { brokenRules } from './business-rules.ts';
import { readCall, writeCall } from './define-call.ts';
import { shareReferral } from './invitation-life.ts';
import { awsSummaryAnswer, opportunityAnswer } from './opportunity-answers.ts';
import {
  assignOpportunityRequest,
  type CreateOpportunityRequest,
  createOpportunityRequest,
  getAwsOpportunitySummaryRequest,
  getOpportunityRequest,
  NO_NEED,
  type OpportunityFields,
  opportunityFields,
  type UpdateOpportunityRequest,
  updateOpportunityRequest,
} from './opportunity-requests.ts';
import type { PartnerAccount } from './partner-account.ts';
import type { Opportunity, StepNote } from './records.ts';
import { isUnderReview, updateHindrances } from './review-rules.ts';
import { conflict, type FieldError, forbidden, invalidRequest, notFound } from './service-faults.ts';
import { compareStamps } from './stamps.ts';

/** Creating, reading, updating and assigning opportunities. */
export function opportunityOperations(account: PartnerAccount, faults: FaultPlan): readonly AwsOperation[] {
  return [
    writeCall('CreateOpportunity', createOpportunityRequest, (input) =>
      account.once('CreateOpportunity', input, () => create(account, faults, input)),
    ),
    writeCall('UpdateOpportunity', updateOpportunityRequest, (input) => update(account, faults, input)),
    readCall('GetOpportunity', getOpportunityRequest, ({ Catalog, Identifier }) => {
      const found = account.opportunity(Catalog, Identifier);
      return found === undefined ? notFound('The opportunity') : answered(opportunityAnswer(found, account));
    }),
    readCall('GetAwsOpportunitySummary', getAwsOpportunitySummaryRequest, (input) => {
      const found = account.opportunity(input.Catalog, input.RelatedOpportunityIdentifier);
      // Before it is submitted, AWS has no opportunity of its own beside it.
      return found?.aws ? answered(awsSummaryAnswer(found)) : notFound('The AWS opportunity');
    }),
    writeCall('AssignOpportunity', assignOpportunityRequest, ({ Catalog, Identifier, Assignee }) => {
      const held = account.opportunity(Catalog, Identifier);
      if (held === undefined) return notFound('The opportunity');
      const owner = { ...Assignee, BusinessTitle: 'OpportunityOwner' };
      account.changeOpportunity({ ...held, team: [owner, ...held.team.slice(1)] });
      return answered();
    }),
  ];
}

function create(account: PartnerAccount, faults: FaultPlan, input: CreateOpportunityRequest): AwsResult {
  const { Catalog, Origin } = input;
  const isReferral = Origin === 'AWS Referral';
  if (isReferral && Catalog === 'AWS') {
    return forbidden([{ FieldName: 'Origin', Message: 'Only in the Sandbox.', Code: 'INVALID_VALUE' }]);
  }
  const fields = fieldsOf(input);
  const errors = [
    ...brokenRules(fields, { held: undefined, today: today(account) }),
    ...injectedErrors(faults, fields, ''),
  ];
  if (errors.length > 0) return forbidden(errors);
  const made = newOpportunity(account, {
    catalog: Catalog,
    fields,
    origin: isReferral ? 'AWS Referral' : 'Partner Referral',
    team: [OWNER, ...(input.OpportunityTeam ?? [])],
  });
  if (isReferral) shareReferral(account, made);
  else {
    account.opportunities.put(made);
    account.tell(accountEvents.opportunity('Opportunity Created', made));
  }
  return answered({
    Id: made.id,
    LastModifiedDate: made.lastModifiedDate,
    PartnerOpportunityIdentifier: fields.PartnerOpportunityIdentifier ?? null,
  });
}

function update(account: PartnerAccount, faults: FaultPlan, input: UpdateOpportunityRequest): AwsResult {
  const held = account.opportunity(input.Catalog, input.Identifier);
  if (held === undefined) return notFound('The opportunity');
  const needs = needsToKeep(account, held, input);
  if (needs === 'refused') return invalidRequest([WRONG_NEED]);
  if (compareStamps(input.LastModifiedDate, held.lastModifiedDate) !== 0) {
    return conflict('The opportunity was modified since LastModifiedDate.');
  }
  const written: OpportunityFields = { ...input, PrimaryNeedsFromAws: needs };
  const verdict = simulatedVerdict(held, written);
  if (verdict !== undefined) return updated(account.changeOpportunity({ ...held, review: verdict }));
  const fields = fieldsOf(written);
  const hindrances = updateHindrances(held, fields, account);
  if (hindrances.length > 0) return forbidden(hindrances);
  const errors = [...brokenRules(fields, { held, today: today(account) }), ...injectedErrors(faults, fields, held.id)];
  if (errors.length > 0) return forbidden(errors);
  const isBackInReview = held.review.status === 'Action Required';
  return updated(
    account.changeOpportunity({
      ...held,
      fields,
      stepsHistory: historyOf(account, held.stepsHistory, held.fields, fields),
      review: isBackInReview ? { ...held.review, status: 'Submitted' } : held.review,
    }),
  );
}

/**
 * The needs that an update writes. An opportunity that AWS was only shown reads as having none, in words the model does not
 * know; they may be written back to it, as the documentation wants all that was read to be, unless the account is set up to
 * keep to the model.
 */
function needsToKeep(
  account: PartnerAccount,
  held: Opportunity,
  { PrimaryNeedsFromAws }: UpdateOpportunityRequest,
): OpportunityFields['PrimaryNeedsFromAws'] | 'refused' {
  const needs = PrimaryNeedsFromAws?.filter((need) => need !== NO_NEED);
  if (needs?.length === PrimaryNeedsFromAws?.length) return needs;
  const isAsRead = needs?.length === 0 && held.submission?.involvement === 'For Visibility Only';
  return isAsRead && !account.refusesItsOwnNeed ? held.fields.PrimaryNeedsFromAws : 'refused';
}

const WRONG_NEED: FieldError = {
  FieldName: 'PrimaryNeedsFromAws[0]',
  Message: 'The value is none of the enumeration.',
  Code: 'INVALID_ENUM_VALUE',
};

/**
 * In the Sandbox nobody reviews: a partner plays AWS by an update that names the outcome. Recorded for `Approved`; what
 * else such an update says is not taken over.
 */
function simulatedVerdict(held: Opportunity, { LifeCycle }: OpportunityFields): Opportunity['review'] | undefined {
  const status = LifeCycle?.ReviewStatus;
  if (held.catalog !== 'Sandbox' || !isUnderReview(held.review.status)) return undefined;
  if (status !== 'Approved' && status !== 'Rejected' && status !== 'Action Required') return undefined;
  return { status, comments: LifeCycle?.ReviewComments ?? null, reason: LifeCycle?.ReviewStatusReason ?? null };
}

/** A new opportunity of the partner's, not yet kept. */
export function newOpportunity(
  account: PartnerAccount,
  made: Pick<Opportunity, 'catalog' | 'fields' | 'origin' | 'team'>,
): Opportunity {
  const isReferral = made.origin === 'AWS Referral';
  const { LifeCycle } = made.fields;
  return {
    ...made,
    fields: withDefaults({ ...made.fields, LifeCycle: { ...LifeCycle, Stage: LifeCycle?.Stage ?? 'Prospect' } }),
    id: account.newId('opportunity'),
    createdDate: wholeSeconds(account.now()),
    lastModifiedDate: account.lock(),
    isVisible: !isReferral,
    review: { status: isReferral ? 'Approved' : 'Pending Submission', comments: null, reason: null },
    stepsHistory: null,
    related: {
      AwsMarketplaceOfferSets: [],
      AwsMarketplaceOffers: [],
      AwsMarketplaceProducts: [],
      AwsMarketplaceSolutions: [],
      AwsProducts: [],
      Solutions: [],
    },
    submission: null,
    snapshots: 0,
    engagementId: null,
    aws: isReferral ? { lifeCycle: null, insights: null, involvementChangeReason: null } : null,
  };
}

/** Who owns what integrations create. */
export const OWNER = {
  BusinessTitle: 'OpportunityOwner',
  Email: 'alliance.lead@partner.example',
  FirstName: 'Alliance',
  LastName: 'Lead',
};

const HISTORY_MAX = 50;

function historyOf(
  account: PartnerAccount,
  history: readonly StepNote[] | null,
  before: OpportunityFields,
  after: OpportunityFields,
): readonly StepNote[] | null {
  const steps = after.LifeCycle?.NextSteps;
  if (!steps || steps === before.LifeCycle?.NextSteps) return history;
  return [...(history ?? []), { Value: steps, Time: wholeSeconds(account.now()) }].slice(-HISTORY_MAX);
}

/** What of a request is the partner's to write. The review's members are not, so they are not kept. */
function fieldsOf(input: OpportunityFields): OpportunityFields {
  const fields = opportunityFields.parse(input);
  const { Stage, ClosedLostReason, NextSteps, TargetCloseDate } = fields.LifeCycle ?? {};
  return withDefaults({ ...fields, LifeCycle: { Stage, ClosedLostReason, NextSteps, TargetCloseDate } });
}

/** What the service fills in where nothing is written. It is kept, so that writing back what was read changes nothing. */
function withDefaults(fields: OpportunityFields): OpportunityFields {
  const { NationalSecurity, Marketing } = fields;
  return {
    ...fields,
    NationalSecurity: NationalSecurity ?? 'No',
    Marketing: { ...Marketing, Source: Marketing?.Source ?? 'None' },
  };
}

function injectedErrors(faults: FaultPlan, fields: OpportunityFields, id: string): readonly FieldError[] {
  const fate = faults.meetRow({ object: 'Opportunity', values: { ...leavesOf(fields), Id: id } });
  if (fate === undefined) return [];
  // The code is the test's own choice, and a wrong one shows there.
  const Code = (fate.code ?? 'INVALID_VALUE') as FieldError['Code'];
  return [{ Message: 'The opportunity breaks a rule of the business.', Code }];
}

function leavesOf(value: object, path = ''): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): readonly (readonly [string, unknown])[] => {
      const at = path === '' ? name : `${path}.${name}`;
      const isNested = typeof member === 'object' && member !== null && !Array.isArray(member);
      return isNested ? Object.entries(leavesOf(member, at)) : [[at, member]];
    }),
  );
}

function updated({ id, lastModifiedDate }: Opportunity): AwsResult {
  return answered({ Id: id, LastModifiedDate: lastModifiedDate });
}

function today(account: PartnerAccount): string {
  return wholeSeconds(account.now()).slice(0, 10);
}
