import {
  AcceptAgreementCancellationRequestCommand,
  BatchCreateBillingAdjustmentRequestCommand,
  CancelAgreementCancellationRequestCommand,
  DescribeAgreementCommand,
  GetAgreementCancellationRequestCommand,
  GetBillingAdjustmentRequestCommand,
  ListAgreementCancellationRequestsCommand,
  ListAgreementChargesCommand,
  ListAgreementInvoiceLineItemsCommand,
  ListBillingAdjustmentRequestsCommand,
  RejectAgreementCancellationRequestCommand,
  SendAgreementCancellationRequestCommand,
} from '@aws-sdk/client-marketplace-agreement';
import { describe, expect, it } from 'vitest';
import { dayMs, type MarketSession, result, withAgreement } from './market-session.ts';

describe('charges and invoices', () => {
  it('follow the payment schedule; buyers see charges, sellers invoices', async () => {
    const { agreement, asBuyer, agreementId, pass } = await withAgreement();
    const invoices = async () =>
      (await agreement.send(new ListAgreementInvoiceLineItemsCommand({ agreementId, groupBy: 'INVOICE_ID' })))
        .agreementInvoiceLineItemGroupSummaries;

    const charges = await asBuyer.send(new ListAgreementChargesCommand({ agreementId }));
    expect(charges.items?.map(({ time, amount }) => [time?.toISOString().slice(0, 10), amount])).toEqual([
      ['2026-03-15', '12000.00'],
      ['2026-07-01', '12000.00'],
      ['2026-11-01', '12000.00'],
    ]);
    expect((await agreement.send(new ListAgreementChargesCommand({ agreementId }))).items).toEqual([]);
    expect(await invoices()).toEqual([]);
    pass(150 * dayMs);
    expect(await invoices()).toMatchObject([
      {
        invoiceType: 'INVOICE',
        invoiceBillingPeriod: { month: 3, year: 2026 },
        pricingCurrencyAmount: { amount: '12000.00', maxAdjustmentAmount: '12000.00', currencyCode: 'EUR' },
      },
      { invoiceBillingPeriod: { month: 7, year: 2026 } },
    ]);
    await expect(
      asBuyer.send(new ListAgreementInvoiceLineItemsCommand({ agreementId, groupBy: 'INVOICE_ID' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('are invoiced once, also when that was asked for ahead', async () => {
    const { market, agreementId, pass } = await withAgreement();

    market.admin.invoiceNext(agreementId);
    pass(365 * dayMs);

    expect(market.admin.records('invoices')).toHaveLength(3);
    expect(market.admin.invoiceNext(agreementId)).toMatchObject({ ok: false });
  });

  it('can be adjusted, up to what was invoiced, and once for each token', async () => {
    const { market, agreement, agreementId, heard, pass } = await withAgreement();
    const invoice = result(market.admin.invoiceNext(agreementId));
    heard();
    const entry = {
      agreementId,
      originalInvoiceId: invoice.id,
      adjustmentAmount: '100.00',
      currencyCode: 'EUR',
      adjustmentReasonCode: 'OTHER' as const,
      clientToken: 'first',
    };
    const adjust = (...entries: (typeof entry)[]) =>
      agreement.send(new BatchCreateBillingAdjustmentRequestCommand({ billingAdjustmentRequestEntries: entries }));

    const made = await adjust(entry, { ...entry, clientToken: 'second', adjustmentAmount: '12000.00' });
    const again = await adjust(entry);
    const billingAdjustmentRequestId = made.items?.[0]?.billingAdjustmentRequestId;
    pass(5_000);

    expect(made.errors).toMatchObject([{ code: 'VALIDATION_EXCEPTION', clientToken: 'second' }]);
    expect(again.items).toEqual(made.items);
    expect(heard()).toEqual(['Purchase Agreement Billing Adjustment Completed - Proposer']);
    expect(
      await agreement.send(new GetBillingAdjustmentRequestCommand({ agreementId, billingAdjustmentRequestId })),
    ).toMatchObject({ status: 'COMPLETED', adjustmentAmount: '100.00' });
    const memos = await agreement.send(
      new ListAgreementInvoiceLineItemsCommand({ agreementId, groupBy: 'INVOICE_ID', invoiceType: 'CREDIT_MEMO' }),
    );
    expect(memos.agreementInvoiceLineItemGroupSummaries).toMatchObject([
      { pricingCurrencyAmount: { amount: '-100.00' } },
    ]);
    await expect(adjust()).rejects.toMatchObject({ reason: 'MISSING_BILLING_ADJUSTMENT_REQUEST_ENTRY' });
  });

  it('say when an adjustment failed', async () => {
    const { market, agreement, agreementId, heard } = await withAgreement();
    const { id } = result(market.admin.invoiceNext(agreementId));
    const entry = {
      agreementId,
      originalInvoiceId: id,
      adjustmentAmount: '1',
      currencyCode: 'EUR',
      adjustmentReasonCode: 'OTHER' as const,
      clientToken: 'token',
    };
    const { items } = await agreement.send(
      new BatchCreateBillingAdjustmentRequestCommand({ billingAdjustmentRequestEntries: [entry] }),
    );
    heard();

    market.admin.settleAdjustment(items?.[0]?.billingAdjustmentRequestId ?? '', 'VALIDATION_FAILED', 'Too late.');

    expect(heard()).toEqual(['Purchase Agreement Billing Adjustment Failed - Proposer']);
    const list = await agreement.send(
      new ListBillingAdjustmentRequestsCommand({ agreementId, status: 'VALIDATION_FAILED' }),
    );
    expect(list.items).toHaveLength(1);
  });
});

describe('a request to cancel', () => {
  async function requested() {
    const session = await withAgreement();
    const { agreementId } = session;
    const sent = await session.agreement.send(
      new SendAgreementCancellationRequestCommand({ agreementId, reasonCode: 'TEST_AGREEMENT', clientToken: 'once' }),
    );
    const which = { agreementId, agreementCancellationRequestId: sent.agreementCancellationRequestId };
    return { ...session, which };
  }
  const status = async ({ agreement }: MarketSession, agreementId: string) =>
    (await agreement.send(new DescribeAgreementCommand({ agreementId }))).status;

  it('ends the agreement when its buyer accepts it', async () => {
    const session = await requested();
    session.heard();

    await session.asBuyer.send(new AcceptAgreementCancellationRequestCommand(session.which));

    expect(session.heard()).toEqual([
      'Agreement Cancellation Request Approved - Proposer',
      'Purchase Agreement Ended - Proposer',
    ]);
    expect(await status(session, session.agreementId)).toBe('CANCELLED');
  });

  it('leaves it as it is when he rejects it, or it is withdrawn', async () => {
    const session = await requested();
    const { agreement, asBuyer, which, heard } = session;
    heard();

    await asBuyer.send(new RejectAgreementCancellationRequestCommand({ ...which, rejectionReason: 'No.' }));
    await expect(
      agreement.send(new CancelAgreementCancellationRequestCommand({ ...which, cancellationReason: 'Sorry.' })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(agreement.send(new AcceptAgreementCancellationRequestCommand(which))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });

    expect(heard()).toEqual(['Agreement Cancellation Request Rejected - Proposer']);
    expect(await agreement.send(new GetAgreementCancellationRequestCommand(which))).toMatchObject({
      status: 'REJECTED',
      statusMessage: 'No.',
    });
    expect(await status(session, session.agreementId)).toBe('ACTIVE');
  });

  it('approves itself after seven days', async () => {
    const session = await requested();
    session.heard();

    session.pass(7 * dayMs);

    expect(session.heard()).toContain('Agreement Cancellation Request Approved - Proposer');
    expect(await status(session, session.agreementId)).toBe('CANCELLED');
  });

  it('is sent once for each token, and not beside another that is pending', async () => {
    const { agreement, agreementId } = await requested();
    const send = (clientToken: string) =>
      agreement.send(
        new SendAgreementCancellationRequestCommand({ agreementId, reasonCode: 'TEST_AGREEMENT', clientToken }),
      );

    await send('once');
    await expect(send('twice')).rejects.toMatchObject({ name: 'ConflictException' });

    const list = await agreement.send(
      new ListAgreementCancellationRequestsCommand({ partyType: 'Proposer', agreementId }),
    );
    expect(list.items).toHaveLength(1);
  });
});
