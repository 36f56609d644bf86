import { Big } from 'big.js';
import type * as z from 'zod';
import { answered, refused } from '../../aws/aws-result.ts';
import type { AwsCall, AwsOperation } from '../../aws/aws-service.ts';
import { watchAdjustment } from '../business/adjustment-life.ts';
import { adjustableAmount } from '../business/charges.ts';
import type { Marketplace } from '../marketplace.ts';
import type { Adjustment } from '../records.ts';
import { type Define, onAgreement, paged } from './agreement-access.ts';
import { describeAdjustment, summarizeAdjustment } from './agreement-answers.ts';
import { invalid, notFound } from './agreement-faults.ts';
import { adjustmentSchema, batchAdjustSchema, listAdjustmentsSchema } from './agreement-requests.ts';

type Entry = z.infer<typeof batchAdjustSchema>['billingAdjustmentRequestEntries'][number];

/** A seller gives back what was invoiced too much. */
export function adjustmentOperations(market: Marketplace, define: Define): readonly AwsOperation[] {
  return [
    define(
      'BatchCreateBillingAdjustmentRequest',
      batchAdjustSchema,
      ({ billingAdjustmentRequestEntries: entries }, callerId, call) => {
        const wrong = wrongBatch(entries, call);
        if (wrong !== undefined) return refused(wrong);
        const outcomes = entries.map((entry) => create(market, entry, callerId));
        return answered({
          items: outcomes.flatMap((outcome) => ('billingAdjustmentRequestId' in outcome ? [outcome] : [])),
          errors: outcomes.flatMap((outcome) => ('code' in outcome ? [outcome] : [])),
        });
      },
      true,
    ),
    define('GetBillingAdjustmentRequest', adjustmentSchema, (input, callerId, call) => {
      const { agreementId, billingAdjustmentRequestId: id } = input;
      return onAgreement(market, agreementId, callerId, call, (agreement) => {
        if (agreement.acceptorId === callerId)
          return refused(
            invalid(call, 'UNSUPPORTED_ACTION', [{ name: 'agreementId', message: 'the caller is its acceptor' }]),
          );
        const found = market.adjustments.get(id);
        return found === undefined || found.agreementId !== agreementId
          ? refused(notFound(call, 'BillingAdjustmentRequest', id))
          : answered(describeAdjustment(found));
      });
    }),
    define('ListBillingAdjustmentRequests', listAdjustmentsSchema, (input, callerId, call) => {
      const found = market.adjustments.all().filter(({ agreementId, status, createdAt }) => {
        const isTheirs = market.agreements.get(agreementId)?.proposerId === callerId;
        return (
          isTheirs &&
          (input.agreementId ?? agreementId) === agreementId &&
          (input.status ?? status) === status &&
          (input.createdAfter === undefined || createdAt > input.createdAfter) &&
          (input.createdBefore === undefined || createdAt < input.createdBefore)
        );
      });
      return paged(found, ({ id }) => id, input, call, 'items', summarizeAdjustment);
    }),
  ];
}

/** What refuses a whole batch: nothing in it, entries of several agreements, a token used twice. */
function wrongBatch(entries: readonly Entry[], call: AwsCall) {
  const name = 'billingAdjustmentRequestEntries';
  if (entries.length === 0)
    return invalid(call, 'MISSING_BILLING_ADJUSTMENT_REQUEST_ENTRY', [{ name, message: 'must not be empty' }]);
  if (new Set(entries.map(({ agreementId }) => agreementId)).size > 1)
    return invalid(call, 'MULTIPLE_AGREEMENT_IDS', [{ name, message: 'must be of one agreement' }]);
  return new Set(entries.map(({ clientToken }) => clientToken)).size < entries.length
    ? invalid(call, 'INVALID_CLIENT_TOKEN', [{ name, message: 'must each have a token of its own' }])
    : undefined;
}

function create(market: Marketplace, entry: Entry, callerId: string) {
  const { agreementId, originalInvoiceId, adjustmentAmount, currencyCode, clientToken } = entry;
  const former = market.adjustments.all().find((other) => other.clientToken === clientToken);
  if (former !== undefined) return { billingAdjustmentRequestId: former.id, clientToken };
  const error = (code: string, message: string) => ({ code, message, clientToken });
  if (market.agreements.get(agreementId)?.proposerId !== callerId)
    return error('RESOURCE_NOT_FOUND_EXCEPTION', 'The agreement was not found.');
  const invoice = market.invoices.get(originalInvoiceId);
  if (invoice === undefined || invoice.agreementId !== agreementId || invoice.type !== 'INVOICE')
    return error('RESOURCE_NOT_FOUND_EXCEPTION', 'The agreement has no such invoice.');
  if (invoice.currencyCode !== currencyCode)
    return error('VALIDATION_EXCEPTION', `The invoice is in ${invoice.currencyCode}.`);
  const amount = new Big(adjustmentAmount);
  if (amount.lte(0) || amount.gt(adjustableAmount(market, invoice)))
    return error('VALIDATION_EXCEPTION', `At most ${adjustableAmount(market, invoice)} can be given back.`);
  const now = market.now();
  const adjustment: Adjustment = {
    id: market.ids.adjustment(),
    agreementId,
    invoiceId: originalInvoiceId,
    amount: adjustmentAmount,
    currencyCode,
    reasonCode: entry.adjustmentReasonCode,
    description: entry.description,
    status: 'PENDING',
    clientToken,
    createdAt: now,
    updatedAt: now,
  };
  market.adjustments.put(adjustment);
  watchAdjustment(market, adjustment);
  return { billingAdjustmentRequestId: adjustment.id, clientToken };
}
