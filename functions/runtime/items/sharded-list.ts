import { inParallel } from '../../../domain/pipeline/in-parallel.ts';
import type { HubTable } from '../hub-table.ts';
import { type Item, textAttribute, textOf } from './attribute.ts';

/** A list of the index `lists` that lies in several partitions, so that none is hot. */
export interface ShardedList {
  readonly shards: number;
  /** `listPk` of a shard. */
  readonly partition: (shard: number) => string;
  /** Which end comes first. */
  readonly order: 'oldest-first' | 'newest-first';
}

/** Longest page. */
const LIST_MAX = 200;

/**
 * One page of a list over all its shards, in one order. `from` is the `next` of the page before. *Bounds*: 1 to 200 items, whatever
 * `limit` says. *Units*: half a read unit a shard at least; eventually consistent.
 */
export async function listSharded(
  table: HubTable,
  { shards, partition, order }: ShardedList,
  limit: number,
  from: string | undefined,
): Promise<{ readonly items: readonly Item[]; readonly next?: string }> {
  const wanted = Math.max(1, Math.min(limit, LIST_MAX));
  const isBackward = order === 'newest-first';
  const beyond = `listSk ${isBackward ? '<' : '>'} :from`;
  const pages = await inParallel(
    Array.from({ length: shards }, (_, shard) => shard),
    (shard) =>
      table.query({
        index: 'lists',
        key: {
          text: `listPk = :shard${from === undefined ? '' : ` AND ${beyond}`}`,
          values: {
            ':shard': textAttribute(partition(shard)),
            ...(from === undefined ? {} : { ':from': textAttribute(from) }),
          },
        },
        isConsistent: false,
        isBackward,
        limit: wanted,
      }),
  );
  const merged = pages
    .flatMap(({ items }) => items)
    .map((item) => ({ place: textOf(item, 'listSk'), item }))
    .sort((a, b) => (a.place < b.place === isBackward ? 1 : -1));
  const page = merged.slice(0, wanted);
  const last = page.at(-1);
  const isMore = merged.length > wanted || pages.some(({ hasMore }) => hasMore);
  return {
    items: page.map(({ item }) => item),
    ...(isMore && last !== undefined ? { next: last.place } : {}),
  };
}

/** A `listSk` that sorts by time: 15 digits last until the year 33658. */
export function listPlace(at: number, ...parts: readonly string[]): string {
  return [String(at).padStart(15, '0'), ...parts].join('#');
}
