import { type AwsResult, answered, refused } from '../../aws/aws-result.ts';
import type { AwsCall, AwsOperation } from '../../aws/aws-service.ts';
import { beginCancellation, settleCancellation } from '../business/cancellation-life.ts';
import type { Marketplace } from '../marketplace.ts';
import type { Agreement, Cancellation } from '../records.ts';
import { type Define, onAgreement, paged } from './agreement-access.ts';
import { cancellationReceipt, describeCancellation, summarizeCancellation } from './agreement-answers.ts';
import { conflict, denied, invalid, notFound } from './agreement-faults.ts';
import {
  cancellationSchema,
  listCancellationsSchema,
  rejectCancellationSchema,
  sendCancellationSchema,
  withdrawCancellationSchema,
} from './agreement-requests.ts';

/** A seller asks to cancel an agreement, and may withdraw that; its buyer accepts or rejects it. */
export function cancellationOperations(market: Marketplace, define: Define): readonly AwsOperation[] {
  return [
    define(
      'SendAgreementCancellationRequest',
      sendCancellationSchema,
      (input, callerId, call) =>
        onAgreement(market, input.agreementId, callerId, call, (agreement) =>
          send(market, input, agreement, callerId, call),
        ),
      true,
    ),
    define('GetAgreementCancellationRequest', cancellationSchema, (input, callerId, call) =>
      onCancellation(market, input, callerId, call, (found) => answered(describeCancellation(found))),
    ),
    define('ListAgreementCancellationRequests', listCancellationsSchema, (input, callerId, call) => {
      const found = market.cancellations.all().filter((cancellation) => {
        const agreement = market.agreements.get(cancellation.agreementId);
        const party = input.partyType === 'Proposer' ? agreement?.proposerId : agreement?.acceptorId;
        return (
          party === callerId &&
          (input.agreementId ?? cancellation.agreementId) === cancellation.agreementId &&
          (input.status ?? cancellation.status) === cancellation.status
        );
      });
      return paged(found, ({ id }) => id, input, call, 'items', summarizeCancellation);
    }),
    define(
      'CancelAgreementCancellationRequest',
      withdrawCancellationSchema,
      (input, callerId, call) =>
        settleBy(market, input, callerId, call, 'proposer', 'CANCELLED', input.cancellationReason),
      true,
    ),
    define(
      'AcceptAgreementCancellationRequest',
      cancellationSchema,
      (input, callerId, call) => settleBy(market, input, callerId, call, 'acceptor', 'APPROVED', undefined),
      true,
    ),
    define(
      'RejectAgreementCancellationRequest',
      rejectCancellationSchema,
      (input, callerId, call) => settleBy(market, input, callerId, call, 'acceptor', 'REJECTED', input.rejectionReason),
      true,
    ),
  ];
}

function send(
  market: Marketplace,
  input: {
    readonly reasonCode: string;
    readonly clientToken?: string | undefined;
    readonly description?: string | undefined;
  },
  agreement: Agreement,
  callerId: string,
  call: AwsCall,
): AwsResult {
  if (agreement.proposerId !== callerId) return refused(denied(call, 'Only the proposer can send a request.'));
  const { clientToken, reasonCode, description } = input;
  const former = market.cancellations
    .all()
    .find(
      (other) => clientToken !== undefined && other.clientToken === clientToken && other.agreementId === agreement.id,
    );
  if (former !== undefined) return answered(cancellationReceipt(former));
  if (agreement.status !== 'ACTIVE') {
    const fields = [{ name: 'agreementId', message: `the agreement is ${agreement.status}` }];
    return refused(invalid(call, 'INACTIVE_AGREEMENT', fields));
  }
  const pending = market.cancellations
    .all()
    .find((other) => other.agreementId === agreement.id && other.status === 'PENDING_APPROVAL');
  if (pending !== undefined)
    return refused(
      conflict(call, 'A request for this agreement is pending.', 'AgreementCancellationRequest', pending.id),
    );
  const now = market.now();
  const cancellation: Cancellation = {
    id: market.ids.cancellation(),
    agreementId: agreement.id,
    reasonCode,
    description,
    status: 'PENDING_APPROVAL',
    clientToken,
    createdAt: now,
    updatedAt: now,
  };
  beginCancellation(market, cancellation, agreement);
  return answered(cancellationReceipt(cancellation));
}

/** Ends a request, which only one of the two parties may do in this way. */
function settleBy(
  market: Marketplace,
  input: Named,
  callerId: string,
  call: AwsCall,
  party: 'proposer' | 'acceptor',
  status: keyof typeof DEEDS,
  message: string | undefined,
): AwsResult {
  return onCancellation(market, input, callerId, call, (found, agreement) => {
    if (agreement[`${party}Id`] !== callerId)
      return refused(denied(call, `Only the ${party} can ${DEEDS[status]} a request.`));
    const settled = settleCancellation(market, found, status, message);
    if (!settled.ok) return refused(conflict(call, settled.reason, 'AgreementCancellationRequest', found.id));
    return answered(status === 'APPROVED' ? cancellationReceipt(settled.result) : describeCancellation(settled.result));
  });
}

const DEEDS = { APPROVED: 'accept', REJECTED: 'reject', CANCELLED: 'withdraw' } as const;

/** What names a request in every call about it. */
interface Named {
  readonly agreementId: string;
  readonly agreementCancellationRequestId: string;
}

function onCancellation(
  market: Marketplace,
  input: Named,
  callerId: string,
  call: AwsCall,
  work: (cancellation: Cancellation, agreement: Agreement) => AwsResult,
): AwsResult {
  const { agreementId, agreementCancellationRequestId: id } = input;
  return onAgreement(market, agreementId, callerId, call, (agreement) => {
    const found = market.cancellations.get(id);
    return found === undefined || found.agreementId !== agreementId
      ? refused(notFound(call, 'AgreementCancellationRequest', id))
      : work(found, agreement);
  });
}
