import { createHash } from 'node:crypto';

/** Makes ids of the service's forms. Deterministic: the same account and number give the same id. */
export function idOf(kind: 'eng' | 'engi' | 'task' | 'job', accountId: string, number: number): string {
  const digits = BigInt(`0x${digest(accountId, kind, number)}`).toString(36);
  return `${kind}-${digits.slice(0, kind === 'eng' ? 14 : 13)}`;
}

/** `O` and seven digits or more. */
export function opportunityIdOf(number: number): string {
  return `O${5_000_000 + number}`;
}

/** A UUID, for the events and requests of an account. */
export function uuidOf(kind: 'event' | 'request', accountId: string, number: number): string {
  const hex = digest(accountId, kind, number);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The id that an identifier names, which may be an ARN: what is behind its last slash. */
export function idIn(identifier: string): string {
  return identifier.slice(identifier.lastIndexOf('/') + 1);
}

/** The ARN of a resource that belongs to a catalog as a whole; an `accountId` where it belongs to one account. */
export function arnOf(catalog: string, resource: string, accountId = ''): string {
  return `arn:aws:partnercentral:us-east-1:${accountId}:catalog/${catalog}/${resource}`;
}

function digest(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(parts.join('/')).digest('hex');
}
