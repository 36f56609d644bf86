import { Big } from 'big.js';

const NORMAL = /^(?:0|-?(?:[1-9]\d*|0(?=\.))(?:\.\d*[1-9])?)$/;
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;
const LENGTH_MAX = 64;

/**
 * A decimal number as text in normal form: no exponent, no plus, no needless zeros, no negative nought. `undefined`
 * when it is not a number.
 *
 * *Bounds*: at most 64 characters before and after.
 */
export function canonicalDecimal(text: string): string | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  if (NORMAL.test(text)) return text;
  const trimmed = text.trim().replace(/^\+(?=[\d.])/, '');
  if (!NUMBER.test(trimmed)) return undefined;
  const fixed = new Big(trimmed).toFixed();
  // A fraction that is nought keeps its minus sign in big.js.
  const normal = /^-0(?:\.0+)?$/.test(fixed) ? '0' : fixed;
  return normal.length <= LENGTH_MAX ? normal : undefined;
}

/** A whole number as text in normal form, or `undefined`. */
export function canonicalInteger(text: string): string | undefined {
  const decimal = canonicalDecimal(text);
  return decimal?.includes('.') === false ? decimal : undefined;
}
