import { Session } from 'node:inspector/promises';
import { weighLikeness } from '../../domain/identity/candidates.ts';
import type { Kind } from '../../domain/model/kind.ts';
import type { Vocabulary } from '../../domain/model/vocabulary.ts';
import { memoryStore } from '../../local/memory/memory-store.ts';
import type { LabelledRecord } from './labelled-set.ts';
import { type OpenMeeting, openMeeting } from './meet-records.ts';
import { textStore } from './text-store.ts';

/** What identifying one record costs among so many others. */
export interface CostFigures {
  readonly kind: Kind;
  readonly records: number;
  /** Time a record, µs; the middle of all rounds. */
  readonly us: number;
  /** Of that, what goes for the hub's own code, and not for a table in this process's memory and the garbage of it. */
  readonly ownUs: number;
  /** The hub's own time by that at the smallest size, the middle of all rounds. */
  readonly bySmallest: number;
  /** Items of the store read and written for one record. */
  readonly reads: number;
  readonly writes: number;
}

/** How often the sizes take turns. */
const ROUNDS = 25;
/** Records of one turn. */
const SLICE = 40;

/** Time a record, µs. */
interface Cost {
  readonly us: number;
  readonly ownUs: number;
}

/** More than the process remembers of texts that it has taken apart. */
const TEXTS = 10_000;

/**
 * Measures records of the last tenth, those that met most others before, at several sizes that take turns: what else goes on on the
 * machine is in all of them alike. The smallest world is another one each round. Before each turn the process is made to forget the
 * names it has taken apart, as one that has just started: it remembers all those of a small hub, and few of a large one's.
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
  const rounds: Cost[][] = [];
  let last: OpenMeeting | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const world = await begin(make(smallest, round), known);
    const turns = [world, ...worlds].map(({ meeting, rest }) => ({ meeting, records: slice(rest, round) }));
    const costs: Cost[] = [];
    for (const { meeting, records } of turns) {
      forgetTexts(kind, world.rest[0], known);
      costs.push(await costOf(meeting, records));
    }
    rounds.push(costs);
    last = world.meeting;
  }
  return sizes.map((records, place) => {
    const meeting = place === 0 ? last : worlds[place - 1]?.meeting;
    const met = meeting?.unifiedOf.size ?? 1;
    const { reads, writes } = meeting?.counts ?? { reads: 0, writes: 0 };
    const middleOf = (figure: (own: Cost, smallest: Cost) => number): number =>
      middle(rounds.flatMap(({ [place]: own, 0: first }) => (own && first ? [figure(own, first)] : [])));
    return {
      kind,
      records,
      us: Math.round(middleOf(({ us }) => us)),
      ownUs: Math.round(middleOf(({ ownUs }) => ownUs)),
      bySmallest: rounded(
        middleOf((own, first) => own.ownUs / first.ownUs),
        100,
      ),
      reads: rounded(reads / met, 10),
      writes: rounded(writes / met, 10),
    };
  });
}

/** A world whose first nine tenths the hub has met. */
async function begin(records: readonly LabelledRecord[], known: ReadonlyMap<Kind, Vocabulary>) {
  const meeting = openMeeting(known, textStore(memoryStore()));
  const met = Math.floor(records.length * 0.9);
  await meeting.meet(records.slice(0, met));
  return { meeting, rest: records.slice(met) };
}

/** As many records at every size, others each round. */
function slice(rest: readonly LabelledRecord[], round: number): readonly LabelledRecord[] {
  const length = Math.min(SLICE, rest.length);
  const place = (round * length) % (rest.length - length + 1);
  return rest.slice(place, place + length);
}

let serial = 0;

function forgetTexts(kind: Kind, like: LabelledRecord | undefined, known: ReadonlyMap<Kind, Vocabulary>): void {
  const vocabulary = known.get(kind);
  if (like === undefined || vocabulary === undefined) return;
  for (let count = 0; count < TEXTS; count += 1) {
    serial += 1;
    const values = Object.entries(like.values).map(([field, value]) => [
      field,
      typeof value === 'string' ? `${value}${serial}` : value,
    ]);
    weighLikeness(kind, Object.fromEntries(values), vocabulary);
  }
}

/** How often the profiler looks, µs. */
const SAMPLE_US = 100;
const OWN = new URL('../../domain/', import.meta.url).href;

/** By the profiler of the runtime, which says whose code is running. */
async function costOf(meeting: OpenMeeting, records: readonly LabelledRecord[]): Promise<Cost> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await session.post('Profiler.start');
  const before = performance.now();
  await meeting.meet(records);
  const us = (performance.now() - before) * 1_000;
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const own = new Set(profile.nodes.filter(({ callFrame }) => callFrame.url.startsWith(OWN)).map(({ id }) => id));
  const ownUs = (profile.samples ?? []).reduce(
    (sum, id, place) => sum + (own.has(id) ? (profile.timeDeltas?.[place] ?? 0) : 0),
    0,
  );
  return { us: us / records.length, ownUs: ownUs / records.length };
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
