import { Big } from 'big.js';
import { addDuration, dayOf, endOfDay, startOfDay } from '../calendar.ts';
import { pricingTermsOf, termOf } from '../catalog/offer-terms.ts';
import type { Grant, Offer, Term } from '../records.ts';

/** What a buyer chooses when he accepts an offer that lets him choose. */
export interface BuyerChoice {
  /** The duration of a rate card, `P12M`; the first one's when not given. */
  readonly selector?: string | undefined;
  /** Dimension → quantity; one of the first dimension when not given. */
  readonly dimensions?: Readonly<Record<string, number>> | undefined;
}

/** What an agreement from an offer comes to. */
export interface AgreementTerms {
  readonly terms: readonly Term[];
  readonly currencyCode: string;
  /** Decimal text. */
  readonly value: string;
  readonly grants: readonly Grant[];
  readonly selector: string | undefined;
  readonly startAt: number;
  readonly endAt: number | undefined;
  /** What will be charged and when, in order; nothing for pay-as-you-go. */
  readonly charges: readonly { readonly at: number; readonly amount: string }[];
}

/** Works out what an offer comes to when it is accepted at `now`; text says why the choice is none of the offer's. */
export function agreementTermsOf(offer: Offer, choice: BuyerChoice, now: number): AgreementTerms | string {
  const chosen = chooseOf(offer, choice);
  if (typeof chosen === 'string') return chosen;
  const { startAt, endAt } = timesOf(offer, chosen.selector, now);
  const fixed = termOf(offer, 'FixedUpfrontPricingTerm');
  const schedule = termOf(offer, 'PaymentScheduleTerm');
  const upfront = new Big(fixed?.Price ?? 0).plus(chosen.amount);
  const charges = [
    ...(upfront.gt(0) ? [{ at: now, amount: money(upfront) }] : []),
    // A charge that fell due before the acceptance is made at once.
    ...(schedule?.Schedule ?? []).map(({ ChargeDate, ChargeAmount }) => ({
      at: Math.max(startOfDay(ChargeDate), now),
      amount: money(new Big(ChargeAmount)),
    })),
  ].toSorted((a, b) => a.at - b.at);
  const value = charges.reduce((sum, { amount }) => sum.plus(amount), new Big(0));
  const currencyCode = pricingTermsOf(offer).flatMap((term) => ('CurrencyCode' in term ? [term.CurrencyCode] : []))[0];
  return {
    terms: offer.terms,
    currencyCode: currencyCode ?? 'USD',
    value: money(value),
    grants: chosen.grants,
    selector: chosen.selector,
    startAt,
    endAt,
    charges,
  };
}

/** Decimal text with two places at least; more only where they say something. */
export function money(amount: Big): string {
  const text = amount.toFixed();
  const places = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  return amount.toFixed(Math.max(places, 2));
}

interface Chosen {
  readonly grants: readonly Grant[];
  readonly amount: Big;
  readonly selector: string | undefined;
}

function chooseOf(offer: Offer, { selector, dimensions }: BuyerChoice): Chosen | string {
  const configurable = termOf(offer, 'ConfigurableUpfrontPricingTerm');
  if (configurable === undefined) {
    if (selector !== undefined || dimensions !== undefined) return 'The offer leaves nothing to choose.';
    const fixed = termOf(offer, 'FixedUpfrontPricingTerm')?.Grants ?? [];
    const grants = fixed.map(({ DimensionKey, MaxQuantity }) => ({
      dimensionKey: DimensionKey,
      quantity: MaxQuantity,
    }));
    return { grants, amount: new Big(0), selector: undefined };
  }
  const card = configurable.RateCards.find(({ Selector }) => selector === undefined || Selector.Value === selector);
  if (card === undefined) return `The offer has no rate card for ${selector}.`;
  const [first] = card.RateCard;
  const wanted = Object.entries(dimensions ?? { [first?.DimensionKey ?? '']: 1 });
  if (card.Constraints.MultipleDimensionSelection === 'Disallowed' && wanted.length > 1)
    return 'The offer allows one dimension only.';
  let amount = new Big(0);
  const grants: Grant[] = [];
  for (const [dimensionKey, quantity] of wanted) {
    const price = card.RateCard.find(({ DimensionKey }) => DimensionKey === dimensionKey)?.Price;
    if (price === undefined) return `The offer has no price for ${dimensionKey}.`;
    if (card.Constraints.QuantityConfiguration === 'Disallowed' && quantity !== 1) return 'The quantity can only be 1.';
    amount = amount.plus(new Big(price).times(quantity));
    grants.push({ dimensionKey, quantity });
  }
  return { grants, amount, selector: card.Selector.Value };
}

function timesOf(
  offer: Offer,
  selector: string | undefined,
  now: number,
): { readonly startAt: number; readonly endAt: number | undefined } {
  const validity = termOf(offer, 'ValidityTerm');
  const startDate = validity?.AgreementStartDate;
  const startAt = startDate === undefined || startDate <= dayOf(now) ? now : startOfDay(startDate);
  if (validity?.AgreementEndDate !== undefined) return { startAt, endAt: endOfDay(validity.AgreementEndDate) };
  const duration = validity?.AgreementDuration ?? selector ?? termOf(offer, 'FixedUpfrontPricingTerm')?.Duration;
  if (duration === undefined) return { startAt, endAt: undefined };
  // The last second of the agreement, as AWS shows it.
  return { startAt, endAt: Math.floor(addDuration(startAt, duration) / 1000) * 1000 - 1000 };
}
