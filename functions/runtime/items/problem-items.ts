import type { Problem } from '../../../domain/model/problem.ts';
import { inParallel } from '../../../domain/pipeline/in-parallel.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import type { HubTable } from '../hub-table.ts';
import { type Item, numberAttribute, textAttribute, textOf } from './attribute.ts';
import { type ItemKey, loneKey, shardOf } from './item-keys.ts';

/**
 * Problems, each an item `problem#<id>`. An open one is in the index `lists`: `listPk` `problems#<shard>`, 8 shards by its id,
 * `listSk` the time of its first opening and its id. A closed one keeps the text that was its `listSk` in `w` and is deleted
 * by the table's TTL after `retentionDays`.
 *
 * *Units*: opening costs 1 write unit, opening what is open the same; closing 1; each of these 1 more in the index when the
 * problem is new to it, leaves it, or tells something else than before. Reading one costs 1 read unit, listing at least 4
 * (half a unit a shard).
 */
export function problemItems(
  table: HubTable,
  retentionDays: number,
): Pick<HubStore, 'openProblem' | 'closeProblem' | 'readProblem' | 'listProblems'> {
  return {
    async openProblem(problem) {
      const { openedAt, closedAt: _, state: __, ...told } = problem;
      await table.update(keyOf(problem.id), {
        // A problem that is open keeps its place in the list, and with it the time of its first opening.
        text: 'SET d = :d, listPk = :listPk, listSk = if_not_exists(listSk, :listSk) REMOVE w, z, #ttl',
        names: { '#ttl': 'ttl' },
        values: {
          ':d': textAttribute(JSON.stringify(told)),
          ':listPk': textAttribute(listPartition(shardOf(problem.id, SHARDS))),
          ':listSk': textAttribute(listPlace(openedAt, problem.id)),
        },
      });
    },

    async closeProblem(id, at) {
      await table.update(
        keyOf(id),
        {
          text: 'SET w = listSk, z = :z, #ttl = :ttl REMOVE listPk, listSk',
          names: { '#ttl': 'ttl' },
          values: {
            ':z': numberAttribute(at),
            ':ttl': numberAttribute(Math.ceil(at / 1_000) + retentionDays * 86_400),
          },
        },
        { text: 'attribute_exists(listSk)' },
      );
    },

    async readProblem(id) {
      const item = await table.get(keyOf(id));
      return item === undefined ? undefined : decodeProblem(item);
    },

    async listProblems({ limit, after }) {
      const wanted = Math.max(1, Math.min(limit, LIST_MAX));
      const shards = await inParallel(
        Array.from({ length: SHARDS }, (_, shard) => shard),
        (shard) =>
          table.query({
            index: 'lists',
            key: {
              text: `listPk = :shard${after === undefined ? '' : ' AND listSk > :after'}`,
              values: {
                ':shard': textAttribute(listPartition(shard)),
                ...(after === undefined ? {} : { ':after': textAttribute(after) }),
              },
            },
            isConsistent: false,
            limit: wanted,
          }),
      );
      const merged = shards
        .flatMap(({ items }) => items)
        .map((item) => ({ place: textOf(item, 'listSk'), item }))
        .sort((a, b) => (a.place < b.place ? -1 : 1));
      const page = merged.slice(0, wanted);
      const last = page.at(-1);
      const isMore = merged.length > wanted || shards.some(({ hasMore }) => hasMore);
      return {
        problems: page.map(({ item }) => decodeProblem(item)),
        ...(isMore && last !== undefined ? { next: last.place } : {}),
      };
    },
  };
}

const SHARDS = 8;
const LIST_MAX = 200;

function keyOf(id: string): ItemKey {
  return loneKey('problem', id);
}

function listPartition(shard: number): string {
  return `problems#${shard}`;
}

/** Sorts by time: 15 digits last until the year 33658. */
function listPlace(openedAt: number, id: string): string {
  return `${String(openedAt).padStart(15, '0')}#${id}`;
}

function decodeProblem(item: Item): Problem {
  const place = item.listSk?.S ?? textOf(item, 'w');
  const closedAt = item.z?.N;
  return {
    // Written by openProblem and nobody else, hence the cast.
    ...(JSON.parse(textOf(item, 'd')) as Omit<Problem, 'state' | 'openedAt' | 'closedAt'>),
    openedAt: Number(place.slice(0, place.indexOf('#'))),
    ...(closedAt === undefined ? { state: 'open' } : { state: 'closed', closedAt: Number(closedAt) }),
  };
}
