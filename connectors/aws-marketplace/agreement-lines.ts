import { lineItemText, readLineItem, totalOf } from '../../domain/model/line-item.ts';
import type { AcceptedTerm, AgreementAnswer } from './answers.ts';
import { isNought, isSameAmount, sumAmounts } from './sum-amounts.ts';

/** Something bought: a dimension, how many units, and the price of one. */
interface Bought {
  readonly dimension: string;
  readonly quantity: string;
  readonly price: string;
}

/**
 * What was bought, a line for each dimension, `<product id>/<dimension> | quantity × price of one`, in the currency of the agreement;
 * `undefined` where AWS does not say so much.
 *
 * A buyer's configuration names dimensions and units, and the rate card it chose their prices. A fixed price is for all that is
 * granted together, so it is a line only where one dimension is. What is used later has a price and no quantity yet. Lines are only
 * told if they are the whole agreement: they must add up to its value.
 */
export function agreementLines(
  terms: readonly AcceptedTerm[],
  { estimatedCharges, proposalSummary }: AgreementAnswer,
): readonly string[] | undefined {
  const [product, ...others] = proposalSummary?.resources ?? [];
  const total = estimatedCharges?.agreementValue;
  if (!product?.id || others.length > 0 || !total || isNought(total)) return undefined;
  const currency = estimatedCharges?.currencyCode;
  const priced = terms.map((term) => term.configurableUpfrontPricingTerm ?? term.fixedUpfrontPricingTerm);
  if (priced.some((term) => term?.currencyCode && term.currencyCode !== currency)) return undefined;
  const bought = terms.flatMap((term) => configured(term) ?? fixed(term, terms) ?? []);
  const items = bought.flatMap(({ dimension, quantity, price }) => {
    const item = readLineItem(lineItemText({ product: `${product.id}/${dimension}`, quantity, price }));
    return item === undefined ? [] : [item];
  });
  const isWhole = items.length > 0 && items.length === bought.length && isSameAmount(totalOf(items), total);
  return isWhole ? items.map(lineItemText) : undefined;
}

function configured({ configurableUpfrontPricingTerm: term }: AcceptedTerm): readonly Bought[] | undefined {
  if (!term?.configuration) return undefined;
  const { selectorValue, dimensions } = term.configuration;
  const card = term.rateCards.find(({ selector }) => (selector?.value ?? null) === (selectorValue ?? null));
  return dimensions.map(({ dimensionKey, dimensionValue }) => ({
    dimension: dimensionKey,
    quantity: dimensionValue,
    // Without a price the lines do not add up, and none is told.
    price: card?.rateCard.find((rate) => rate.dimensionKey === dimensionKey)?.price ?? '',
  }));
}

/** Where there are payments, the price is their sum, and that of the term is nought. */
function fixed(
  { fixedUpfrontPricingTerm: term }: AcceptedTerm,
  terms: readonly AcceptedTerm[],
): readonly Bought[] | undefined {
  const [grant, ...others] = term?.grants ?? [];
  if (!term || grant === undefined || others.length > 0) return undefined;
  const payments = terms.flatMap(({ paymentScheduleTerm }) => paymentScheduleTerm?.schedule ?? []);
  const paid = sumAmounts(payments.map(({ chargeAmount }) => ({ amount: chargeAmount, currency: undefined })));
  return [{ dimension: grant.dimensionKey, quantity: '1', price: payments.length > 0 ? paid : (term.price ?? '') }];
}
