import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type AuditCursor, auditPage } from '../domain/pipeline/audit/audit-page.ts';
import { memoryStore } from '../local/memory/memory-store.ts';
import { atLeast, atMost, readFlags, report } from './bench-report.ts';
import { type CoreHub, startCoreHub } from './core-hub.ts';
import { increases, rounded, total } from './figures.ts';
import { type InProcessSystems, startInProcessSystems } from './in-process-systems.ts';
import { editorOf, type Pair, seedPairs } from './partner-edits.ts';
import { cpuSeconds } from './process-usage.ts';
import { endIdleConnections } from './vendor-http.ts';
import type { VendorSide } from './vendor-side.ts';

interface AuditSize {
  readonly pairs: number;
  /** Records edited behind the hub's back, which the audit must find, these and no others. */
  readonly edits: number;
}

const QUICK: AuditSize = { pairs: 1_000, edits: 10 };
const USUAL: AuditSize = { pairs: 20_000, edits: 100 };
const FULL: AuditSize = { pairs: 100_000, edits: 500 };

/** What one audit of both sides took. */
interface AuditRun {
  readonly looked: number;
  readonly same: number;
  readonly found: number;
  readonly windows: number;
  readonly queued: number;
  readonly cpuSeconds: number;
  readonly callsBySide: Readonly<Record<string, number>>;
  /** The most that was held beyond what was held before, after a collection of garbage, in MB. */
  readonly heldMegabytes: number;
}

/**
 * An audit on one core with nothing to wait for: domain, shipped mappings and connectors over a store in memory, against simulated
 * systems in the same process whose own CPU time is taken off. First with everything in step, then with edits that the hub was
 * not told of, then once more after their repair. Throws when an audit finds more or less than there is.
 */
export async function benchAudit(size: AuditSize) {
  const systems = await startInProcessSystems();
  try {
    const core = await startCoreHub(memoryStore(), systems);
    const pairs = await bringInStep(core, systems, size.pairs);
    const clean = await audit(core, systems, false);
    expect(clean, size.pairs * 2, 0);
    const edits = editorOf(systems, pairs).next(size.edits);
    endIdleConnections();
    for (const { side, id, mark } of edits) await side.edit(id, mark);
    const broken = await audit(core, systems, true);
    // The side that was edited is not taken in; the other is, for all the hub knows, as it should be.
    expect(broken, size.pairs * 2, size.edits);
    await settle(core);
    const repaired = await audit(core, systems, false);
    expect(repaired, size.pairs * 2, 0);
    const recordsPerSecond = rounded(clean.looked / clean.cpuSeconds);
    const callsPer1000 = Object.fromEntries(
      Object.entries(clean.callsBySide).map(([side, calls]) => [side, rounded((calls / size.pairs) * 1_000, 1)]),
    );
    return {
      recordsEachSide: size.pairs,
      recordsPerSecond,
      callsPer1000,
      windows: clean.windows,
      heldMegabytes: clean.heldMegabytes,
      edited: size.edits,
      foundThen: broken.found,
      foundAfterRepair: repaired.found,
      aims: [
        atLeast('records a second on one core', 5_000, recordsPerSecond),
        atMost('MB held by an audit', 20, clean.heldMegabytes),
      ],
    };
  } finally {
    await systems.stop();
  }
}

const PIECE = 2_000;

async function bringInStep(core: CoreHub, systems: InProcessSystems, count: number): Promise<readonly Pair[]> {
  const pairs = await seedPairs(systems, count);
  for (let start = 0; start < count; start += PIECE) {
    const piece = pairs.slice(start, start + PIECE);
    for (const side of sidesOf(systems)) {
      await core.notice(
        side,
        piece.map((pair) => pair[side.connection]),
      );
    }
    await settle(core);
  }
  return pairs;
}

const PAGES_MAX = 100_000;
const PAGES_BETWEEN_LOOKS = 20;

async function audit(core: CoreHub, systems: InProcessSystems, isRepairing: boolean): Promise<AuditRun> {
  const callsBefore = await callsOf(systems);
  const heldBefore = heldBytes();
  let heldMost = heldBefore;
  let seconds = 0;
  const sums = { looked: 0, same: 0, found: 0, windows: 0, queued: 0 };
  for (const { connection } of sidesOf(systems)) {
    const object = core.hub.connections.find(({ id }) => id === connection)?.objects[0] ?? '';
    let cursor: AuditCursor | undefined;
    for (let number = 1; number <= PAGES_MAX; number += 1) {
      const before = cpuSeconds() - systems.cpuSeconds();
      const answer = await auditPage(core.hub, { connection, object, cursor, scope: undefined, isRepairing });
      if (!answer.ok) throw new Error(answer.fault.message);
      // The place goes over HTTP and back between two pages.
      const page: typeof answer.value = JSON.parse(JSON.stringify(answer.value));
      seconds += cpuSeconds() - systems.cpuSeconds() - before;
      sums.looked += page.looked;
      sums.same += page.same;
      sums.found += page.differences.length;
      sums.windows += page.windows.length;
      sums.queued += page.queued.notices + page.queued.deliveries;
      if (number % PAGES_BETWEEN_LOOKS === 0) heldMost = Math.max(heldMost, heldBytes());
      if (!page.hasMore) break;
      cursor = page.cursor;
    }
    heldMost = Math.max(heldMost, heldBytes());
  }
  const callsAfter = await callsOf(systems);
  return {
    ...sums,
    cpuSeconds: seconds,
    callsBySide: increases(callsBefore, callsAfter),
    heldMegabytes: rounded((heldMost - heldBefore) / 2 ** 20, 1),
  };
}

function expect({ looked, same, found }: AuditRun, records: number, differing: number): void {
  if (looked === records && found === differing && same === records - differing) return;
  throw new Error(`Of ${records} records ${looked} were looked at, ${same} were the same, ${found} differed.`);
}

function sidesOf({ salesforce, hubspot }: InProcessSystems): readonly VendorSide[] {
  return [salesforce, hubspot];
}

async function callsOf(systems: InProcessSystems): Promise<Record<string, number>> {
  const calls: Record<string, number> = {};
  endIdleConnections();
  for (const side of sidesOf(systems)) calls[side.connection] = total(await side.calls());
  return calls;
}

const ROUNDS_MAX = 100;

async function settle(core: CoreHub): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if ((await core.absorb()) + (await core.deliver()) === 0) return;
  }
  throw new Error('The core did not come to rest.');
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What is held once garbage is gone, in bytes. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

if (import.meta.main) {
  const flags = readFlags();
  report('audit', flags, await benchAudit(flags.quick ? QUICK : flags.full ? FULL : USUAL));
}
