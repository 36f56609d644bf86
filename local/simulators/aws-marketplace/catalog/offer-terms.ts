import type * as z from 'zod';
import type { Offer, Term } from '../records.ts';
import type { PricingTerm, paymentScheduleTermsSchema, validityTermsSchema } from './term-schemas.ts';

export type ValidityTerm = z.infer<typeof validityTermsSchema>['Terms'][number];
export type PaymentScheduleTerm = z.infer<typeof paymentScheduleTermsSchema>['Terms'][number];

const PRICING_TYPES: readonly string[] = [
  'ByolPricingTerm',
  'ConfigurableUpfrontPricingTerm',
  'FixedUpfrontPricingTerm',
  'FreeTrialPricingTerm',
  'RecurringPaymentTerm',
  'UsageBasedPricingTerm',
] satisfies readonly PricingTerm['Type'][];

type KnownTerm = PricingTerm | ValidityTerm | PaymentScheduleTerm;

interface Termed {
  readonly terms: readonly Term[];
}

/** The offer's or agreement's term of a type. Terms were checked when they came in, so their members are known. */
export function termOf<Type extends KnownTerm['Type']>(
  { terms }: Termed,
  type: Type,
): Extract<KnownTerm, { Type: Type }> | undefined {
  const term = terms.find(({ Type }) => Type === type);
  // Nothing is stored that the schema of its type did not take.
  return term as unknown as Extract<KnownTerm, { Type: Type }> | undefined;
}

export function pricingTermsOf({ terms }: Termed): readonly PricingTerm[] {
  // As above.
  return terms.filter(({ Type }) => PRICING_TYPES.includes(Type)) as unknown as readonly PricingTerm[];
}

/** The terms with those of the named types replaced by others; the rest keeps its place. */
export function withTerms({ terms }: Termed, types: readonly string[], others: readonly Term[]): readonly Term[] {
  return [...terms.filter(({ Type }) => !types.includes(Type)), ...others];
}

export function withPricingTerms(offer: Termed, others: readonly Term[]): readonly Term[] {
  return withTerms(offer, PRICING_TYPES, others);
}

/** Private: made for named buyers only. */
export function isPrivate({ positiveTargeting }: Offer): boolean {
  return positiveTargeting?.BuyerAccounts !== undefined;
}
