import { afterEach, expect, test } from 'vitest';
import { account, company } from '../../bench/sample-partners.ts';
import type { SweepMode } from '../../domain/model/notice.ts';
import { updateConnection } from '../../domain/pipeline/connections/pause-connection.ts';
import { releaseConnection } from '../../domain/pipeline/connections/release-connection.ts';
import { seededRandom } from '../../local/simulators/sample-data/seeded-random.ts';
import { type ConnectedHub, type ConnectedHubOptions, connectedHub } from '../support/connected-hub.ts';
import { killedSweeps, type Reaper } from '../support/killed-sweeps.ts';

let world: ConnectedHub;
afterEach(() => world.close());

const OBJECT = { salesforce: 'Account', hubspot: 'company' } as const;
type Side = keyof typeof OBJECT;
const MINUTE_MS = 60_000;
const FIRST_ID = 10_000_000;

async function start(options: ConnectedHubOptions = {}): Promise<void> {
  world = await connectedHub(options);
}

/** Puts companies there, stamped with this time or the clock's; answers their ids. */
function seed(side: Side, count: number, modifiedAt = world.clock.now): readonly string[] {
  if (side === 'hubspot') {
    const first = FIRST_ID + world.hubspot.admin.records('companies').length;
    const records = Array.from({ length: count }, (_, index) => ({
      type: 'companies',
      id: String(first + index),
      properties: company(first + index, '') as Record<string, string>,
      modifiedAt,
      createdAt: modifiedAt,
    }));
    world.hubspot.admin.seed(records);
    return records.map(({ id }) => id);
  }
  const at = new Date(modifiedAt).toISOString();
  const { OwnerId: _ownerId, ...values } = account(1, '');
  return world.salesforce.seed(
    Array.from({ length: count }, (_, index) => ({
      object: 'Account',
      values: { ...values, Name: `A${index}`, CreatedDate: at, LastModifiedDate: at },
    })),
  );
}

/** Calls worth a kill each. A page of Salesforce is ticked off in twenty pieces, which are all alike: the first few stand for all. */
function counter(): (method: string) => boolean {
  let pieces = 0;
  return (method) => method !== 'trackPage' || ++pieces <= 6;
}

/** Ends the process at this call, once; before it is made, or right after. */
function once(at: number, isDone: boolean): Reaper {
  const counts = counter();
  let calls = 0;
  return (call) => call.isDone === isDone && counts(call.method) && ++calls === at;
}

/** Counts the calls of an undisturbed run. */
async function callsOf(run: (reaper: Reaper) => Promise<unknown>): Promise<number> {
  const counts = counter();
  let calls = 0;
  await run(({ method, isDone }) => {
    if (!isDone && counts(method)) calls += 1;
    return false;
  });
  return calls;
}

/** Several pages of each system: 100 a page, and 2,000. */
const SIZE = { hubspot: 230, salesforce: 2_100 } as const;

test.each(['hubspot', 'salesforce'] as const)(
  'a backfill of %s that is killed at any call misses nothing, reads at most one page again, and ends once',
  async (connection) => {
    await start();
    const ids = seed(connection, SIZE[connection]);
    await releaseConnection(world.hub, connection);
    const backfill = async (reaper: Reaper) => {
      world.clock.now += MINUTE_MS;
      const askedAt = world.clock.now;
      // As if for the first time, when its end also asks for a walk.
      await updateConnection(world.hub, connection, (before) => ({ ...before, backfilledAt: {} }));
      const sweeps = killedSweeps(world, { reaper });
      await sweeps.run({ connection, object: OBJECT[connection], mode: 'backfill' });
      const state = await world.store.readConnection(connection);
      const pages = sweeps.pages.filter(({ mode }) => mode === 'backfill');
      return {
        kills: sweeps.kills(),
        missed: ids.filter((id) => !sweeps.noticedAt.has(`${connection}#${id}`)).length,
        pages: pages.length,
        places: new Set(pages.map(({ position }) => position)).size,
        isBackfilled: (state?.backfilledAt[OBJECT[connection]] ?? 0) >= askedAt,
        isWalked: sweeps.pages.some(({ mode }) => mode === 'walk'),
      };
    };
    const calls = await callsOf(backfill);
    const whole = await backfill(() => false);
    expect(whole).toMatchObject({ kills: 0, missed: 0, isBackfilled: true, isWalked: true, pages: whole.places });
    expect(whole.places).toBeGreaterThanOrEqual(2);

    for (let call = 1; call <= calls; call += 1) {
      for (const isDone of [false, true]) {
        const killed = await backfill(once(call, isDone));
        expect({ call, isDone, ...killed }).toMatchObject({ kills: 1, missed: 0, isBackfilled: true, isWalked: true });
        expect(killed.places).toBe(whole.places);
        expect(killed.pages).toBeLessThanOrEqual(whole.pages + 1);
      }
    }
  },
);

test.each(['hubspot', 'salesforce'] as const)(
  'a walk of %s that is killed after its last page does not read everything again',
  async (connection) => {
    await start();
    seed(connection, SIZE[connection]);
    let pages = 0;
    const sweeps = killedSweeps(world, {
      reaper: ({ method, isDone }) => isDone && method === 'putCursor' && ++pages === whole,
    });
    const whole = Math.ceil(SIZE[connection] / (connection === 'hubspot' ? 100 : 2_000));

    await sweeps.run({ connection, object: OBJECT[connection], mode: 'walk' });

    expect(sweeps.kills()).toBe(1);
    expect(sweeps.pages).toHaveLength(whole);
    world.clock.now += MINUTE_MS;
    await sweeps.run({ connection, object: OBJECT[connection], mode: 'walk' });
    expect(sweeps.pages).toHaveLength(2 * whole);
  },
);

/** Asks for what changed, as the schedule does; answers how many ids each pass put on the queue. */
async function passes(
  sweeps: ReturnType<typeof killedSweeps>,
  connection: Side,
  count: number,
  everyMs = MINUTE_MS,
): Promise<number[]> {
  const found: number[] = [];
  for (let pass = 0; pass < count; pass += 1) {
    world.clock.now += everyMs;
    found.push(await sweeps.run({ connection, object: OBJECT[connection], mode: 'changes' }));
  }
  return found;
}

test.each([
  ['hubspot', 10_600],
  ['salesforce', 10_600],
] as const)(
  'more than 10,000 records of %s with one modified time are all found, though the sweep is killed again and again, and then it comes to rest',
  async (connection, count) => {
    await start();
    await passes(killedSweeps(world), connection, 2);
    const before = seed(connection, 150, world.clock.now - 1_000);
    const tied = seed(connection, count, world.clock.now);
    const after = seed(connection, 150, world.clock.now + 1_000);
    const random = seededRandom(7);
    const sweeps = killedSweeps(world, { reaper: () => random.chance(0.02) });

    const found = await passes(sweeps, connection, 5, 2.5 * MINUTE_MS);

    const missed = [...before, ...tied, ...after].filter((id) => !sweeps.noticedAt.has(`${connection}#${id}`));
    expect(missed).toEqual([]);
    expect(sweeps.kills()).toBeGreaterThan(2);
    // Read again while they lie in the overlap of five minutes, and never after.
    expect(found.slice(-2)).toEqual([0, 0]);
  },
);

test.each([
  ['hubspot', 'backfill'],
  ['hubspot', 'changes'],
  ['salesforce', 'backfill'],
  ['salesforce', 'changes'],
] as const)(
  'what people of %s change while a sweep of mode %s goes on, and an index that lags shows late, is found',
  async (connection, mode: SweepMode) => {
    await start({ indexLagMs: 100_000 });
    const pageSize = connection === 'hubspot' ? 100 : 2_000;
    await passes(killedSweeps(world), connection, 2);
    const ids = [...seed(connection, 5 * pageSize)];
    const random = seededRandom(11);
    const changedAt = new Map<string, number>();
    const isOver = (): boolean => changedAt.size >= 60;
    const sweeps = killedSweeps(world, {
      reaper: () => random.chance(0.01),
      async onPage() {
        if (isOver()) return;
        world.clock.now += 700;
        for (let edit = 0; edit < 5; edit += 1) {
          const id = random.chance(0.2) ? await create(connection) : random.pick(ids);
          if (!ids.includes(id)) ids.push(id);
          else await edited(connection, id);
          changedAt.set(id, sweeps.step());
        }
      },
    });

    if (mode === 'backfill') await sweeps.run({ connection, object: OBJECT[connection], mode });
    const found = await passes(sweeps, connection, 10);

    const late = ids.filter((id) => (sweeps.noticedAt.get(`${connection}#${id}`) ?? -1) < (changedAt.get(id) ?? 0));
    expect(changedAt.size).toBeGreaterThan(10);
    expect(late).toEqual([]);
    expect(found.at(-1)).toBe(0);
  },
);

async function edited(connection: Side, id: string): Promise<void> {
  if (connection === 'salesforce')
    world.salesforce.seed([{ object: 'Account', values: { Id: id, Description: 'edited' } }]);
  else await asPerson('PATCH', `companies/${id}`, { properties: { description: `edited ${world.clock.now}` } });
}

async function create(connection: Side): Promise<string> {
  if (connection === 'salesforce') return seed('salesforce', 1)[0] ?? '';
  return (await asPerson('POST', 'companies', { properties: { name: 'New' } })).id;
}

async function asPerson(method: string, path: string, body: object): Promise<{ readonly id: string }> {
  const answer = await fetch(`${world.hubspot.url}/crm/v3/objects/${path}`, {
    method,
    headers: { authorization: 'Bearer simulated-hubspot-token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`HubSpot answered ${answer.status}`);
  // The vendor's answer to an edit or a creation is the record.
  return (await answer.json()) as { id: string };
}
