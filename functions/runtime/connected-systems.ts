import { hasEventsFrom } from '../../connectors/kit/aws/event-sources.ts';
import { BACKGROUND_PERCENT } from '../../connectors/kit/budget-meter.ts';
import type { Credentials } from '../../connectors/kit/connector.ts';
import type { AnyConnector } from '../../connectors/kit/connector-registry.ts';
import { type ServeDeps, serveConnection } from '../../connectors/kit/serve-connection.ts';
import { type BudgetStatus, readSpending } from '../../connectors/kit/spending.ts';
import type { Directory } from '../../domain/mapping/compiled-mapping.ts';
import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import { pauseConnection, updateConnection } from '../../domain/pipeline/connections/pause-connection.ts';
import type { ConnectionState, Hub, SystemPort } from '../../domain/pipeline/ports.ts';
import {
  closeProblems,
  type ProblemDraft,
  problemId,
  raiseProblem,
} from '../../domain/pipeline/problems/raise-problem.ts';
import type { ConfiguredConnection } from './config.ts';
import { CREDENTIAL_METRIC, DAY_SPENT_METRIC, type HubMetrics } from './hub-metrics.ts';
import type { AccountChecks } from './items/account-check-items.ts';
import { ownerDirectory } from './owner-directory.ts';
import type { Secrets } from './secrets.ts';
import { watchPort } from './watch-port.ts';

/** What opening connections needs. */
export interface ConnectedSystemsOptions {
  /** In the order of the configuration. */
  readonly connections: readonly ConfiguredConnection[];
  readonly secrets: Secrets;
  readonly checks: AccountChecks;
  /** Loads a system's connector; only ever that of a connection that is used. */
  readonly loadConnector: (system: ConfiguredConnection['system']) => Promise<AnyConnector>;
  readonly serveDeps: ServeDeps;
  readonly metrics: HubMetrics;
  /** The hub this is a part of; asked for only after it is whole. */
  readonly hub: () => Hub;
}

/** The connections of this process: opened when first used, and closed when their credentials are refused. */
export interface ConnectedSystems extends Pick<Hub, 'system' | 'directory' | 'connectionState' | 'receiveEvent'> {
  /** What checking a webhook needs; nothing else of the connection is opened. */
  webhookDoor(connection: string): Promise<Result<WebhookDoor>>;
  /** How the connection's long budgets stand; asks nobody but the table. */
  budgets(connection: string): Promise<readonly BudgetStatus[]>;
}

/** A connection's connector and credentials. */
export interface WebhookDoor {
  readonly connector: AnyConnector;
  readonly settings: ConfiguredConnection;
  readonly credentials: Credentials;
  readonly secretVersion: string;
}

/**
 * Serves the configured connections.
 *
 * Before a connection is used with a secret it was not used with before, and every six hours, the account behind it is
 * asked for its id and its users. Another id than before pauses the connection and opens an `account-changed` problem: a
 * refreshed sandbox or a swapped credential would otherwise mix two accounts. So does an id that another connection has.
 *
 * A refused or missing credential is a `credential` problem of that connection only. The secret is read again (after
 * half a minute at the earliest), and when the connection works again, the problem is closed.
 */
export function connectedSystems(options: ConnectedSystemsOptions): ConnectedSystems {
  const { connections, secrets, metrics, hub } = options;
  const { now } = options.serveDeps;
  const ports = new Map<string, Promise<Result<SystemPort>>>();
  const directories = new Map<string, { readonly directory: Promise<Directory>; readonly until: number }>();
  const states = new Map<string, { readonly state: Promise<ConnectionState>; readonly until: number }>();
  const raisedAt = new Map<string, number>();

  async function webhookDoor(id: string): Promise<Result<WebhookDoor>> {
    const settings = connections.find((each) => each.id === id);
    if (settings === undefined) {
      return fail({ kind: 'defect', code: 'UNKNOWN_CONNECTION', message: `There is no connection ${id}.` });
    }
    const secret = await secrets.read(id);
    if (!secret.ok && secret.fault.code !== 'NO_SECRET') return refused(id, secret.fault);
    const connector = await options.loadConnector(settings.system);
    const scheme = Object.hasOwn(connector.auth, settings.auth) ? connector.auth[settings.auth] : undefined;
    if (scheme?.isWithoutSecret) {
      return succeed({ connector, settings, credentials: {}, secretVersion: NO_SECRET });
    }
    if (!secret.ok) return refused(id, secret.fault);
    const missing = scheme?.credentials.filter((name) => (secret.value.credentials[name] ?? '') === '') ?? [];
    if (missing.length > 0) return refused(id, credentialsMissing(id, missing));
    const { credentials, version } = secret.value;
    return succeed({ connector, settings, credentials, secretVersion: version });
  }

  async function open(id: string): Promise<Result<SystemPort>> {
    const door = await webhookDoor(id);
    if (!door.ok) return door;
    const { connector, settings, credentials, secretVersion } = door.value;
    const { ceilings } = settings;
    const served = serveConnection({ connector, settings, ceilings, credentials, deps: options.serveDeps });
    const port = watchPort(
      served,
      (fault) => closeAfter(id, fault),
      () => metrics.count(DAY_SPENT_METRIC),
    );
    const isNewSecret = (await options.checks.read(id)) !== secretVersion;
    const checked = await checkAccount(port, settings, isNewSecret);
    if (!checked.ok) return checked;
    if (isNewSecret) await options.checks.write(id, secretVersion);
    return succeed(port);
  }

  /** Whether the account is still the one the hub knows; learns its users on the way. */
  async function checkAccount(
    port: SystemPort,
    settings: ConfiguredConnection,
    isNewSecret: boolean,
  ): Promise<Result<void>> {
    const { id } = settings;
    const state = await connectionState(id);
    const ended = ownProblems(id).filter((problem) => state.problems.includes(problem));
    if (!isNewSecret && ended.length === 0 && now() - state.ownersReadAt < ACCOUNT_MS) return succeed(undefined);
    const account = await port.account();
    if (!account.ok) {
      options.serveDeps.log('account-unknown', { connection: id, fault: account.fault.kind, code: account.fault.code });
      // An account that was met before with this secret and does not answer just now is still the same.
      const isKnown = state.ownersReadAt > 0 && !isNewSecret && account.fault.kind !== 'credential';
      return isKnown ? succeed(undefined) : account;
    }
    const { accountId, owners } = account.value;
    const flaw = await flawOfAccount(accountId, settings, state);
    if (flaw !== undefined) {
      await pauseConnection(hub(), id, { cause: 'account-changed', ...flaw });
      return fail({ kind: 'credential', code: 'ACCOUNT_CHANGED', message: flaw.message });
    }
    await closeProblems(hub(), ended);
    await updateConnection(hub(), id, (current) => ({
      ...current,
      accountId,
      owners,
      ownersReadAt: now(),
      problems: current.problems.filter((problem) => !ended.includes(problem)),
    }));
    return succeed(undefined);
  }

  /** Why the account that answered cannot be this connection's, in words for the person who must act. */
  async function flawOfAccount(
    accountId: string,
    settings: ConfiguredConnection,
    state: ConnectionState,
  ): Promise<{ readonly message: string; readonly nextStep: string } | undefined> {
    const { id, system } = settings;
    const expected = settings.accountId ?? state.accountId;
    if (expected !== undefined && expected !== accountId) {
      return {
        message: `The connection ${id} stands for the ${system} account ${expected}, but the account ${accountId} answers.`,
        nextStep: 'Put back the credentials of the former account, or make a new connection for the other one.',
      };
    }
    for (const other of connections) {
      if (other.id === id || other.system !== system || !isSameCatalog(settings, other)) continue;
      const known = await hub().store.readConnection(other.id);
      if (known?.accountId === accountId) {
        return {
          message: `The connection ${id} answers for the ${system} account ${accountId}, which the connection ${other.id} stands for.`,
          nextStep: `Remove one of the two connections, or correct the credentials of ${id}.`,
        };
      }
    }
    return undefined;
  }

  /** A system refused the connection's credentials: the next use opens it anew. */
  async function closeAfter(id: string, fault: Fault): Promise<void> {
    ports.delete(id);
    secrets.forget(id);
    await refused(id, fault);
  }

  /** Counts a refused or missing credential and asks a person, once in a while. */
  async function refused(id: string, fault: Fault): Promise<{ readonly ok: false; readonly fault: Fault }> {
    if (fault.kind !== 'credential') return fail(fault);
    metrics.count(CREDENTIAL_METRIC);
    if (now() - (raisedAt.get(id) ?? Number.NEGATIVE_INFINITY) < RAISE_MS) return fail(fault);
    raisedAt.set(id, now());
    await connectionState(id);
    const problem = await raiseProblem(hub(), {
      ...credentialProblem(id),
      faultKind: fault.kind,
      code: fault.code,
      message: fault.message,
    });
    await updateConnection(hub(), id, (state) =>
      state.problems.includes(problem) ? undefined : { ...state, problems: [...state.problems, problem] },
    );
    return fail(fault);
  }

  async function connectionState(id: string): Promise<ConnectionState> {
    const { store } = hub();
    for (let attempt = 1; attempt <= STATE_ATTEMPTS_MAX; attempt += 1) {
      const known = await store.readConnection(id);
      if (known !== undefined) return known;
      const first = firstState(id, now());
      if (await store.putConnection(first, null)) return first;
    }
    throw new Error(`The state of the connection ${id} is neither there nor can it be made.`);
  }

  async function loadDirectory(id: string): Promise<Directory> {
    const settings = connections.find((each) => each.id === id);
    const state = await connectionState(id);
    // Users read before are good enough for a process that does not serve the connection: what it works on must not wait for
    // another system to answer.
    if (state.ownersReadAt > 0 && !ports.has(id)) return ownerDirectory(state.owners);
    const opened = await system(id);
    if (settings !== undefined && opened.ok) {
      const checked = await checkAccount(opened.value, settings, false);
      if (!checked.ok) ports.delete(id);
    }
    return ownerDirectory((await connectionState(id)).owners);
  }

  async function system(id: string): Promise<Result<SystemPort>> {
    const known = ports.get(id);
    if (known !== undefined) return known;
    const opening = open(id);
    ports.set(id, opening);
    const forget = (): void => {
      if (ports.get(id) === opening) ports.delete(id);
    };
    // A failure is not kept: the next use tries again, and secrets and problems have their own intervals.
    opening.then((answer) => answer.ok || forget(), forget);
    return opening;
  }

  async function budgets(id: string): Promise<readonly BudgetStatus[]> {
    const settings = connections.find((each) => each.id === id);
    if (settings === undefined) return [];
    const { ceilings, system: name } = settings;
    const connector = await options.loadConnector(name);
    const { backgroundPercent = BACKGROUND_PERCENT, perDay } = ceilings;
    return Promise.all(
      connector.budgets
        .filter(({ windowMs }) => windowMs >= LONG_WINDOW_MS)
        .map((budget) => readSpending(id, budget, { cap: perDay, backgroundPercent }, hub().store, now())),
    );
  }

  return {
    webhookDoor,
    budgets,
    system,
    async receiveEvent(id, event) {
      const settings = connections.find((each) => each.id === id);
      if (settings === undefined || !hasEventsFrom(settings.system, event.source)) return undefined;
      const { events } = await options.loadConnector(settings.system);
      return events?.receive(event, settings);
    },
    async connectionState(id) {
      const known = states.get(id);
      if (known !== undefined && now() < known.until) return known.state;
      const state = connectionState(id);
      states.set(id, { state, until: now() + STATE_MS });
      state.catch(() => states.delete(id));
      return state;
    },
    async directory(id) {
      const known = directories.get(id);
      if (known !== undefined && now() < known.until) return known.directory;
      const directory = loadDirectory(id);
      directories.set(id, { directory, until: now() + DIRECTORY_MS });
      directory.catch(() => directories.delete(id));
      return directory;
    },
  };
}

/** Stands for the version of a secret where there is nothing secret. */
const NO_SECRET = 'none';
/** How old the account's id and users may be. */
const ACCOUNT_MS = 6 * 60 * 60_000;
/** How long a process keeps a directory without asking the table. */
const DIRECTORY_MS = 5 * 60_000;
/** How long a process takes a connection's state (paused, released, backfilled) for granted: asked for with every record. */
const STATE_MS = 5_000;
/** How often a process raises the same credential problem. */
const RAISE_MS = 5 * 60_000;
const STATE_ATTEMPTS_MAX = 3;
/** Budgets of a day are worth a person's look; those of seconds come back by themselves. */
const LONG_WINDOW_MS = 86_400_000;

function firstState(connection: string, connectedAt: number): ConnectionState {
  return { connection, counter: 1, connectedAt, owners: {}, ownersReadAt: 0, problems: [], backfilledAt: {} };
}

/** A sandbox beside the real catalog of one account is another place. */
function isSameCatalog(a: ConfiguredConnection, b: ConfiguredConnection): boolean {
  return a.options?.catalog === b.options?.catalog;
}

function credentialsMissing(connection: string, names: readonly string[]): Fault {
  return {
    kind: 'credential',
    code: 'CREDENTIALS_MISSING',
    message: `The secret of the connection ${connection} lacks ${names.join(' and ')}. Add what is missing.`,
  };
}

function credentialProblem(connection: string): ProblemDraft {
  return {
    cause: 'credential',
    connection,
    message: `The connection ${connection} has no working credentials.`,
    nextStep: `Renew the credentials of ${connection} and put them into its secret. The hub tries again by itself.`,
  };
}

/** The problems about a connection as a whole that are gone once its own account answers. */
function ownProblems(connection: string): readonly string[] {
  const credential = credentialProblem(connection);
  return [credential, { ...credential, cause: 'account-changed' as const }].map(problemId);
}
