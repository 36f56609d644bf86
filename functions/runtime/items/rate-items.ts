import { dayBefore, type PublishedRates } from '../../../domain/money/published-rates.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import type { HubTable } from '../hub-table.ts';
import { type Item, textAttribute, textOf } from './attribute.ts';

/**
 * Exchange rates, one item a day: `pk` `rates`, `sk` the day, `b` the base and `r` what was published, as `USD 1.1684,JPY 186.75`.
 *
 * *Units*: 1 write unit a day; 1 read unit to find the last day on or before another one. Forty currencies are half a KB.
 */
export function rateItems(table: HubTable): Pick<HubStore, 'readRates' | 'putRates'> {
  return {
    async readRates(day, daysBack) {
      const { items } = await table.query({
        key: {
          text: 'pk = :pk AND sk BETWEEN :first AND :day',
          values: {
            ':pk': textAttribute(PARTITION),
            ':first': textAttribute(dayBefore(day, daysBack)),
            ':day': textAttribute(day),
          },
        },
        isConsistent: true,
        isBackward: true,
        limit: 1,
      });
      const [last] = items;
      return last === undefined ? undefined : ratesOf(last);
    },
    putRates: (days) => table.putMany(days.map(itemOf)),
  };
}

const PARTITION = 'rates';

function itemOf({ day, base, rates }: PublishedRates): Item {
  const told = Object.entries(rates).map(([currency, rate]) => `${currency} ${rate}`);
  return {
    pk: textAttribute(PARTITION),
    sk: textAttribute(day),
    b: textAttribute(base),
    r: textAttribute(told.join(',')),
  };
}

function ratesOf(item: Item): PublishedRates {
  const told = textOf(item, 'r');
  const pairs = told === '' ? [] : told.split(',').map((pair) => pair.split(' ') as [string, string]);
  return { day: textOf(item, 'sk'), base: textOf(item, 'b'), rates: Object.fromEntries(pairs) };
}
