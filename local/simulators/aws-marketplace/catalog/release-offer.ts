import { addDuration, dayOf, endOfDay, startOfDay } from '../calendar.ts';
import type { ChangeError, Offer } from '../records.ts';
import type { ChangeContext } from './change-types.ts';
import { isPrivate, type PaymentScheduleTerm, pricingTermsOf, termOf, type ValidityTerm } from './offer-terms.ts';

/*
 * What AWS finds while it works on a change set.
 * Codes: https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-private-offers.html, the tables
 * "Asynchronous Errors" (read 2026-11-27). What an offer must have is kept to what that page says; it may want more.
 */

/** Why a validity term cannot stand; nothing when it can. */
export function checkValidity(offer: Offer, term: ValidityTerm, now: number): readonly ChangeError[] {
  const { AgreementDuration, AgreementStartDate, AgreementEndDate } = term;
  const interval = (ErrorMessage: string) => [error('INVALID_AGREEMENT_TIME_INTERVAL', ErrorMessage)];
  if (AgreementDuration !== undefined && AgreementEndDate !== undefined)
    return interval('An agreement has either a duration or an end date.');
  if (AgreementDuration === undefined && AgreementEndDate === undefined)
    return interval('An agreement needs a duration or an end date.');
  if (AgreementEndDate === undefined) return [];
  if (AgreementStartDate === undefined && offer.replacesAgreementId === undefined)
    return interval('An end date needs a start date, but in a replacement offer.');
  if (endOfDay(AgreementEndDate) < now)
    return [error('INVALID_AGREEMENT_END_DATE', `The end date must be in the future; today is ${dayOf(now)}.`)];
  if (AgreementStartDate !== undefined && AgreementStartDate >= AgreementEndDate)
    return [error('INVALID_AGREEMENT_START_DATE', 'The start date must be before the end date.')];
  return [];
}

/** Why a payment schedule cannot stand by itself; nothing when it can. */
export function checkPaymentSchedule({ Schedule }: PaymentScheduleTerm, now: number): readonly ChangeError[] {
  const dates = Schedule.map(({ ChargeDate }) => ChargeDate);
  if (new Set(dates).size < dates.length)
    return [error('DUPLICATE_CHARGE_DATES', 'There can be one charge on each day.')];
  return dates.some((date) => date < dayOf(now))
    ? [error('INVALID_CHARGE_DATES', `No charge can be in the past; today is ${dayOf(now)}.`)]
    : [];
}

/** Why an offer cannot be released as it is; nothing when it can. */
export function releaseErrors(offer: Offer, context: ChangeContext): readonly ChangeError[] {
  if (offer.state === 'Released') return [error('INVALID_UPDATE_REQUEST', 'The offer is released already.')];
  return [
    ...(offer.name === undefined ? [error('MISSING_NAME', 'The offer needs a name.')] : []),
    ...(offer.description === undefined ? [error('MISSING_DESCRIPTION', 'The offer needs a description.')] : []),
    ...missingTerms(offer),
    ...(isPrivate(offer) ? privateErrors(offer, context) : publicErrors(offer, context)),
    ...scheduleErrors(offer, context.now),
  ];
}

function missingTerms(offer: Offer): readonly ChangeError[] {
  const missing = (what: string) => error('MISSING_MANDATORY_TERMS', `The offer needs ${what}.`);
  const hasConfigurable = termOf(offer, 'ConfigurableUpfrontPricingTerm') !== undefined;
  const fixed = termOf(offer, 'FixedUpfrontPricingTerm');
  const schedule = termOf(offer, 'PaymentScheduleTerm');
  const isByol = termOf(offer, 'ByolPricingTerm') !== undefined;
  return [
    ...(pricingTermsOf(offer).length === 0 ? [missing('a pricing term')] : []),
    ...(offer.terms.some(({ Type }) => Type === 'LegalTerm') ? [] : [missing('a LegalTerm')]),
    ...(isPrivate(offer) && !hasConfigurable && termOf(offer, 'ValidityTerm') === undefined
      ? [missing('a ValidityTerm')]
      : []),
    ...(schedule !== undefined && fixed === undefined ? [missing('a FixedUpfrontPricingTerm with its schedule')] : []),
    ...(fixed !== undefined && schedule === undefined && !isByol
      ? [missing('a PaymentScheduleTerm or a ByolPricingTerm with its FixedUpfrontPricingTerm')]
      : []),
  ];
}

function privateErrors(offer: Offer, { now, offers }: ChangeContext): readonly ChangeError[] {
  const { availabilityEndDate: lastDay, productId, replacesAgreementId } = offer;
  const hasPublic = offers().some(
    (other) => other.productId === productId && other.state === 'Released' && !isPrivate(other),
  );
  return [
    ...(hasPublic ? [] : [error('INCOMPATIBLE_PRODUCT', 'The product needs a public offer first.')]),
    ...(lastDay === undefined ? [error('MISSING_AVAILABILITY_END_DATE', 'A private offer needs a last day.')] : []),
    ...(lastDay !== undefined && endOfDay(lastDay) < now
      ? [error('INVALID_AVAILABILITY_END_DATE', `The last day must be in the future; today is ${dayOf(now)}.`)]
      : []),
    ...(replacesAgreementId !== undefined && termOf(offer, 'ValidityTerm')?.AgreementEndDate === undefined
      ? [error('MISSING_AGREEMENT_END_DATE', 'A replacement offer needs the end date of its agreement.')]
      : []),
    ...(offer.terms.some(({ Type }) => Type === 'FreeTrialPricingTerm')
      ? [error('INCOMPATIBLE_TERMS', 'A free trial cannot be offered privately.')]
      : []),
  ];
}

function publicErrors(offer: Offer, { offers }: ChangeContext): readonly ChangeError[] {
  const isTrial = termOf(offer, 'FreeTrialPricingTerm') !== undefined;
  const others = offers().filter(
    (other) =>
      other.id !== offer.id &&
      other.productId === offer.productId &&
      other.state === 'Released' &&
      !isPrivate(other) &&
      (termOf(other, 'FreeTrialPricingTerm') !== undefined) === isTrial,
  );
  const forPrivate = (what: string, is: boolean) =>
    is ? [error('INCOMPATIBLE_TERMS', `${what} is for private offers.`)] : [];
  return [
    ...(others.length > 0
      ? [error('TOO_MANY_OFFERS', 'A product has one public offer, and one public free trial.')]
      : []),
    ...(offer.availabilityEndDate === undefined
      ? []
      : [error('INVALID_AVAILABILITY_END_DATE', 'A public offer has no end of availability.')]),
    ...(offer.preExistingAgreement === undefined
      ? []
      : [error('INCOMPATIBLE_TARGETING', 'PreExistingAgreement is for offers to named buyers.')]),
    ...forPrivate('A ValidityTerm', termOf(offer, 'ValidityTerm') !== undefined),
    ...forPrivate(
      'A NetPaymentTerm',
      offer.terms.some(({ Type }) => Type === 'NetPaymentTerm'),
    ),
  ];
}

/** How schedule, price, last day and end of the agreement go together. */
function scheduleErrors(offer: Offer, now: number): readonly ChangeError[] {
  const schedule = termOf(offer, 'PaymentScheduleTerm');
  if (schedule === undefined) return [];
  const { availabilityEndDate: lastDay } = offer;
  const dates = schedule.Schedule.map(({ ChargeDate }) => ChargeDate);
  const end = agreementEnd(offer, now);
  const currencies = new Set([
    schedule.CurrencyCode,
    ...pricingTermsOf(offer).flatMap((term) => ('CurrencyCode' in term ? [term.CurrencyCode] : [])),
  ]);
  return [
    ...(currencies.size > 1
      ? [error('INVALID_CURRENCY_CODE', 'Pricing and payment terms must have the same currency.')]
      : []),
    ...(Number(termOf(offer, 'FixedUpfrontPricingTerm')?.Price ?? 0) > 0
      ? [error('INCOMPATIBLE_TERMS', 'With a PaymentScheduleTerm the fixed upfront price is zero.')]
      : []),
    ...(lastDay !== undefined && dates.filter((date) => date <= lastDay).length > 1
      ? [error('TOO_MANY_BACKDATED_CHARGES', 'One charge at most can be due while the offer can still be accepted.')]
      : []),
    ...(end !== undefined && dates.some((date) => startOfDay(date) > end)
      ? [error('INVALID_CHARGE_DATES', 'All charges must be due before the agreement ends.')]
      : []),
  ];
}

/** When the agreement would end if it were accepted now. */
function agreementEnd(offer: Offer, now: number): number | undefined {
  const validity = termOf(offer, 'ValidityTerm');
  if (validity?.AgreementEndDate !== undefined) return endOfDay(validity.AgreementEndDate);
  if (validity?.AgreementDuration === undefined) return undefined;
  const start = validity.AgreementStartDate === undefined ? now : startOfDay(validity.AgreementStartDate);
  return addDuration(start, validity.AgreementDuration);
}

function error(ErrorCode: string, ErrorMessage: string): ChangeError {
  return { ErrorCode, ErrorMessage };
}
