import { describe, expect, test } from 'vitest';
import type { AnyConnector } from '../../../connectors/kit/connector-registry.ts';
import { type Fault, fail, type Result, succeed } from '../../../domain/model/fault.ts';
import type { Hub } from '../../../domain/pipeline/ports.ts';
import type { ConfiguredConnection } from '../../../functions/runtime/config.ts';
import { connectedSystems } from '../../../functions/runtime/connected-systems.ts';
import { CREDENTIAL_METRIC } from '../../../functions/runtime/hub-metrics.ts';
import type { Secret } from '../../../functions/runtime/secrets.ts';
import { memoryOutbox } from '../../../local/memory/memory-outbox.ts';
import { memoryStore } from '../../../local/memory/memory-store.ts';

const HOUR = 60 * 60_000;
const REFUSED: Fault = { kind: 'credential', code: 'INVALID_SESSION', message: 'The token was refused.' };

describe('a connection that is used for the first time', () => {
  test('is met: its account and users are asked once, and remembered', async () => {
    const { systems, store, asked } = setUp();

    const [one, two] = await Promise.all([systems.system('hubspot'), systems.system('hubspot')]);
    await systems.directory('hubspot');

    expect(one.ok && two.ok && one.value === two.value).toBe(true);
    expect(asked).toEqual(['hubspot']);
    expect(await store.readConnection('hubspot')).toMatchObject({
      connectedAt: 1_000_000,
      accountId: 'account-of-hubspot',
      owners: { '7': 'a.petersen@hub.example' },
      ownersReadAt: 1_000_000,
      backfilledAt: {},
    });
  });

  test('loads the connector of its own system and of no other', async () => {
    const { systems, loaded } = setUp();

    await systems.system('hubspot');

    expect(loaded).toEqual(['hubspot']);
  });

  test('keeps the moment of the first meeting, whatever process meets it again', async () => {
    const { systems, clock } = setUp();

    const first = await systems.connectionState('hubspot');
    clock.now += HOUR;

    expect(await systems.connectionState('hubspot')).toEqual(first);
  });

  test('that is not configured is a defect', async () => {
    expect(await setUp().systems.system('gone')).toMatchObject({
      ok: false,
      fault: { kind: 'defect', code: 'UNKNOWN_CONNECTION' },
    });
  });

  test('and whose account does not answer is not served, and is tried again', async () => {
    const { systems, accounts } = setUp();
    const throttled: Fault = { kind: 'throttled', code: 'SLOW', message: 'Later.' };
    accounts.set('hubspot', fail(throttled));

    expect(await systems.system('hubspot')).toEqual(fail(throttled));
    accounts.set('hubspot', account('account-of-hubspot'));
    expect((await systems.system('hubspot')).ok).toBe(true);
  });
});

describe('the users of an account', () => {
  test('are found by id and by e-mail in any case; of two with one e-mail the first id owns', async () => {
    const { systems, accounts } = setUp();
    accounts.set('hubspot', account('account-of-hubspot', { '9': 'b@hub.example', '12': 'b@hub.example' }));

    const directory = await systems.directory('hubspot');

    expect(directory.emailOf('9')).toBe('b@hub.example');
    expect(directory.ownerIdOf('B@hub.example')).toBe('12');
    expect(directory.ownerIdOf('c@hub.example')).toBeUndefined();
  });

  test('are asked for again after six hours, and not before', async () => {
    const { systems, accounts, asked, clock } = setUp();
    await systems.directory('hubspot');
    accounts.set('hubspot', account('account-of-hubspot', { '8': 'new@hub.example' }));

    clock.now += 6 * HOUR - 1;
    expect((await systems.directory('hubspot')).emailOf('8')).toBeUndefined();
    clock.now += HOUR;
    expect((await systems.directory('hubspot')).emailOf('8')).toBe('new@hub.example');
    expect(asked).toHaveLength(2);
  });

  test('are those last known while the account does not answer', async () => {
    const { systems, accounts, clock } = setUp();
    await systems.directory('hubspot');
    accounts.set('hubspot', fail({ kind: 'transient', code: 'DOWN', message: 'Down.' }));

    clock.now += 7 * HOUR;

    expect((await systems.directory('hubspot')).emailOf('7')).toBe('a.petersen@hub.example');
    expect((await systems.system('hubspot')).ok).toBe(true);
  });

  test('are read from the table by another process, which asks the account nothing', async () => {
    const first = setUp();
    await first.systems.directory('hubspot');
    const second = setUp({ store: first.store, checks: first.checks });

    const directory = await second.systems.directory('hubspot');

    expect(directory.emailOf('7')).toBe('a.petersen@hub.example');
    expect(second.asked).toEqual([]);
  });
});

describe('another account than before', () => {
  test('behind a secret that was changed pauses the connection before anything is read, and asks a person', async () => {
    const first = setUp();
    await first.systems.system('hubspot');
    const second = setUp({ store: first.store, checks: first.checks });
    second.secrets.set('hubspot', secret('v-2'));
    second.accounts.set('hubspot', account('another account'));

    const opened = await second.systems.system('hubspot');

    expect(opened).toMatchObject({ ok: false, fault: { kind: 'credential', code: 'ACCOUNT_CHANGED' } });
    const state = await first.store.readConnection('hubspot');
    expect(state?.paused).toMatchObject({ by: 'hub' });
    expect(state?.accountId).toBe('account-of-hubspot');
    const [problem] = await second.openProblems();
    expect(problem).toMatchObject({
      cause: 'account-changed',
      connection: 'hubspot',
      message:
        'The connection hubspot stands for the hubspot account account-of-hubspot, but the account another account answers.',
    });
    expect(state?.problems).toEqual([problem?.id]);
  });

  test('than the configuration says pauses the connection at the first meeting', async () => {
    const { systems, store } = setUp({ connections: [connection('hubspot', { accountId: '12345' })] });

    expect((await systems.system('hubspot')).ok).toBe(false);
    expect((await store.readConnection('hubspot'))?.paused).toBeDefined();
  });

  test('that a second connection already stands for pauses the one that came later', async () => {
    const { systems, accounts, store, openProblems } = setUp({
      connections: [connection('hubspot'), connection('hubspot-2')],
    });
    accounts.set('hubspot-2', account('account-of-hubspot'));
    await systems.system('hubspot');

    expect((await systems.system('hubspot-2')).ok).toBe(false);
    expect((await store.readConnection('hubspot-2'))?.paused).toBeDefined();
    expect((await store.readConnection('hubspot'))?.paused).toBeUndefined();
    expect((await openProblems())[0]?.message).toContain('which the connection hubspot stands for');
  });

  test('is forgiven when the former account answers again: the problem is closed', async () => {
    const { systems, accounts, openProblems } = setUp();
    await systems.system('hubspot');
    await refuse(systems, accounts);
    accounts.set('hubspot', account('another account'));
    await systems.system('hubspot');
    expect((await openProblems()).map(({ cause }) => cause)).toContain('account-changed');

    accounts.set('hubspot', account('account-of-hubspot'));
    expect((await systems.system('hubspot')).ok).toBe(true);

    expect(await openProblems()).toEqual([]);
  });
});

describe('missing or refused credentials', () => {
  test('that lack what the scheme needs are a problem that names it, and nothing is called', async () => {
    const { systems, secrets, openProblems, counted, asked } = setUp();
    secrets.set('hubspot', succeed({ credentials: { accessToken: '' }, version: 'v-1' }));

    const opened = await systems.system('hubspot');

    expect(opened).toMatchObject({ ok: false, fault: { kind: 'credential', code: 'CREDENTIALS_MISSING' } });
    expect(await openProblems()).toMatchObject([
      {
        cause: 'credential',
        connection: 'hubspot',
        faultKind: 'credential',
        code: 'CREDENTIALS_MISSING',
        message: 'The secret of the connection hubspot lacks accessToken. Add what is missing.',
      },
    ]);
    expect(counted).toEqual({ [CREDENTIAL_METRIC]: 1 });
    expect(asked).toEqual([]);
  });

  test('of one connection leave the others running', async () => {
    const { systems, secrets } = setUp();
    secrets.set('hubspot', fail({ kind: 'credential', code: 'NO_SECRET', message: 'None.' }));

    expect((await systems.system('hubspot')).ok).toBe(false);
    expect((await systems.system('salesforce')).ok).toBe(true);
  });

  test('are raised once in a while and counted each time', async () => {
    const { systems, secrets, counted, clock, opened } = setUp();
    secrets.set('hubspot', fail({ kind: 'credential', code: 'NO_SECRET', message: 'None.' }));

    for (let use = 0; use < 3; use += 1) await systems.system('hubspot');
    expect([counted[CREDENTIAL_METRIC], opened.length]).toEqual([3, 1]);

    clock.now += 5 * 60_000;
    await systems.system('hubspot');
    expect([counted[CREDENTIAL_METRIC], opened.length]).toEqual([4, 2]);
  });

  test('in the middle of the work close the connection, and the secret is read again for the next use', async () => {
    const { systems, accounts, forgotten, asked, openProblems } = setUp();
    await systems.system('hubspot');

    await refuse(systems, accounts);

    expect(forgotten).toEqual(['hubspot']);
    expect((await openProblems()).map(({ code }) => code)).toEqual(['INVALID_SESSION']);
    expect((await systems.system('hubspot')).ok).toBe(true);
    expect(asked).toHaveLength(3);
    expect(await openProblems()).toEqual([]);
  });

  test('leave the state of the connection as it was but for the problem', async () => {
    const { systems, secrets, store, openProblems } = setUp();
    await systems.system('hubspot');
    const before = await store.readConnection('hubspot');
    secrets.set('hubspot', fail({ kind: 'credential', code: 'NO_SECRET', message: 'None.' }));

    await systems.webhookDoor('hubspot');

    const [problem] = await openProblems();
    expect(await store.readConnection('hubspot')).toEqual({ ...before, counter: 3, problems: [problem?.id] });
  });
});

test('how the day’s allowance stands is told with the administrator’s ceiling and share, and asks no system', async () => {
  const ceilings = { perDay: 500, backgroundPercent: 40 };
  const { systems, store, asked } = setUp({ connections: [connection('hubspot', { ceilings })] });
  await store.count('spent#hubspot#daily', 86_400_000, 1_000_000, 120);

  expect(await systems.budgets('hubspot')).toMatchObject([
    { budget: 'daily', limit: 500, used: 120, left: 380, backgroundPercent: 40 },
  ]);
  expect(await systems.budgets('nowhere')).toEqual([]);
  expect(asked).toEqual([]);
});

/** Makes the open connection meet a refusal once, as any of its calls may. */
async function refuse(systems: Pick<Hub, 'system'>, accounts: Map<string, Account>): Promise<void> {
  const opened = await systems.system('hubspot');
  const before = accounts.get('hubspot') ?? fail(REFUSED);
  accounts.set('hubspot', fail(REFUSED));
  if (opened.ok) await opened.value.account();
  accounts.set('hubspot', before);
}

type Account = Result<{ readonly accountId: string; readonly owners: Readonly<Record<string, string>> }>;

function account(
  accountId: string,
  owners: Readonly<Record<string, string>> = { '7': 'a.petersen@hub.example' },
): Account {
  return succeed({ accountId, owners });
}

function secret(version: string): Result<Secret> {
  return succeed({ credentials: { accessToken: 't' }, version });
}

function connection(id: string, change: Partial<ConfiguredConnection> = {}): ConfiguredConnection {
  const system = id.startsWith('hubspot') ? 'hubspot' : 'salesforce';
  return { id, system, auth: 'static-token', objects: ['company'], direction: 'both', ceilings: {}, ...change };
}

function setUp(
  given: {
    readonly store?: ReturnType<typeof memoryStore>;
    readonly checks?: Map<string, string>;
    readonly connections?: readonly ConfiguredConnection[];
  } = {},
) {
  const store = given.store ?? memoryStore();
  const checks = given.checks ?? new Map<string, string>();
  const connections = given.connections ?? [connection('salesforce'), connection('hubspot')];
  const clock = { now: 1_000_000 };
  const accounts = new Map<string, Account>(connections.map(({ id }) => [id, account(`account-of-${id}`)]));
  const secrets = new Map<string, Result<Secret>>(connections.map(({ id }) => [id, secret('v-1')]));
  const [asked, loaded, forgotten, opened]: [string[], string[], string[], string[]] = [[], [], [], []];
  const counted: Record<string, number> = {};
  let serving = '';

  // Of a connector only its account is asked here; it is the same for both systems.
  const connector = {
    system: 'hubspot',
    auth: { 'static-token': { credentials: ['accessToken'] } },
    budgets: [
      { name: 'calls', limit: 100, windowMs: 10_000, source: 'test' },
      { name: 'daily', limit: 1_000, windowMs: 86_400_000, source: 'test' },
    ],
    objects: {},
  } as unknown as AnyConnector;
  const serveDeps = {
    budgets: store,
    now: () => clock.now,
    sleep: async () => {},
    random: () => 0.5,
    log: () => {},
  };
  // What the pipeline's functions use of a hub here.
  const hub = {
    store: {
      ...store,
      openProblem: async (problem, as) => {
        opened.push(problem.id);
        return store.openProblem(problem, as);
      },
    } satisfies Hub['store'],
    outbox: memoryOutbox(() => clock.now),
    now: () => clock.now,
    log: () => {},
  } as unknown as Hub;
  const systems = connectedSystems({
    connections,
    secrets: {
      read: async (id) => {
        serving = id;
        return secrets.get(id) ?? fail({ kind: 'credential', code: 'NO_SECRET', message: 'None.' });
      },
      forget: (id) => void forgotten.push(id),
    },
    checks: {
      read: async (id) => checks.get(id),
      write: async (id, version) => void checks.set(id, version),
    },
    loadConnector: async (system) => {
      loaded.push(system);
      const id = serving;
      return {
        ...connector,
        account: async () => {
          asked.push(id);
          return accounts.get(id) ?? fail(REFUSED);
        },
      };
    },
    serveDeps,
    metrics: {
      count: (name, by = 1) => {
        counted[name] = (counted[name] ?? 0) + by;
      },
      flush: () => {},
    },
    hub: () => hub,
  });
  const openProblems = async () => (await store.listProblems({ limit: 50 })).problems;
  return { systems, store, checks, clock, accounts, secrets, asked, loaded, forgotten, opened, counted, openProblems };
}
