import { hash } from 'node:crypto';
import type { ExternalRef } from '../../../domain/model/external-ref.ts';
import { refKey } from '../../../domain/model/external-ref.ts';
import { type Item, textAttribute } from './attribute.ts';

/** The address of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** The number of this code's item forms. It rises with every addition; forms are only ever added to. */
export const ITEM_SCHEMA = 1;

/** Everything about one unified record lies in one partition. */
export function recordPartition(kind: string, id: string): string {
  return `${kind}#${id}`;
}

export const RECORD_SK = 'record';
export const SOURCE_PREFIX = 'source#';
export const JOURNAL_PREFIX = 'journal#';
export const LONG_VALUE_PREFIX = 'blob#';
export const NOTED_KEYS_PREFIX = 'keys#';
export const BORROWER_PREFIX = 'borrower#';
export const MERGE_PREFIX = 'merge#';

/** Sorts after every source record of a partition. */
export const SOURCE_LAST = `${SOURCE_PREFIX}\u{10ffff}`;

/** Where a source record lies. */
export function sourceKey(kind: string, unifiedId: string, ref: ExternalRef): ItemKey {
  return { pk: recordPartition(kind, unifiedId), sk: `${SOURCE_PREFIX}${refKey(ref)}`.toWellFormed() };
}

/**
 * An item that has a partition to itself. `parts` are joined by `#`; the sort key repeats the first. Halves of surrogate pairs
 * become U+FFFD here as they do in the table, so that what was put is found by the same key.
 */
export function loneKey(type: string, ...parts: readonly string[]): ItemKey {
  return { pk: shortened(`${type}#${parts.join('#')}`.toWellFormed()), sk: type };
}

/** A key as the client takes it. */
export function keyAttributes(key: ItemKey): Item {
  return { pk: textAttribute(key.pk), sk: textAttribute(key.sk) };
}

/** A shard of `count`, the same for the same text for ever. */
export function shardOf(text: string, count: number): number {
  return hash('sha1', text, 'buffer').readUInt32BE(0) % count;
}

/**
 * A partition key holds 2,048 bytes. What is longer (a match key made from a pasted novel) keeps its beginning and is told
 * apart by its hash.
 */
function shortened(pk: string): string {
  return Buffer.byteLength(pk) <= PK_BYTES_MAX ? pk : `${pk.slice(0, 64)}#${hash('sha256', pk, 'base64url')}`;
}

const PK_BYTES_MAX = 1_024;
