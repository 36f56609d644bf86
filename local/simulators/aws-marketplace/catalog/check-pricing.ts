import type { ChangeError, Offer, Product } from '../records.ts';
import { isPrivate } from './offer-terms.ts';
import type { PricingTerm } from './term-schemas.ts';

/**
 * What is wrong with pricing terms that AWS finds only while it works on the change set.
 * Codes: https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-private-offers.html#update-pricing-terms
 */
export function checkPricingTerms(
  offer: Offer,
  pricingModel: string,
  terms: readonly PricingTerm[],
  product: Product | undefined,
): readonly ChangeError[] {
  const types = terms.map(({ Type }) => Type);
  const errors: ChangeError[] = [];
  const complain = (ErrorCode: string, ErrorMessage: string): void => void errors.push({ ErrorCode, ErrorMessage });

  if (types.length === 0) complain('MISSING_MANDATORY_TERMS', 'An offer needs a pricing term.');
  if (new Set(types).size < types.length) complain('DUPLICATE_TERM_TYPES', 'There can be one term of each type.');
  if (types.includes('FixedUpfrontPricingTerm') && types.includes('ConfigurableUpfrontPricingTerm'))
    complain('INCOMPATIBLE_TERMS', 'A fixed and a configurable upfront price cannot be in one offer.');
  if (types.includes('FreeTrialPricingTerm') && isPrivate(offer))
    complain('INCOMPATIBLE_TERMS', 'A free trial cannot be offered privately.');
  if (pricingModel === 'Byol' && !types.includes('ByolPricingTerm'))
    complain('MISSING_MANDATORY_TERMS', 'The pricing model Byol needs a ByolPricingTerm.');

  const currencies = new Set(terms.flatMap((term) => ('CurrencyCode' in term ? [term.CurrencyCode] : [])));
  if (currencies.size > 1) complain('INVALID_CURRENCY_CODE', 'All pricing terms must have the same currency.');

  const known = new Map(product?.dimensions.map((dimension) => [dimension.Key, dimension]));
  for (const term of terms) {
    const keys = keyListsOf(term);
    if (keys.some((list) => new Set(list).size < list.length))
      complain('DUPLICATE_DIMENSION_KEYS', `A dimension is priced or granted twice in ${term.Type}.`);
    const unknown = [...new Set(keys.flat())].filter((key) => !known.has(key));
    if (unknown.length > 0)
      complain('INCOMPATIBLE_PRODUCT', `The product has no dimension ${unknown.join(', ')}, used in ${term.Type}.`);
    if (pricingModel === 'Free' && pricesOf(term).some((price) => Number(price) !== 0))
      complain('INCOMPATIBLE_RATES', 'With the pricing model Free every price is zero.');
    errors.push(...checkRateCards(term));
  }
  return errors;
}

function checkRateCards(term: PricingTerm): readonly ChangeError[] {
  if (term.Type !== 'ConfigurableUpfrontPricingTerm') return [];
  const errors: ChangeError[] = [];
  const selectors = term.RateCards.map(({ Selector }) => Selector.Value);
  if (new Set(selectors).size < selectors.length)
    errors.push({ ErrorCode: 'DUPLICATE_SELECTORS', ErrorMessage: 'There can be one rate card for each duration.' });
  const constraints = term.RateCards.flatMap(({ Constraints }) => Object.values(Constraints));
  if (new Set(constraints).size > 1)
    errors.push({
      ErrorCode: 'INCOMPATIBLE_RATE_CARD_CONSTRAINTS',
      ErrorMessage: 'Several dimensions and quantities are allowed both or not at all, and so in every rate card.',
    });
  return errors;
}

function keyListsOf(term: PricingTerm): readonly (readonly string[])[] {
  if ('RateCards' in term)
    return term.RateCards.map(({ RateCard }) => RateCard.map(({ DimensionKey }) => DimensionKey));
  return 'Grants' in term ? [term.Grants.map(({ DimensionKey }) => DimensionKey)] : [];
}

function pricesOf(term: PricingTerm): readonly string[] {
  if ('RateCards' in term) return term.RateCards.flatMap(({ RateCard }) => RateCard.map(({ Price }) => Price));
  return 'Price' in term ? [term.Price] : [];
}
