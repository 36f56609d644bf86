import { Big } from 'big.js';
import { addDuration, dayMs, dayOf } from '../calendar.ts';
import { termOf } from '../catalog/offer-terms.ts';
import type { Marketplace } from '../marketplace.ts';
import {
  agreementAmended,
  agreementCreated,
  agreementEnded,
  agreementEnding,
  licenseChanged,
} from '../marketplace-events.ts';
import type { Agreement, AgreementStatus, Term } from '../records.ts';
import { type ActionOutcome, done, impossible } from './action.ts';
import { money } from './agreement-value.ts';
import { dropOpenCharges, planCharges } from './charges.ts';

/** Days before its end on which an agreement's parties are told of it. */
const ENDING_NOTICE_DAYS = [180, 120, 90, 60, 30] as const;

/** Puts a new agreement in force: it is told of, its licence is given when it starts, and its end is awaited. */
export function beginAgreement(market: Marketplace, agreement: Agreement): void {
  market.agreements.put(agreement);
  agreementCreated(market, agreement);
  if (agreement.startAt <= market.now()) licenseChanged(market, agreement, 'Updated');
  watchAgreement(market, agreement);
}

/**
 * Lets an agreement start, be told of before it ends, end or renew itself, and lose its licence, each in its time.
 * To be called once for each agreement that is active.
 */
export function watchAgreement(market: Marketplace, { id, startAt, endAt, entitlementStatus }: Agreement): void {
  const now = market.now();
  const whileActive = (at: number, act: (agreement: Agreement) => void): void =>
    market.agenda.add(at, () => {
      const agreement = market.agreements.get(id);
      // An amendment that moves the end is watched anew, so that what was planned for the former end is nobody's.
      if (agreement?.status === 'ACTIVE' && agreement.endAt === endAt) act(agreement);
    });
  if (entitlementStatus === 'SCHEDULED') whileActive(startAt, (agreement) => provision(market, agreement));
  if (endAt === undefined) return;
  for (const days of ENDING_NOTICE_DAYS) {
    const at = endAt - days * dayMs;
    if (at > now) whileActive(at, (agreement) => agreementEnding(market, agreement, days));
  }
  whileActive(endAt, (agreement) => {
    if (agreement.autoRenew) renewAgreement(market, agreement);
    else endAgreement(market, agreement, 'EXPIRED');
  });
}

function provision(market: Marketplace, agreement: Agreement): void {
  const provisioned: Agreement = { ...agreement, entitlementStatus: 'PROVISIONED' };
  market.agreements.put(provisioned);
  licenseChanged(market, provisioned, 'Updated');
}

/** Ends an agreement. What was not invoiced is not charged any more, and its licence ends some time after. */
export function endAgreement(
  market: Marketplace,
  agreement: Agreement,
  status: Exclude<AgreementStatus, 'ACTIVE'>,
): ActionOutcome<Agreement> {
  if (agreement.status !== 'ACTIVE') return impossible(`The agreement is ${agreement.status} already.`);
  const now = market.now();
  const isEarly = agreement.endAt === undefined || now < agreement.endAt;
  const ended: Agreement = { ...agreement, status, endAt: isEarly ? now : agreement.endAt };
  market.agreements.put(ended);
  if (isEarly) dropOpenCharges(market, agreement.id);
  agreementEnded(market, ended);
  watchDeprovisioning(market, ended);
  return done(ended);
}

/** Lets the licence of an ended agreement end. To be called once for each that is not deprovisioned yet. */
export function watchDeprovisioning(market: Marketplace, { id, endAt = market.now() }: Agreement): void {
  market.agenda.add(endAt + market.delays.deprovisionMs, () => {
    const agreement = market.agreements.get(id);
    if (agreement === undefined || agreement.entitlementStatus === 'DEPROVISIONED') return;
    const deprovisioned: Agreement = { ...agreement, entitlementStatus: 'DEPROVISIONED' };
    market.agreements.put(deprovisioned);
    licenseChanged(market, deprovisioned, 'Deprovisioned');
  });
}

/** Renews an agreement for as long again, at a price that is `percent` higher; the former one ends as RENEWED. */
export function renewAgreement(market: Marketplace, former: Agreement, percent = '0'): ActionOutcome<Agreement> {
  const { startAt, endAt } = former;
  if (former.status !== 'ACTIVE') return impossible(`The agreement is ${former.status}.`);
  if (endAt === undefined) return impossible('An agreement without an end is not renewed.');
  const now = market.now();
  // Renewed before its end, as only a test asks for, it begins anew at once.
  const newStart = now < endAt ? now : Math.max(endAt + 1000, now);
  const duration = termOf(former, 'ValidityTerm')?.AgreementDuration ?? former.selector;
  const newEnd = duration === undefined ? newStart + (endAt - startAt) : addDuration(newStart, duration) - 1000;
  const value = money(new Big(former.value).times(new Big(100).plus(percent)).div(100).round(2));
  const renewed: Agreement = {
    ...former,
    id: market.ids.agreement(),
    status: 'ACTIVE',
    intent: 'RENEW',
    previousAgreementId: former.id,
    acceptedAt: now,
    startAt: newStart,
    endAt: newEnd,
    value,
    terms: renewedTerms(former, { startAt: newStart, endAt: newEnd, value }),
    licenseArn: licenseArn(market, former.acceptorId),
    entitlementStatus: newStart > now ? 'SCHEDULED' : 'PROVISIONED',
  };
  // Created before the former one ends, so that nobody who listens sees a buyer without an agreement.
  beginAgreement(market, renewed);
  if (new Big(value).gt(0)) planCharges(market, renewed, [{ at: newStart, amount: value }]);
  endAgreement(market, former, 'RENEWED');
  return done(renewed);
}

/** The same terms again, but for their dates: the price is paid at once, where a schedule was agreed on. */
function renewedTerms(
  { terms, currencyCode }: Agreement,
  { startAt, endAt, value }: { readonly startAt: number; readonly endAt: number; readonly value: string },
): readonly Term[] {
  return terms.map((term) => {
    if (term.Type === 'PaymentScheduleTerm')
      return {
        Type: term.Type,
        CurrencyCode: currencyCode,
        Schedule: [{ ChargeDate: dayOf(startAt), ChargeAmount: value }],
      };
    if (term.Type === 'ValidityTerm' && term.AgreementEndDate !== undefined)
      return { Type: term.Type, AgreementStartDate: dayOf(startAt), AgreementEndDate: dayOf(endAt) };
    return term;
  });
}

/** A payment more in the schedule of an agreement that has one. */
function withPayment({ terms }: Agreement, at: number, amount: Big): readonly Term[] {
  return terms.map((term) => {
    if (term.Type !== 'PaymentScheduleTerm' || amount.lte(0)) return term;
    // The schema of the term's type took it.
    const schedule = term.Schedule as readonly unknown[];
    return { ...term, Schedule: [...schedule, { ChargeDate: dayOf(at), ChargeAmount: money(amount) }] };
  });
}

/** What an amendment changes; what is left out stays. */
export interface Amendment {
  /** Added to the value and charged at once; decimal text. */
  readonly addedValue?: string | undefined;
  /** Dimension → new quantity. */
  readonly dimensions?: Readonly<Record<string, number>> | undefined;
  readonly autoRenew?: boolean | undefined;
  /** Epoch ms. */
  readonly endAt?: number | undefined;
}

/** Changes an agreement as its buyer agreed. It keeps its id. */
export function amendAgreement(
  market: Marketplace,
  agreement: Agreement,
  { addedValue = '0', dimensions = {}, autoRenew, endAt }: Amendment,
): ActionOutcome<Agreement> {
  if (agreement.status !== 'ACTIVE') return impossible(`The agreement is ${agreement.status}.`);
  if (endAt !== undefined && endAt <= market.now()) return impossible('The new end must be in the future.');
  const added = new Big(addedValue);
  const kept = agreement.grants.filter(({ dimensionKey }) => dimensions[dimensionKey] === undefined);
  const changed = Object.entries(dimensions).map(([dimensionKey, quantity]) => ({ dimensionKey, quantity }));
  const amended: Agreement = {
    ...agreement,
    value: money(new Big(agreement.value).plus(added)),
    terms: withPayment(agreement, market.now(), added),
    grants: [...kept, ...changed],
    autoRenew: autoRenew ?? agreement.autoRenew,
    endAt: endAt ?? agreement.endAt,
  };
  market.agreements.put(amended);
  if (added.gt(0)) planCharges(market, amended, [{ at: market.now(), amount: money(added) }]);
  if (amended.endAt !== agreement.endAt) watchAgreement(market, amended);
  agreementAmended(market, amended);
  if (changed.length > 0) licenseChanged(market, amended, 'Updated');
  return done(amended);
}

/** The ARN of a licence given to a buyer, in the form in which the events name it. */
export function licenseArn(market: Marketplace, acceptorId: string): string {
  return `arn:aws:license-manager:us-east-1:${acceptorId}:${market.ids.license()}`;
}
