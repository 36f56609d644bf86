import { endOfDay } from '../calendar.ts';
import type { Marketplace } from '../marketplace.ts';
import type { Agreement } from '../records.ts';
import { type ActionOutcome, done, impossible } from './action.ts';
import { beginAgreement, endAgreement, licenseArn } from './agreement-life.ts';
import { agreementTermsOf, type BuyerChoice } from './agreement-value.ts';
import { planCharges } from './charges.ts';

/** How a buyer accepts an offer. */
export interface Acceptance extends BuyerChoice {
  /** 12 digits. */
  readonly buyerAccountId: string;
  readonly autoRenew?: boolean | undefined;
  readonly purchaseOrder?: string | undefined;
  /** The channel partner who sells it, when it is not the manufacturer; the account then hears as the manufacturer. */
  readonly proposerAccountId?: string | undefined;
  readonly resaleAuthorizationId?: string | undefined;
}

/** Accepts a released offer as a buyer: the agreement, its charges and its licence come of it. */
export function acceptOffer(market: Marketplace, offerId: string, acceptance: Acceptance): ActionOutcome<Agreement> {
  const offer = market.offers.get(offerId);
  if (offer === undefined) return impossible(`There is no offer ${offerId}.`);
  const now = market.now();
  const { buyerAccountId } = acceptance;
  const targeted = offer.positiveTargeting?.BuyerAccounts;
  if (offer.state !== 'Released') return impossible('The offer is not released.');
  if (offer.availabilityEndDate !== undefined && endOfDay(offer.availabilityEndDate) < now)
    return impossible('The offer is expired.');
  if (targeted !== undefined && !targeted.includes(buyerAccountId))
    return impossible('The offer is not for this buyer.');
  const former = replacedBy(market, offer.replacesAgreementId);
  if (typeof former === 'string') return impossible(former);
  if (targeted !== undefined && isAccepted(market, offerId, buyerAccountId))
    return impossible('The buyer has accepted this offer already.');
  const came = agreementTermsOf(offer, acceptance, now);
  if (typeof came === 'string') return impossible(came);

  const { charges, ...terms } = came;
  const agreement: Agreement = {
    ...terms,
    id: market.ids.agreement(),
    status: 'ACTIVE',
    intent: former === undefined ? 'NEW' : 'REPLACE',
    acceptorId: buyerAccountId,
    proposerId: acceptance.proposerAccountId ?? market.accountId,
    offerId,
    productId: offer.productId,
    resaleAuthorizationId: acceptance.resaleAuthorizationId,
    previousAgreementId: former?.id,
    acceptedAt: now,
    autoRenew: acceptance.autoRenew ?? false,
    licenseArn: licenseArn(market, buyerAccountId),
    entitlementStatus: terms.startAt > now ? 'SCHEDULED' : 'PROVISIONED',
    purchaseOrder: acceptance.purchaseOrder,
  };
  beginAgreement(market, agreement);
  planCharges(market, agreement, charges);
  if (former !== undefined) endAgreement(market, former, 'REPLACED');
  return done(agreement);
}

function replacedBy(market: Marketplace, agreementId: string | undefined): Agreement | string | undefined {
  if (agreementId === undefined) return undefined;
  const former = market.agreements.get(agreementId);
  if (former === undefined) return `There is no agreement ${agreementId}.`;
  return former.status === 'ACTIVE' ? former : `The agreement to be replaced is ${former.status}.`;
}

function isAccepted(market: Marketplace, offerId: string, buyerAccountId: string): boolean {
  return market.agreements
    .all()
    .some((other) => other.offerId === offerId && other.acceptorId === buyerAccountId && other.status === 'ACTIVE');
}
