import { discounted, lineItemText } from '../../domain/model/line-item.ts';
import type { HeldLine } from '../kit/plan-lines.ts';
import type { RecordAnswer } from './answers.ts';
import type { ObjectType } from './object-types.ts';

/** The field name under which a deal's products are read and written: lines as text (`domain/model/line-item.ts`), sorted. */
export const lineItemsField = 'line_items';

/**
 * Line items as HubSpot has them: records of their own, each of one deal. The hub serves them as a field of the deal only.
 *
 * *Source*: https://developers.hubspot.com/docs/api-reference/crm-line-items-v3/guide and, for the association's types, 19 from the
 * deal and 20 to it, https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide (checked November 2026).
 */
export const lineItemType: ObjectType = {
  object: 'line_item',
  typeId: '0-8',
  path: 'line_items',
  modifiedProperty: 'hs_lastmodifieddate',
  mergedProperties: [],
};

/** The association of a line item with its deal. */
export const lineItemToDeal = 20;

/** What of a line item says what is sold, how often and for how much. */
export const lineItemProperties = [
  'hs_sku',
  'name',
  'quantity',
  'price',
  'discount',
  'hs_discount_percentage',
] as const;

/** A line item's line; `undefined` when it has no product, quantity or price that can be read. */
export function lineOf({ id, properties }: RecordAnswer): HeldLine | undefined {
  const product = [properties.hs_sku, properties.name].find((text) => typeof text === 'string' && text.trim() !== '');
  const price = discounted(properties.price, {
    percent: properties.hs_discount_percentage,
    amount: properties.discount,
  });
  const quantity = discounted(properties.quantity, {});
  if (typeof product !== 'string' || price === undefined || quantity === undefined) return undefined;
  return { id, product: product.trim(), quantity, price };
}

/** A line item as text; one that cannot be read says so and is no line, so that a person looks at it. */
export function lineTextOf(record: RecordAnswer): string {
  const line = lineOf(record);
  return line === undefined ? 'a line the hub cannot read' : lineItemText(line);
}
