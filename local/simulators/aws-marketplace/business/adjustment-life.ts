import type { Marketplace } from '../marketplace.ts';
import { adjustmentSettled } from '../marketplace-events.ts';
import type { Adjustment } from '../records.ts';
import { type ActionOutcome, done, impossible } from './action.ts';

/** Lets a pending adjustment be completed in its time. To be called once for each. */
export function watchAdjustment(market: Marketplace, { id, createdAt }: Adjustment): void {
  market.agenda.add(createdAt + market.delays.adjustmentMs, () => {
    const adjustment = market.adjustments.get(id);
    if (adjustment?.status === 'PENDING') settleAdjustment(market, adjustment, 'COMPLETED');
  });
}

/** Settles a pending adjustment. Completed, it becomes a credit memo. */
export function settleAdjustment(
  market: Marketplace,
  adjustment: Adjustment,
  status: 'COMPLETED' | 'VALIDATION_FAILED',
  statusMessage?: string,
): ActionOutcome<Adjustment> {
  if (adjustment.status !== 'PENDING') return impossible(`The adjustment is ${adjustment.status} already.`);
  const settled: Adjustment = {
    ...adjustment,
    status,
    updatedAt: market.now(),
    ...(statusMessage === undefined ? {} : { statusMessage }),
  };
  market.adjustments.put(settled);
  if (status === 'COMPLETED')
    market.invoices.put({
      id: market.ids.invoice(),
      agreementId: adjustment.agreementId,
      type: 'CREDIT_MEMO',
      currencyCode: adjustment.currencyCode,
      amount: `-${adjustment.amount}`,
      issuedAt: market.now(),
    });
  adjustmentSettled(market, settled);
  return done(settled);
}
