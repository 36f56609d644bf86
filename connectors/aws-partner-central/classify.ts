import type { Fault } from '../../domain/model/fault.ts';
import { faultOfAws } from '../kit/aws/fault-of-aws.ts';
import { opportunityFields, spendField } from './opportunity-fields.ts';

/** What was thrown by a request → who must act. Pure. Fields are named as mappings name them. */
export function classify(error: unknown, request: { readonly isRepeatable: boolean }): Fault {
  const fault = faultOfAws(error, request);
  // AWS does not say which limit it was, nor how long to wait; the one of a second is over after a second.
  if (fault.kind === 'throttled') return { ...fault, retryAfterMs: fault.retryAfterMs ?? throttleWaitMs };
  if (fault.fields === undefined) return fault;
  return { ...fault, fields: [...new Set(fault.fields.flatMap(fieldsNamed))] };
}

const throttleWaitMs = 1_500;

const fieldByName = new Map([...opportunityFields.keys()].map((field) => [field.toLowerCase(), field]));

/**
 * AWS names fields by their path in the request, in either case and with places of lists. A spend's place does not tell whose it
 * is, so both are named; the hub looks for those that it sent.
 */
function fieldsNamed(name: string): readonly string[] {
  const path = name
    .replace(/^[$/.]+/, '')
    .replaceAll('/', '.')
    .replaceAll(/\.?\[?\b\d+\]?(?=\.|$)/g, '');
  const known = fieldByName.get(path.toLowerCase());
  if (known !== undefined) return [known];
  const spend = /^project\.expectedcustomerspend(?:\.(amount|currencycode))?/i.exec(path);
  if (spend === null) return [path];
  const members = spend[1] === undefined ? (['Amount', 'CurrencyCode'] as const) : [memberNamed(spend[1])];
  return members.flatMap((member) => [spendField('Self', member), spendField('AWS', member)]);
}

function memberNamed(name: string): 'Amount' | 'CurrencyCode' {
  return name.toLowerCase() === 'amount' ? 'Amount' : 'CurrencyCode';
}
