import type * as z from 'zod';
import { dayOf, endOfDay } from '../calendar.ts';
import type { Marketplace } from '../marketplace.ts';
import type { Agreement, ChangeError, Offer, Product, Term } from '../records.ts';
import { checkPricingTerms } from './check-pricing.ts';
import { isPrivate, termOf, withPricingTerms, withTerms } from './offer-terms.ts';
import { checkPaymentSchedule, checkValidity, releaseErrors } from './release-offer.ts';
import {
  addDimensionsSchema,
  availabilitySchema,
  createOfferSchema,
  createReplacementOfferSchema,
  legalTermsSchema,
  netPaymentTermsSchema,
  offerInformationSchema,
  paymentScheduleTermsSchema,
  pricingTermsSchema,
  releaseOfferSchema,
  renewalTermsSchema,
  supportTermsSchema,
  targetingSchema,
  validityTermsSchema,
} from './term-schemas.ts';

/** What a change sees and works on: entities as the changes before it left them. */
export interface ChangeContext {
  readonly market: Marketplace;
  readonly now: number;
  product(id: string): Product | undefined;
  offers(): readonly Offer[];
}

/** What became of a change: the entity as it is now, or why not. */
export type ChangeOutcome<Entity> = Entity | { readonly errors: readonly ChangeError[] };

/** A change to an offer, a new offer, or a change to a product; with the schema its details have to fit. */
export type ChangeType =
  | { readonly kind: 'create-offer'; readonly schema: z.ZodType; readonly create: CreateOffer }
  | { readonly kind: 'change-offer'; readonly schema: z.ZodType; readonly apply: ApplyTo<Offer> }
  | { readonly kind: 'change-product'; readonly schema: z.ZodType; readonly apply: ApplyTo<Product> };

type CreateOffer = (details: unknown, context: ChangeContext) => ChangeOutcome<Offer>;
type ApplyTo<Entity> = (entity: Entity, details: unknown, context: ChangeContext) => ChangeOutcome<Entity>;

/** The simulated change types, by entity type and change type. */
export function changeTypeOf(entityType: string, changeType: string): ChangeType | undefined {
  return CHANGE_TYPES.get(`${entityType} ${changeType}`);
}

export function failed(ErrorCode: string, ErrorMessage: string): { readonly errors: readonly ChangeError[] } {
  return { errors: [{ ErrorCode, ErrorMessage }] };
}

const afterRelease = 'The change cannot be made to an offer that is released.';

const CHANGE_TYPES = new Map<string, ChangeType>([
  ['Offer@1.0 CreateOffer', creating(createOfferSchema, createOffer)],
  ['Offer@1.0 CreateReplacementOffer', creating(createReplacementOfferSchema, createReplacementOffer)],
  ['Offer@1.0 UpdateInformation', changingOffer(offerInformationSchema, updateInformation)],
  ['Offer@1.0 UpdateTargeting', changingOffer(targetingSchema, updateTargeting)],
  ['Offer@1.0 UpdatePricingTerms', changingOffer(pricingTermsSchema, updatePricing)],
  ['Offer@1.0 UpdateLegalTerms', changingOffer(legalTermsSchema, replacingTerms('LegalTerm'))],
  ['Offer@1.0 UpdateSupportTerms', changingOffer(supportTermsSchema, replacingTerms('SupportTerm'))],
  ['Offer@1.0 UpdateAvailability', changingOffer(availabilitySchema, updateAvailability)],
  ['Offer@1.0 UpdateValidityTerms', changingOffer(validityTermsSchema, updateValidity)],
  ['Offer@1.0 UpdatePaymentScheduleTerms', changingOffer(paymentScheduleTermsSchema, updatePaymentSchedule)],
  ['Offer@1.0 UpdateNetPaymentTerms', changingOffer(netPaymentTermsSchema, replacingTerms('NetPaymentTerm'))],
  ['Offer@1.0 UpdateRenewalTerms', changingOffer(renewalTermsSchema, replacingTerms('RenewalTerm'))],
  ['Offer@1.0 ReleaseOffer', changingOffer(releaseOfferSchema, releaseOffer)],
  [
    'SaaSProduct@1.0 AddDimensions',
    {
      kind: 'change-product',
      schema: addDimensionsSchema,
      apply: (product, details) => addDimensions(product, addDimensionsSchema.parse(details)),
    },
  ],
]);

function creating<Details>(
  schema: z.ZodType<Details>,
  create: (details: Details, context: ChangeContext) => ChangeOutcome<Offer>,
): ChangeType {
  // Details were checked when the request came; parsing them again gives them their type.
  return { kind: 'create-offer', schema, create: (details, context) => create(schema.parse(details), context) };
}

function changingOffer<Details>(
  schema: z.ZodType<Details>,
  apply: (offer: Offer, details: Details, context: ChangeContext) => ChangeOutcome<Offer>,
): ChangeType {
  return {
    kind: 'change-offer',
    schema,
    apply: (offer, details, context) => apply(offer, schema.parse(details), context),
  };
}

function createOffer(
  { ProductId, Name, OfferSetId }: z.infer<typeof createOfferSchema>,
  { market, now, product }: ChangeContext,
): ChangeOutcome<Offer> {
  const found = product(ProductId);
  if (found === undefined || found.visibility === 'Draft' || found.visibility === 'Restricted')
    return failed('INCOMPATIBLE_PRODUCT', 'The product must be active, and its visibility Limited or Public.');
  if (OfferSetId !== undefined) return failed('INCOMPATIBLE_PRODUCT', 'Offer sets are not simulated.');
  return draft(market, now, ProductId, Name);
}

function createReplacementOffer(
  { AgreementId, Name }: z.infer<typeof createReplacementOfferSchema>,
  { market, now }: ChangeContext,
): ChangeOutcome<Offer> {
  const agreement = market.agreements.get(AgreementId);
  if (agreement === undefined || !isReplaceable(agreement))
    return failed('INCOMPATIBLE_AGREEMENT', 'Only an agreement that is active can be replaced.');
  return {
    ...draft(market, now, agreement.productId, Name),
    replacesAgreementId: AgreementId,
    positiveTargeting: { BuyerAccounts: [agreement.acceptorId] },
  };
}

function isReplaceable({ status, endAt }: Agreement): boolean {
  return status === 'ACTIVE' && endAt !== undefined;
}

function draft(market: Marketplace, now: number, productId: string, name: string | undefined): Offer {
  return {
    id: market.ids.offer(),
    revision: 1,
    modifiedAt: now,
    productId,
    state: 'Draft',
    terms: [],
    ...(name === undefined ? {} : { name }),
  };
}

function updateInformation(
  offer: Offer,
  { Name, Description, PreExistingAgreement }: z.infer<typeof offerInformationSchema>,
): ChangeOutcome<Offer> {
  if (PreExistingAgreement !== undefined && offer.state === 'Released')
    return failed('INCOMPATIBLE_PRE_EXISTING_AGREEMENT', afterRelease);
  return {
    ...offer,
    ...(Name === undefined ? {} : { name: Name }),
    ...(Description === undefined ? {} : { description: Description }),
    ...(PreExistingAgreement === undefined ? {} : { preExistingAgreement: PreExistingAgreement ?? undefined }),
  };
}

function updateTargeting(
  offer: Offer,
  { PositiveTargeting, NegativeTargeting }: z.infer<typeof targetingSchema>,
): ChangeOutcome<Offer> {
  if (offer.replacesAgreementId !== undefined)
    return failed('INCOMPATIBLE_TARGETING', 'A replacement offer is for the buyer of its agreement.');
  if (PositiveTargeting?.CountryCodes !== undefined && NegativeTargeting !== undefined)
    return failed('INVALID_TARGETING', 'Countries can be targeted either positively or negatively.');
  if (offer.state === 'Released') {
    const before = [...(offer.positiveTargeting?.BuyerAccounts ?? [])].sort();
    const after = [...(PositiveTargeting?.BuyerAccounts ?? [])].sort();
    if (before.join() !== after.join())
      return failed('INCOMPATIBLE_TARGETING', 'Buyer accounts cannot be changed once the offer is released.');
  }
  return { ...offer, positiveTargeting: PositiveTargeting, negativeTargeting: NegativeTargeting };
}

function updatePricing(
  offer: Offer,
  { PricingModel, Terms }: z.infer<typeof pricingTermsSchema>,
  context: ChangeContext,
): ChangeOutcome<Offer> {
  if (offer.state === 'Released' && isPrivate(offer)) return failed('INCOMPATIBLE_TERMS', afterRelease);
  const errors = checkPricingTerms(offer, PricingModel, Terms, context.product(offer.productId));
  if (errors.length > 0) return { errors };
  return { ...offer, pricingModel: PricingModel, terms: withPricingTerms(offer, Terms as readonly Term[]) };
}

/** For terms that need no more than their schema, and nothing of which can change once a private offer is out. */
function replacingTerms(type: string) {
  return (offer: Offer, { Terms }: { readonly Terms: readonly Term[] }): ChangeOutcome<Offer> => {
    if (offer.state === 'Released' && isPrivate(offer)) return failed('INCOMPATIBLE_TERMS', afterRelease);
    if (type === 'NetPaymentTerm' && offer.state === 'Released' && !isPrivate(offer))
      return failed('INCOMPATIBLE_TERMS', 'Net payment terms are for private offers.');
    return { ...offer, terms: withTerms(offer, [type], Terms) };
  };
}

/** A released offer may be given a day that is past, which is how it is expired; a draft may not. */
function updateAvailability(
  offer: Offer,
  { AvailabilityEndDate: lastDay }: z.infer<typeof availabilitySchema>,
  { now }: ChangeContext,
): ChangeOutcome<Offer> {
  const code = 'INVALID_AVAILABILITY_END_DATE';
  if (offer.state === 'Released' && !isPrivate(offer))
    return failed(code, 'A public offer has no end of availability.');
  if (offer.state === 'Draft' && endOfDay(lastDay) < now)
    return failed(code, `The day must be in the future; today is ${dayOf(now)}.`);
  const agreementEnd = termOf(offer, 'ValidityTerm')?.AgreementEndDate;
  if (agreementEnd !== undefined && lastDay >= agreementEnd)
    return failed(code, 'The day must be before the end of the agreement.');
  return { ...offer, availabilityEndDate: lastDay };
}

function updateValidity(
  offer: Offer,
  { Terms }: z.infer<typeof validityTermsSchema>,
  { now }: ChangeContext,
): ChangeOutcome<Offer> {
  const errors = Terms.flatMap((term) => checkValidity(offer, term, now));
  return errors.length > 0 ? { errors } : { ...offer, terms: withTerms(offer, ['ValidityTerm'], Terms) };
}

function updatePaymentSchedule(
  offer: Offer,
  { Terms }: z.infer<typeof paymentScheduleTermsSchema>,
  { now }: ChangeContext,
): ChangeOutcome<Offer> {
  if (offer.state === 'Released') return failed('INCOMPATIBLE_TERMS', afterRelease);
  const errors = Terms.flatMap((term) => checkPaymentSchedule(term, now));
  return errors.length > 0 ? { errors } : { ...offer, terms: withTerms(offer, ['PaymentScheduleTerm'], Terms) };
}

function releaseOffer(offer: Offer, _details: unknown, context: ChangeContext): ChangeOutcome<Offer> {
  const errors = releaseErrors(offer, context);
  return errors.length > 0 ? { errors } : { ...offer, state: 'Released', releasedAt: context.now };
}

function addDimensions(product: Product, added: z.infer<typeof addDimensionsSchema>): ChangeOutcome<Product> {
  const keys = [...product.dimensions, ...added].map(({ Key }) => Key);
  if (new Set(keys).size < keys.length)
    return failed('DUPLICATE_DIMENSION_KEYS', 'Every dimension of a product has a key of its own.');
  return { ...product, dimensions: [...product.dimensions, ...added] };
}
