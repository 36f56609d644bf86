import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { SweepMode, Work } from '../../domain/model/notice.ts';
import type { ReadOutcome, WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { SystemPort } from '../../domain/pipeline/ports.ts';
import { type BudgetStore, type Ceilings, keepBudgets } from './budget-keeper.ts';
import { type CallDeps, makeCall } from './call.ts';
import { chunk } from './chunk.ts';
import type { ConnectionSettings, Connector, Credentials, ObjectConnector, Session } from './connector.ts';
import { redactFault } from './redact.ts';
import { keepSession } from './session-keeper.ts';

/** What serving a connection needs from outside. */
export interface ServeDeps extends CallDeps {
  /** Shared by every process that serves the connection. */
  readonly budgets: BudgetStore;
}

/** The connection to serve. */
export interface ServeOptions<Api> {
  readonly connector: Connector<Api>;
  readonly settings: ConnectionSettings;
  readonly ceilings: Ceilings;
  readonly credentials: Credentials;
  readonly deps: ServeDeps;
}

/**
 * Turns a connector, a configured connection and its credentials into the port the pipeline works with.
 *
 * Everything that is the same for all systems happens here, once: the session, the shared budgets, timeouts, bounded
 * retries, classification, redaction, cutting into the vendor's batch sizes, and the check that every id and every item gets
 * exactly one answer, in order. Nothing is called before the first use.
 *
 * *Faults*: as values, never by exception; texts are redacted. Kept for the life of a process: it holds the session.
 */
export function serveConnection<Api>(options: ServeOptions<Api>): SystemPort {
  const { connector, settings, credentials, deps } = options;
  const budgets = keepBudgets({
    connection: settings.id,
    budgets: connector.budgets,
    ceilings: options.ceilings,
    store: deps.budgets,
    now: deps.now,
    sleep: deps.sleep,
    random: deps.random,
  });
  const sessions = keepSession({
    now: deps.now,
    fetch: () => authenticate(connector, settings, credentials, deps),
  });
  const apiOf = openOnce((session) => connector.open(settings, session, deps.now));
  const callAs = (work: Work) => makeCall({ connector, settings, deps, budgets, sessions, apiOf, work });
  const calls = { live: callAs('live'), backfill: callAs('backfill') };

  const objectOf = (object: string): ObjectConnector<Api> | undefined =>
    Object.hasOwn(connector.objects, object) ? connector.objects[object] : undefined;

  return {
    connection: settings.id,
    system: connector.system,

    limits(object) {
      const served = objectOf(object);
      // Mappings and connections are checked against the connectors at build time; getting here is a mistake in code.
      if (served === undefined) throw new RangeError(unknownObject(connector.system, object).message);
      return { readMax: served.readMax, writeMax: served.writeMax };
    },

    async read(object, ids, fields, work = 'live') {
      const served = objectOf(object);
      if (served === undefined) return fail(unknownObject(connector.system, object));
      return readInPieces(ids, served.readMax, (piece) => guard(() => served.read(calls[work], piece, fields)));
    },

    async find(object, hubIdField, unifiedIds, work = 'live') {
      const served = objectOf(object);
      if (served === undefined) return fail(unknownObject(connector.system, object));
      const { find, writeMax } = served;
      if (find === undefined) return succeed(new Map());
      const found = new Map<string, string | Fault>();
      for (const piece of chunk(unifiedIds, writeMax)) {
        const answer = await guard(() => find(calls[work], hubIdField, piece));
        if (!answer.ok) return answer;
        for (const [unifiedId, externalId] of answer.value) found.set(unifiedId, externalId);
      }
      return succeed(found);
    },

    async newcomers(object, hubIdField, since, work = 'live') {
      const served = objectOf(object);
      if (served === undefined) return fail(unknownObject(connector.system, object));
      const { newcomers } = served;
      return newcomers === undefined ? succeed([]) : guard(() => newcomers(calls[work], hubIdField, since));
    },

    async write(object, hubIdField, items, work = 'live') {
      const served = objectOf(object);
      if (served === undefined) return failAll(items, unknownObject(connector.system, object));
      return writeInPieces(items, served.writeMax, (piece) => served.write(calls[work], hubIdField, piece));
    },

    async changes(object, mode, position, connectedAt, work = 'live') {
      const served = objectOf(object);
      if (served === undefined) return fail(unknownObject(connector.system, object));
      const call = calls[isBulk(mode) ? 'backfill' : work];
      return guard(() => served.changes(call, { mode, position, connectedAt, now: deps.now() }));
    },

    account: () => guard(() => connector.account(calls.live)),
  };
}

/** Faults after which the rest of a batch would only meet the same answer. */
const stoppingKinds: ReadonlySet<Fault['kind']> = new Set(['throttled', 'transient', 'uncertain', 'credential']);
const tokenTimeoutMs = 10_000;

/** Opens the SDK once for a session; what it learns about the account lives as long. */
function openOnce<Api>(open: (session: Session) => Api): (session: Session) => Api {
  let opened: { readonly session: Session; readonly api: Api } | undefined;
  return (session) => {
    if (opened?.session !== session) opened = { session, api: open(session) };
    return opened.api;
  };
}

function isBulk(mode: SweepMode): boolean {
  return mode === 'walk' || mode === 'backfill';
}

async function authenticate<Api>(
  connector: Connector<Api>,
  settings: ConnectionSettings,
  credentials: Credentials,
  deps: ServeDeps,
): Promise<Result<Session>> {
  const startedAt = deps.now();
  const answer = await guard(() =>
    connector.authenticate(settings, credentials, startedAt, AbortSignal.timeout(tokenTimeoutMs)),
  );
  deps.log('authenticate', {
    connection: settings.id,
    outcome: answer.ok ? 'ok' : answer.fault.kind,
    code: answer.ok ? undefined : answer.fault.code,
    durationMs: deps.now() - startedAt,
  });
  return answer;
}

/** Reads piece by piece. When every piece failed as a whole, so does the read; otherwise only the ids of the failed ones. */
async function readInPieces(
  ids: readonly string[],
  readMax: number,
  readPiece: (piece: readonly string[]) => Promise<Result<readonly ReadOutcome[]>>,
): Promise<Result<readonly ReadOutcome[]>> {
  const outcomes: ReadOutcome[] = [];
  let firstFault: Fault | undefined;
  let stopped: Fault | undefined;
  let hasAnswer = ids.length === 0;
  for (const piece of chunk(ids, readMax)) {
    const answer = stopped === undefined ? await readPiece(piece) : fail(stopped);
    const fault = answer.ok ? miscount('read', piece.length, answer.value.length) : answer.fault;
    if (answer.ok && fault === undefined) {
      hasAnswer = true;
      outcomes.push(...answer.value.map(redactOutcome));
      continue;
    }
    const known = redactFault(fault ?? defect(undefined));
    firstFault ??= known;
    if (stoppingKinds.has(known.kind)) stopped ??= known;
    outcomes.push(...piece.map(() => ({ outcome: 'failed', fault: known }) as const));
  }
  return hasAnswer || firstFault === undefined ? succeed(outcomes) : fail(firstFault);
}

/** Writes piece by piece; after a fault that would meet the rest as well, the rest fails without being sent. */
async function writeInPieces(
  items: readonly WriteItem[],
  writeMax: number,
  writePiece: (piece: readonly WriteItem[]) => Promise<readonly WriteOutcome[]>,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  let stopped: Fault | undefined;
  for (const piece of chunk(items, writeMax)) {
    if (stopped !== undefined) {
      outcomes.push(...failAll(piece, unsent(stopped)));
      continue;
    }
    const answer = await guard(async () => succeed(await writePiece(piece)));
    const fault = answer.ok ? miscount('write', piece.length, answer.value.length) : answer.fault;
    if (!answer.ok || fault !== undefined) {
      outcomes.push(...failAll(piece, redactFault(fault ?? defect(undefined))));
      continue;
    }
    const written = answer.value.map(redactOutcome);
    outcomes.push(...written);
    stopped = stopperOf(written);
  }
  return outcomes;
}

/** The fault all of a piece shares, if it is one that would meet the next piece as well. */
function stopperOf(outcomes: readonly WriteOutcome[]): Fault | undefined {
  const [first] = outcomes;
  if (first?.outcome !== 'failed' || !stoppingKinds.has(first.fault.kind)) return undefined;
  const { kind, code } = first.fault;
  const isShared = outcomes.every(
    (each) => each.outcome === 'failed' && each.fault.kind === kind && each.fault.code === code,
  );
  return isShared ? first.fault : undefined;
}

/** What was never sent is not uncertain, whatever became of the piece before it. */
function unsent(fault: Fault): Fault {
  return fault.kind === 'uncertain' ? { ...fault, kind: 'transient' } : fault;
}

function failAll(items: readonly unknown[], fault: Fault): readonly WriteOutcome[] {
  return items.map(() => ({ outcome: 'failed', fault }) as const);
}

function redactOutcome<Outcome extends ReadOutcome | WriteOutcome>(outcome: Outcome): Outcome {
  return outcome.outcome === 'failed' ? { ...outcome, fault: redactFault(outcome.fault) } : outcome;
}

/** An exception of a connector is a defect, and must not take the batch of other connections down with it. */
async function guard<T>(act: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    const answer = await act();
    return answer.ok ? answer : fail(redactFault(answer.fault));
  } catch (cause) {
    return fail(defect(cause));
  }
}

function defect(cause: unknown): Fault {
  return {
    kind: 'defect',
    code: 'CONNECTOR_THREW',
    message: 'The connector failed in a way it does not foresee.',
    cause,
  };
}

function miscount(operation: string, asked: number, answered: number): Fault | undefined {
  if (asked === answered) return undefined;
  return {
    kind: 'defect',
    code: 'OUTCOMES_MISCOUNTED',
    message: `The connector answered ${answered} of ${asked} in a ${operation}.`,
  };
}

function unknownObject(system: string, object: string): Fault {
  return {
    kind: 'defect',
    code: 'UNKNOWN_OBJECT',
    message: `The ${system} connector does not serve the object ${object}.`,
  };
}
