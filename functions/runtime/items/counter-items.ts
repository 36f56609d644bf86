import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { ABSENT, type HubTable } from '../hub-table.ts';
import { numberAttribute, numberOf } from './attribute.ts';
import { keyAttributes, loneKey } from './item-keys.ts';

/**
 * Counters of time windows, `window#<name>#<length>#<number of the window>`, deleted by the table's TTL when their window and
 * one more are over; and shared budgets, `budget#<name>`.
 *
 * *Units*: 1 write unit to count or to swap, 1 read unit to read a budget.
 */
export function counterItems(table: HubTable): Pick<HubStore, 'count' | 'readBudget' | 'swapBudget'> {
  return {
    async count(name, windowMs, now, by) {
      const window = Math.floor(now / windowMs);
      const counted = await table.update(loneKey('window', name, String(windowMs), String(window)), {
        text: 'ADD n :by SET #ttl = :ttl',
        names: { '#ttl': 'ttl' },
        values: {
          ':by': numberAttribute(by),
          ':ttl': numberAttribute(Math.ceil(((window + 2) * windowMs) / 1_000)),
        },
      });
      // Without a condition an update always answers what it changed.
      return counted === false ? by : numberOf(counted, 'n');
    },
    async readBudget(name) {
      const item = await table.get(loneKey('budget', name));
      return item === undefined ? undefined : numberOf(item, 'a');
    },
    swapBudget: (name, next, expected) =>
      table.put(
        { ...keyAttributes(loneKey('budget', name)), a: numberAttribute(next) },
        expected === undefined ? ABSENT : { text: 'a = :a', values: { ':a': numberAttribute(expected) } },
      ),
  };
}
