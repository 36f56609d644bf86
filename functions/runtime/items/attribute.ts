import { hash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SystemValue, Value } from '../../../domain/model/value.ts';

/** An item of the table as the low-level client takes and gives it. */
export type Item = Record<string, AttributeValue>;

/** A text attribute. Halves of surrogate pairs, which UTF-8 cannot hold, become U+FFFD. */
export function textAttribute(text: string): AttributeValue.SMember {
  return { S: text.isWellFormed() ? text : text.toWellFormed() };
}

/** A number attribute. */
export function numberAttribute(value: number): AttributeValue.NMember {
  return { N: String(value) };
}

/** The text of an attribute. *Faults*: throws a defect when it is not there or no text: the item is not one of the hub's. */
export function textOf(item: Item, name: string): string {
  const text = item[name]?.S;
  if (text === undefined) throw new Error(`The item ${describeItem(item)} has no text attribute ${name}.`);
  return text;
}

/** The number of an attribute. *Faults*: as {@link textOf}. */
export function numberOf(item: Item, name: string): number {
  const number = item[name]?.N;
  if (number === undefined) throw new Error(`The item ${describeItem(item)} has no number attribute ${name}.`);
  return Number(number);
}

/** A canonical or system value as an attribute. */
export function valueAttribute(value: Value | SystemValue): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return textAttribute(value);
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') {
    return isStorableNumber(value) ? numberAttribute(value) : { M: { [BEYOND_NUMBER]: textAttribute(String(value)) } };
  }
  return { L: value.map(textAttribute) };
}

/** The inverse of {@link valueAttribute}. *Faults*: throws a defect for an attribute that it does not make. */
export function systemValueOf(attribute: AttributeValue): SystemValue {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  if (attribute.L !== undefined) return attribute.L.map((element) => element.S ?? '');
  const beyond = attribute.M?.[BEYOND_NUMBER]?.S;
  if (beyond !== undefined) return Number(beyond);
  throw new Error(`An attribute of type ${Object.keys(attribute).join()} is no value.`);
}

/**
 * How many bytes DynamoDB counts for an attribute's content, its name not included.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html (read August 2026).
 */
export function attributeBytes(attribute: AttributeValue): number {
  if (attribute.S !== undefined) return Buffer.byteLength(attribute.S);
  if (attribute.N !== undefined) return Math.ceil(attribute.N.replaceAll(/^-?0*\.?0*|\.|e.*$/g, '').length / 2) + 1;
  if (attribute.B !== undefined) return attribute.B.byteLength;
  if (attribute.L !== undefined) return 3 + sum(attribute.L.map((element) => attributeBytes(element) + 1));
  if (attribute.M !== undefined) return 3 + itemBytes(attribute.M) + Object.keys(attribute.M).length;
  return 1;
}

/** How many bytes DynamoDB counts for an item; write units are this by 1,024, rounded up. */
export function itemBytes(item: Item): number {
  return sum(Object.entries(item).map(([name, attribute]) => Buffer.byteLength(name) + attributeBytes(attribute)));
}

/** 128 bits that stand for a value's content, in base64url. */
export function contentHash(attribute: AttributeValue): string {
  return hash('sha256', JSON.stringify(attribute), 'buffer').subarray(0, 16).toString('base64url');
}

/** DynamoDB numbers hold 38 digits and magnitudes of 1e-130 to 1e126; a double can be smaller and larger. */
function isStorableNumber(value: number): boolean {
  const magnitude = Math.abs(value);
  return value === 0 || (magnitude >= 1e-128 && magnitude < 1e125);
}

const BEYOND_NUMBER = 'n';

/** The item's address, without its content. */
function describeItem(item: Item): string {
  return `${item.pk?.S?.split('#')[0]}#… ${item.sk?.S?.split('#')[0]}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
