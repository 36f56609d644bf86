import type { Change } from '@aws-sdk/client-marketplace-catalog';
import { type Fault, fail, OWN_CHECK, type Result, succeed } from '../../domain/model/fault.ts';
import type { SystemValues } from '../../domain/model/value.ts';
import { HUB_TAG } from './catalog.ts';
import { LIST_SEPARATOR, type OfferField, PAYMENT_SEPARATOR } from './offer-document.ts';
import { isAmount, isSameAmount, sumAmounts } from './sum-amounts.ts';

/** What an offer is made of; values are checked for their form only, AWS checks the rest. */
export interface OfferDraft {
  readonly name: string;
  readonly description: string;
  readonly productId: string;
  readonly buyerAccounts: readonly string[];
  /** Decimal text; the whole price of the agreement. */
  readonly price: string;
  readonly currency: string;
  readonly months: number;
  /** `YYYY-MM-DD`. */
  readonly expiry: string;
  /** `YYYY-MM-DD` and decimal text each; at least one, and together the price. */
  readonly payments: readonly { readonly date: string; readonly amount: string }[];
  /** The dimensions that the deal names. */
  readonly dimensions: readonly string[];
}

/** The end-user licence agreement of every offer of a connection, from its options `eulaUrl` and `eulaVersion`. */
export interface Eula {
  readonly url?: string | undefined;
  readonly version?: string | undefined;
}

/** The newest version of AWS's Standard Contract. *Source*: the change-set samples of AWS, 2022-07-14 in all of them. */
const standardEulaVersion = '2022-07-14';

/**
 * Reads what the hub wants to offer. `now` is AWS's clock, ms; without it no day is past. *Faults*: `rejected`, naming every field that
 * is missing or malformed.
 */
export function readDraft(values: SystemValues, now?: number): Result<OfferDraft> {
  const said = (field: OfferField): string => {
    const value = values[field];
    return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  };
  const expiry = said('AvailabilityEndDate').slice(0, 10);
  const price = said('Price');
  const payments = paymentsOf(said('PaymentSchedule'));
  const draft: OfferDraft = {
    name: said('Name'),
    // AWS releases no offer without one.
    description: said('Description') || said('Name'),
    productId: said('ProductId'),
    buyerAccounts: partsOf(said('Targeting.BuyerAccounts')),
    price,
    currency: said('CurrencyCode'),
    months: Number(said('AgreementMonths')),
    expiry,
    // AWS takes a fixed price only in payments, and no payment that is past: the one there always is falls due when the offer ends.
    payments: payments.length > 0 ? payments : [{ date: expiry, amount: price }],
    dimensions: partsOf(said('DimensionKey')),
  };
  const flaws = flawsOf(draft, now === undefined ? '' : new Date(now).toISOString().slice(0, 10));
  const [first] = flaws;
  if (first === undefined) return succeed(draft);
  const message = `The private offer cannot be made as it is: ${flaws.map(({ text }) => text).join('; ')}.`;
  const fields = [...new Set(flaws.map(({ field }) => field))];
  return fail({ kind: 'rejected', code: 'OFFER_INCOMPLETE', message, fields, toldBy: OWN_CHECK });
}

function paymentsOf(schedule: string): OfferDraft['payments'] {
  const lines = schedule
    .split(PAYMENT_SEPARATOR.trim())
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.map((line) => {
    const [date = '', amount = ''] = line.split(/\s+/);
    return { date, amount };
  });
}

interface Flaw {
  readonly field: OfferField;
  readonly text: string;
}

const nameMax = 150;
const monthsMax = 120;

function flawsOf(draft: OfferDraft, today: string): readonly Flaw[] {
  const { payments, price } = draft;
  const isOdd = payments.some(({ date, amount }) => !dateForm.test(date) || !isAmount(amount));
  const isPriced = isAmount(price) && !price.startsWith('-');
  const total = sumAmounts(payments.map(({ amount }) => ({ amount, currency: undefined })));
  const checks: readonly (Flaw | false)[] = [
    (draft.name === '' || draft.name.length > nameMax) && {
      field: 'Name',
      text: `its name must have 1 to ${nameMax} characters`,
    },
    !/^[\w-]{1,255}$/.test(draft.productId) && {
      field: 'ProductId',
      text: 'the product must be named by its id, prod-…',
    },
    (draft.buyerAccounts.length === 0 || draft.buyerAccounts.some((account) => !/^\d{12}$/.test(account))) && {
      field: 'Targeting.BuyerAccounts',
      text: 'the buyer’s account must have twelve digits',
    },
    !isPriced && { field: 'Price', text: 'the price must be a number, not below nought' },
    isPriced && isTooFine(price) && { field: 'Price', text: 'the price may have two decimal places' },
    !/^[A-Z]{3}$/.test(draft.currency) && { field: 'CurrencyCode', text: 'the currency must be named by its code' },
    !(Number.isInteger(draft.months) && draft.months >= 1 && draft.months <= monthsMax) && {
      field: 'AgreementMonths',
      text: `the agreement must run for 1 to ${monthsMax} whole months`,
    },
    !dateForm.test(draft.expiry) && { field: 'AvailabilityEndDate', text: 'the last day to accept it must be a date' },
    dateForm.test(draft.expiry) &&
      draft.expiry < today && {
        field: 'AvailabilityEndDate',
        text: `the last day to accept it is past (today is ${today})`,
      },
    isPriced &&
      dateForm.test(draft.expiry) &&
      isOdd && { field: 'PaymentSchedule', text: 'each payment must be a date and an amount, like 2026-08-01 250.00' },
    isPriced &&
      !isOdd &&
      !isTooFine(price) &&
      payments.some(({ amount }) => isTooFine(amount)) && {
        field: 'PaymentSchedule',
        text: 'each payment may have two decimal places',
      },
    isPriced &&
      !isOdd &&
      !isSameAmount(total, price) && { field: 'PaymentSchedule', text: 'the payments do not add up to the price' },
  ];
  return checks.filter((check) => check !== false);
}

/** AWS takes payments to two decimal places, in every currency, and names the change rather than the field. *Source*: see `creationOf`. */
function isTooFine(amount: string): boolean {
  return /\.\d{3,}$/.test(amount);
}

const dateForm = /^\d{4}-\d{2}-\d{2}$/;

function partsOf(text: string): readonly string[] {
  return text
    .split(LIST_SEPARATOR.trim())
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * The changes that make a private offer and release it, in AWS's order; all of them or none are carried out.
 *
 * *Shape*: nine changes of the twenty a change set takes. The price is in the payments; the pricing term's own is nought, as AWS wants
 * it. *Source*: AWS's sample change sets, and https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-private-offers.html
 * for what an offer must have to be released (checked November 2026).
 */
export function creationOf(
  draft: OfferDraft,
  dimensions: readonly string[],
  unifiedId: string,
  eula: Eula,
): readonly Change[] {
  const { payments } = draft;
  const upfront = {
    Type: 'FixedUpfrontPricingTerm',
    CurrencyCode: draft.currency,
    Price: '0.0',
    Grants: dimensions.map((key) => ({ DimensionKey: key, MaxQuantity: 1 })),
  };
  const schedule = payments.map(({ date, amount }) => ({ ChargeDate: date, ChargeAmount: amount }));
  return [
    {
      ChangeType: 'CreateOffer',
      ChangeName: creationName,
      Entity: { Type: offerType },
      EntityTags: [{ Key: HUB_TAG, Value: unifiedId }],
      DetailsDocument: { ProductId: draft.productId },
    },
    onNew('UpdateInformation', { Name: draft.name, Description: draft.description }),
    onNew('UpdateTargeting', { PositiveTargeting: { BuyerAccounts: [...draft.buyerAccounts] } }),
    onNew('UpdatePricingTerms', { PricingModel: 'Contract', Terms: [upfront] }),
    onNew('UpdateValidityTerms', { Terms: [{ Type: 'ValidityTerm', AgreementDuration: `P${draft.months}M` }] }),
    onNew('UpdatePaymentScheduleTerms', {
      Terms: [{ Type: 'PaymentScheduleTerm', CurrencyCode: draft.currency, Schedule: schedule }],
    }),
    onNew('UpdateLegalTerms', { Terms: [{ Type: 'LegalTerm', Documents: [documentOf(eula)] }] }),
    onNew('UpdateAvailability', { AvailabilityEndDate: draft.expiry }),
    onNew('ReleaseOffer', {}),
  ];
}

const offerType = 'Offer@1.0';
const creationName = 'CreateOfferChange';

function onNew(type: string, details: NonNullable<Change['DetailsDocument']>): Change {
  return changeOf(type, `$${creationName}.Entity.Identifier`, details);
}

function changeOf(type: string, identifier: string, details: NonNullable<Change['DetailsDocument']>): Change {
  return { ChangeType: type, Entity: { Type: offerType, Identifier: identifier }, DetailsDocument: details };
}

function documentOf({ url, version }: Eula): Readonly<Record<string, string>> {
  if (url !== undefined && url !== '') return { Type: 'CustomEula', Url: url };
  return { Type: 'StandardEula', Version: version ?? standardEulaVersion };
}

/** What may be changed of an offer that buyers may have seen; all else is what they were offered. */
const CHANGEABLE: ReadonlySet<string> = new Set<OfferField>(['AvailabilityEndDate', 'Name', 'Description']);

/**
 * The changes that bring an offer up to date. *Faults*: `rejected`, naming the fields that a released offer keeps; nothing is tried
 * then, and the hub sends the rest by itself.
 */
export function updateOf(offerId: string, values: SystemValues, base: SystemValues): Result<readonly Change[]> {
  const fixed = Object.keys(values).filter((field) => !CHANGEABLE.has(field));
  if (fixed.length > 0) return fail(keepsItsTerms(fixed));
  const changes: Change[] = [];
  const wanted = (field: OfferField): string | undefined => textAt(values, field) ?? textAt(base, field);
  if (values.Name !== undefined || values.Description !== undefined) {
    const name = wanted('Name');
    if (name === undefined || name.length > nameMax) return fail(badName);
    const description = wanted('Description');
    const details = { Name: name, ...(description === undefined ? {} : { Description: description }) };
    changes.push(changeOf('UpdateInformation', offerId, details));
  }
  if (values.AvailabilityEndDate !== undefined) {
    const expiry = textAt(values, 'AvailabilityEndDate')?.slice(0, 10);
    if (expiry === undefined || !dateForm.test(expiry)) return fail(noExpiry);
    changes.push(changeOf('UpdateAvailability', offerId, { AvailabilityEndDate: expiry }));
  }
  return succeed(changes);
}

function textAt(values: SystemValues, field: OfferField): string | undefined {
  const value = values[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function keepsItsTerms(fields: readonly string[]): Fault {
  return {
    kind: 'rejected',
    code: 'OFFER_KEEPS_ITS_TERMS',
    message:
      `A private offer on AWS Marketplace keeps what was offered; ${fields.join(', ')} cannot be changed any more. ` +
      'Set the deal back, or let the offer expire and make a new one of a new deal.',
    fields,
    toldBy: OWN_CHECK,
  };
}

const badName: Fault = {
  kind: 'rejected',
  code: 'OFFER_INCOMPLETE',
  message: `The name of a private offer must have 1 to ${nameMax} characters.`,
  fields: ['Name'],
  toldBy: OWN_CHECK,
};

const noExpiry: Fault = {
  kind: 'rejected',
  code: 'OFFER_INCOMPLETE',
  message: 'A private offer always has a last day on which it can be accepted.',
  fields: ['AvailabilityEndDate'],
  toldBy: OWN_CHECK,
};
