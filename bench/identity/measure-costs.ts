import type { Kind } from '../../domain/model/kind.ts';
import type { Vocabulary } from '../../domain/model/vocabulary.ts';
import { memoryStore } from '../../local/memory/memory-store.ts';
import type { LabelledRecord } from './labelled-set.ts';
import { type OpenMeeting, openMeeting } from './meet-records.ts';

/** What identifying one record costs among so many others. */
export interface CostFigures {
  readonly kind: Kind;
  readonly records: number;
  /** CPU time a record, µs; the middle of all rounds. */
  readonly cpuUs: number;
  /** CPU time a record by that at the smallest size, the middle of all rounds. */
  readonly bySmallest: number;
  /** Items of the store read and written for one record. */
  readonly reads: number;
  readonly writes: number;
}

/** How often the sizes take turns. */
const ROUNDS = 25;

/**
 * Measures records of the last tenth, those that met most others before, at several sizes that take turns: what else goes on on the
 * machine and in the process (collecting garbage) is in all of them alike. The smallest world is another one each round.
 *
 * @param make So many records of one kind, others for another seed.
 * @param sizes The smallest first.
 */
export async function measureCosts(
  kind: Kind,
  make: (count: number, seed?: number) => readonly LabelledRecord[],
  sizes: readonly number[],
  known: ReadonlyMap<Kind, Vocabulary>,
): Promise<readonly CostFigures[]> {
  const [smallest = 0, ...larger] = sizes;
  const worlds = await inTurn(larger, (count) => begin(make(count), known));
  const rounds: number[][] = [];
  let last: OpenMeeting | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const world = await begin(make(smallest, round), known);
    const costs = [await costOf(world, world.rest)];
    for (const { meeting, rest } of worlds) costs.push(await costOf({ meeting }, slice(rest, round)));
    rounds.push(costs);
    last = world.meeting;
  }
  return sizes.map((records, place) => {
    const { reads, writes } = (place === 0 ? last : worlds[place - 1]?.meeting)?.counts ?? { reads: 0, writes: 0 };
    return {
      kind,
      records,
      cpuUs: Math.round(middle(rounds.map((costs) => costs[place] ?? 0))),
      bySmallest: rounded(middle(rounds.map((costs) => (costs[place] ?? 0) / (costs[0] ?? 1))), 100),
      reads: rounded(reads / records, 10),
      writes: rounded(writes / records, 10),
    };
  });
}

/** A world whose first nine tenths the hub has met. */
async function begin(records: readonly LabelledRecord[], known: ReadonlyMap<Kind, Vocabulary>) {
  const meeting = openMeeting(known, memoryStore());
  const met = Math.floor(records.length * 0.9);
  await meeting.meet(records.slice(0, met));
  return { meeting, rest: records.slice(met) };
}

function slice(rest: readonly LabelledRecord[], round: number): readonly LabelledRecord[] {
  return rest.slice(Math.floor((rest.length * round) / ROUNDS), Math.floor((rest.length * (round + 1)) / ROUNDS));
}

/** CPU time a record, µs. */
async function costOf({ meeting }: { meeting: OpenMeeting }, records: readonly LabelledRecord[]): Promise<number> {
  const before = process.cpuUsage();
  await meeting.meet(records);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / records.length;
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function rounded(number: number, parts: number): number {
  return Math.round(number * parts) / parts;
}
