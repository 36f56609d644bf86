import type { Fault } from '../../domain/model/fault.ts';
import { totalOf } from '../../domain/model/line-item.ts';
import type { WriteItem } from '../../domain/model/snapshot.ts';
import { itemsOf } from '../kit/plan-lines.ts';
import { lineItemsField, textsIn } from './standard-objects.ts';

/**
 * Leaves out of each item an amount that Salesforce works out by itself, and refuses one that it would not take.
 *
 * An opportunity with products has their sum as its amount; another one is ignored without a word, and the hub would believe it
 * written. *Shape*: the items, in order, and the faults by place; a refused item is not to be sent.
 */
export function settleAmounts(items: readonly WriteItem[]): {
  readonly items: readonly WriteItem[];
  readonly refused: ReadonlyMap<number, Fault>;
} {
  const refused = new Map<number, Fault>();
  const settled = items.map((item, index) => {
    const { Amount: amount, ...values } = item.values;
    if (item.operation === 'delete' || amount === undefined) return item;
    const lines = itemsOf(textsIn(item.values[lineItemsField] ?? item.base[lineItemsField]));
    if (lines.length === 0) return item;
    if (Number(totalOf(lines)) !== amount) refused.set(index, isSumOfProducts);
    return { ...item, values };
  });
  return { items: settled, refused };
}

const isSumOfProducts: Fault = {
  kind: 'rejected',
  code: 'AMOUNT_IS_SUM_OF_PRODUCTS',
  message:
    'Salesforce works the amount out from the products of the opportunity; change those, or the amount elsewhere.',
  fields: ['Amount'],
};
