import { wholeSeconds } from '../aws/aws-event.ts';
import type { JsonObject } from '../aws/aws-result.ts';
import { endOfDay } from './calendar.ts';
import type { Marketplace } from './marketplace.ts';
import type { Adjustment, Agreement, Cancellation, ChangeSet, Offer } from './records.ts';

/*
 * Sources and shapes:
 * https://docs.aws.amazon.com/marketplace/latest/userguide/notifications-eventbridge.html,
 * .../saas-eventbridge-integration.html and .../buyerguide/agreement-eventbridge.html (read 2026-08).
 */

const AGREEMENTS = 'aws.agreement-marketplace';
const CATALOG = 'aws.marketplacecatalog';

/**
 * As whom the account hears of an agreement. A manufacturer who sells himself hears as the proposer only; only when a
 * channel partner sells his product he hears as the manufacturer.
 */
export function roleOf({ accountId }: Marketplace, agreement: Agreement): 'Proposer' | 'Manufacturer' | 'Acceptor' {
  if (agreement.proposerId === accountId) return 'Proposer';
  return agreement.acceptorId === accountId ? 'Acceptor' : 'Manufacturer';
}

export function agreementCreated(market: Marketplace, agreement: Agreement): void {
  const { previousAgreementId, resaleAuthorizationId, intent } = agreement;
  const isRenewal = intent === 'RENEW';
  emitAgreement(market, agreement, `Purchase Agreement Created - ${roleOf(market, agreement)}`, {
    agreement: {
      ...agreementTimes(agreement),
      ...(isRenewal && previousAgreementId !== undefined ? { previousAgreementId } : {}),
    },
    ...(isRenewal ? { product: productTitle(market, agreement) } : {}),
    ...(resaleAuthorizationId === undefined ? {} : { resaleAuthorization: { id: resaleAuthorizationId } }),
  });
}

/** The proposer is told of the renewal settings too. */
export function agreementAmended(market: Marketplace, agreement: Agreement): void {
  const role = roleOf(market, agreement);
  const renewal = {
    product: productTitle(market, agreement),
    renewalSummary: { lockoutStartTime: null, disabledBy: null },
  };
  emitAgreement(market, agreement, `Purchase Agreement Amended - ${role}`, {
    agreement: {
      ...agreementTimes({ ...agreement, intent: 'AMEND' }),
      ...(role === 'Proposer' ? { autoRenewalEnabled: agreement.autoRenew } : {}),
    },
    ...(role === 'Proposer' ? renewal : {}),
  });
}

export function agreementEnded(market: Marketplace, agreement: Agreement): void {
  emitAgreement(market, agreement, `Purchase Agreement Ended - ${roleOf(market, agreement)}`, {
    agreement: { id: agreement.id, status: agreement.status },
  });
}

export function agreementEnding(market: Marketplace, agreement: Agreement, daysBeforeEndTime: number): void {
  const { id, startAt, endAt = startAt, status, autoRenew, proposerId } = agreement;
  emitAgreement(market, agreement, `Purchase Agreement Ending - ${roleOf(market, agreement)}`, {
    agreement: {
      id,
      startTime: wholeSeconds(startAt),
      endTime: wholeSeconds(endAt),
      status,
      daysBeforeEndTime,
      autoRenewalEnabled: autoRenew,
    },
    proposer: { name: market.sellerName, accountId: proposerId },
    renewalSummary: { lockoutStartTime: lockoutStart(agreement), disabledBy: null },
    product: productTitle(market, agreement),
  });
}

export function renewalTermsFinalized(market: Marketplace, agreement: Agreement, tcv: string): void {
  emitAgreement(market, agreement, `Purchase Agreement Renewal Terms Finalized - ${roleOf(market, agreement)}`, {
    agreement: renewalTimes(agreement),
    renewalSummary: {
      tcv,
      currency: agreement.currencyCode,
      termsFinalizedTime: wholeSeconds(market.now()),
      lockoutReached: false,
      lockoutStartTime: lockoutStart(agreement),
    },
  });
}

export function renewalUpcoming(market: Marketplace, agreement: Agreement, tcv: string): void {
  emitAgreement(market, agreement, `Purchase Agreement Renewal Upcoming - ${roleOf(market, agreement)}`, {
    agreement: renewalTimes(agreement),
    renewalSummary: { lockoutReached: true, tcv, currency: agreement.currencyCode },
  });
}

/** What AWS warns of, for example that an agreement is at risk; told to manufacturers. */
export function advisory(market: Marketplace, agreement: Agreement, state: 'Issued' | 'Resolved'): void {
  const at = wholeSeconds(market.now());
  emitAgreement(market, agreement, `Purchase Agreement Advisory ${state} - Manufacturer`, {
    agreement: { id: agreement.id },
    product: { id: agreement.productId },
    advisory: state === 'Issued' ? { issuedAt: at } : { resolvedAt: at },
  });
}

/** Licences are always told to the manufacturer, also when he is the seller. */
export function licenseChanged(market: Marketplace, agreement: Agreement, what: 'Updated' | 'Deprovisioned'): void {
  const product = market.products.get(agreement.productId);
  emitAgreement(market, agreement, `License ${what} - Manufacturer`, {
    agreement: { id: agreement.id },
    product: { code: product?.code ?? '', id: agreement.productId },
    license: { arn: agreement.licenseArn },
  });
}

const CANCELLATION_WORDS = {
  PENDING_APPROVAL: 'Pending Approval',
  APPROVED: 'Approved',
  REJECTED: 'Rejected',
  CANCELLED: 'Cancelled',
  VALIDATION_FAILED: 'Validation Failed',
} as const;

export function cancellationChanged(market: Marketplace, cancellation: Cancellation, agreement: Agreement): void {
  const { id, reasonCode, description = '', status, statusMessage = '', createdAt, updatedAt } = cancellation;
  const detailType = `Agreement Cancellation Request ${CANCELLATION_WORDS[status]} - Proposer`;
  market.emit(AGREEMENTS, detailType, [], {
    requestId: market.ids.uuid(),
    catalog: 'AWSMarketplace',
    agreement: {
      id: agreement.id,
      acceptorId: agreement.acceptorId,
      productId: agreement.productId,
      offerId: agreement.offerId,
    },
    agreementCancellationRequest: {
      id,
      reasonCode,
      reasonMessage: description,
      statusCode: status,
      statusMessage,
      createdAt: wholeSeconds(createdAt),
      updatedAt: wholeSeconds(updatedAt),
    },
  });
}

export function adjustmentSettled(market: Marketplace, adjustment: Adjustment): void {
  const outcome = adjustment.status === 'COMPLETED' ? 'Completed' : 'Failed';
  market.emit(AGREEMENTS, `Purchase Agreement Billing Adjustment ${outcome} - Proposer`, [], {
    requestId: market.ids.uuid(),
    catalog: 'AWSMarketplace',
    agreement: { id: adjustment.agreementId },
    billingAdjustmentRequest: {
      id: adjustment.id,
      adjustmentAmount: `-${adjustment.amount}`,
      currencyCode: adjustment.currencyCode,
      adjustmentReasonCode: adjustment.reasonCode,
    },
    invoice: { originalInvoiceId: adjustment.invoiceId },
  });
}

export function offerReleased(market: Marketplace, offer: Offer): void {
  const { accountId, sellerName } = market;
  const { availabilityEndDate: lastDay, positiveTargeting } = offer;
  const product = market.products.get(offer.productId);
  market.emit(CATALOG, 'Offer Released', [market.entityArn('Offer', offer.id)], {
    requestId: market.ids.uuid(),
    catalog: 'AWSMarketplace',
    offer: {
      ...offerReference(market, offer),
      ...(lastDay === undefined ? {} : { expirationDate: wholeSeconds(endOfDay(lastDay)) }),
    },
    product: {
      id: offer.productId,
      arn: market.entityArn('SaaSProduct', offer.productId),
      title: product?.title ?? '',
    },
    manufacturer: { accountId, name: sellerName },
    sellerOfRecord: { accountId, name: sellerName },
    ...(positiveTargeting?.BuyerAccounts === undefined
      ? {}
      : { targetedBuyerAccountIds: positiveTargeting.BuyerAccounts }),
  });
}

export function offerSetReleased(market: Marketplace, id: string, name: string, offers: readonly Offer[]): void {
  market.emit(CATALOG, 'OfferSet Released', [market.entityArn('OfferSet', id)], {
    requestId: market.ids.uuid(),
    catalog: 'AWSMarketplace',
    offerSet: { id, arn: `arn:aws:catalog:us-east-1:${market.accountId}:OfferSet/${id}`, name },
    associatedOffers: offers.map((offer) => ({ offer: offerReference(market, offer) })),
  });
}

/** Members are spelt with capitals in these three, and in no other event. */
export function changeSetEnded(market: Marketplace, changeSet: ChangeSet): void {
  const { id, name, startedAt, endedAt = startedAt, failureCode, status } = changeSet;
  const outcome = status === 'SUCCEEDED' ? 'Succeeded' : status === 'FAILED' ? 'Failed' : 'Cancelled';
  market.emit(CATALOG, `Change Set ${outcome}`, [market.entityArn('ChangeSet', id)], {
    requestId: market.ids.uuid(),
    Catalog: 'AWSMarketplace',
    ChangeSetId: id,
    ChangeSetName: name,
    StartTime: wholeSeconds(startedAt),
    EndTime: wholeSeconds(endedAt),
    ...(failureCode === undefined ? {} : { FailureCode: failureCode }),
  });
}

export function securityReportCreated(market: Marketplace, numberOfIssues: number): void {
  market.emit(CATALOG, 'Products Security Report Created', [], {
    numberOfProductsWithIssues: numberOfIssues,
    numberOfVersionsWithIssues: numberOfIssues,
    numberOfLatestVersionsWithIssues: numberOfIssues,
    newIssuesFound: numberOfIssues > 0,
    upcomingResolutionDueDate: wholeSeconds(market.now() + 30 * 86_400_000),
    requestId: market.ids.uuid(),
  });
}

export function disbursementPaused(market: Marketplace): void {
  const instrument = `arn:aws:payments:us-east-1:${market.accountId}:paymentinstrument:1`;
  market.emit('aws.marketplace', 'Disbursement Paused', [instrument], {
    requestId: market.ids.uuid(),
    catalog: 'AWSMarketplace',
  });
}

function emitAgreement(market: Marketplace, agreement: Agreement, detailType: string, own: JsonObject): void {
  market.emit(AGREEMENTS, detailType, [`arn:aws:aws-marketplace::aws:agreement:${agreement.id}`], {
    requestId: market.ids.uuid(),
    catalog: 'AWSMarketplace',
    acceptor: { accountId: agreement.acceptorId },
    proposer: { accountId: agreement.proposerId },
    offer: { id: agreement.offerId },
    ...own,
  });
}

function agreementTimes({ id, intent, status, acceptedAt, startAt, endAt }: Agreement): JsonObject {
  return {
    id,
    intent,
    status,
    acceptanceTime: wholeSeconds(acceptedAt),
    startTime: wholeSeconds(startAt),
    ...(endAt === undefined ? {} : { endTime: wholeSeconds(endAt) }),
  };
}

function renewalTimes({ id, startAt, endAt = startAt }: Agreement): JsonObject {
  return { id, startTime: wholeSeconds(startAt), endTime: wholeSeconds(endAt) };
}

/** From then on nobody can change whether the agreement renews: 30 days before its end where its terms do not say. */
function lockoutStart({ startAt, endAt = startAt }: Agreement): string {
  return wholeSeconds(endAt - 30 * 86_400_000);
}

function productTitle(market: Marketplace, { productId }: Agreement): JsonObject {
  return { id: productId, title: market.products.get(productId)?.title ?? '' };
}

function offerReference({ accountId }: Marketplace, { id, name = '' }: Offer): JsonObject {
  return { id, arn: `arn:aws:catalog:us-east-1:${accountId}:Offer/${id}`, name };
}
