import type { Fault } from '../../domain/model/fault.ts';
import type { ChangeSetAnswer } from './answers.ts';
import type { OfferField } from './offer-document.ts';

/** How long until a change set that is under way is looked at again, ms: they take minutes. */
const lookAgainMs = 30_000;

/** AWS is at work on what was asked for before; nothing is refused and nothing is lost. */
export const stillRunning: Fault = {
  kind: 'throttled',
  code: 'CHANGE_SET_RUNNING',
  message: 'AWS Marketplace is still carrying the private offer out, which takes minutes; the hub looks again.',
  retryAfterMs: lookAgainMs,
};

/** AWS has taken it and not said yet what becomes of it: what was sent is still to be recognised as the hub's. */
export const justStarted: Fault = { ...stillRunning, isUnanswered: true };

/** Which field a change came from: what AWS says of the change, it says of that field. */
const FIELDS: Readonly<Record<string, readonly OfferField[]>> = {
  CreateOffer: ['ProductId'],
  UpdateInformation: ['Name'],
  UpdateTargeting: ['Targeting.BuyerAccounts'],
  UpdatePricingTerms: ['Price'],
  UpdateValidityTerms: ['AgreementMonths'],
  UpdatePaymentScheduleTerms: ['PaymentSchedule'],
  UpdateAvailability: ['AvailabilityEndDate'],
};

/** AWS's texts can be long, and a change may have many. */
const errorsMax = 5;
const errorLengthMax = 300;

/** Why a change set that ended without success did, by field where AWS's errors are of the change of one field. */
export function refusalOf(changeSet: ChangeSetAnswer): Fault {
  if (changeSet.Status === 'CANCELLED') return cancelled;
  const errors = changeSet.ChangeSet.flatMap(({ ChangeType, ErrorDetailList }) =>
    ErrorDetailList.map((detail) => ({ type: ChangeType ?? '', code: detail.ErrorCode, text: detail.ErrorMessage })),
  );
  const texts = errors.slice(0, errorsMax).map(({ type, code, text }) => `${type}: ${code ?? ''} ${text ?? ''}`.trim());
  const all = texts.length > 0 ? texts : [changeSet.FailureDescription ?? 'no reason was given'];
  // What is said of the release beside them only follows from what is wrong with the fields.
  const fields = [...new Set(errors.flatMap(({ type }) => FIELDS[type] ?? []))];
  return {
    kind: 'rejected',
    code: errors[0]?.code ?? changeSet.FailureCode ?? 'CHANGE_SET_FAILED',
    message: `AWS Marketplace did not carry the private offer out. ${all.map((text) => text.slice(0, errorLengthMax)).join(' ')}`,
    ...(fields.length > 0 ? { fields } : {}),
  };
}

const cancelled: Fault = {
  kind: 'rejected',
  code: 'CHANGE_SET_CANCELLED',
  message:
    'Somebody cancelled the private offer in AWS Marketplace while it was being made; retry to make it after all.',
};

/** The change set succeeded and does not tell of its offer, which AWS always does. */
export const offerUntold: Fault = {
  kind: 'defect',
  code: 'OFFER_UNTOLD',
  message: 'AWS Marketplace made the private offer and did not say which; its change set must be looked at.',
};
