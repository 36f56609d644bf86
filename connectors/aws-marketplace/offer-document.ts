import * as z from 'zod';
import type { SystemValue } from '../../domain/model/value.ts';
import type { EntityAnswer } from './answers.ts';
import { exactInstant } from './exact-instant.ts';
import { sumAmounts } from './sum-amounts.ts';

const text = z.string().nullish();
const texts = z
  .array(z.string())
  .nullish()
  .transform((all) => all ?? []);

const term = z.object({
  Type: z.string(),
  CurrencyCode: text,
  Price: text,
  Grants: z.array(z.object({ DimensionKey: z.string() })).nullish(),
  AgreementDuration: text,
  Schedule: z.array(z.object({ ChargeDate: z.string(), ChargeAmount: z.string() })).nullish(),
});

const rule = z.object({
  Type: z.string(),
  AvailabilityEndDate: text,
  PositiveTargeting: z.object({ BuyerAccounts: texts, CountryCodes: texts }).nullish(),
});

const offer = z.object({
  Name: text,
  Description: text,
  ProductId: text,
  State: text,
  Terms: z
    .array(term)
    .nullish()
    .transform((all) => all ?? []),
  Rules: z
    .array(rule)
    .nullish()
    .transform((all) => all ?? []),
});

/** An offer's document, as far as the hub reads it. *Source*: entity type Offer@1.0 of the Catalog API. */
export type OfferDocument = z.infer<typeof offer>;

/** Reads the document of an entity that is an offer; `undefined` where it is none, or not in a shape the hub knows. */
export function readOfferDocument({ EntityType, DetailsDocument, Details }: EntityAnswer): OfferDocument | undefined {
  if (EntityType?.startsWith('Offer@') === false) return undefined;
  const parsed = offer.safeParse(DetailsDocument ?? parsedDetails(Details));
  return parsed.success ? parsed.data : undefined;
}

/** The fields of an offer that the hub knows of, by the names that mappings use. */
export const OFFER_FIELDS = [
  'Name',
  'Description',
  'ProductId',
  'State',
  'Availability',
  'Targeting',
  'Targeting.BuyerAccounts',
  'Price',
  'CurrencyCode',
  'DimensionKey',
  'AgreementMonths',
  'PaymentSchedule',
  'AvailabilityEndDate',
  'LastModifiedDate',
  'OfferId',
] as const;

/** One of {@link OFFER_FIELDS}. */
export type OfferField = (typeof OFFER_FIELDS)[number];

/**
 * An offer's fields, flat. A field the offer's kind of pricing does not have is left out: it was not seen.
 *
 * *Shape*: `Availability` is `State`, or `Expired` once the last day has passed by AWS's own clock. Several buyer accounts or
 * dimensions are one text, joined by `, `. `Price` is the sum of the payment schedule where there is one, for then AWS keeps a nought
 * in the pricing term. `PaymentSchedule` is a text like `2026-08-01 10.5; 2026-09-01 10.5`.
 */
export function offerValues(
  offerId: string,
  document: OfferDocument,
  lastModified: string,
  answeredAt: number | undefined,
): Readonly<Partial<Record<OfferField, SystemValue>>> {
  const accounts = document.Rules.flatMap(({ PositiveTargeting }) => PositiveTargeting?.BuyerAccounts ?? []);
  const endDate = document.Rules.find(({ AvailabilityEndDate }) => AvailabilityEndDate)?.AvailabilityEndDate ?? null;
  return {
    OfferId: offerId,
    Name: document.Name ?? null,
    Description: document.Description ?? null,
    ProductId: document.ProductId ?? null,
    State: document.State ?? null,
    Availability: availabilityOf(document.State, endDate, answeredAt),
    Targeting: targetingOf(document),
    'Targeting.BuyerAccounts': accounts.length === 0 ? null : accounts.join(LIST_SEPARATOR),
    ...pricingOf(document),
    ...durationOf(document),
    AvailabilityEndDate: endDate,
    LastModifiedDate: lastModified,
  };
}

/** Between several accounts or dimensions in one text. */
export const LIST_SEPARATOR = ', ';

/** Between the payments of a schedule. */
export const PAYMENT_SEPARATOR = '; ';

/** Whether an offer is one that AWS shows only to the accounts it names. */
export function isPrivate(document: OfferDocument): boolean {
  return targetingOf(document) === 'BuyerAccounts';
}

/** `P12M`, `P1Y`, `P1Y6M` as months; `undefined` for what is no whole number of months, like `P30D`. */
export function monthsOf(duration: string | null | undefined): string | undefined {
  const [, years, months] = durationForm.exec(duration ?? '') ?? [];
  if (years === undefined && months === undefined) return undefined;
  return String(Number(years ?? 0) * 12 + Number(months ?? 0));
}

const durationForm = /^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?$/;

function parsedDetails(details: string | null | undefined): unknown {
  if (details === null || details === undefined) return undefined;
  try {
    return JSON.parse(details);
  } catch {
    // The older of the two forms, as text; what is no JSON is no document the hub knows.
    return undefined;
  }
}

function targetingOf({ Rules }: OfferDocument): string {
  const targeting = Rules.map(({ PositiveTargeting }) => PositiveTargeting);
  if (targeting.some((each) => (each?.BuyerAccounts.length ?? 0) > 0)) return 'BuyerAccounts';
  return targeting.some((each) => (each?.CountryCodes.length ?? 0) > 0) ? 'CountryCodes' : 'None';
}

function availabilityOf(
  state: string | null | undefined,
  endDate: string | null,
  answeredAt: number | undefined,
): SystemValue {
  if (state !== 'Released' || endDate === null || answeredAt === undefined) return state ?? null;
  // A bare date is available through its day.
  const end = exactInstant(endDate.includes('T') ? endDate : `${endDate}T23:59:59.999Z`);
  return end !== undefined && end.ms < answeredAt ? 'Expired' : state;
}

function pricingOf({ Terms }: OfferDocument): Partial<Record<OfferField, SystemValue>> {
  const upfront = Terms.find(({ Type }) => Type === 'FixedUpfrontPricingTerm');
  const payments = Terms.find(({ Type }) => Type === 'PaymentScheduleTerm');
  const schedule = payments?.Schedule ?? [];
  const currency =
    payments?.CurrencyCode ?? upfront?.CurrencyCode ?? Terms.find((each) => each.CurrencyCode)?.CurrencyCode;
  const price =
    schedule.length > 0
      ? sumAmounts(schedule.map(({ ChargeAmount }) => ({ amount: ChargeAmount, currency: undefined })))
      : upfront?.Price;
  const dimensions = (upfront?.Grants ?? []).map(({ DimensionKey }) => DimensionKey);
  return {
    ...(price === undefined || price === null ? {} : { Price: price }),
    ...(currency === undefined || currency === null ? {} : { CurrencyCode: currency }),
    ...(dimensions.length === 0 ? {} : { DimensionKey: dimensions.join(LIST_SEPARATOR) }),
    PaymentSchedule:
      schedule.length === 0
        ? null
        : schedule
            .map(({ ChargeDate, ChargeAmount }) => `${ChargeDate.slice(0, 10)} ${ChargeAmount}`)
            .join(PAYMENT_SEPARATOR),
  };
}

function durationOf({ Terms }: OfferDocument): Partial<Record<OfferField, SystemValue>> {
  const months = monthsOf(Terms.find(({ AgreementDuration }) => AgreementDuration)?.AgreementDuration);
  return months === undefined ? {} : { AgreementMonths: months };
}
