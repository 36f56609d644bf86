import { setTimeout as sleep } from 'node:timers/promises';
import { type Aim, atLeast, atMost, readFlags, report } from './bench-report.ts';
import { type BenchHub, type BenchWorld, startBenchWorld } from './bench-world.ts';
import { type ChangeTap, startChangeTap } from './change-tap.ts';
import { startChild } from './child.ts';
import { percentile, rounded } from './figures.ts';
import type { FloorDuties } from './floor-process.ts';
import { type HubCost, measureHub } from './measure-hub.ts';
import { type Editor, editInBatches, editorOf, type Pair, seedPairs } from './partner-edits.ts';
import { profileOptions } from './profile-threads.ts';

/** How much is done. */
interface SteadySize {
  /** Companies that both systems have before anything is measured. */
  readonly pairs: number;
  readonly rate: { readonly perSecond: number; readonly seconds: number };
  readonly sustained: { readonly seconds: number; readonly outstandingMax: number };
  readonly burst: number;
}

const USUAL: SteadySize = {
  pairs: 5_000,
  rate: { perSecond: 50, seconds: 30 },
  sustained: { seconds: 30, outstandingMax: 2_000 },
  burst: 10_000,
};
const QUICK: SteadySize = {
  pairs: 500,
  rate: { perSecond: 50, seconds: 6 },
  sustained: { seconds: 8, outstandingMax: 200 },
  burst: 1_000,
};

const CHANGES_MS_MAX = 240_000;
/** A poll of the tap costs the systems a call, so it polls often only where its interval is in the figure. */
const TAP_MS = { exact: 20, coarse: 100 };
/** Left out at the beginning of the sustained phase: caches fill, code is compiled, the first batches are on their way. */
const WARM_UP_SHARE = 0.25;
/** A feeder's pause while enough is outstanding. */
const FEED_MS = 20;
const FEED_BATCH = 200;

/**
 * Edits of companies on both sides of the local stack: at a given rate, as fast as they are carried over, and all at once; then
 * the floor script on the same systems with the same edits. The hub, the simulated systems and the floor script each run in a
 * process of their own.
 */
export async function benchSteady(size: SteadySize, profileDirectory: string | undefined) {
  const world = await startBenchWorld({ hubNodeOptions: profileOptions(profileDirectory) });
  try {
    const pairs = await seedPairs(world, size.pairs);
    const hub = await world.startHub();
    await hub.backfill();
    await hub.release();
    const editor = editorOf(world, pairs);
    const rate = await editAtRate(world, hub, editor, size.rate);
    const sustained = await editAsFastAsPossible(world, hub, editor, size.sustained);
    const burst = await editAllAtOnce(world, hub, editor, size.burst);
    const { rssPeakMegabytes } = await hub.usage();
    await hub.stop();
    const floor = await runFloor(world, pairs, editor, size.burst);
    return {
      rate,
      sustained,
      burst,
      rssPeakMegabytes,
      floor: {
        ...floor,
        timesTheBurst: rounded(floor.changesPerSecond / burst.changesPerSecond, 1),
        cpuShareOfTheBurst: rounded(floor.cpuSecondsPerThousand / burst.cost.cpuSecondsPerThousand, 3),
      },
      aims: aimsOf(rate.latencyMs.p95, sustained.changesPerSecond, burst.cost, rssPeakMegabytes),
    };
  } finally {
    await world.stop();
  }
}

function aimsOf(p95Ms: number, changesPerSecond: number, burst: HubCost, rssPeakMegabytes: number): readonly Aim[] {
  return [
    atLeast('changes a second, sustained', 200, changesPerSecond),
    atMost('ms from edit to the other side, 95th percentile at 50 edits a second', 2_000, p95Ms),
    atMost('vendor calls a change in a burst', 0.05, burst.vendorCallsPerChange),
    atMost('write units a change', 8, burst.units.writePerChange),
    atMost('read units a change', 6, burst.units.readPerChange),
    atMost('MB of memory, peak', 600, rssPeakMegabytes),
  ];
}

/** Single edits, evenly spread: how long each takes to be readable on the other side. */
async function editAtRate(world: BenchWorld, hub: BenchHub, editor: Editor, rate: SteadySize['rate']) {
  return withTap(world, TAP_MS.exact, async (tap) => {
    const edits = editor.next(rate.perSecond * rate.seconds);
    const { cost } = await measureHub(world, hub, async () => {
      const startedAt = performance.now();
      const made = edits.map(async ({ side, id, mark, seenAt, seenId }, index) => {
        await sleep(Math.max(0, startedAt + (index * 1_000) / rate.perSecond - performance.now()));
        await side.edit(id, mark);
        tap.expect(seenAt, seenId, mark, performance.now());
      });
      await Promise.all(made);
      await tap.all(CHANGES_MS_MAX);
      return edits.length;
    });
    const latencies = tap.arrivals.map(({ latencyMs }) => latencyMs);
    const latencyMs = {
      p50: rounded(percentile(latencies, 0.5)),
      p95: rounded(percentile(latencies, 0.95)),
      max: rounded(percentile(latencies, 1)),
    };
    return { editsPerSecond: rate.perSecond, edits: edits.length, latencyMs, cost };
  });
}

/** New edits whenever fewer than a given number are outstanding: how many are carried over in a second. */
async function editAsFastAsPossible(world: BenchWorld, hub: BenchHub, editor: Editor, size: SteadySize['sustained']) {
  return withTap(world, TAP_MS.coarse, async (tap) => {
    const startedAt = performance.now();
    const endsAt = startedAt + size.seconds * 1_000;
    const { changes, cost } = await measureHub(world, hub, async () => {
      while (performance.now() < endsAt) {
        if (tap.waiting() > size.outstandingMax - FEED_BATCH) await sleep(FEED_MS);
        else await editInBatches(editor.next(FEED_BATCH), tap);
      }
      await tap.all(CHANGES_MS_MAX);
      return tap.arrivals.length;
    });
    const warmAt = startedAt + size.seconds * 1_000 * WARM_UP_SHARE;
    const counted = tap.arrivals.filter(({ at }) => at >= warmAt && at < endsAt).length;
    return {
      outstandingMax: size.outstandingMax,
      changes,
      changesPerSecond: rounded((counted * 1_000) / (endsAt - warmAt)),
      cost,
    };
  });
}

/** Everything edited in as few calls as the vendors allow: how long until all of it is on the other side, in how many calls. */
async function editAllAtOnce(world: BenchWorld, hub: BenchHub, editor: Editor, count: number) {
  return withTap(world, TAP_MS.coarse, async (tap) => {
    const startedAt = performance.now();
    let seconds = 0;
    const { changes, cost } = await measureHub(world, hub, async () => {
      await editInBatches(editor.next(count), tap);
      await tap.all(CHANGES_MS_MAX);
      seconds = (performance.now() - startedAt) / 1_000;
      return count;
    });
    return { changes, seconds: rounded(seconds, 1), changesPerSecond: rounded(changes / seconds), cost };
  });
}

/** The same burst for the floor script; throws when it did not carry everything over. */
async function runFloor(world: BenchWorld, pairs: readonly Pair[], editor: Editor, count: number) {
  const floor = startChild<FloorDuties>(new URL('./floor-process.ts', import.meta.url));
  try {
    // Salesforce stamps in whole seconds: what the hub wrote last must not look like one of these edits.
    await sleep(2_000);
    const since = Math.floor(Date.now() / 1_000) * 1_000;
    return await withTap(world, TAP_MS.coarse, async (tap) => {
      await editInBatches(editor.next(count), tap);
      const run = await floor.ask('run', {
        salesforceUrl: world.salesforce.url,
        hubspotUrl: world.hubspot.url,
        pairs: pairs.map(({ salesforce, hubspot }) => [salesforce, hubspot] as const),
        since,
      });
      await tap.all(CHANGES_MS_MAX);
      return {
        changes: run.changes,
        changesPerSecond: rounded(run.changes / run.seconds),
        cpuSecondsPerThousand: rounded((run.cpuSeconds / run.changes) * 1_000, 3),
        vendorCallsPerChange: rounded(run.calls / run.changes, 4),
        rssPeakMegabytes: run.rssPeakMegabytes,
      };
    });
  } finally {
    await floor.stop();
  }
}

async function withTap<T>(world: BenchWorld, pollMs: number, work: (tap: ChangeTap) => Promise<T>): Promise<T> {
  const tap = startChangeTap(world.sides, pollMs);
  try {
    return await work(tap);
  } finally {
    await tap.stop();
  }
}

if (import.meta.main) {
  const flags = readFlags();
  report('steady', flags, await benchSteady(flags.quick ? QUICK : USUAL, flags.profile));
}
