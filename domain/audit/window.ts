import { hash } from 'node:crypto';

/** One side of a window: how many records, and their hash (64 bits, in hexadecimal). */
export interface AuditSide {
  readonly count: number;
  readonly hash: string;
}

/**
 * A run of records in the order in which their system lists them. Its hashes are of the mapped values by their meaning:
 * equal on both sides when every record in it is the same, and equal to those of an earlier audit when nothing in it has
 * changed since.
 */
export interface AuditWindow {
  readonly connection: string;
  readonly object: string;
  /** External ids of the first and the last record. */
  readonly first: string;
  readonly last: string;
  /** The mapping that decided which fields count; windows of different versions are not to be compared. */
  readonly mappingVersion: number;
  /** What the system holds. */
  readonly there: AuditSide;
  /** What it should hold, as far as the hub knows of the record. */
  readonly known: AuditSide;
}

/** A record's part in a window; `known` is absent for a record the hub does not know. */
export interface WindowEntry {
  readonly externalId: string;
  readonly there: bigint;
  readonly known?: bigint;
}

/** Records in a window, at most. */
export const WINDOW_MAX = 2_048;
/** Records in a window, on average. */
const WINDOW_USUAL = 256;

/**
 * The hash of one record's content, 64 bits. Tells records apart for people who compare two audits; no proof against an
 * attacker. Order and types count.
 */
export function hashOf(content: readonly unknown[]): bigint {
  return BigInt(`0x${hash('sha1', JSON.stringify(content), 'hex').slice(0, 16)}`);
}

/**
 * Adds a record to a window. The sum of the records' hashes does not depend on their order.
 */
export function addToWindow(
  open: AuditWindow | undefined,
  about: Pick<AuditWindow, 'connection' | 'object' | 'mappingVersion'>,
  { externalId, there, known }: WindowEntry,
): AuditWindow {
  const window = open ?? { ...about, first: externalId, last: externalId, there: NOTHING, known: NOTHING };
  return {
    ...window,
    last: externalId,
    there: add(window.there, there),
    known: known === undefined ? window.known : add(window.known, known),
  };
}

/**
 * Whether a window ends with its last record. Decided by that record's id, not by counting: a record that comes or goes then
 * moves the borders of its own window and of no other, and two audits can be compared.
 */
export function isWindowFull({ last, there }: AuditWindow): boolean {
  return there.count >= WINDOW_MAX || Number.parseInt(hash('sha1', last, 'hex').slice(0, 6), 16) % WINDOW_USUAL === 0;
}

const NOTHING: AuditSide = { count: 0, hash: '0'.repeat(16) };

function add(side: AuditSide, content: bigint): AuditSide {
  const sum = BigInt.asUintN(64, BigInt(`0x${side.hash}`) + content);
  return { count: side.count + 1, hash: sum.toString(16).padStart(16, '0') };
}
