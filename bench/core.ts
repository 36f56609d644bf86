import { memoryStore } from '../local/memory/memory-store.ts';
import { atLeast, readFlags, report } from './bench-report.ts';
import { type CoreHub, startCoreHub } from './core-hub.ts';
import { rounded } from './figures.ts';
import { type InProcessSystems, startInProcessSystems } from './in-process-systems.ts';
import { type Editor, editorOf, seedPairs } from './partner-edits.ts';
import { cpuSeconds } from './process-usage.ts';

interface CoreSize {
  readonly pairs: number;
  /** Edits of one round. */
  readonly edits: number;
  /** The first rounds warm up and do not count. */
  readonly rounds: { readonly warmUp: number; readonly counted: number };
}

const USUAL: CoreSize = { pairs: 4_000, edits: 2_000, rounds: { warmUp: 3, counted: 8 } };
const QUICK: CoreSize = { pairs: 400, edits: 200, rounds: { warmUp: 1, counted: 2 } };

/** CPU time of one stage, in seconds, the systems' own taken off. */
interface Spent {
  readonly absorb: number;
  readonly deliver: number;
  readonly echo: number;
}

/**
 * How many changes one core carries over from system to system when nothing has to be waited for: domain, shipped mappings and
 * connectors (with the vendors' SDKs), over a store and queues in memory, against simulated systems in the same process whose
 * own CPU time is taken off. A change is an edit absorbed, delivered to the other side, and its echo absorbed.
 */
export async function benchCore(size: CoreSize) {
  const systems = await startInProcessSystems();
  try {
    const core = await startCoreHub(memoryStore(), systems);
    const pairs = await seedPairs(systems, size.pairs);
    await core.notice(
      systems.salesforce,
      pairs.map(({ salesforce }) => salesforce),
    );
    await core.notice(
      systems.hubspot,
      pairs.map(({ hubspot }) => hubspot),
    );
    await settle(core);
    const editor = editorOf(systems, pairs);
    for (let round = 0; round < size.rounds.warmUp; round += 1) await carryOver(core, systems, editor, size.edits);
    const spent: Spent[] = [];
    for (let round = 0; round < size.rounds.counted; round += 1) {
      spent.push(await carryOver(core, systems, editor, size.edits));
    }
    const stage = (of: (spent: Spent) => number): number => spent.reduce((sum, round) => sum + of(round), 0);
    const changes = size.edits * size.rounds.counted;
    const perChange = (seconds: number): number => rounded((seconds / changes) * 1_000_000);
    const changesPerSecond = rounded(changes / stage(({ absorb, deliver, echo }) => absorb + deliver + echo));
    return {
      changes,
      changesPerSecond,
      cpuMicrosecondsPerChange: {
        absorb: perChange(stage(({ absorb }) => absorb)),
        deliver: perChange(stage(({ deliver }) => deliver)),
        echo: perChange(stage(({ echo }) => echo)),
      },
      aims: [atLeast('changes a second on one core', 5_000, changesPerSecond)],
    };
  } finally {
    await systems.stop();
  }
}

/** Makes edits, carries them over and takes their echoes in; throws when one of them is not on the other side. */
async function carryOver(core: CoreHub, systems: InProcessSystems, editor: Editor, count: number): Promise<Spent> {
  const bySide = Map.groupBy(editor.next(count), ({ side }) => side);
  for (const [side, edits] of bySide) {
    for (let start = 0; start < edits.length; start += side.batchMax) {
      const piece = edits.slice(start, start + side.batchMax);
      await side.editMany(new Map(piece.map(({ id, mark }) => [id, mark])));
    }
    await core.notice(
      side,
      edits.map(({ id }) => id),
    );
  }
  const absorb = await measured(systems, () => core.absorb());
  const deliver = await measured(systems, () => core.deliver());
  for (const edits of bySide.values()) {
    const [first] = edits;
    if (first === undefined) continue;
    const seen = new Map<string, number>();
    for (let start = 0; start < edits.length; start += first.seenAt.batchMax) {
      const ids = edits.slice(start, start + first.seenAt.batchMax).map(({ seenId }) => seenId);
      for (const [id, mark] of await first.seenAt.readCarried(ids)) seen.set(id, mark);
    }
    const missing = edits.filter(({ seenId, mark }) => seen.get(seenId) !== mark);
    if (missing.length > 0) throw new Error(`${missing.length} of ${edits.length} edits were not carried over.`);
    await core.notice(
      first.seenAt,
      edits.map(({ seenId }) => seenId),
    );
  }
  const echo = await measured(systems, () => core.absorb());
  return { absorb, deliver, echo };
}

async function measured(systems: InProcessSystems, work: () => Promise<unknown>): Promise<number> {
  const before = cpuSeconds() - systems.cpuSeconds();
  await work();
  return cpuSeconds() - systems.cpuSeconds() - before;
}

const ROUNDS_MAX = 100;

async function settle(core: CoreHub): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if ((await core.absorb()) + (await core.deliver()) === 0) return;
  }
  throw new Error('The core did not come to rest.');
}

if (import.meta.main) {
  const flags = readFlags();
  report('core', flags, await benchCore(flags.quick ? QUICK : USUAL));
}
