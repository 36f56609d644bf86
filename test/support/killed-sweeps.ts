import type { Notice, SweepRequest } from '../../domain/model/notice.ts';
import { finishBackfillPage } from '../../domain/pipeline/connections/finish-backfill.ts';
import { sweepConnection } from '../../domain/pipeline/connections/sweep-connection.ts';
import type { Hub, SystemPort } from '../../domain/pipeline/ports.ts';
import type { ConnectedHub } from './connected-hub.ts';

/** The process has ended here. */
class Killed extends Error {
  override readonly name = 'Killed';
}

/** Decides where the process ends: hears of every call of the hub to the outside, and says whether it ends now. */
export type Reaper = (call: { readonly method: string; readonly isDone: boolean }) => boolean;

/** A page a sweep has read. */
export interface PageRead {
  readonly connection: string;
  readonly mode: string;
  readonly position: string;
  readonly ids: readonly string[];
}

/** Sweeps of the real connectors between simulated systems, killed where the reaper says and then sent again, as the queue does. */
export interface KilledSweeps {
  /** Every page read, in order. */
  readonly pages: readonly PageRead[];
  /** By `connection#id`: the step of its last notice; what was changed at an earlier step is read with it. */
  readonly noticedAt: ReadonlyMap<string, number>;
  /** The next step: whoever changes something notes it. */
  step(): number;
  /** How often the process was ended. */
  kills(): number;
  /** Asks for a sweep and works until nothing waits, whoever is killed in between; answers the ids it put on the queue. */
  run(request: Pick<SweepRequest, 'connection' | 'object' | 'mode'>): Promise<number>;
}

/** What happens around the sweeps. */
export interface KilledSweepsOptions {
  readonly reaper?: Reaper;
  /** Runs after each page was read and before the hub hears of it: people go on working. */
  readonly onPage?: (page: PageRead) => void | Promise<void>;
  /** Takes in what was put on the queue; without it pages of a backfill are ticked off and nothing is read. */
  readonly absorb?: (hub: Hub, notices: readonly Notice[]) => Promise<void>;
  /** Whether a request has time for one page more. Default: always. */
  readonly hasTime?: () => boolean;
}

const ROUNDS_MAX = 100_000;
/** Notices of one batch of the queue. */
const BATCH_MAX = 100;

/** Prepares sweeps over a connected hub. */
export function killedSweeps(world: ConnectedHub, options: KilledSweepsOptions = {}): KilledSweeps {
  const { outbox, clock } = world;
  const pages: PageRead[] = [];
  const noticedAt = new Map<string, number>();
  let kills = 0;
  let noticed = 0;
  let steps = 0;
  const step = (): number => ++steps;
  const hub = mortalHub(world.hub, options.reaper ?? (() => false), async (page) => {
    pages.push(page);
    await options.onPage?.(page);
  });
  const absorb = options.absorb ?? tickOff;

  /** As a queue: whoever is killed leaves the message, and it comes again. */
  async function surviving(work: () => Promise<unknown>): Promise<void> {
    for (let attempt = 0; attempt < ROUNDS_MAX; attempt += 1) {
      try {
        await work();
        return;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        kills += 1;
      }
    }
    throw new Error('a message was killed again and again');
  }

  async function drainNotices(): Promise<void> {
    const notices = outbox.takeNotices();
    for (const { connection, ids } of notices) {
      noticed += ids.length;
      const at = step();
      for (const id of ids) noticedAt.set(`${connection}#${id}`, at);
    }
    for (let start = 0; start < notices.length; start += BATCH_MAX) {
      await surviving(() => absorb(hub, notices.slice(start, start + BATCH_MAX)));
    }
  }

  return {
    pages,
    noticedAt,
    step,
    kills: () => kills,
    async run(request) {
      const before = noticed;
      await outbox.sweep([{ schema: 1, attempts: 0, ...request }], 0);
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const [next, ...others] = outbox.takeSweeps();
        if (others.length > 0) await outbox.sweep(others, 0);
        if (next === undefined) {
          await drainNotices();
          const waits = outbox.nextVisibleAt();
          if (outbox.waiting.sweeps.length === 0 && outbox.waiting.notices.length === 0) return noticed - before;
          if (waits !== undefined) clock.now = Math.max(clock.now, waits);
          continue;
        }
        const message = { ...next, askedAt: next.askedAt ?? clock.now };
        await surviving(() => sweepConnection(hub, message, options.hasTime ?? (() => true)));
        await drainNotices();
      }
      throw new Error('the sweeps did not come to an end');
    },
  };
}

async function tickOff(hub: Hub, notices: readonly Notice[]): Promise<void> {
  for (const notice of notices) await finishBackfillPage(hub, notice);
}

/** A hub whose calls to the outside the reaper hears of, each before it is made and after. */
function mortalHub(hub: Hub, reaper: Reaper, onPage: (page: PageRead) => Promise<void>): Hub {
  const mortal = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function' || name === 'limits') return value;
        return async (...args: unknown[]) => {
          if (reaper({ method: String(name), isDone: false })) throw new Killed();
          const answer: unknown = await value.apply(target, args);
          if (reaper({ method: String(name), isDone: true })) throw new Killed();
          return answer;
        };
      },
    });
  return {
    ...hub,
    store: mortal(hub.store),
    outbox: mortal(hub.outbox),
    async system(connection) {
      const opened = await hub.system(connection);
      if (!opened.ok) return opened;
      return { ok: true, value: mortal(watched(opened.value, onPage)) };
    },
  };
}

function watched(port: SystemPort, onPage: (page: PageRead) => Promise<void>): SystemPort {
  return {
    ...port,
    async changes(object, mode, position, connectedAt) {
      const answer = await port.changes(object, mode, position, connectedAt);
      if (answer.ok) {
        const { ids } = answer.value;
        await onPage({ connection: port.connection, mode, position: JSON.stringify(position) ?? '', ids });
      }
      return answer;
    },
  };
}
