/** The buyer and the product of the story. */
export const BUYER = '444455556666';
export const PRODUCT = 'prod-tributarysample';

export const DAY_MS = 86_400_000;

/** What the steps hand on to each other: one story, from the first deal to its renewal. */
export interface Story {
  companyId: string;
  dealId: string;
  offerId: string;
  agreementId: string;
  coSellDealId: string;
  opportunityId: string;
}

/** So many days from today, as `YYYY-MM-DD`. */
export function dayIn(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

/** A time in words. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
