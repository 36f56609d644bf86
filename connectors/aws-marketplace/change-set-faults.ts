import type { Fault } from '../../domain/model/fault.ts';
import type { ChangeSetAnswer, ChangeSetRow } from './answers.ts';
import { exactInstant } from './exact-instant.ts';
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

/** How long a change set may be under way before a person is told, ms: AWS speaks of minutes, and of a day at most. */
const underWayMaxMs = 86_400_000;
/** How long one may be in a state that the hub does not know: time enough for one that it only passes through. */
const unknownMaxMs = 3_600_000;

/** States in which AWS is at work on a change set. *Source*: ChangeStatus in the service model. */
const UNDER_WAY: ReadonlySet<string> = new Set(['PREPARING', 'APPLYING']);

/**
 * What to do about a change set that has not ended: wait, and start nothing beside it. One that AWS is at for too long, or that is in a state
 * nobody knows, is waited for as well, but a person is told: `rejected`. By AWS's clock; where it does not say, an unknown state is told at once.
 */
export function faultOfOpen(
  { ChangeSetId, StartTime, Status }: Pick<ChangeSetRow, 'ChangeSetId' | 'StartTime' | 'Status'>,
  now: number | undefined,
): Fault {
  const isKnown = UNDER_WAY.has(Status);
  const startedAt = exactInstant(StartTime)?.ms;
  const sinceMs = startedAt === undefined || now === undefined ? undefined : now - startedAt;
  if (isKnown ? (sinceMs ?? 0) < underWayMaxMs : sinceMs !== undefined && sinceMs < unknownMaxMs) return stillRunning;
  const state = Status.slice(0, stateLengthMax);
  const what = isKnown ? `is still ${state} after more than a day` : `is ${state}, which the hub does not know`;
  return {
    kind: 'rejected',
    code: isKnown ? 'CHANGE_SET_STUCK' : 'CHANGE_SET_STATE_UNKNOWN',
    message: `The private offer’s change set in AWS Marketplace ${what}. Look at it there; the hub offers nothing beside it. Retry when it has ended.`,
    toldBy: `change set ${ChangeSetId}`,
  };
}

const stateLengthMax = 40;

/** AWS has taken it and not said yet what becomes of it: what was sent is still to be recognised as the hub's. */
export const justStarted: Fault = { ...stillRunning, isUnderWay: true };

/** Which field a change came from, and what people call it: what AWS says of the change, it says of that field. */
const FIELDS: Readonly<Record<string, { readonly field: OfferField; readonly words: string }>> = {
  CreateOffer: { field: 'ProductId', words: 'The product' },
  UpdateInformation: { field: 'Name', words: 'The name' },
  UpdateTargeting: { field: 'Targeting.BuyerAccounts', words: 'The buyer’s account' },
  UpdatePricingTerms: { field: 'Price', words: 'The price' },
  UpdateValidityTerms: { field: 'AgreementMonths', words: 'The months of the agreement' },
  UpdatePaymentScheduleTerms: { field: 'PaymentSchedule', words: 'The payments' },
  UpdateAvailability: { field: 'AvailabilityEndDate', words: 'The last day to accept it' },
};

/** AWS's texts can be long, and a change may have many. */
const errorsMax = 5;
const errorLengthMax = 200;

/** Why a change set that ended without success did, by field where AWS's errors are of the change of one field. */
export function refusalOf(changeSet: ChangeSetAnswer): Fault {
  if (changeSet.Status === 'CANCELLED') return cancelled(changeSet);
  const errors = changeSet.ChangeSet.flatMap(({ ChangeType, ErrorDetailList }) =>
    ErrorDetailList.map((detail) => ({ type: ChangeType ?? '', code: detail.ErrorCode, text: detail.ErrorMessage })),
  );
  // What is said of the release beside them only follows from what is wrong with the fields.
  const ofFields = errors.filter(({ type }) => FIELDS[type] !== undefined);
  const told = (ofFields.length > 0 ? ofFields : errors).slice(0, errorsMax).map(({ type, code, text }) => {
    const reason = (text || code || 'no reason was given').slice(0, errorLengthMax);
    return `${FIELDS[type]?.words ?? type}: ${reason}`;
  });
  const all = told.length > 0 ? told : [changeSet.FailureDescription ?? 'No reason was given.'];
  const fields = [...new Set(ofFields.flatMap(({ type }) => FIELDS[type]?.field ?? []))];
  return {
    kind: 'rejected',
    code: (ofFields[0] ?? errors[0])?.code ?? changeSet.FailureCode ?? 'CHANGE_SET_FAILED',
    message: `AWS Marketplace did not carry the private offer out. ${[...new Set(all)].join(' ')}`,
    ...(fields.length > 0 ? { fields } : {}),
    toldBy: `change set ${changeSet.ChangeSetId}`,
  };
}

function cancelled({ ChangeSetId }: ChangeSetAnswer): Fault {
  return {
    kind: 'rejected',
    code: 'CHANGE_SET_CANCELLED',
    message:
      'Somebody cancelled the private offer in AWS Marketplace while it was being made; retry to make it after all.',
    toldBy: `change set ${ChangeSetId}`,
  };
}

/** The change set succeeded and does not tell of its offer, which AWS always does. */
export const offerUntold: Fault = {
  kind: 'defect',
  code: 'OFFER_UNTOLD',
  message: 'AWS Marketplace made the private offer and did not say which; its change set must be looked at.',
};
