import type { OwnField, UnifiedRecord } from '../model/unified-record.ts';
import { isEmptyValue, isSameValue, type Value } from '../model/value.ts';
import type { ExchangeFields, Vocabulary } from '../model/vocabulary.ts';
import { DAYS_BACK_MAX, dayOf, rateBetween } from '../money/published-rates.ts';
import type { Hub } from './ports.ts';
import { raiseProblem } from './problems/raise-problem.ts';

/**
 * What the hub itself has to set beside the money of a record: the rate of the day the winning amount came to be, that day, and
 * the currency it leads to. Set once and kept while the same amount in the same currency stands, whichever source says so;
 * emptied when there is no money any more, or no rate is known, which is a problem and never a guess.
 *
 * It counts for money from any source: an amount that a person enters in a CRM is reported beside one of a marketplace, and
 * two ways to convert would not add up.
 *
 * *Units*: nothing is read for a record whose money did not move, is none, or is in the reporting currency; otherwise one read of
 * rates. A record that lacks its rate looks again whenever it is settled.
 */
export async function exchangeMoney(
  hub: Hub,
  vocabulary: Vocabulary,
  stored: UnifiedRecord | undefined,
  draft: UnifiedRecord,
  isAnew: boolean,
): Promise<Readonly<Record<string, OwnField>>> {
  const { exchange } = vocabulary;
  const { reportingCurrency } = hub;
  if (exchange === undefined || reportingCurrency === undefined || draft.state !== 'present') return {};
  if (!isAnew && isKept(exchange, reportingCurrency, stored, draft)) return {};
  const answer = await rateFor(hub, vocabulary, draft);
  if (answer === 'missing') await reportMissing(hub, draft, exchange, reportingCurrency);
  if (typeof answer === 'string') return setTo(exchange, draft.changedAt, [null, null, null], draft);
  return setTo(exchange, answer.at, [answer.rate, answer.day, reportingCurrency], draft);
}

/** What counts for the money of a record: the rate, the day it was published, and when (ms) the money came to be. */
export interface CountingRate {
  readonly rate: string;
  readonly day: string;
  readonly at: number;
}

/** The rate that counts for a record's money as it stands; `needless` where there is no money or nowhere to keep it. */
export async function rateFor(
  hub: Hub,
  { exchange }: Vocabulary,
  { fields }: UnifiedRecord,
): Promise<CountingRate | 'missing' | 'needless'> {
  const { reportingCurrency: into } = hub;
  if (exchange === undefined || into === undefined) return 'needless';
  const [amount, currency] = [fields[exchange.amount], fields[exchange.currency]];
  if (isEmptyValue(amount?.value) || typeof currency?.value !== 'string' || currency.value === '') return 'needless';
  const at = Math.max(amount?.at ?? 0, currency.at);
  const day = dayOf(at);
  if (currency.value === into) return { rate: '1', day, at };
  const published = await hub.store.readRates(day, DAYS_BACK_MAX);
  const rate = published && rateBetween(published, currency.value, into);
  return published === undefined || rate === undefined ? 'missing' : { rate, day: published.day, at };
}

/** Whether what is set already is for this very money. */
function isKept(
  { amount, currency, rate, into }: ExchangeFields,
  reporting: string,
  stored: UnifiedRecord | undefined,
  draft: UnifiedRecord,
): boolean {
  if (stored === undefined || isEmptyValue(stored.own[rate]?.value)) return false;
  if (stored.own[into]?.value !== reporting) return false;
  return [amount, currency].every((name) =>
    isSameValue(stored.fields[name]?.value ?? null, draft.fields[name]?.value ?? null),
  );
}

/** Only what is another one than before, so that a record that is as it should be is not written. */
function setTo(
  { rate, day, into }: ExchangeFields,
  at: number,
  values: readonly [rate: Value, day: Value, into: Value],
  { own }: UnifiedRecord,
): Record<string, OwnField> {
  const entries = [rate, day, into].map((name, place) => [name, values[place] ?? null] as const);
  const isSet = entries.every(([name, value]) => isSameValue(own[name]?.value ?? null, value));
  return isSet ? {} : Object.fromEntries(entries.map(([name, value]) => [name, { value, at, origin: 'system' }]));
}

/** One question for each currency, however many records wait for it. */
async function reportMissing(
  hub: Hub,
  { kind, id, fields }: UnifiedRecord,
  { currency, rate }: ExchangeFields,
  into: string,
): Promise<void> {
  const from = String(fields[currency]?.value);
  await raiseProblem(hub, {
    cause: 'rate-missing',
    connection: 'hub',
    externalId: `${from}/${into}`,
    kind,
    unifiedId: id,
    field: rate,
    message: `A ${kind} is in ${from}, and no exchange rate to ${into} is known for its day or the ${DAYS_BACK_MAX} days before.`,
    nextStep: `Import the rates (npx hub rates import <file>); every ${kind} without one gets it when it is next read, within a day.`,
  });
}
