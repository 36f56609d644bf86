import { dayMs } from '../calendar.ts';
import type { Marketplace } from '../marketplace.ts';
import { cancellationChanged } from '../marketplace-events.ts';
import type { Agreement, Cancellation } from '../records.ts';
import { type ActionOutcome, done, impossible } from './action.ts';
import { endAgreement } from './agreement-life.ts';

/**
 * A request that its buyer leaves unanswered approves itself.
 * Source: https://docs.aws.amazon.com/marketplace/latest/userguide/notifications-eventbridge.html (read 2026-08).
 */
const APPROVES_ITSELF_AFTER_MS = 7 * dayMs;

/** Notes a request and tells of it. */
export function beginCancellation(market: Marketplace, cancellation: Cancellation, agreement: Agreement): void {
  market.cancellations.put(cancellation);
  cancellationChanged(market, cancellation, agreement);
  watchCancellation(market, cancellation);
}

/** Lets a pending request approve itself in its time. To be called once for each. */
export function watchCancellation(market: Marketplace, { id, createdAt }: Cancellation): void {
  market.agenda.add(createdAt + APPROVES_ITSELF_AFTER_MS, () => {
    const cancellation = market.cancellations.get(id);
    if (cancellation?.status === 'PENDING_APPROVAL') settleCancellation(market, cancellation, 'APPROVED');
  });
}

/** Answers a pending request. Approved, it ends the agreement as CANCELLED. */
export function settleCancellation(
  market: Marketplace,
  cancellation: Cancellation,
  status: Exclude<Cancellation['status'], 'PENDING_APPROVAL'>,
  statusMessage?: string,
): ActionOutcome<Cancellation> {
  const agreement = market.agreements.get(cancellation.agreementId);
  if (agreement === undefined) return impossible('The agreement is gone.');
  if (cancellation.status !== 'PENDING_APPROVAL') return impossible(`The request is ${cancellation.status} already.`);
  const settled: Cancellation = {
    ...cancellation,
    status,
    updatedAt: market.now(),
    ...(statusMessage === undefined ? {} : { statusMessage }),
  };
  market.cancellations.put(settled);
  cancellationChanged(market, settled, agreement);
  if (status === 'APPROVED' && agreement.status === 'ACTIVE') endAgreement(market, agreement, 'CANCELLED');
  return done(settled);
}
