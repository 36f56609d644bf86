import type { Fault } from '../../domain/model/fault.ts';
import { isEmptyValue, type SystemValue, type SystemValues } from '../../domain/model/value.ts';
import { asObject, asObjects, asText, type Json } from './json.ts';
import {
  durationField,
  involvementField,
  offerField,
  opportunityFields,
  solutionField,
  spendField,
  spendOf,
  submissionField,
} from './opportunity-fields.ts';

/** Fields that are not part of the opportunity's own members, but are written by calls of their own. */
const ownCalls: ReadonlySet<string> = new Set([solutionField, offerField, submissionField, involvementField]);

/** The values that are members of the opportunity. */
export function memberValues(values: SystemValues): SystemValues {
  return Object.fromEntries(Object.entries(values).filter(([field]) => !ownCalls.has(field)));
}

/**
 * What the hub says of an opportunity it makes, beside what the deal holds: it comes from the partner, from no campaign of AWS's,
 * and has been talked about with the customer, which is the least of the sales activities and one of which AWS demands.
 * *Source*: the field list of AWS's CRM integration samples (mandatory fields).
 */
const ofCreation: Json = {
  Origin: 'Partner Referral',
  Marketing: { Source: 'None' },
  Project: { SalesActivities: ['Initialized discussions with customer'] },
  LifeCycle: { ReviewStatus: 'Pending Submission' },
};

/** The body of a creation, without catalog and token. */
export function newOpportunity(unifiedId: string, hubIdField: string, values: SystemValues): Json {
  return withValues(ofCreation, { ...memberValues(values), [hubIdField]: unifiedId });
}

/** Members `UpdateOpportunity` takes; everything else of an answer is not sent back. */
const updatable = [
  'Customer',
  'LifeCycle',
  'Marketing',
  'NationalSecurity',
  'OpportunityType',
  'PartnerOpportunityIdentifier',
  'PrimaryNeedsFromAws',
  'Project',
  'SoftwareRevenue',
] as const;

/**
 * The body of an update: all that was read, with the values in it, and the lock as it was read, digit for digit. What an update
 * leaves out is nulled there, so members this code does not know go back inside of those it does; nothing is `null` in it.
 */
export function changedOpportunity(opportunity: Json, values: SystemValues): Json {
  const members = Object.fromEntries(updatable.map((name) => [name, opportunity[name]]));
  return {
    ...asObject(withoutNulls(withValues(members, memberValues(values)))),
    Identifier: opportunity.Id,
    LastModifiedDate: opportunity.LastModifiedDate,
  };
}

/**
 * What AWS would refuse among the values, before it is asked: bounds and forms of the service model, and what fields demand of one
 * another. `undefined` when there is nothing.
 *
 * *Shape*: `result` is the body they end up in; a fault `rejected` that names every field refused.
 */
export function refusalOfValues(values: SystemValues, result: Json): Fault | undefined {
  const flaws = new Map<string, string>();
  for (const [field, value] of Object.entries(values)) {
    if (isEmptyValue(value) || ownCalls.has(field)) continue;
    const schema = opportunityFields.get(field)?.sent;
    if (schema === undefined) flaws.set(field, 'cannot be written');
    const checked = schema?.safeParse(sentValue(field, value));
    if (checked?.success === false) flaws.set(field, checked.error.issues[0]?.message ?? 'is not what AWS takes');
  }
  for (const [field, reason] of demandsOf(result)) if (Object.hasOwn(values, field)) flaws.set(field, reason);
  if (flaws.size === 0) return undefined;
  const sentences = [...flaws].map(([field, reason]) => `${field} ${reason}`);
  return {
    kind: 'rejected',
    code: 'NOT_AS_AWS_TAKES_IT',
    message: `AWS Partner Central would refuse this: ${sentences.join('; ')}.`,
    fields: [...flaws.keys()],
  };
}

function demandsOf(result: Json): readonly (readonly [string, string])[] {
  const demands: (readonly [string, string])[] = [];
  const own = spendOf(result, 'Self');
  const hasDuration = asText(asObject(asObject(result.Project).ExpectedContractDuration).Value) !== undefined;
  if (own !== undefined && !hasDuration) {
    // AWS would take the worth of the whole contract for its own monthly revenue.
    const reason = 'needs the length of the contract beside it; give it and try again';
    demands.push([spendField('Self', 'Amount'), reason], [spendField('Self', 'CurrencyCode'), reason]);
  }
  for (const company of ['AWS', 'Self'] as const) {
    const spend = spendOf(result, company);
    if (spend === undefined) continue;
    if (asText(spend.CurrencyCode) === undefined) {
      demands.push([spendField(company, 'Amount'), 'needs its currency; give it and try again']);
    }
  }
  const { Stage, ClosedLostReason } = asObject(result.LifeCycle);
  if (Stage === 'Closed Lost' && asText(ClosedLostReason) === undefined) {
    demands.push(['LifeCycle.Stage', 'needs the reason why it was lost; give it and try again']);
  }
  const { CountryCode, StateOrRegion } = asObject(asObject(asObject(result.Customer).Account).Address);
  if (asText(StateOrRegion) !== undefined && CountryCode !== 'US') {
    demands.push(['Customer.Account.Address.StateOrRegion', 'is for customers in the United States only']);
  }
  return demands;
}

function withValues(members: Json, values: SystemValues): Json {
  const entries = Object.entries(values);
  const result = entries.reduce((json, [field, value]) => withValue(json, field, value), members);
  return entries.some(([field]) => spendPattern.test(field)) ? withoutEmptySpends(result, members) : result;
}

/**
 * A spend of no amount says nothing, whatever its currency: deals have a currency before they have an amount. An empty list that was read
 * stays one, so that nothing seems to have changed.
 */
function withoutEmptySpends(members: Json, read: Json): Json {
  const spends = asObjects(asObject(members.Project).ExpectedCustomerSpend);
  const former = asObject(read.Project).ExpectedCustomerSpend;
  const none = Array.isArray(former) && former.length === 0 ? former : undefined;
  const list = spends.filter(({ Amount }) => asText(Amount) !== undefined);
  return withMember(members, ['Project', 'ExpectedCustomerSpend'], list.length === 0 ? none : list);
}

const spendPattern = /^Project\.ExpectedCustomerSpend\.(AWS|Self)\.(Amount|CurrencyCode)$/;

function withValue(members: Json, field: string, value: SystemValue): Json {
  const sent = isEmptyValue(value) ? undefined : sentValue(field, value);
  const [, company, member] = spendPattern.exec(field) ?? [];
  if (company !== undefined && member !== undefined) return withSpend(members, company, member, sent);
  if (field === durationField) {
    const duration = sent === undefined ? undefined : { Term: 'Months', Value: sent };
    return withMember(members, ['Project', 'ExpectedContractDuration'], duration);
  }
  return withMember(members, field.split('.'), sent);
}

/** Lists come as one text from the mapping. */
const listFields: ReadonlySet<string> = new Set([
  'PrimaryNeedsFromAws',
  'Project.DeliveryModels',
  'Project.SalesActivities',
]);

function sentValue(field: string, value: SystemValue): unknown {
  if (!listFields.has(field)) return typeof value === 'number' ? String(value) : value;
  return typeof value === 'string' ? value.split(';').filter((each) => each !== '') : value;
}

/** One company's spend in the list; the others stay. */
function withSpend(members: Json, company: string, member: string, value: unknown): Json {
  const spends = asObjects(asObject(members.Project).ExpectedCustomerSpend);
  const present = spendOf(members, company);
  const { [member]: _former, ...rest } = present ?? { Frequency: 'Monthly', TargetCompany: company };
  const next: Json = value === undefined ? rest : { ...rest, [member]: value };
  const others = spends.filter((each) => each !== present);
  return withMember(members, ['Project', 'ExpectedCustomerSpend'], [...others, next]);
}

function withMember(json: Json, [name = '', ...rest]: readonly string[], value: unknown): Json {
  const member = rest.length === 0 ? value : withMember(asObject(json[name]), rest, value);
  if (member !== undefined) return { ...json, [name]: member };
  const { [name]: _cleared, ...others } = json;
  return others;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}
