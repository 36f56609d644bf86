import { isPlaceholder } from './placeholder.ts';

/** A number or code by which somebody knows a company or a person: a customer number, a login, a register's number. */
export interface Identifier {
  /** Whose number it is: lower case, letters and digits only. */
  readonly type: string;
  /** In capitals, letters and digits only. */
  readonly value: string;
}

/** Shorter ones are counters and codes that many share. */
const LENGTH_MIN = 4;
const LENGTH_MAX = 40;

/**
 * Reads `type:value`, or a bare value whose type is the field it stands in. `undefined` for placeholders, and for what is too short
 * to be one of a kind, too long or without a digit.
 *
 * @example readIdentifier('Customer no: 10-4711', 'identifiers') // { type: 'customerno', value: '104711' }
 */
export function readIdentifier(text: string, field: string): Identifier | undefined {
  const colon = text.indexOf(':');
  const type = (colon < 0 ? field : text.slice(0, colon)).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  const value = text
    .slice(colon + 1)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
  const isUsable = value.length >= LENGTH_MIN && value.length <= LENGTH_MAX && /\d/.test(value) && type !== '';
  return isUsable && !isPlaceholder(value) ? { type, value } : undefined;
}

/** Whether two are one number of one kind. */
export function isSameIdentifier(a: Identifier, b: Identifier): boolean {
  return a.type === b.type && a.value === b.value;
}
