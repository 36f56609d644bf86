import { Big } from 'big.js';
import type { EventMisbehaviour } from '../aws/event-publisher.ts';
import { type Acceptance, acceptOffer } from './business/accept-offer.ts';
import { type ActionOutcome, done, impossible } from './business/action.ts';
import { settleAdjustment } from './business/adjustment-life.ts';
import { type Amendment, amendAgreement, endAgreement, renewAgreement } from './business/agreement-life.ts';
import { money } from './business/agreement-value.ts';
import { settleCancellation } from './business/cancellation-life.ts';
import { chargesOf, writeInvoice } from './business/charges.ts';
import type { Marketplace } from './marketplace.ts';
import {
  advisory,
  agreementEnding,
  disbursementPaused,
  licenseChanged,
  offerSetReleased,
  renewalTermsFinalized,
  renewalUpcoming,
  securityReportCreated,
} from './marketplace-events.ts';
import type {
  Adjustment,
  Agreement,
  AgreementStatus,
  Cancellation,
  ChangeSet,
  EntitlementStatus,
  Invoice,
  Product,
} from './records.ts';
import { publicOffer } from './sample-products.ts';

/**
 * What buyers and AWS do, for tests and demonstrations. Every action changes what the APIs answer and emits the events
 * that AWS would; one that cannot be done changes nothing and says why.
 */
export class MarketplaceAdmin {
  readonly #market: Marketplace;
  /** Runs after every action: makes it durable, and does what it made due at once. */
  readonly #settle: () => void;

  constructor(market: Marketplace, settle: () => void) {
    this.#market = market;
    this.#settle = settle;
  }

  /** Puts a product in the catalog as it is, with a public offer, without which there can be no private one. */
  addProduct(product: Omit<Product, 'revision' | 'modifiedAt'>): Product {
    const now = this.#market.now();
    const added: Product = { ...product, revision: 1, modifiedAt: now };
    this.#market.products.put(added);
    this.#market.offers.put(publicOffer(added, now));
    this.#settle();
    return added;
  }

  /** Accepts an offer as a buyer. An offer that replaces an agreement ends that one. */
  accept(offerId: string, acceptance: Acceptance): ActionOutcome<Agreement> {
    return this.#settled(acceptOffer(this.#market, offerId, acceptance));
  }

  amend(agreementId: string, amendment: Amendment): ActionOutcome<Agreement> {
    return this.#onAgreement(agreementId, (agreement) => amendAgreement(this.#market, agreement, amendment));
  }

  /** Renews as if the end had come, at a price higher by `percent` (decimal text). Answers the new agreement. */
  renew(agreementId: string, percent = '0'): ActionOutcome<Agreement> {
    return this.#onAgreement(agreementId, (agreement) => renewAgreement(this.#market, agreement, percent));
  }

  /** Ends an agreement: CANCELLED by its buyer, TERMINATED by AWS, EXPIRED, and so on. */
  end(agreementId: string, status: Exclude<AgreementStatus, 'ACTIVE'>): ActionOutcome<Agreement> {
    return this.#onAgreement(agreementId, (agreement) => endAgreement(this.#market, agreement, status));
  }

  /** Sends the notice that an agreement ends in so many days, whether or not that is so. */
  noticeEnding(agreementId: string, days: number): ActionOutcome<Agreement> {
    return this.#tell(agreementId, (agreement) => agreementEnding(this.#market, agreement, days));
  }

  /** Fixes the price of a renewal, `percent` above the present one. */
  finalizeRenewalTerms(agreementId: string, percent = '0'): ActionOutcome<Agreement> {
    return this.#tell(agreementId, (agreement) =>
      renewalTermsFinalized(this.#market, agreement, raised(agreement, percent)),
    );
  }

  announceRenewal(agreementId: string, percent = '0'): ActionOutcome<Agreement> {
    return this.#tell(agreementId, (agreement) => renewalUpcoming(this.#market, agreement, raised(agreement, percent)));
  }

  advise(agreementId: string, state: 'Issued' | 'Resolved'): ActionOutcome<Agreement> {
    return this.#tell(agreementId, (agreement) => advisory(this.#market, agreement, state));
  }

  /** Gives the licence another status, as when provisioning fails. */
  setEntitlement(agreementId: string, entitlementStatus: EntitlementStatus): ActionOutcome<Agreement> {
    return this.#onAgreement(agreementId, (agreement) => {
      const changed: Agreement = { ...agreement, entitlementStatus };
      this.#market.agreements.put(changed);
      licenseChanged(this.#market, changed, entitlementStatus === 'DEPROVISIONED' ? 'Deprovisioned' : 'Updated');
      return done(changed);
    });
  }

  /** Writes the invoice of the next charge that has none, due or not. AWS tells of it by no event. */
  invoiceNext(agreementId: string): ActionOutcome<Invoice> {
    const next = chargesOf(this.#market, agreementId).find(({ invoiceId }) => invoiceId === undefined);
    return this.#settled(
      next === undefined ? impossible('Nothing is left to invoice.') : done(writeInvoice(this.#market, next)),
    );
  }

  /** Answers a seller's request to cancel, as its buyer or, VALIDATION_FAILED, as AWS. */
  answerCancellation(
    id: string,
    status: 'APPROVED' | 'REJECTED' | 'VALIDATION_FAILED',
    message?: string,
  ): ActionOutcome<Cancellation> {
    const found = this.#market.cancellations.get(id);
    return this.#settled(
      found === undefined
        ? impossible(`There is no request ${id}.`)
        : settleCancellation(this.#market, found, status, message),
    );
  }

  settleAdjustment(id: string, status: 'COMPLETED' | 'VALIDATION_FAILED', message?: string): ActionOutcome<Adjustment> {
    const found = this.#market.adjustments.get(id);
    return this.#settled(
      found === undefined
        ? impossible(`There is no adjustment ${id}.`)
        : settleAdjustment(this.#market, found, status, message),
    );
  }

  /** Lets a running change set end as a fault of AWS. */
  failChangeSet(id: string): ActionOutcome<ChangeSet> {
    const found = this.#market.changeSets.get(id);
    if (found === undefined || found.endedAt !== undefined) return impossible(`No change set ${id} is running.`);
    const failing: ChangeSet = { ...found, isToFail: true };
    this.#market.changeSets.put(failing);
    return this.#settled(done(failing));
  }

  pauseDisbursement(): void {
    disbursementPaused(this.#market);
    this.#settle();
  }

  reportSecurity(numberOfIssues: number): void {
    securityReportCreated(this.#market, numberOfIssues);
    this.#settle();
  }

  /** Tells of a set of offers; sets themselves are not simulated. */
  releaseOfferSet(id: string, name: string, offerIds: readonly string[]): ActionOutcome<readonly string[]> {
    const offers = offerIds.flatMap((offerId) => this.#market.offers.get(offerId) ?? []);
    if (offers.length < offerIds.length) return impossible('Not all of these offers are there.');
    offerSetReleased(this.#market, id, name, offers);
    return this.#settled(done(offerIds));
  }

  /** Loses, repeats or delays events from now on. */
  misbehave(misbehaviour: EventMisbehaviour): void {
    this.#market.events.misbehave(misbehaviour);
  }

  /** Sends an event of late once more; false when it is not remembered. */
  sendAgain(eventId: string): boolean {
    return this.#market.events.sendAgain(eventId);
  }

  /** All that is there of a kind, as it is kept. */
  records(table: RecordTable): readonly unknown[] {
    return this.#market[table].all();
  }

  #onAgreement<Result>(id: string, act: (agreement: Agreement) => ActionOutcome<Result>): ActionOutcome<Result> {
    const agreement = this.#market.agreements.get(id);
    return this.#settled(agreement === undefined ? impossible(`There is no agreement ${id}.`) : act(agreement));
  }

  #tell(id: string, tell: (agreement: Agreement) => void): ActionOutcome<Agreement> {
    return this.#onAgreement(id, (agreement) => {
      tell(agreement);
      return done(agreement);
    });
  }

  #settled<Result>(outcome: ActionOutcome<Result>): ActionOutcome<Result> {
    this.#settle();
    return outcome;
  }
}

/** Tables a test may look into. */
export const RECORD_TABLES = [
  'products',
  'offers',
  'changeSets',
  'agreements',
  'charges',
  'invoices',
  'cancellations',
  'adjustments',
] as const;

export type RecordTable = (typeof RECORD_TABLES)[number];

function raised({ value }: Agreement, percent: string): string {
  return money(new Big(value).times(new Big(100).plus(percent)).div(100).round(2));
}
