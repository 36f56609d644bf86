import { Big } from 'big.js';
import { canonicalDecimal } from '../mapping/canonical/decimal.ts';
import { plainText } from '../mapping/canonical/text.ts';

/** A product sold on a deal. Quantity and price are decimals as text; the price is for one, in the currency of the deal. */
export interface LineItem {
  /** The product's code (SKU, marketplace id); its name where it has no code. */
  readonly product: string;
  readonly quantity: string;
  readonly price: string;
}

/** Lines of one deal that the hub carries; a deal with more is a person's matter. */
export const LINE_ITEMS_MAX = 100;

const PRODUCT_MAX = 255;
/** From the end: what a product is called may hold anything. */
const LINE = /^(.+) \| (\S+) × (\S+)$/;

/** A line as text, readable to people and unambiguous: `ANALYTICS-12 | 3 × 1250.5`. */
export function lineItemText({ product, quantity, price }: LineItem): string {
  return `${product} | ${quantity} × ${price}`;
}

/** Reads a line's text in any spelling of its numbers. *Faults*: `undefined` when it is no line, or its product longer than 255 characters. */
export function readLineItem(text: string): LineItem | undefined {
  const [, typed = '', many = '', each = ''] = LINE.exec(plainText(text)) ?? [];
  const product = plainText(typed);
  const quantity = canonicalDecimal(many);
  const price = canonicalDecimal(each);
  if (product === '' || product.length > PRODUCT_MAX || quantity === undefined || price === undefined) return undefined;
  return { product, quantity, price };
}

/**
 * Lines in normal form: those of one product at one price are one line with all of their quantity, lines of no quantity are
 * none, and all are sorted. So two systems that cut the same sale into rows in different ways hold the same.
 *
 * *Faults*: `undefined` when a sum is too long for a decimal.
 */
export function normalLines(items: readonly LineItem[]): readonly string[] | undefined {
  const sums = new Map<string, LineItem>();
  for (const item of items) {
    const key = `${item.product}\n${item.price}`;
    const known = sums.get(key);
    const quantity = canonicalDecimal(new Big(known?.quantity ?? '0').plus(item.quantity).toFixed());
    if (quantity === undefined) return undefined;
    sums.set(key, { ...item, quantity });
  }
  return [...sums.values()]
    .filter(({ quantity }) => quantity !== '0')
    .map(lineItemText)
    .sort();
}

/** What lines add up to, as decimal text in normal form. */
export function totalOf(items: readonly LineItem[]): string {
  const total = items.reduce((sum, { quantity, price }) => sum.plus(new Big(quantity).times(price)), new Big(0));
  const text = total.toFixed();
  return canonicalDecimal(text) ?? text;
}

/** What is taken off a price: so much for each, and of the rest so many percent. */
export interface Discount {
  readonly amount?: unknown;
  readonly percent?: unknown;
}

/** A price less its discount, exactly; what a system leaves empty takes nothing off. *Faults*: `undefined` when one is no number. */
export function discounted(price: unknown, { amount, percent }: Discount): string | undefined {
  const full = numberText(price);
  const [off, share] = [amount, percent].map((each) =>
    each === null || each === undefined || each === '' ? '0' : numberText(each),
  );
  if (full === undefined || off === undefined || share === undefined) return undefined;
  const rest = new Big(full).minus(off).times(new Big(100).minus(share)).div(100);
  return canonicalDecimal(rest.toFixed());
}

function numberText(value: unknown): string | undefined {
  return typeof value === 'number' || typeof value === 'string' ? canonicalDecimal(String(value)) : undefined;
}
