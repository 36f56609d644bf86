import { discounted, lineItemText } from '../../domain/model/line-item.ts';
import type { HeldLine } from '../kit/plan-lines.ts';
import type { Row } from './run-query.ts';

/** A line in an answer that holds quantity, price, discount, and code and name of the product. */
export function lineOf(row: Row): HeldLine | undefined {
  const { ProductCode: code, Name: name } = (row.Product2 ?? {}) as Row;
  const product = [code, name].find((text) => typeof text === 'string' && text.trim() !== '');
  const price = discounted(row.UnitPrice, { percent: row.Discount });
  const quantity = discounted(row.Quantity, {});
  if (typeof product !== 'string' || price === undefined || quantity === undefined) return undefined;
  return { id: String(row.Id ?? ''), product: product.trim(), quantity, price };
}

/** A line as text; one whose product or numbers cannot be read says so and is nothing else, so that a person looks at it. */
export function lineTextOf(row: Row): string {
  const line = lineOf(row);
  return line === undefined ? 'a line the hub cannot read' : lineItemText(line);
}
