import { Big } from 'big.js';

/** An amount as AWS told it. */
export interface ToldAmount {
  /** Decimal text, of any number of digits. */
  readonly amount: string;
  readonly currency: string | undefined;
}

/**
 * The sum of amounts as decimal text, exact.
 *
 * Where there is no such sum (a text that is no number, amounts of several currencies) the answer is what was told, in words: no
 * codec reads that as a number, so the field waits as a problem of its own, and the rest of the record goes on. Nothing is guessed,
 * rounded or left out. *Shape*: `'0'` for no amounts at all. `currency` is the one the sum is wanted in; absent: that of the first.
 */
export function sumAmounts(amounts: readonly ToldAmount[], currency?: string | null): string {
  const odd = amounts.find(({ amount }) => !decimalForm.test(amount));
  if (odd !== undefined) return `${odd.amount} is not an amount`;
  const wanted = currency ?? amounts[0]?.currency;
  const other = amounts.find((each) => each.currency !== undefined && each.currency !== wanted);
  if (other !== undefined) return `${other.amount} is in ${other.currency}, not in ${wanted}`;
  return amounts.reduce((sum, { amount }) => sum.plus(amount), new Big(0)).toFixed();
}

/** Without its sign; a text that is no number stays as it is. */
export function withoutSign(amount: string): string {
  return amount.trim().replace(/^[+-]/, '');
}

/** The other way round, in normal form; a text that is no number stays as it is. */
export function negated(amount: string): string {
  return decimalForm.test(amount) && !isNought(amount) ? new Big(amount).times(-1).toFixed() : amount;
}

/** Whether it is a decimal number of a length that hub and systems carry. */
export function isAmount(amount: string): boolean {
  return decimalForm.test(amount);
}

/** `undefined` where it is not known. */
export function isSameAmount(one: string, other: string): boolean {
  return isAmount(one) && isAmount(other) && new Big(one).eq(other);
}

/** Whether it is nought, however it is written. */
export function isNought(amount: string): boolean {
  return decimalForm.test(amount) && new Big(amount).eq(0);
}

const decimalForm = /^-?(?:\d{1,40}(?:\.\d{0,30})?|\.\d{1,30})$/;
