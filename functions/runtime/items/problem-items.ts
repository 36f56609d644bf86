import { causeOf, type Ignored, type Problem } from '../../../domain/model/problem.ts';
import { inParallel } from '../../../domain/pipeline/in-parallel.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import type { Expression, HubTable } from '../hub-table.ts';
import { type Item, numberAttribute, textAttribute, textOf } from './attribute.ts';
import { type ItemKey, loneKey, shardOf } from './item-keys.ts';
import { listPlace, listSharded, type ShardedList } from './sharded-list.ts';

/**
 * Problems, each an item `problem#<id>`. An open one is in the index `lists`: `listPk` `problems#<shard>`, 8 shards by its id,
 * `listSk` the time of its first opening and its id. An ignored one is in the index under `ignored#<shard>`, with the cause it
 * is ignored for in `g` and who said so in `x`. A closed one keeps the text that was its `listSk` in `w` and is deleted by the
 * table's TTL after `retentionDays`.
 *
 * *Units*: opening costs 1 write unit, opening what is open the same; closing 1; each of these 1 more in the index when the
 * problem is new to it, leaves it, or tells something else than before. Reading one costs 1 read unit, listing at least 4
 * (half a unit a shard). Deleting costs 1 read unit for each id, and 1 write unit, or 2 while it is listed, for each there is.
 */
export function problemItems(
  table: HubTable,
  retentionDays: number,
): Pick<
  HubStore,
  'openProblem' | 'closeProblem' | 'ignoreProblem' | 'readProblem' | 'listProblems' | 'deleteProblems'
> {
  return {
    async openProblem(problem, as) {
      const { openedAt } = problem;
      const told = textAttribute(toldOf(problem));
      const cause = textAttribute(causeOf(problem));
      const open = (): Promise<Item | false> =>
        table.update(
          keyOf(problem.id),
          {
            // A problem that is open keeps its place in the list, and with it the time of its first opening.
            text: 'SET d = :d, listPk = :listPk, listSk = if_not_exists(listSk, :listSk) REMOVE w, z, g, x, #ttl',
            names: { '#ttl': 'ttl' },
            values: {
              ':d': told,
              ':listPk': textAttribute(LISTS.open.partition(shardOf(problem.id, SHARDS))),
              ':listSk': textAttribute(listPlace(openedAt, problem.id)),
            },
          },
          onlyAs(as, { text: '(attribute_not_exists(g) OR g <> :g)', values: { ':g': cause } }),
        );
      const keepIgnored = (): Promise<Item | false> =>
        table.update(
          keyOf(problem.id),
          { text: 'SET d = :d', values: { ':d': told } },
          onlyAs(as, { text: 'g = :g', values: { ':g': cause } }),
        );
      // Closed in between, it is neither; then it is to be opened after all.
      for (let attempt = 1; attempt <= OPEN_TRIES_MAX; attempt += 1) {
        if ((await open()) !== false || (await keepIgnored()) !== false) return true;
        if (as !== undefined) return false;
      }
      throw new Error(`The problem ${problem.id} was ignored and closed again and again while it was raised.`);
    },

    async ignoreProblem(id, ignored) {
      const shard = shardOf(id, SHARDS);
      if (ignored === undefined) {
        const back = await table.update(
          keyOf(id),
          {
            text: 'SET listPk = :listPk REMOVE g, x',
            values: { ':listPk': textAttribute(LISTS.open.partition(shard)) },
          },
          { text: 'attribute_exists(g)' },
        );
        return back !== false;
      }
      const item = await table.get(keyOf(id));
      if (item === undefined) return false;
      const told = textOf(item, 'd');
      const marked = await table.update(
        keyOf(id),
        {
          text: 'SET listPk = :listPk, g = :g, x = :x',
          values: {
            ':listPk': textAttribute(LISTS.ignored.partition(shard)),
            ':g': textAttribute(causeOf(decodeProblem(item))),
            ':x': textAttribute(JSON.stringify(ignored)),
          },
        },
        // Somebody may have raised it for another cause meanwhile: that one was not what the person saw.
        {
          text: 'attribute_exists(listSk) AND attribute_not_exists(g) AND d = :d',
          values: { ':d': textAttribute(told) },
        },
      );
      return marked !== false;
    },

    async closeProblem(id, at, as) {
      await table.update(
        keyOf(id),
        {
          text: 'SET w = listSk, z = :z, #ttl = :ttl REMOVE listPk, listSk, g, x',
          names: { '#ttl': 'ttl' },
          values: {
            ':z': numberAttribute(at),
            ':ttl': numberAttribute(Math.ceil(at / 1_000) + retentionDays * 86_400),
          },
        },
        as === undefined
          ? { text: 'attribute_exists(listSk)' }
          : { text: 'attribute_exists(listSk) AND d = :d', values: { ':d': textAttribute(toldOf(as)) } },
      );
    },

    async readProblem(id) {
      const item = await table.get(keyOf(id));
      return item === undefined ? undefined : decodeProblem(item);
    },

    async deleteProblems(ids) {
      const there = await table.getMany(ids.map(keyOf));
      await inParallel(there, (item) => table.delete({ pk: textOf(item, 'pk'), sk: textOf(item, 'sk') }));
    },

    async listProblems({ limit, after, state = 'open' }) {
      const { items, ...more } = await listSharded(table, LISTS[state], limit, after);
      return { problems: items.map(decodeProblem), ...more };
    },
  };
}

const SHARDS = 8;
const LISTS: Readonly<Record<'open' | 'ignored', ShardedList>> = {
  open: { shards: SHARDS, partition: (shard) => `problems#${shard}`, order: 'oldest-first' },
  ignored: { shards: SHARDS, partition: (shard) => `ignored#${shard}`, order: 'oldest-first' },
};
const OPEN_TRIES_MAX = 3;

/** What was told at the last raising, the same text for the same problem read back. */
function toldOf({ openedAt: _, closedAt: __, state: ___, ignored: ____, ...told }: Problem): string {
  return JSON.stringify(told);
}

/** A condition that holds only while the problem is as it was read, or (`null`) not there. */
function onlyAs(as: Problem | null | undefined, condition: Expression): Expression {
  if (as === undefined) return condition;
  if (as === null) return { ...condition, text: `${condition.text} AND attribute_not_exists(d)` };
  const listed = as.state === 'closed' ? 'attribute_not_exists(listSk)' : 'attribute_exists(listSk)';
  const values = { ...condition.values, ':was': textAttribute(toldOf(as)) };
  return { ...condition, text: `${condition.text} AND d = :was AND ${listed}`, values };
}

function keyOf(id: string): ItemKey {
  return loneKey('problem', id);
}

function decodeProblem(item: Item): Problem {
  const place = item.listSk?.S ?? textOf(item, 'w');
  const closedAt = item.z?.N;
  const ignored = item.x?.S;
  return {
    // Both written above and nowhere else, hence the casts.
    ...(JSON.parse(textOf(item, 'd')) as Omit<Problem, 'state' | 'openedAt' | 'closedAt' | 'ignored'>),
    openedAt: Number(place.slice(0, place.indexOf('#'))),
    ...(ignored === undefined ? {} : { ignored: JSON.parse(ignored) as Ignored }),
    ...(closedAt === undefined
      ? { state: ignored === undefined ? 'open' : 'ignored' }
      : { state: 'closed', closedAt: Number(closedAt) }),
  };
}
