import { refKey } from '../domain/model/external-ref.ts';
import type { SweepMode } from '../domain/model/notice.ts';
import { absorbNotices } from '../domain/pipeline/absorb/absorb-notices.ts';
import { type SeededRandom, seededRandom } from '../local/simulators/sample-data/seeded-random.ts';
import { type ConnectedHub, connectedHub } from '../test/support/connected-hub.ts';
import { type KilledSweeps, killedSweeps, type PageRead } from '../test/support/killed-sweeps.ts';
import { serveParent } from './child.ts';
import { rounded } from './figures.ts';
import { cpuSeconds, processUsage } from './process-usage.ts';
import { account, company } from './sample-partners.ts';
import { describeMark } from './vendor-side.ts';

/** One size of the sweep bench, in a process of its own. */
export type SweepDuties = {
  run(size: SweepSize): Promise<SweepFigures>;
};

/** How much. */
export interface SweepSize {
  readonly recordsEachSide: number;
  readonly seed: number;
}

/** One system's sweeps of one kind. */
export interface SweepCost {
  readonly records: number;
  /** Pages read, and those of them that a kill made necessary a second time. */
  readonly pages: number;
  readonly pagesAgain: number;
  readonly kills: number;
  /** Calls to the system, those that read the records included. */
  readonly callsPerThousand: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  readonly cpuSecondsPerThousand: number;
  /** What it takes when the system's own limits are kept and nothing else takes time, in minutes. */
  readonly minutesByLimits: number;
}

/** What one size came to. */
export interface SweepFigures {
  readonly recordsEachSide: number;
  readonly backfill: Readonly<Record<Side, SweepCost>>;
  /** Records changed in one go, so many with one time, and how the sweeps found them. */
  readonly changes: Readonly<Record<Side, SweepCost & { readonly passes: number; readonly told: number }>>;
  /** Records edited or made while the backfill read. */
  readonly changedMeanwhile: number;
  /** Records whose last state the hub does not hold. */
  readonly missed: number;
  readonly memory: {
    /** What the hub's stores hold for one record of a system, bytes of the heap. */
    readonly bytesPerRecord: number;
    /** The process, simulated systems included, MB. */
    readonly rssPeak: number;
  };
}

type Side = 'salesforce' | 'hubspot';
const SIDES: readonly Side[] = ['salesforce', 'hubspot'];
const OBJECT = { salesforce: 'Account', hubspot: 'company' } as const;
const FIRST_ID = 10_000_000;
const SEED_PIECE = 5_000;
const AGE_MS = 30 * 86_400_000;
const MINUTE_MS = 60_000;
/** Chance of a kill at each call that moves a sweep on. */
const KILL_CHANCE = 0.02;
const EDITS_A_PAGE = 2;
/** Records that one bulk import stamps with the same time; beyond the 10,000 results of a HubSpot search where there are as many. */
const TIED = { share: 0.5, most: 25_000 } as const;
/** Passes after the import: more than the overlap is long. */
const PASSES = 8;

async function run({ recordsEachSide, seed }: SweepSize): Promise<SweepFigures> {
  const world = await connectedHub({ hasVendorLimits: true });
  try {
    const random = seededRandom(seed);
    const ids = { salesforce: seedAccounts(world, recordsEachSide), hubspot: seedCompanies(world, recordsEachSide) };
    const before = heapBytes();
    const marks = new Map<string, number>();
    const backfill = await bothSides((side) => backfilled(world, side, ids[side], random, marks));
    const after = heapBytes();
    const changedMeanwhile = marks.size;
    const changes = await bothSides((side) => importedInBulk(world, side, ids[side], random, marks));
    return {
      recordsEachSide,
      backfill,
      changes,
      changedMeanwhile,
      missed: await countMissed(world, ids, marks),
      memory: {
        bytesPerRecord: Math.round((after - before) / (2 * recordsEachSide)),
        rssPeak: processUsage().rssPeakMegabytes,
      },
    };
  } finally {
    await world.close();
  }
}

async function bothSides<T>(work: (side: Side) => Promise<T>): Promise<Record<Side, T>> {
  return { salesforce: await work('salesforce'), hubspot: await work('hubspot') };
}

/** Reads everything for the first time, while people edit and make records; those made are added to `ids`. */
async function backfilled(
  world: ConnectedHub,
  side: Side,
  ids: string[],
  random: SeededRandom,
  marks: Map<string, number>,
): Promise<SweepCost> {
  const sweeps = sweepsOf(world, random, async ({ mode }) => {
    if (mode !== 'backfill') return;
    for (let edit = 0; edit < EDITS_A_PAGE; edit += 1) {
      if (random.chance(0.1)) ids.push(make(world, side, ids.length));
      const id = random.pick(ids);
      marks.set(`${side}#${id}`, edited(world, side, id, marks.size));
    }
  });
  const cost = await measured(world, side, sweeps, () => sweep(sweeps, side, 'backfill'));
  // What was changed behind the walk is found by the changes, which look back to when the hub met the connection.
  world.clock.now += MINUTE_MS;
  await sweep(sweeps, side, 'changes');
  return cost(ids.length);
}

/** Gives many records one new time, as an import does, and asks for changes each minute until nothing is told. */
async function importedInBulk(
  world: ConnectedHub,
  side: Side,
  ids: readonly string[],
  random: SeededRandom,
  marks: Map<string, number>,
) {
  const tied = ids.slice(0, Math.min(Math.round(ids.length * TIED.share), TIED.most));
  world.clock.now += 10 * MINUTE_MS;
  importAll(world, side, tied, marks);
  const sweeps = sweepsOf(world, random);
  let told = 0;
  const cost = await measured(world, side, sweeps, async () => {
    for (let pass = 0; pass < PASSES; pass += 1) {
      world.clock.now += MINUTE_MS;
      const found = await sweep(sweeps, side, 'changes');
      told += found;
      if (pass === PASSES - 1 && found > 0) throw new Error(`${side} is swept again and again.`);
    }
  });
  return { ...cost(tied.length), passes: PASSES, told };
}

function sweepsOf(world: ConnectedHub, random: SeededRandom, onPage?: (page: PageRead) => Promise<void>): KilledSweeps {
  return killedSweeps(world, {
    reaper: ({ method }) => /^(changes|notice|putCursor)$/.test(method) && random.chance(KILL_CHANCE),
    ...(onPage === undefined ? {} : { onPage }),
    async absorb(hub, notices) {
      await absorbNotices(
        hub,
        notices.map((notice) => ({ notice, isRepeated: false })),
      );
    },
  });
}

function sweep(sweeps: KilledSweeps, connection: Side, mode: SweepMode): Promise<number> {
  return sweeps.run({ connection, object: OBJECT[connection], mode });
}

/** Lets work happen; the answer says what it cost, by so many records. */
async function measured(
  world: ConnectedHub,
  side: Side,
  sweeps: KilledSweeps,
  work: () => Promise<unknown>,
): Promise<(records: number) => SweepCost> {
  const callsOf = (): number =>
    side === 'salesforce' ? world.salesforce.statistics().calls.calls : world.hubspot.admin.statistics().calls.calls;
  const before = { calls: callsOf(), clock: world.clock.now, cpu: cpuSeconds(), at: performance.now() };
  await work();
  const seconds = (performance.now() - before.at) / 1_000;
  const spent = { calls: callsOf() - before.calls, ms: world.clock.now - before.clock, cpu: cpuSeconds() - before.cpu };
  const pages = sweeps.pages.length;
  const again = pages - new Set(sweeps.pages.map(({ mode, position }) => `${mode} ${position}`)).size;
  return (records) => ({
    records,
    pages,
    pagesAgain: again,
    kills: sweeps.kills(),
    callsPerThousand: rounded((spent.calls / records) * 1_000, 1),
    seconds: rounded(seconds, 1),
    recordsPerSecond: rounded(records / seconds),
    cpuSecondsPerThousand: rounded((spent.cpu / records) * 1_000, 2),
    minutesByLimits: rounded(spent.ms / MINUTE_MS, 1),
  });
}

function seedAccounts(world: ConnectedHub, count: number): string[] {
  const at = new Date(world.clock.now - AGE_MS).toISOString();
  const ids: string[] = [];
  for (let start = 0; start < count; start += SEED_PIECE) {
    const piece = Array.from({ length: Math.min(SEED_PIECE, count - start) }, (_, place) =>
      accountOf(start + place, at),
    );
    ids.push(...world.salesforce.seed(piece));
  }
  return ids;
}

function accountOf(index: number, at: string) {
  const { OwnerId: _ownerId, ...values } = account(index, '');
  return { object: 'Account', values: { ...values, CreatedDate: at, LastModifiedDate: at } };
}

function seedCompanies(world: ConnectedHub, count: number): string[] {
  const ids: string[] = [];
  for (let start = 0; start < count; start += SEED_PIECE) {
    const length = Math.min(SEED_PIECE, count - start);
    const piece = Array.from({ length }, (_, place) => companyOf(start + place, world.clock.now - AGE_MS));
    world.hubspot.admin.seed(piece);
    ids.push(...piece.map(({ id }) => id));
  }
  return ids;
}

function companyOf(index: number, modifiedAt: number) {
  const { hubspot_owner_id: _ownerId, ...properties } = company(index, '');
  // Sample partners have only text and null in HubSpot.
  const texts = properties as Readonly<Record<string, string | null>>;
  return { type: 'companies', id: String(FIRST_ID + index), properties: texts, createdAt: modifiedAt, modifiedAt };
}

/** A person makes a record. */
function make(world: ConnectedHub, side: Side, index: number): string {
  if (side === 'salesforce') {
    return world.salesforce.seed([accountOf(index, new Date(world.clock.now).toISOString())])[0] ?? '';
  }
  const made = companyOf(index, world.clock.now);
  world.hubspot.admin.seed([made]);
  return made.id;
}

/** A person edits a record; answers the mark it now holds. */
function edited(world: ConnectedHub, side: Side, id: string, serial: number): number {
  const mark = 1_000_000 + serial;
  write(world, side, [id], mark);
  return mark;
}

/** An import writes records, all with the same time. */
function importAll(world: ConnectedHub, side: Side, ids: readonly string[], marks: Map<string, number>): void {
  const mark = 2_000_000;
  for (let start = 0; start < ids.length; start += SEED_PIECE) {
    write(world, side, ids.slice(start, start + SEED_PIECE), mark);
  }
  for (const id of ids) marks.set(`${side}#${id}`, mark);
}

function write(world: ConnectedHub, side: Side, ids: readonly string[], mark: number): void {
  if (side === 'salesforce') {
    world.salesforce.seed(ids.map((Id) => ({ object: 'Account', values: { Id, NumberOfEmployees: mark } })));
    return;
  }
  world.hubspot.admin.seed(
    ids.map((id) => {
      const { properties } = companyOf(Number(id) - FIRST_ID, 0);
      return {
        type: 'companies',
        id,
        properties: { ...properties, description: describeMark(mark) },
        modifiedAt: world.clock.now,
      };
    }),
  );
}

/** Records that the hub does not know, or not as they are; the systems are asked, not the sweeps. */
async function countMissed(
  world: ConnectedHub,
  ids: Readonly<Record<Side, readonly string[]>>,
  marks: ReadonlyMap<string, number>,
): Promise<number> {
  let missed = 0;
  for (const side of SIDES) {
    const object = OBJECT[side];
    const present = new Set(
      side === 'salesforce'
        ? world.salesforce.records('Account').map(({ Id }) => String(Id))
        : world.hubspot.admin.records('companies').map(({ id }) => id),
    );
    if (ids[side].some((id) => !present.has(id))) throw new Error(`${side} does not have what was put there.`);
    for (const id of present) {
      const ref = { connection: side, object, externalId: id };
      const unifiedId = (await world.store.readRefs([ref])).get(refKey(ref));
      const bundle = unifiedId === undefined ? undefined : await world.store.readBundle('partner', unifiedId);
      const fields = bundle?.sources.find((source) => refKey(source) === refKey(ref))?.fields;
      if (fields === undefined || !holds(side, fields, marks.get(`${side}#${id}`))) missed += 1;
    }
  }
  return missed;
}

function holds(
  side: Side,
  fields: Readonly<Record<string, { readonly value: unknown }>>,
  mark: number | undefined,
): boolean {
  if (mark === undefined) return true;
  return side === 'salesforce'
    ? Number(fields.employees?.value) === mark
    : fields.description?.value === describeMark(mark);
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

serveParent<SweepDuties>({ run }, async () => undefined);
