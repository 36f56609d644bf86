import { Big } from 'big.js';
import type { Marketplace } from '../marketplace.ts';
import type { Agreement, Charge, Invoice } from '../records.ts';
import { money } from './agreement-value.ts';

/** Notes what will be charged for an agreement, and lets invoices be written when the charges are due. */
export function planCharges(
  market: Marketplace,
  agreement: Agreement,
  charges: readonly { readonly at: number; readonly amount: string }[],
): void {
  for (const { at, amount } of charges) {
    const charge: Charge = {
      id: market.ids.charge(),
      agreementId: agreement.id,
      revision: 1,
      currencyCode: agreement.currencyCode,
      amount,
      at,
      purchaseOrder: agreement.purchaseOrder,
    };
    market.charges.put(charge);
    watchCharge(market, charge);
  }
}

/** Lets the invoice of a charge be written when it is due. To be called once for each charge without an invoice. */
export function watchCharge(market: Marketplace, { id, at }: Charge): void {
  market.agenda.add(at, () => {
    const charge = market.charges.get(id);
    if (charge !== undefined && charge.invoiceId === undefined && charge.at <= market.now())
      writeInvoice(market, charge);
  });
}

/** Writes the invoice of a charge that has none, due or not. */
export function writeInvoice(market: Marketplace, charge: Charge): Invoice {
  const invoice: Invoice = {
    id: market.ids.invoice(),
    agreementId: charge.agreementId,
    type: 'INVOICE',
    currencyCode: charge.currencyCode,
    amount: charge.amount,
    issuedAt: market.now(),
  };
  market.invoices.put(invoice);
  market.charges.put({ ...charge, invoiceId: invoice.id });
  return invoice;
}

/** Takes back what has not been invoiced of an agreement that ended early. */
export function dropOpenCharges(market: Marketplace, agreementId: string): void {
  for (const charge of chargesOf(market, agreementId))
    if (charge.invoiceId === undefined) market.charges.remove(charge.id);
}

/** The charges of an agreement, in the order they fall due. */
export function chargesOf(market: Marketplace, agreementId: string): readonly Charge[] {
  return market.charges
    .all()
    .filter((charge) => charge.agreementId === agreementId)
    .toSorted((a, b) => a.at - b.at);
}

/** What of an invoice can still be given back: its amount less all adjustments that were not refused. */
export function adjustableAmount(market: Marketplace, invoice: Invoice): string {
  const taken = market.adjustments
    .all()
    .filter(({ invoiceId, status }) => invoiceId === invoice.id && status !== 'VALIDATION_FAILED')
    .reduce((sum, { amount }) => sum.plus(amount), new Big(0));
  return money(new Big(invoice.amount).minus(taken));
}
