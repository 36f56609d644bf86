import type { JsonObject } from '../aws/aws-result.ts';

/** The named members of a value, in that order; those it has not as `null`, as the service answers them. */
export function withNulls(value: object, names: readonly string[]): JsonObject {
  const members = new Map(Object.entries(value));
  return Object.fromEntries(names.map((name) => [name, members.get(name) ?? null]));
}

export const PERSON = ['BusinessTitle', 'Email', 'FirstName', 'LastName', 'Phone'];
export const SPEND = ['Amount', 'CurrencyCode', 'EstimationUrl', 'Frequency', 'TargetCompany'];
