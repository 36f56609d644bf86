import type { Vocabulary, VocabularyField } from '../../domain/model/vocabulary.ts';
import type { PublishedRates } from '../../domain/money/published-rates.ts';
import { type SmallHub, smallHub } from './small-hub.ts';
import { tinyVocabulary } from './tiny-mapping.ts';

/** The tiny vocabulary in which street and city, which win together, are an amount and its currency; the hub keeps the rate. */
export function moneyVocabulary(): Vocabulary {
  // Nobody is recognised by anything: what is told of money is told of each record by itself.
  const { identity: _none, ...plain } = tinyVocabulary();
  const own = (name: string, tag: string): readonly [string, VocabularyField] => [
    name,
    { name, tag, type: 'text', isMany: false, survivorship: { by: 'hub' }, isPersonal: false, note: '' },
  ];
  return {
    ...plain,
    fields: new Map([...plain.fields, own('rate', 'x'), own('day', 'y'), own('into', 'z')]),
    exchange: { amount: 'street', currency: 'city', rate: 'rate', day: 'day', into: 'into' },
  };
}

/** Two systems and a hub that reports in euros. Its clock stands on Tuesday, 14 November 2023. */
export function moneyHub(): Promise<SmallHub> {
  return smallHub(['one', 'two'], { vocabulary: moneyVocabulary(), reportingCurrency: 'EUR' });
}

/** What the ECB might have published for a day. */
export function ratesOf(day: string, rates: Readonly<Record<string, string>> = { USD: '1.25' }): PublishedRates {
  return { day, base: 'EUR', rates };
}
