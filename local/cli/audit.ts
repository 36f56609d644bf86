import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditDifference, AuditReason } from '../../domain/audit/difference.ts';
import type { AuditWindow } from '../../domain/audit/window.ts';
import type { AuditCursor, AuditPage } from '../../domain/pipeline/audit/audit-page.ts';
import { callHub, type RemoteOptions } from './api-client.ts';
import { changesLines, reportLines } from './audit-report.ts';
import { type AuditTally, auditTally } from './audit-tally.ts';
import { CliFault } from './cli-fault.ts';
import { type EarlierAudit, readEarlierAudit } from './earlier-audit.ts';
import { readConnections } from './status.ts';

/** What the person asked for. Numbers as they were typed. */
export interface AuditOptions extends RemoteOptions {
  readonly connection?: string;
  readonly object?: string;
  /** Records to look at, for each object. */
  readonly limit?: string;
  /** Differences to show at the end. */
  readonly show: string;
  /** Seconds until what may have been on its way is looked at once more. */
  readonly settle: string;
  readonly repair?: boolean;
  readonly json?: boolean;
  /** What an earlier audit printed with `--json`. */
  readonly compare?: string;
}

/** Everything verified; something differs; the audit did not come to its end. */
export type AuditExit = 0 | 1 | 2;

/** Reasons that go away by themselves when the hub only needs a moment; worth a second look before anybody is told. */
const PASSING: ReadonlySet<AuditReason> = new Set([
  'not-absorbed',
  'behind',
  'on-its-way',
  'waiting',
  'older',
  'unreadable',
  'not-shown',
]);
/** Differences kept for a second look; with more, they are looked at on the way. Bounds memory. */
const SUSPECTS_MAX = 2_000;
const AGAIN_IDS_MAX = 200;
const WAIT_MS_MAX = 60_000;
/** A day of waits of a minute: as long as a large account behind its daily limit may take. */
const WAITS_MAX = 1_440;
const TRIES_MAX = 8;
const TRY_AGAIN_MS = 5_000;
/** 200 records a page at least. */
const PAGES_MAX = 1_000_000;

/** Audits connections, prints what was found, and answers the exit code. Expected failures are told in a sentence. */
export async function audit(options: AuditOptions): Promise<AuditExit> {
  try {
    return await runAudit(options);
  } catch (error) {
    // Exit code 1 says that something differs; whatever kept the audit from its end must not look like that.
    console.error(error instanceof CliFault ? error.message : error);
    return 2;
  }
}

/** What an audit carries along. */
interface Run {
  readonly options: AuditOptions;
  readonly scope: readonly string[];
  readonly tally: AuditTally;
  readonly earlier: EarlierAudit | undefined;
  readonly settleMs: number;
  readonly showMax: number;
  /** Records gone, which two walks may both meet. */
  readonly gone: Set<string>;
  suspects: AuditDifference[];
  /** When the youngest suspect was met, ms. */
  suspectedAt: number;
  waits: number;
  /** What could not be audited, and why. */
  readonly failures: Set<string>;
  readonly queued: { notices: number; deliveries: number };
}

async function runAudit(options: AuditOptions): Promise<AuditExit> {
  const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber('limit', options.limit, 1);
  const settleMs = wholeNumber('settle', options.settle, 0) * 1_000;
  const showMax = wholeNumber('show', options.show, 0);
  const earlier = options.compare === undefined ? undefined : await readEarlierAudit(options.compare);
  const walks = await walksOf(options);
  const run: Run = {
    options,
    scope: walks.map(({ connection, object }) => `${connection}#${object}`),
    tally: auditTally(showMax),
    earlier,
    settleMs,
    showMax,
    gone: new Set(),
    suspects: [],
    suspectedAt: 0,
    waits: 0,
    failures: new Set(),
    queued: { notices: 0, deliveries: 0 },
  };
  // In the order of the walks, whatever is told first.
  for (const { connection, object } of walks) run.tally.row(connection, object);
  let isPart = false;
  for (const { connection, object } of walks) {
    // One connection that cannot be reached is no reason to say nothing of the others.
    const walked = walk(run, connection, object, limit).catch(failed(run, `${connection} ${object}`));
    isPart = (await walked) || isPart;
  }
  await lookAgain(run);
  progress('');
  return finish(run, isPart);
}

async function walksOf(options: AuditOptions): Promise<readonly { connection: string; object: string }[]> {
  const chosen = await readConnections(options, options.connection);
  const walks = chosen.flatMap(({ id, objects }) =>
    Object.keys(objects)
      .filter((object) => options.object === undefined || object === options.object)
      .map((object) => ({ connection: id, object })),
  );
  if (walks.length === 0) {
    const there = chosen.map(({ id, objects }) => `${id} has ${Object.keys(objects).join(', ')}`).join('; ');
    throw new CliFault(`There is no object ${options.object}: ${there}.`);
  }
  return walks;
}

/** Notes what could not be audited; anything but an expected failure goes on its way. */
function failed({ failures }: Run, what: string): (error: unknown) => true {
  return (error) => {
    if (!(error instanceof CliFault)) throw error;
    failures.add(`${what}: ${error.message}`);
    return true;
  };
}

/** Walks one object to its end, or to the limit; answers whether records were left. */
async function walk(run: Run, connection: string, object: string, limit: number): Promise<boolean> {
  const row = run.tally.row(connection, object);
  let cursor: AuditCursor | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    progress(`${connection} ${object}: ${row.there} looked at, ${row.same} the same`);
    const most = Number.isFinite(limit) ? limit - row.there : undefined;
    const found = await ask(run, { connection, object, cursor, scope: run.scope, most });
    row.there += found.looked;
    take(run, connection, object, found);
    for (const window of found.windows) takeWindow(run, window);
    for (const difference of found.differences) suspect(run, difference);
    if (run.suspects.length >= SUSPECTS_MAX) await lookAgain(run);
    if (!found.hasMore) return false;
    if (row.there >= limit) return true;
    cursor = found.cursor;
  }
  throw new CliFault(`${connection} ${object} did not come to an end.`);
}

/** One page; one that ended early is followed by a wait, and the next one goes on from its place. */
async function ask(run: Run, request: Readonly<Record<string, unknown>>): Promise<AuditPage> {
  const page = await askPatiently(run, request);
  for (const id of page.unchecked) run.failures.add(`${id}: whether all its records are still there`);
  run.queued.notices += page.queued.notices;
  run.queued.deliveries += page.queued.deliveries;
  if (page.waits !== undefined) await pause(run, page.waits);
  return page;
}

/** A page has no effect that a second one would double, so it may be asked for again: a hub that restarts ends no audit. */
async function askPatiently({ options }: Run, request: Readonly<Record<string, unknown>>): Promise<AuditPage> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await callHub<AuditPage>(options, 'POST', '/api/audit', request);
    } catch (error) {
      // The last failure is the one that is told.
      if (!(error instanceof CliFault) || attempt >= TRIES_MAX) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}

async function pause(run: Run, { ms, code }: { readonly ms: number; readonly code: string }): Promise<void> {
  run.waits += 1;
  if (run.waits > WAITS_MAX)
    throw new CliFault(`The audit waited too often (${code}); \`npx hub status\` may tell why.`);
  progress(`waits ${Math.ceil(ms / 1_000)} s (${code})`);
  await sleep(Math.min(ms, WAIT_MS_MAX));
}

function take(run: Run, connection: string, object: string, page: AuditPage): void {
  const row = run.tally.row(connection, object);
  row.same += page.same;
  row.leftOut += page.leftOut;
}

function takeWindow({ tally, earlier, options }: Run, window: AuditWindow): void {
  tally.addWindow(window);
  earlier?.compare(window);
  if (options.json === true) console.log(JSON.stringify({ type: 'window', ...window }));
}

/** What may pass by itself is looked at once more; the rest is told at once. */
function suspect(run: Run, difference: AuditDifference): void {
  if (difference.what === 'gone') {
    const key = keyOf(difference);
    if (run.gone.has(key)) return;
    run.gone.add(key);
  }
  if (!Object.values(difference.reasons).some((reason) => PASSING.has(reason))) {
    tell(run, difference);
    return;
  }
  run.suspects.push(difference);
  run.suspectedAt = Date.now();
}

function tell({ tally, options }: Run, difference: AuditDifference): void {
  tally.addDifference(difference);
  if (options.json === true) console.log(JSON.stringify({ type: 'difference', ...difference }));
}

/** Looks at the suspects once more, not before the youngest has had its time, and tells what is still so. */
async function lookAgain(run: Run): Promise<void> {
  const { suspects } = run;
  run.suspects = [];
  if (suspects.length === 0) return;
  const restMs = run.suspectedAt + run.settleMs - Date.now();
  if (restMs > 0) {
    progress(`gives ${suspects.length} records ${Math.ceil(restMs / 1_000)} s to arrive`);
    await sleep(restMs);
  }
  const looks = Map.groupBy(suspects, ({ connection, object, elsewhere }) =>
    elsewhere === undefined ? `own#${connection}#${object}` : `elsewhere#${elsewhere.connection}#${elsewhere.object}`,
  );
  for (const group of looks.values()) {
    for (let start = 0; start < group.length; start += AGAIN_IDS_MAX) {
      const piece = group.slice(start, start + AGAIN_IDS_MAX);
      const what = `a second look at ${piece.length} records of ${piece[0]?.connection}`;
      await lookAgainAt(run, piece).catch((error: unknown) => {
        failed(run, what)(error);
        // Then the first look is what is known of them.
        for (const difference of piece) tell(run, difference);
      });
    }
  }
}

async function lookAgainAt(run: Run, group: readonly AuditDifference[]): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const { connection, object } = first.elsewhere ?? first;
  const look = first.elsewhere === undefined ? 'own' : 'elsewhere';
  const ids = [...new Set(group.map(({ externalId, elsewhere }) => elsewhere?.externalId ?? externalId))];
  const request = { connection, object, again: { ids, look }, scope: run.scope, repair: run.options.repair };
  progress(`looks at ${ids.length} records once more`);
  let page = await ask(run, request);
  // Bounded by the waits of the whole audit.
  while (page.waits !== undefined) page = await ask(run, request);
  if (look === 'own') {
    take(run, connection, object, page);
    for (const difference of page.differences) tell(run, difference);
    return;
  }
  // Seen from elsewhere, a record may lack more than what was asked about; that is told by its own suspect.
  const asked = new Set(group.map(keyOf));
  for (const difference of page.differences) if (asked.has(keyOf(difference))) tell(run, difference);
}

function keyOf({ what, connection, object, externalId, unifiedId }: AuditDifference): string {
  return `${what}#${connection}#${object}#${externalId ?? unifiedId}`;
}

function finish({ tally, options, earlier, queued, showMax, failures }: Run, isPart: boolean): AuditExit {
  const { same, of } = tally.verified();
  const code = failures.size > 0 ? 2 : same === of ? 0 : 1;
  if (options.json === true) {
    for (const row of tally.rows()) console.log(JSON.stringify({ type: 'object', ...row }));
    const changes = earlier === undefined ? {} : { since: earlier.changes() };
    console.log(JSON.stringify({ type: 'total', same, of, isPart, failures: [...failures], queued, ...changes }));
    return code;
  }
  for (const line of reportLines(tally, showMax, isPart)) console.log(line);
  if (earlier !== undefined) {
    for (const line of changesLines(earlier.changes(), options.compare ?? '', showMax)) console.log(line);
  }
  if (options.repair === true) {
    console.log(
      `\nQueued: ${queued.notices} records to be taken in, ${queued.deliveries} to be written. Audit again when the queues are empty (npx hub status).`,
    );
  }
  if (failures.size > 0) console.log('\nCould not be audited:');
  for (const failure of failures) console.log(`  ${failure}`);
  return code;
}

let lastProgress = '';

/** One line on a terminal, rewritten; nothing elsewhere, so that output can be kept. */
function progress(line: string): void {
  if (process.stderr.isTTY !== true || line === lastProgress) return;
  lastProgress = line;
  process.stderr.write(`\r\u001b[K${line}`);
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min) throw new CliFault(`--${name} is a whole number from ${min}.`);
  return value;
}
