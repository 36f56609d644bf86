import { readFlags, report } from './bench-report.ts';
import { type BenchHub, type BenchWorld, startBenchWorld } from './bench-world.ts';
import { rounded } from './figures.ts';
import { measureHub } from './measure-hub.ts';

const USUAL = [1_000, 20_000];
const QUICK = [200, 400];
const FULL = [1_000, 20_000, 100_000];
/** Of each side's companies this many are known to the other side as well; the others are created there. */
const SHARED_SHARE = 0.9;

/**
 * The first sync of accounts of several sizes: how long it takes to read and take in everything both sides have, and then to
 * create on each side what only the other one had. Each size on empty systems and a new hub.
 */
export async function benchBackfill(sizes: readonly number[]) {
  const world = await startBenchWorld();
  try {
    const runs: Awaited<ReturnType<typeof firstSync>>[] = [];
    for (const size of sizes) runs.push(await firstSync(world, size));
    const [first] = runs;
    const last = runs.at(-1);
    return {
      runs,
      // 1 means that a record costs the same however many there are.
      cpuPerRecordLastToFirst: rounded(
        (last?.takenIn.cpuSecondsPerThousand ?? 0) / (first?.takenIn.cpuSecondsPerThousand ?? 1),
        2,
      ),
    };
  } finally {
    await world.stop();
  }
}

async function firstSync(world: BenchWorld, recordsEachSide: number) {
  for (const side of world.sides) await side.reset();
  const own = Math.round(recordsEachSide * (1 - SHARED_SHARE));
  await world.salesforce.seed({ first: 0, count: recordsEachSide });
  await world.hubspot.seed({ first: own, count: recordsEachSide });
  const hub = await world.startHub();
  try {
    const records = 2 * recordsEachSide;
    const takenIn = await stage(world, hub, records, () => hub.backfill());
    const companies = recordsEachSide + own;
    const brought = await stage(world, hub, 2 * own, () => hub.release());
    for (const side of world.sides) {
      const count = await side.count();
      if (count !== companies) throw new Error(`${side.connection} has ${count} companies, not ${companies}.`);
    }
    return { recordsEachSide, takenIn, created: brought };
  } finally {
    await hub.stop();
  }
}

/** One stage of the first sync, per record taken in or created. */
async function stage(world: BenchWorld, hub: BenchHub, records: number, work: () => Promise<void>) {
  const startedAt = performance.now();
  let seconds = 0;
  const { cost } = await measureHub(world, hub, async () => {
    await work();
    seconds = (performance.now() - startedAt) / 1_000;
    return records;
  });
  return {
    records,
    seconds: rounded(seconds, 1),
    recordsPerSecond: rounded(records / seconds),
    vendorCallsPerRecord: cost.vendorCallsPerChange,
    cpuSecondsPerThousand: cost.cpuSecondsPerThousand,
    readUnitsPerRecord: cost.units.readPerChange,
    writeUnitsPerRecord: cost.units.writePerChange,
  };
}

if (import.meta.main) {
  const flags = readFlags();
  report('backfill', flags, await benchBackfill(flags.quick ? QUICK : flags.full ? FULL : USUAL));
}
