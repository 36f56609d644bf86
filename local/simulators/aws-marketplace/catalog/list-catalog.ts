import type * as z from 'zod';
import { wholeSeconds } from '../../aws/aws-event.ts';
import { type AwsResult, answered, type JsonObject, refused } from '../../aws/aws-result.ts';
import { pageOf } from '../../aws/page.ts';
import { endOfDay } from '../calendar.ts';
import type { Marketplace } from '../marketplace.ts';
import type { ChangeSet, Offer, Product } from '../records.ts';
import { catalogFault } from './catalog-faults.ts';
import type {
  DateRangeFilter,
  listChangeSetsSchema,
  listEntitiesSchema,
  OfferFilters,
  ProductFilters,
} from './catalog-requests.ts';
import { entityIdsOf, summarizeChangeSet } from './describe-catalog.ts';

const CHANGE_SET_FILTERS = ['ChangeSetName', 'Status', 'EntityId', 'BeforeStartTime', 'AfterStartTime'] as const;

/** The newest change sets first, unless asked otherwise; all filters must be met, each by one of its values. */
export function listChangeSets(market: Marketplace, request: z.infer<typeof listChangeSetsSchema>): AwsResult {
  const { FilterList: filters = [], Sort, MaxResults, NextToken } = request;
  const unknown = filters.find(({ Name }) => !CHANGE_SET_FILTERS.some((known) => known === Name));
  if (unknown !== undefined) return invalid(`Filter ${unknown.Name} is not supported.`);
  if (Sort?.SortBy !== undefined && !['StartTime', 'EndTime'].includes(Sort.SortBy))
    return invalid(`Sorting by ${Sort.SortBy} is not supported.`);

  const found = market
    .keptChangeSets()
    .filter((changeSet) => filters.every(({ Name, ValueList = [] }) => meetsFilter(changeSet, Name ?? '', ValueList)));
  const time = ({ startedAt, endedAt }: ChangeSet) =>
    Sort?.SortBy === 'EndTime' ? (endedAt ?? Number.POSITIVE_INFINITY) : startedAt;
  const sorted = found.toSorted((a, b) => time(a) - time(b));
  const ordered = Sort?.SortOrder === 'ASCENDING' ? sorted : sorted.reverse();
  const page = pageOf(ordered, ({ id }) => id, { token: NextToken, sizeMax: MaxResults });
  if (page === 'invalid-token') return invalid('NextToken is not valid.');
  return answered({
    ChangeSetSummaryList: page.items.map((changeSet) => summarizeChangeSet(market, changeSet)),
    NextToken: page.nextToken,
  });
}

function meetsFilter(changeSet: ChangeSet, name: string, values: readonly string[]): boolean {
  switch (name) {
    case 'ChangeSetName':
      return values.includes(changeSet.name);
    case 'Status':
      return values.includes(changeSet.status);
    case 'EntityId':
      return entityIdsOf(changeSet).some((id) => values.includes(id));
    case 'BeforeStartTime':
      return values.some((value) => changeSet.startedAt < Date.parse(value));
    default:
      return values.some((value) => changeSet.startedAt > Date.parse(value));
  }
}

/** Offers or SaaS products, with the filters and orders of their type; by id unless asked otherwise. */
export function listEntities(market: Marketplace, request: z.infer<typeof listEntitiesSchema>): AwsResult {
  const { EntityType, EntityTypeFilters: filters, EntityTypeSort: sort, FilterList, Sort } = request;
  if (EntityType !== 'Offer' && EntityType !== 'SaaSProduct')
    return invalid(`EntityType ${EntityType} is not simulated.`);
  if (FilterList !== undefined || Sort !== undefined)
    return invalid('Use EntityTypeFilters and EntityTypeSort; the older FilterList and Sort are not simulated.');
  // Nothing is shared with the account through another one.
  if (request.OwnershipType === 'SHARED') return answered({ EntitySummaryList: [] });
  if (EntityType === 'Offer') {
    const found = market.offers.all().filter((offer) => meetsOfferFilters(offer, filters?.OfferFilters ?? {}));
    const { SortBy = 'EntityId', SortOrder } = sort?.OfferSort ?? {};
    return page(
      found,
      (offer) => offerOrder(offer, SortBy),
      SortOrder,
      request,
      (offer) => summarizeOffer(market, offer),
    );
  }
  const found = market.products
    .all()
    .filter((product) => meetsProductFilters(product, filters?.SaaSProductFilters ?? {}));
  const { SortBy = 'EntityId', SortOrder } = sort?.SaaSProductSort ?? {};
  const order = (product: Product) =>
    SortBy === 'ProductTitle' ? product.title : SortBy === 'EntityId' ? '' : wholeSeconds(product.modifiedAt);
  return page(found, order, SortOrder, request, (product) => summarizeProduct(market, product));
}

function page<Item extends { readonly id: string }>(
  items: readonly Item[],
  order: (item: Item) => string,
  sortOrder: 'ASCENDING' | 'DESCENDING' | undefined,
  { NextToken, MaxResults }: { readonly NextToken?: string | undefined; readonly MaxResults: number },
  summarize: (item: Item) => JsonObject,
): AwsResult {
  const key = (item: Item) => `${order(item)} ${item.id}`;
  const sorted = items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const ordered = sortOrder === 'DESCENDING' ? sorted.reverse() : sorted;
  const cut = pageOf(ordered, ({ id }) => id, { token: NextToken, sizeMax: MaxResults });
  if (cut === 'invalid-token') return invalid('NextToken is not valid.');
  return answered({ EntitySummaryList: cut.items.map(summarize), NextToken: cut.nextToken });
}

function offerOrder(offer: Offer, by: string): string {
  switch (by) {
    case 'Name':
      return offer.name ?? '';
    case 'ReleaseDate':
      return offer.releasedAt === undefined ? '' : wholeSeconds(offer.releasedAt);
    case 'AvailabilityEndDate':
      return offer.availabilityEndDate ?? '';
    case 'LastModifiedDate':
      return wholeSeconds(offer.modifiedAt);
    default:
      return '';
  }
}

function meetsOfferFilters(offer: Offer, filters: OfferFilters): boolean {
  const { positiveTargeting, availabilityEndDate: lastDay, releasedAt } = offer;
  const targeting = targetingOf(offer);
  const buyers = positiveTargeting?.BuyerAccounts ?? [];
  return (
    isOneOf(offer.id, filters.EntityId) &&
    isNamed(offer.name ?? '', filters.Name) &&
    isOneOf(offer.productId, filters.ProductId) &&
    isWithin(releasedAt, filters.ReleaseDate) &&
    isWithin(lastDay === undefined ? undefined : endOfDay(lastDay), filters.AvailabilityEndDate) &&
    (filters.BuyerAccounts === undefined ||
      buyers.some((id) => id.includes(filters.BuyerAccounts?.WildCardValue ?? ''))) &&
    isOneOf(offer.state, filters.State) &&
    (filters.Targeting === undefined || filters.Targeting.ValueList.some((value) => targeting.includes(value))) &&
    isWithin(offer.modifiedAt, filters.LastModifiedDate) &&
    // Nothing has a resale authorization, a set or a renewal for a target here, and everything was made by the seller.
    filters.ResaleAuthorizationId === undefined &&
    filters.OfferSetId === undefined &&
    filters.TargetAgreementId === undefined &&
    filters.TargetAgreementIntent === undefined &&
    isOneOf('Seller', filters.CreatedBySource)
  );
}

function meetsProductFilters(product: Product, filters: ProductFilters): boolean {
  return (
    isOneOf(product.id, filters.EntityId) &&
    isNamed(product.title, filters.ProductTitle) &&
    isOneOf(product.visibility, filters.Visibility) &&
    isWithin(product.modifiedAt, filters.LastModifiedDate)
  );
}

function isOneOf(value: string, filter: { readonly ValueList: readonly string[] } | undefined): boolean {
  return filter === undefined || filter.ValueList.includes(value);
}

function isNamed(
  name: string,
  filter:
    | { readonly ValueList?: readonly string[] | undefined; readonly WildCardValue?: string | undefined }
    | undefined,
): boolean {
  if (filter === undefined) return true;
  const { ValueList, WildCardValue } = filter;
  return ValueList?.includes(name) ?? name.toLowerCase().includes((WildCardValue ?? '').toLowerCase());
}

function isWithin(at: number | undefined, filter: DateRangeFilter | undefined): boolean {
  if (filter === undefined) return true;
  const { AfterValue, BeforeValue } = filter.DateRange;
  // AWS compares what it shows, which is whole seconds.
  const shown = at === undefined ? undefined : Math.floor(at / 1000) * 1000;
  return (
    shown !== undefined &&
    (AfterValue === undefined || shown >= Date.parse(AfterValue)) &&
    (BeforeValue === undefined || shown <= Date.parse(BeforeValue))
  );
}

function targetingOf({ positiveTargeting }: Offer): readonly string[] {
  const targets = [
    ...(positiveTargeting?.BuyerAccounts === undefined ? [] : ['BuyerAccounts']),
    ...(positiveTargeting?.CountryCodes === undefined ? [] : ['CountryCodes']),
  ];
  return targets.length === 0 ? ['None'] : targets;
}

function summarizeOffer(market: Marketplace, offer: Offer): JsonObject {
  const { availabilityEndDate: lastDay, releasedAt, positiveTargeting } = offer;
  return {
    ...entitySummary(market, 'Offer', offer),
    Name: offer.name ?? null,
    OfferSummary: {
      Name: offer.name ?? null,
      ProductId: offer.productId,
      ReleaseDate: releasedAt === undefined ? null : wholeSeconds(releasedAt),
      AvailabilityEndDate: lastDay === undefined ? null : wholeSeconds(endOfDay(lastDay)),
      BuyerAccounts: positiveTargeting?.BuyerAccounts ?? [],
      State: offer.state,
      Targeting: targetingOf(offer),
      CreatedBySource: 'Seller',
    },
  };
}

function summarizeProduct(market: Marketplace, product: Product): JsonObject {
  return {
    ...entitySummary(market, 'SaaSProduct', product),
    Name: product.title,
    Visibility: product.visibility,
    SaaSProductSummary: { ProductTitle: product.title, Visibility: product.visibility },
  };
}

function entitySummary(market: Marketplace, type: string, { id, modifiedAt }: Offer | Product): JsonObject {
  return {
    EntityType: type,
    EntityId: id,
    EntityArn: market.entityArn(type, id),
    LastModifiedDate: wholeSeconds(modifiedAt),
  };
}

function invalid(message: string): AwsResult {
  return refused(catalogFault('ValidationException', message));
}
