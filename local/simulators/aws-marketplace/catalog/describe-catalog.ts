import { wholeSeconds } from '../../aws/aws-event.ts';
import type { JsonObject } from '../../aws/aws-result.ts';
import { endOfDay, startOfDay } from '../calendar.ts';
import type { Marketplace } from '../marketplace.ts';
import type { ChangeSet, Offer, Product, Term } from '../records.ts';

/** A change set as DescribeChangeSet answers it. What is not known yet is null, as AWS has it. */
export function describeChangeSet(market: Marketplace, changeSet: ChangeSet): JsonObject {
  return {
    ...summary(market, changeSet),
    Intent: changeSet.intent,
    FailureDescription: changeSet.failureDescription ?? null,
    ChangeSet: changeSet.changes.map((change) => ({
      ChangeType: change.changeType,
      Entity: {
        Type: change.entityType,
        ...(change.entityIdentifier === undefined && change.identifier === undefined
          ? {}
          : { Identifier: change.entityIdentifier ?? change.identifier }),
      },
      Details: JSON.stringify(change.details),
      DetailsDocument: change.details,
      ErrorDetailList: change.errors,
      ChangeName: change.changeName ?? null,
    })),
  };
}

/** A change set as ListChangeSets answers it. */
export function summarizeChangeSet(market: Marketplace, changeSet: ChangeSet): JsonObject {
  return { ...summary(market, changeSet), EntityIdList: entityIdsOf(changeSet) };
}

/** Ids of all entities a change set is known to be about. */
export function entityIdsOf({ changes, lockedIds }: ChangeSet): readonly string[] {
  const made = changes.flatMap(({ entityIdentifier }) =>
    entityIdentifier === undefined ? [] : [entityIdentifier.replace(/@\d+$/, '')],
  );
  return [...new Set([...lockedIds, ...made])];
}

function summary(market: Marketplace, { id, name, startedAt, endedAt, status, failureCode }: ChangeSet): JsonObject {
  return {
    ChangeSetId: id,
    ChangeSetArn: market.entityArn('ChangeSet', id),
    ChangeSetName: name,
    StartTime: wholeSeconds(startedAt),
    EndTime: endedAt === undefined ? null : wholeSeconds(endedAt),
    Status: status,
    FailureCode: failureCode ?? null,
  };
}

/** An entity as DescribeEntity answers it; `undefined` when there is none. */
export function describeEntity(market: Marketplace, entityId: string): JsonObject | undefined {
  const id = entityId.replace(/@\d+$/, '');
  const offer = market.offers.get(id);
  if (offer !== undefined) return entity(market, 'Offer', offer, offerDetails(offer));
  const product = market.products.get(id);
  return product === undefined ? undefined : entity(market, 'SaaSProduct', product, productDetails(product));
}

function entity(
  market: Marketplace,
  type: string,
  { id, revision, modifiedAt }: Offer | Product,
  details: JsonObject,
): JsonObject {
  return {
    EntityType: `${type}@1.0`,
    EntityIdentifier: `${id}@${revision}`,
    EntityArn: market.entityArn(type, id),
    LastModifiedDate: wholeSeconds(modifiedAt),
    Details: JSON.stringify(details),
    DetailsDocument: details,
  };
}

function offerDetails(offer: Offer): JsonObject {
  const { availabilityEndDate: lastDay, positiveTargeting, negativeTargeting } = offer;
  const rules = [
    ...(positiveTargeting === undefined && negativeTargeting === undefined
      ? []
      : [{ Type: 'TargetingRule', PositiveTargeting: positiveTargeting, NegativeTargeting: negativeTargeting }]),
    ...(lastDay === undefined
      ? []
      : [{ Type: 'AvailabilityRule', AvailabilityEndDate: new Date(endOfDay(lastDay)).toISOString() }]),
  ];
  return {
    Id: offer.id,
    Name: offer.name ?? null,
    Description: offer.description ?? null,
    ProductId: offer.productId,
    ...(offer.preExistingAgreement === undefined ? {} : { PreExistingAgreement: offer.preExistingAgreement }),
    ...(offer.replacesAgreementId === undefined ? {} : { AgreementId: offer.replacesAgreementId }),
    ...(offer.pricingModel === undefined ? {} : { PricingModel: offer.pricingModel }),
    Terms: offer.terms.map(describeTerm),
    Rules: rules,
    State: offer.state,
  };
}

/** The days of a payment schedule come back as instants. */
function describeTerm(term: Term): Term {
  if (term.Type !== 'PaymentScheduleTerm') return term;
  // The schema of the term's type took it.
  const schedule = term.Schedule as readonly { readonly ChargeDate: string; readonly ChargeAmount: string }[];
  return {
    ...term,
    Schedule: schedule.map(({ ChargeDate, ChargeAmount }) => ({
      ChargeDate: new Date(startOfDay(ChargeDate)).toISOString(),
      ChargeAmount,
    })),
  };
}

function productDetails({ title, code, visibility, description, dimensions }: Product): JsonObject {
  return {
    Description: {
      ProductTitle: title,
      ProductCode: code,
      ShortDescription: description,
      Manufacturer: null,
      LongDescription: description,
      Sku: null,
      Highlights: [],
      Categories: [],
      AssociatedProducts: null,
      SearchKeywords: [],
      Visibility: visibility,
      ProductState: visibility === 'Draft' ? 'Draft' : 'Active',
    },
    Dimensions: dimensions,
    Targeting: { PositiveTargeting: { BuyerAccounts: [] } },
  };
}
