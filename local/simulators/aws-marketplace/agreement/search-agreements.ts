import type * as z from 'zod';
import { type AwsFault, type AwsResult, refused } from '../../aws/aws-result.ts';
import type { AwsCall } from '../../aws/aws-service.ts';
import type { Marketplace } from '../marketplace.ts';
import type { Agreement } from '../records.ts';
import { paged } from './agreement-access.ts';
import { summarizeAgreement } from './agreement-answers.ts';
import { invalid } from './agreement-faults.ts';
import type { searchSchema } from './agreement-requests.ts';

type SearchRequest = z.infer<typeof searchSchema>;

const FILTER_NAMES = [
  'PartyType',
  'AgreementType',
  'ResourceIdentifier',
  'ResourceType',
  'AcceptorAccountId',
  'OfferId',
  'OfferSetId',
  'Status',
  'BeforeEndTime',
  'AfterEndTime',
] as const;

/**
 * Combinations of filters a proposer may use beside AgreementType; each of them also with EndTime, with Status, and with both.
 * There is none by time of change.
 * Source: SearchAgreements in the service's model (2020-03-01).
 */
const PROPOSER_COMBINATIONS: readonly (readonly string[])[] = [
  [],
  ['ResourceType'],
  ['ResourceIdentifier'],
  ['AcceptorAccountId'],
  ['AcceptorAccountId', 'OfferId'],
  ['AcceptorAccountId', 'ResourceIdentifier'],
  ['AcceptorAccountId', 'ResourceType'],
  ['OfferId'],
  ['OfferSetId'],
];

const ACCEPTOR_COMBINATIONS: readonly (readonly string[])[] = [
  [],
  ['ResourceIdentifier'],
  ['ResourceType'],
  ['OfferId'],
  ['OfferSetId'],
];

/** Combinations of an acceptor that do not go with Status. */
const WITHOUT_STATUS = 'Acceptor ResourceType';

/** Searches the caller's agreements, those that end last first unless asked otherwise. */
export function searchAgreements(
  market: Marketplace,
  request: SearchRequest,
  callerId: string,
  call: AwsCall,
): AwsResult {
  const wrong = wrongRequest(request, call);
  if (wrong !== undefined) return refused(wrong);
  const filters = new Map(request.filters?.map(({ name, values }) => [name, values[0] ?? '']));
  const found = market.agreements.all().filter((agreement) => meets(agreement, filters, callerId));
  const end = ({ endAt }: Agreement): number => endAt ?? Number.POSITIVE_INFINITY;
  // Agreements without an end compare as equal; their ids decide.
  const sorted = found.toSorted((a, b) => (end(a) === end(b) ? (a.id < b.id ? -1 : 1) : end(a) - end(b)));
  const ordered = request.sort?.sortOrder === 'ASCENDING' ? sorted : sorted.reverse();
  return paged(ordered, ({ id }) => id, request, call, 'agreementViewSummaries', summarizeAgreement);
}

function wrongRequest({ catalog, filters = [], sort }: SearchRequest, call: AwsCall): AwsFault | undefined {
  const names = filters.map(({ name }) => name);
  const unknown = names.find((name) => !FILTER_NAMES.some((known) => known === name));
  if (catalog !== undefined && catalog !== 'AWSMarketplace')
    return invalid(call, 'INVALID_CATALOG', [{ name: 'catalog', message: 'must be AWSMarketplace' }]);
  if (unknown !== undefined || new Set(names).size < names.length) {
    const message = unknown === undefined ? 'a filter is named twice' : `${unknown} is no filter`;
    return invalid(call, 'INVALID_FILTER_NAME', [{ name: 'filters', message }]);
  }
  if (sort?.sortBy !== undefined && sort.sortBy !== 'EndTime')
    return invalid(call, 'INVALID_SORT_BY', [{ name: 'sort.sortBy', message: 'must be EndTime' }]);
  return wrongValues(filters, call) ?? unsupported(names, partyOf(filters), call);
}

function wrongValues(filters: NonNullable<SearchRequest['filters']>, call: AwsCall): AwsFault | undefined {
  const wrong = filters.find(({ name, values: [value = ''] }) => {
    if (name === 'PartyType') return !['Proposer', 'Acceptor'].includes(value);
    if (name === 'AgreementType') return value !== 'PurchaseAgreement';
    return name.endsWith('EndTime') && Number.isNaN(Date.parse(value));
  });
  if (wrong === undefined) return undefined;
  const [value] = wrong.values;
  return invalid(call, 'INVALID_FILTER_VALUES', [{ name: wrong.name, message: `${value} is no value of the filter` }]);
}

function partyOf(filters: NonNullable<SearchRequest['filters']>): string {
  return filters.find(({ name }) => name === 'PartyType')?.values[0] ?? '';
}

function unsupported(names: readonly string[], party: string, call: AwsCall): AwsFault | undefined {
  const own = names.filter(
    (name) => !['PartyType', 'AgreementType', 'BeforeEndTime', 'AfterEndTime', 'Status'].includes(name),
  );
  const combinations = party === 'Acceptor' ? ACCEPTOR_COMBINATIONS : PROPOSER_COMBINATIONS;
  const isKnown = combinations.some((known) => known.toSorted().join() === own.toSorted().join());
  const isWithoutStatus = `${party} ${own.join()}` === WITHOUT_STATUS && names.includes('Status');
  if (names.includes('PartyType') && names.includes('AgreementType') && isKnown && !isWithoutStatus) return undefined;
  const message = `${names.join(' + ') || 'no filter'} is no combination that is supported`;
  return invalid(call, 'UNSUPPORTED_FILTERS', [{ name: 'filters', message }]);
}

function meets(agreement: Agreement, filters: ReadonlyMap<string, string>, callerId: string): boolean {
  const { acceptorId, proposerId, endAt = Number.POSITIVE_INFINITY, offerId, productId, status } = agreement;
  const is = (name: string, value: string): boolean => (filters.get(name) ?? value) === value;
  const before = filters.get('BeforeEndTime');
  const after = filters.get('AfterEndTime');
  return (
    (filters.get('PartyType') === 'Acceptor' ? acceptorId : proposerId) === callerId &&
    is('ResourceIdentifier', productId) &&
    is('ResourceType', 'SaaSProduct') &&
    is('AcceptorAccountId', acceptorId) &&
    is('OfferId', offerId) &&
    is('Status', status) &&
    // No offer is in a set here.
    !filters.has('OfferSetId') &&
    (before === undefined || endAt < Date.parse(before)) &&
    (after === undefined || endAt > Date.parse(after))
  );
}
