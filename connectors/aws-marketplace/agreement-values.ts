import type { SystemValue } from '../../domain/model/value.ts';
import { agreementLines } from './agreement-lines.ts';
import type {
  AcceptedTerm,
  AdjustmentAnswer,
  AgreementAnswer,
  CancellationAnswer,
  EntitlementAnswer,
  InvoiceAnswer,
} from './answers.ts';
import { HUB_TAG } from './catalog.ts';
import { exactInstant } from './exact-instant.ts';
import type { OfferBehind } from './offer-behind.ts';
import { monthsOf } from './offer-document.ts';
import type { Succession } from './succession.ts';
import { isNought, negated, sumAmounts, withoutSign } from './sum-amounts.ts';

/** All that was read of one agreement; what was not asked for, by its state, is `undefined`, and its fields are then not seen. */
export interface AgreementParts {
  readonly agreement: AgreementAnswer;
  readonly succession: Succession | undefined;
  readonly offer: OfferBehind;
  readonly terms?: readonly AcceptedTerm[] | undefined;
  readonly entitlements?: readonly EntitlementAnswer[] | undefined;
  readonly invoices?: readonly InvoiceAnswer[] | undefined;
  readonly cancellations?: readonly CancellationAnswer[] | undefined;
  readonly adjustments?: readonly AdjustmentAnswer[] | undefined;
  /** AWS's clock at the reading, ms; tells which payments are past. */
  readonly answeredAt: number | undefined;
}

/** An agreement's fields and the times of those that have one. */
export interface AgreementFields {
  readonly values: Readonly<Record<string, SystemValue>>;
  readonly times: Readonly<Record<string, number>>;
}

/**
 * An agreement's fields, flat, under AWS's names with their paths; `charges.…`, `invoices.amount`, `adjustments.amount`,
 * `cancellation.status`, `entitlement.…`, `lineItems`, `predecessorId`, `privateOfferId` and `title` are made from several answers.
 *
 * Instants keep every digit AWS gave. Sums that cannot be made are told in words, which no codec takes for a number.
 */
export function agreementFields(parts: AgreementParts): AgreementFields {
  const times: Record<string, number> = {};
  const stamp = (field: string, told: readonly (string | null | undefined)[]): void => {
    const instants = told.map((each) => exactInstant(each)?.ms).filter((ms) => ms !== undefined);
    if (instants.length > 0) times[field] = Math.max(...instants);
  };
  const { agreement, succession, terms, entitlements, invoices, cancellations, adjustments } = parts;
  const currency = agreement.estimatedCharges?.currencyCode;
  const values: Record<string, SystemValue | undefined> = {
    ...headOf(agreement),
    predecessorId: succession === undefined ? undefined : (succession.predecessorId ?? null),
    privateOfferId: privateOfferOf(parts),
    [HUB_TAG]: parts.offer.dealId,
    ...(terms === undefined ? NO_MORE_CHARGES : termValues(terms, agreement, parts.answeredAt)),
    ...(entitlements === undefined ? {} : entitlementValues(entitlements)),
  };
  if (invoices !== undefined) {
    const issued = invoices.filter(({ invoiceType }) => invoiceType !== 'CREDIT_MEMO');
    values['invoices.amount'] = sumAmounts(issued.flatMap(amountOf), currency);
    stamp(
      'invoices.amount',
      issued.map(({ issuedTime }) => issuedTime),
    );
  }
  if (adjustments !== undefined) {
    const made = adjustments.filter(({ status }) => status === 'COMPLETED');
    const amounts = made.map((each) => ({
      amount: withoutSign(each.adjustmentAmount),
      currency: each.currencyCode ?? undefined,
    }));
    values['adjustments.amount'] = negated(sumAmounts(amounts, currency));
    stamp(
      'adjustments.amount',
      made.map(({ updatedAt }) => updatedAt),
    );
  }
  if (cancellations !== undefined) {
    const newest = newestOf(cancellations);
    values['cancellation.status'] = newest?.status ?? null;
    stamp('cancellation.status', [newest?.updatedAt]);
  }
  if (values.privateOfferId === null) {
    // A deal that came to be by this agreement needs a name; one that has a name keeps it, since none is older than this.
    values.title = `AWS Marketplace ${agreement.agreementId}`;
    times.title = 0;
  }
  const ended = endOf(agreement, cancellations ?? []);
  if (ended !== undefined) times.status = ended;
  return { values: seenOnly(values), times };
}

function headOf(agreement: AgreementAnswer): Record<string, SystemValue | undefined> {
  const { proposalSummary, estimatedCharges } = agreement;
  const resource = proposalSummary?.resources[0];
  return {
    agreementId: agreement.agreementId,
    agreementType: agreement.agreementType ?? null,
    status: agreement.status ?? null,
    'acceptor.accountId': agreement.acceptor?.accountId ?? null,
    'proposer.accountId': agreement.proposer?.accountId ?? null,
    'proposalSummary.offerId': proposalSummary?.offerId ?? null,
    'proposalSummary.offerSetId': proposalSummary?.offerSetId ?? null,
    'resource.id': resource?.id ?? null,
    'resource.type': resource?.type ?? null,
    ...worthOf(estimatedCharges),
    acceptanceTime: instantText(agreement.acceptanceTime),
    startTime: instantText(agreement.startTime),
    endTime: instantText(agreement.endTime),
  };
}

/** Nought is what AWS says where it does not know beforehand what will be used, so it says nothing of what the deal is worth. */
function worthOf(charges: AgreementAnswer['estimatedCharges']): Record<string, SystemValue> {
  const value = charges?.agreementValue;
  if (value === undefined || value === null || isNought(value)) return {};
  return {
    'estimatedCharges.agreementValue': value,
    'estimatedCharges.currencyCode': charges?.currencyCode ?? null,
  };
}

/** A moment that cannot be read is handed on as it came: its field waits as a problem, instead of being empty. */
function instantText(told: string | null | undefined): string | null {
  return exactInstant(told)?.text ?? told ?? null;
}

/** Only the first agreement of a private offer is that offer's deal; later ones, and those of public offers, have deals of their own. */
function privateOfferOf({ agreement, succession, offer }: AgreementParts): SystemValue | undefined {
  if (offer.isPrivate === undefined || succession === undefined) return undefined;
  return offer.isOwn ? (agreement.proposalSummary?.offerId ?? null) : null;
}

/** Terms are not read of an agreement that ended: what it would have charged next, it does not. */
const NO_MORE_CHARGES = { 'charges.nextDate': null, 'charges.nextAmount': null } as const;

function termValues(
  terms: readonly AcceptedTerm[],
  agreement: AgreementAnswer,
  answeredAt: number | undefined,
): Record<string, SystemValue | undefined> {
  const renewal = terms.find(({ renewalTerm }) => renewalTerm)?.renewalTerm;
  const duration = terms.find(({ validityTerm }) => validityTerm?.agreementDuration)?.validityTerm?.agreementDuration;
  return {
    'renewalTerm.enableAutoRenew': renewal?.configuration?.enableAutoRenew ?? false,
    'validityTerm.months': monthsOf(duration),
    lineItems: agreementLines(terms, agreement),
    ...chargeValues(terms, agreement, answeredAt),
  };
}

/**
 * What was charged and what comes next. AWS lists charges to buyers only, so a seller knows them from the terms: the payment schedule,
 * or the whole value at the beginning. By AWS's clock; nothing is told where it does not say what time it is.
 */
function chargeValues(
  terms: readonly AcceptedTerm[],
  agreement: AgreementAnswer,
  answeredAt: number | undefined,
): Record<string, SystemValue | undefined> {
  if (answeredAt === undefined) return {};
  const payments = terms.flatMap(({ paymentScheduleTerm }) => paymentScheduleTerm?.schedule ?? []);
  const isUpfront = terms.some((term) => term.fixedUpfrontPricingTerm || term.configurableUpfrontPricingTerm);
  const total = agreement.estimatedCharges?.agreementValue;
  const begin = agreement.startTime ?? agreement.acceptanceTime;
  // By use only: nothing is charged that was agreed on beforehand.
  if (payments.length === 0 && !(isUpfront && total && begin)) return {};
  const charges = payments.length > 0 ? payments : [{ chargeDate: begin ?? '', chargeAmount: total ?? '' }];
  const dated = charges.map(({ chargeDate, chargeAmount }) => ({ at: exactInstant(chargeDate), amount: chargeAmount }));
  const odd = charges.find(({ chargeDate }) => exactInstant(chargeDate) === undefined);
  if (odd !== undefined) return { 'charges.nextDate': odd.chargeDate };
  const past = dated.filter(({ at }) => (at?.ms ?? 0) <= answeredAt);
  const [next] = dated
    .filter(({ at }) => (at?.ms ?? 0) > answeredAt)
    .toSorted((a, b) => (a.at?.ms ?? 0) - (b.at?.ms ?? 0));
  return {
    'charges.charged': sumAmounts(past.map(({ amount }) => ({ amount, currency: undefined }))),
    'charges.nextDate': next?.at?.text ?? null,
    'charges.nextAmount': next?.amount ?? null,
  };
}

/** The worst of the entitlements' states: what the buyer lacks is what somebody must know. */
const WORST_FIRST = ['FAILED', 'PENDING', 'SCHEDULED', 'PROVISIONED', 'DEPROVISIONED'];

function entitlementValues(entitlements: readonly EntitlementAnswer[]): Record<string, SystemValue | undefined> {
  const states = entitlements.map(({ status }) => status).filter((status) => typeof status === 'string');
  const unknown = states.find((state) => !WORST_FIRST.includes(state));
  const arn = entitlements.map(({ licenseArn }) => licenseArn).find((each) => typeof each === 'string' && each !== '');
  return {
    'entitlement.status': unknown ?? WORST_FIRST.find((state) => states.includes(state)) ?? null,
    'entitlement.licenseArn': arn === undefined || arn === null ? null : wholeArn(arn),
  };
}

/** AWS's own samples leave the beginning out. */
function wholeArn(arn: string): string {
  return arn.startsWith('arn:') ? arn : `arn:${arn}`;
}

function amountOf({
  pricingCurrencyAmount,
}: InvoiceAnswer): readonly { amount: string; currency: string | undefined }[] {
  if (!pricingCurrencyAmount) return [];
  return [{ amount: pricingCurrencyAmount.amount, currency: pricingCurrencyAmount.currencyCode ?? undefined }];
}

function newestOf(cancellations: readonly CancellationAnswer[]): CancellationAnswer | undefined {
  const at = ({ createdAt }: CancellationAnswer): number => exactInstant(createdAt)?.ms ?? 0;
  return cancellations.toSorted((a, b) => at(b) - at(a))[0];
}

/**
 * When an agreement came to nothing, where that is known: an approved cancellation says so. One that ran out or was renewed was won by its
 * acceptance; its end says nothing new of the deal, and must not beat what people said in between, whenever the hub first hears of it.
 */
function endOf({ status }: AgreementAnswer, cancellations: readonly CancellationAnswer[]): number | undefined {
  if (status !== 'CANCELLED') return undefined;
  return exactInstant(cancellations.find((each) => each.status === 'APPROVED')?.updatedAt)?.ms;
}

function seenOnly(values: Readonly<Record<string, SystemValue | undefined>>): Record<string, SystemValue> {
  const seen: Record<string, SystemValue> = {};
  for (const [field, value] of Object.entries(values)) if (value !== undefined) seen[field] = value;
  return seen;
}
