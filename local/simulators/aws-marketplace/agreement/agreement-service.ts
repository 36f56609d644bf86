import type * as z from 'zod';
import { answered, refused } from '../../aws/aws-result.ts';
import { type AwsOperation, type AwsService, defineOperation } from '../../aws/aws-service.ts';
import { perSecond } from '../../aws/rate-limits.ts';
import { adjustableAmount } from '../business/charges.ts';
import type { Marketplace } from '../marketplace.ts';
import type { Invoice } from '../records.ts';
import { adjustmentOperations } from './adjustment-operations.ts';
import { type Define, onAgreement, paged } from './agreement-access.ts';
import {
  acceptedTerms,
  describeAgreement,
  describeCharge,
  describeInvoice,
  entitlementsOf,
} from './agreement-answers.ts';
import { fault, invalidRequest, notFound } from './agreement-faults.ts';
import {
  describeSchema,
  listChargesSchema,
  listInvoicesSchema,
  pageOfAgreementSchema,
  searchSchema,
} from './agreement-requests.ts';
import { cancellationOperations } from './cancellation-operations.ts';
import { searchAgreements } from './search-agreements.ts';

/**
 * Calls of an account in each second.
 * Source: https://docs.aws.amazon.com/marketplace/latest/developerguide/agreement-service-quotas.html (read 2026-11-27).
 */
const PER_SECOND: Readonly<Record<string, number>> = {
  AcceptAgreementCancellationRequest: 2,
  BatchCreateBillingAdjustmentRequest: 2,
  CancelAgreementCancellationRequest: 2,
  DescribeAgreement: 5,
  GetAgreementCancellationRequest: 5,
  GetAgreementEntitlements: 10,
  GetAgreementTerms: 10,
  GetBillingAdjustmentRequest: 5,
  ListAgreementCancellationRequests: 5,
  ListAgreementCharges: 15,
  ListAgreementInvoiceLineItems: 10,
  ListBillingAdjustmentRequests: 5,
  RejectAgreementCancellationRequest: 2,
  SearchAgreements: 5,
  SendAgreementCancellationRequest: 2,
};

/** The Agreement API: AWS JSON 1.0, by its model of 2020-03-01. `accountOf` says whose an access key is. */
export function agreementService(market: Marketplace, accountOf: (accessKeyId: string) => string): AwsService {
  const define: Define = (name, input, serve, writes = false) =>
    defineOperation({
      name,
      writes,
      limits: [perSecond(`Agreement.${name}`, PER_SECOND[name] ?? 1)],
      input,
      invalid: invalidRequest,
      serve: (read, call) => serve(read, accountOf(call.accessKeyId), call),
    });
  return {
    name: 'Agreement',
    signingName: 'aws-marketplace',
    protocol: { kind: 'json', version: '1.0', targetPrefix: 'AWSMPCommerceService_v20200301' },
    faultNamespace: 'com.amazonaws.agreement#',
    messageMember: 'message',
    throttled: (requestId) => fault('ThrottlingException', 'Too many requests.', { requestId }),
    unavailable: (status, requestId) => fault('InternalServerException', 'An internal fault.', { requestId }, status),
    operations: [
      ...readOperations(market, define),
      ...cancellationOperations(market, define),
      ...adjustmentOperations(market, define),
    ],
  };
}

function readOperations(market: Marketplace, define: Define): readonly AwsOperation[] {
  return [
    define('DescribeAgreement', describeSchema, ({ agreementId }, callerId, call) =>
      onAgreement(market, agreementId, callerId, call, (agreement) => answered(describeAgreement(agreement))),
    ),
    define('SearchAgreements', searchSchema, (input, callerId, call) =>
      searchAgreements(market, input, callerId, call),
    ),
    define('GetAgreementTerms', pageOfAgreementSchema, (input, callerId, call) =>
      onAgreement(market, input.agreementId, callerId, call, (agreement) => {
        const terms = acceptedTerms(agreement).map((term, index) => ({ term, index }));
        return paged(
          terms,
          ({ index }) => String(index),
          input,
          call,
          'acceptedTerms',
          ({ term }) => term,
        );
      }),
    ),
    define('GetAgreementEntitlements', pageOfAgreementSchema, ({ agreementId }, callerId, call) =>
      onAgreement(market, agreementId, callerId, call, (agreement) =>
        answered({ agreementEntitlements: entitlementsOf(agreement) }),
      ),
    ),
    // For acceptors only: the model says that they may see the charges, and names no other.
    define('ListAgreementCharges', listChargesSchema, (input, callerId, call) => {
      const { agreementId } = input;
      const found = market.charges
        .all()
        .filter(
          (charge) =>
            (agreementId ?? charge.agreementId) === charge.agreementId &&
            market.agreements.get(charge.agreementId)?.acceptorId === callerId,
        )
        .toSorted((a, b) => a.at - b.at);
      return paged(found, ({ id }) => id, input, call, 'items', describeCharge);
    }),
    // For proposers only.
    define('ListAgreementInvoiceLineItems', listInvoicesSchema, (input, callerId, call) => {
      const agreement = market.agreements.get(input.agreementId);
      if (agreement === undefined || agreement.proposerId !== callerId)
        return refused(notFound(call, 'Agreement', input.agreementId));
      const found = market.invoices
        .all()
        .filter((invoice) => isAskedFor(invoice, input))
        .toSorted((a, b) => a.issuedAt - b.issuedAt);
      return paged(
        found,
        ({ id }) => id,
        input,
        call,
        'agreementInvoiceLineItemGroupSummaries',
        (invoice) => describeInvoice(invoice, adjustableAmount(market, invoice)),
      );
    }),
  ];
}

function isAskedFor(invoice: Invoice, input: z.infer<typeof listInvoicesSchema>): boolean {
  const { invoiceBillingPeriod: period, beforeIssuedTime, afterIssuedTime } = input;
  const issued = new Date(invoice.issuedAt);
  return (
    invoice.agreementId === input.agreementId &&
    (input.invoiceId ?? invoice.id) === invoice.id &&
    (input.invoiceType ?? invoice.type) === invoice.type &&
    (period === undefined || (period.month === issued.getUTCMonth() + 1 && period.year === issued.getUTCFullYear())) &&
    (beforeIssuedTime === undefined || invoice.issuedAt < beforeIssuedTime) &&
    (afterIssuedTime === undefined || invoice.issuedAt > afterIssuedTime)
  );
}
