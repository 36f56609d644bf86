import type { Marketplace } from './marketplace.ts';
import type { Dimension, Offer, Product } from './records.ts';

/** Ids that demonstrations and tests may name. */
export const SAMPLE_PRODUCT_ID = 'prod-tributarysample';
export const SAMPLE_OFFER_ID = 'offer-publicsample01';

const dimension = (Key: string, Name: string, Types: readonly string[]): Dimension => ({
  Key,
  Name,
  Description: Name,
  Unit: 'Units',
  Types,
});

/** One SaaS product with what private offers can price, and its public offer. Puts nothing when there are products. */
export function seedSampleProduct(market: Marketplace): void {
  if (market.products.size > 0) return;
  const now = market.now();
  const product: Product = {
    id: SAMPLE_PRODUCT_ID,
    revision: 1,
    modifiedAt: now,
    title: 'Riverbank Analytics',
    code: 'c0desampletributary000001',
    visibility: 'Public',
    description: 'Analytics for river works, as a service.',
    dimensions: [
      dimension('platform', 'Platform', ['Entitled']),
      dimension('users', 'Users', ['Entitled']),
      dimension('support', 'Premium support', ['Entitled']),
      dimension('events', 'Events above the contract', ['ExternallyMetered']),
    ],
  };
  market.products.put(product);
  market.offers.put(publicOffer(product, now));
}

/** A released public offer of a product, at one price for each entitled dimension and a contract of a year. */
export function publicOffer({ id: productId, title, dimensions }: Product, now: number): Offer {
  const entitled = dimensions.filter(({ Types }) => Types.includes('Entitled'));
  return {
    id: productId === SAMPLE_PRODUCT_ID ? SAMPLE_OFFER_ID : `offer-public-${productId}`,
    revision: 1,
    modifiedAt: now,
    releasedAt: now,
    productId,
    state: 'Released',
    name: title,
    description: `Public offer of ${title}`,
    pricingModel: 'Contract',
    terms: [
      {
        Type: 'ConfigurableUpfrontPricingTerm',
        CurrencyCode: 'USD',
        RateCards: [
          {
            Selector: { Type: 'Duration', Value: 'P12M' },
            RateCard: entitled.map(({ Key }) => ({ DimensionKey: Key, Price: '1200.00' })),
            Constraints: { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' },
          },
        ],
      },
      { Type: 'LegalTerm', Documents: [{ Type: 'StandardEula', Version: '2022-07-14' }] },
      { Type: 'SupportTerm', RefundPolicy: 'Refunds within 30 days of the purchase.' },
      { Type: 'RenewalTerm' },
    ],
  };
}
