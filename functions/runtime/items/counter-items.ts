import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { ABSENT, type HubTable } from '../hub-table.ts';
import { numberAttribute, numberOf } from './attribute.ts';
import { keyAttributes, loneKey } from './item-keys.ts';

/**
 * Counters of time windows, `window#<name>#<length>#<number of the window>`, deleted by the table's TTL when their window and
 * one more are over; shared budgets, `budget#<name>`; and what a vendor last told of one, `figure#<name>`.
 *
 * *Units*: 1 write unit to count or to swap, 1 read unit to read a budget. A figure costs 1 of either.
 */
export function counterItems(
  table: HubTable,
): Pick<HubStore, 'count' | 'readBudget' | 'swapBudget' | 'putFigure' | 'readFigure'> {
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
    async putFigure(name, { used, limit, at, spentThen }) {
      await table.put({
        ...keyAttributes(loneKey('figure', name)),
        u: numberAttribute(used),
        l: numberAttribute(limit),
        a: numberAttribute(at),
        n: numberAttribute(spentThen),
      });
    },
    async readFigure(name) {
      const item = await table.get(loneKey('figure', name));
      if (item === undefined) return undefined;
      return {
        used: numberOf(item, 'u'),
        limit: numberOf(item, 'l'),
        at: numberOf(item, 'a'),
        spentThen: numberOf(item, 'n'),
      };
    },
  };
}
