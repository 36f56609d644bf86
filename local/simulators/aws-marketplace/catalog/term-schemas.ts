import * as z from 'zod';
import { durationPattern } from '../calendar.ts';

/*
 * Terms of an offer as StartChangeSet checks them before it takes a request; what breaks these is answered 422 at once.
 * Source: https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-private-offers.html, the tables
 * "Synchronous Validations" (read 2026-11-27).
 */

const duration = z.string().regex(durationPattern, 'must be an ISO 8601 duration');
const day = z.iso.date('must be a day as YYYY-MM-DD');
const dimensionKey = z.string().min(1).max(100);
const quantity = z.int().min(1);
const currency = z.enum(['USD', 'AUD', 'EUR', 'GBP', 'JPY']);

/** A number that is not negative, as text, with so many decimal places at most. */
function decimal(placesMax: number) {
  return z
    .string()
    .regex(
      new RegExp(String.raw`^\d+(?:\.\d{1,${placesMax}})?$`),
      `must be a non-negative decimal, as text, with up to ${placesMax} decimal places`,
    );
}

function rateCard(placesMax: number) {
  return z
    .array(z.object({ DimensionKey: dimensionKey, Price: decimal(placesMax) }))
    .min(1)
    .max(800);
}

const configurableUpfront = z.object({
  Type: z.literal('ConfigurableUpfrontPricingTerm'),
  CurrencyCode: currency,
  RateCards: z
    .array(
      z.object({
        Selector: z.object({ Type: z.literal('Duration'), Value: duration }),
        RateCard: rateCard(3),
        Constraints: z.object({
          MultipleDimensionSelection: z.enum(['Allowed', 'Disallowed']),
          QuantityConfiguration: z.enum(['Allowed', 'Disallowed']),
        }),
      }),
    )
    .min(1)
    .max(5),
});

const fixedUpfront = z.object({
  Type: z.literal('FixedUpfrontPricingTerm'),
  CurrencyCode: currency,
  // The table calls it required, the page and AWS's own samples leave it out.
  Duration: duration.optional(),
  Price: decimal(3),
  Grants: z
    .array(z.object({ DimensionKey: dimensionKey, MaxQuantity: quantity }))
    .min(1)
    .max(200),
});

const usageBased = z.object({
  Type: z.literal('UsageBasedPricingTerm'),
  CurrencyCode: z.literal('USD'),
  RateCards: z.array(z.object({ RateCard: rateCard(8) })).length(1),
});

const freeTrial = z.object({
  Type: z.literal('FreeTrialPricingTerm'),
  Duration: duration,
  Grants: z
    .array(z.object({ DimensionKey: dimensionKey, MaxQuantity: quantity.optional() }))
    .min(1)
    .max(800),
});

const recurringPayment = z.object({
  Type: z.literal('RecurringPaymentTerm'),
  BillingPeriod: z.literal('Monthly'),
  CurrencyCode: z.literal('USD'),
  Price: decimal(3),
});

export const pricingTermsSchema = z.object({
  PricingModel: z.enum(['Byol', 'Free', 'Usage', 'Contract']),
  Terms: z.array(
    z.discriminatedUnion('Type', [
      configurableUpfront,
      fixedUpfront,
      usageBased,
      freeTrial,
      recurringPayment,
      z.object({ Type: z.literal('ByolPricingTerm') }),
    ]),
  ),
});

export type PricingTerm = z.infer<typeof pricingTermsSchema>['Terms'][number];

export const legalTermsSchema = z.object({
  Terms: z
    .array(
      z.object({
        Type: z.literal('LegalTerm'),
        Documents: z
          .array(
            z.discriminatedUnion('Type', [
              z.object({ Type: z.literal('CustomEula'), Url: z.url() }),
              z.object({ Type: z.literal('StandardEula'), Version: z.enum(['2019-04-24', '2022-07-14']) }),
            ]),
          )
          .min(1),
      }),
    )
    .length(1),
});

export const supportTermsSchema = z.object({
  Terms: z
    .array(
      z.object({
        Type: z.literal('SupportTerm'),
        RefundPolicy: z
          .string()
          .min(1)
          .max(500)
          .refine((text) => text.trim() === text, 'must not begin or end with spaces'),
      }),
    )
    .max(1),
});

export const validityTermsSchema = z.object({
  Terms: z
    .array(
      z.object({
        Type: z.literal('ValidityTerm'),
        AgreementDuration: duration.optional(),
        AgreementStartDate: day.optional(),
        AgreementEndDate: day.optional(),
      }),
    )
    .max(1),
});

export const paymentScheduleTermsSchema = z.object({
  Terms: z
    .array(
      z.object({
        Type: z.literal('PaymentScheduleTerm'),
        CurrencyCode: currency,
        Schedule: z.array(z.object({ ChargeDate: day, ChargeAmount: decimal(2) })).min(1),
      }),
    )
    .max(1),
});

export const netPaymentTermsSchema = z.object({
  Terms: z
    .array(
      z.object({
        Type: z.literal('NetPaymentTerm'),
        PaymentDuePeriod: z.enum(['P15D', 'P30D', 'P45D', 'P60D', 'P90D', 'P120D']),
      }),
    )
    .max(1),
});

const percentage = decimal(2);
const days = z.string().regex(/^P[1-9]\d*D$/, 'must be a duration in days');

export const renewalTermsSchema = z.object({
  Terms: z
    .array(
      z.object({
        Type: z.literal('RenewalTerm'),
        LockoutPeriod: days.optional(),
        AdjustmentDeadline: days.optional(),
        MaxRenewals: quantity.optional(),
        PriceIncrease: z
          .discriminatedUnion('Type', [
            z.object({ Type: z.literal('FixedPercentage'), Value: percentage }),
            z.object({
              Type: z.literal('PercentageRange'),
              Range: z.object({ MinValue: percentage, MaxValue: percentage, DefaultValue: percentage }),
            }),
          ])
          .optional(),
        TermTemplates: z
          .array(z.looseObject({ Type: z.literal('PaymentScheduleTermTemplate') }))
          .max(1)
          .optional(),
      }),
    )
    .max(1),
});

export const availabilitySchema = z.object({ AvailabilityEndDate: day });

const countryCodes = z
  .array(z.string().regex(/^[A-Z]{2}$/, 'must be a country by ISO 3166-1 alpha-2'))
  .min(1)
  .max(244);

export const targetingSchema = z.object({
  PositiveTargeting: z
    .object({
      CountryCodes: countryCodes.optional(),
      BuyerAccounts: z
        .array(z.string().regex(/^\d{12}$/, 'must be an account of 12 digits'))
        .min(1)
        .max(26)
        .optional(),
    })
    .refine(({ CountryCodes, BuyerAccounts }) => (CountryCodes ?? BuyerAccounts) !== undefined, 'must name a target')
    .optional(),
  NegativeTargeting: z.object({ CountryCodes: countryCodes }).optional(),
});

const offerName = z
  .string()
  .min(1)
  .max(150)
  .regex(/^[^\\<>]*$/, 'must not contain \\, < or >');

export const offerInformationSchema = z
  .object({
    Name: offerName.optional(),
    Description: z.string().min(1).max(255).optional(),
    PreExistingAgreement: z
      .object({
        AcquisitionChannel: z.enum(['AwsMarketplace', 'External']),
        PricingModel: z.enum(['Byol', 'Free', 'Usage', 'Contract']),
      })
      .nullish(),
  })
  .refine((details) => Object.keys(details).length > 0, 'must have at least one member');

export const createOfferSchema = z.object({
  ProductId: z
    .string()
    .min(1)
    .max(50)
    .regex(/^[^\\<>]*$/, 'must not contain \\, < or >'),
  Name: offerName.optional(),
  OfferSetId: z.string().optional(),
});

export const createReplacementOfferSchema = z.object({
  AgreementId: z.string().min(1).max(64),
  Name: offerName.optional(),
});

export const releaseOfferSchema = z.strictObject({});

export const addDimensionsSchema = z
  .array(
    z.object({
      Key: dimensionKey,
      Name: z.string().min(1),
      Description: z.string().min(1),
      Unit: z.string().min(1),
      Types: z.array(z.enum(['Entitled', 'Metered', 'ExternallyMetered'])).min(1),
    }),
  )
  .min(1);
