import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { HubStore, Outbox } from '../../../domain/pipeline/ports.ts';
import { absorbChanges } from '../../../functions/absorb-changes/absorb-changes.ts';
import { deliverChanges } from '../../../functions/deliver-changes/deliver-changes.ts';
import { webhookHandler } from '../../../functions/receive-webhook/webhook-handler.ts';
import type { HubRuntime } from '../../../functions/runtime/composition.ts';
import { queueHandler } from '../../../functions/runtime/queue-handler.ts';
import { sweepChanges } from '../../../functions/sweep-changes/sweep-changes.ts';
import { currentProcess, type Invocation, passGate, type SimulatedProcess } from '../engine/process.ts';
import type { ScheduledEvent, Scheduler } from '../engine/scheduler.ts';
import type { SeededRandom } from '../engine/seeded-random.ts';
import type { Temper } from '../plan/plan.ts';
import { hubRuntimeOf, type ProcessPorts, type Release, type SimulatedRuntime } from './hub-runtime.ts';
import { SimulatedQueue } from './simulated-queue.ts';

/** Thrown by the simulation in the place of AWS: what did it is no defect of the hub. */
export class AwsOutage extends Error {}

/** What the fleet works with. */
export interface FleetOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly temper: () => Temper;
  readonly release: Release;
  readonly store: HubStore;
  readonly connectors: ProcessPorts['connectors'];
  readonly credentials: ProcessPorts['credentials'];
}

interface Slot {
  readonly duty: Duty;
  process: FleetProcess;
  runtime: SimulatedRuntime;
  release: Release;
}

interface FleetProcess extends SimulatedProcess {
  isBusy: boolean;
  /** Goes on after its function's time is up, as a frozen machine that wakes does. */
  isZombie: boolean;
}

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

interface Duty {
  readonly name: string;
  readonly queue: SimulatedQueue;
  readonly timeoutMs: number;
  readonly slotsMax: number;
  readonly handlerOf: (runtime: SimulatedRuntime) => Handler;
  readonly slots: Slot[];
}

/** The hub's processes and queues: every function with its slots, started by messages, killed and frozen on demand. */
export class HubFleet {
  /** Exceptions that handlers caught and that the simulation did not throw. */
  readonly defects: string[] = [];
  readonly #options: FleetOptions;
  readonly #duties = new Map<string, Duty>();
  readonly #checked = new Map<string, string>();
  readonly #replays = new Set<string>();
  #release: Release;
  #processes = 0;
  #api: Slot | undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#release = options.release;
    this.#addDuty('absorb', { batchMax: 100, windowMs: 1_000, timeoutMs: 60_000, slotsMax: 3 }, (runtime) =>
      queueHandler(absorbChanges, async () => runtime),
    );
    this.#addDuty('sweep', { batchMax: 1, windowMs: 0, timeoutMs: 120_000, slotsMax: 3 }, (runtime) =>
      queueHandler(sweepChanges, async () => runtime),
    );
    this.deploy(options.release);
  }

  /** Invocations from now on begin with this release; those under way end with theirs. */
  deploy(release: Release): void {
    this.#release = release;
    for (const { id } of release.connections) {
      const name = `deliver-${id}`;
      if (this.#duties.has(name)) continue;
      this.#addDuty(name, { batchMax: 100, windowMs: 1_000, timeoutMs: 60_000, slotsMax: 2 }, (runtime) =>
        queueHandler(deliverChanges, async () => runtime),
      );
    }
  }

  get release(): Release {
    return this.#release;
  }

  /** Messages anywhere, and processes at work. */
  get backlog(): number {
    return [...this.#duties.values()].reduce((sum, { queue }) => sum + queue.length, 0) + this.busy().length;
  }

  get waiting(): readonly string[] {
    return [...this.#duties.values()].flatMap(({ name, queue }) => queue.bodies.map((body) => `${name}: ${body}`));
  }

  get deadLetters(): readonly string[] {
    return [...this.#duties.values()].flatMap(({ name, queue }) => queue.dead.map(({ body }) => `${name}: ${body}`));
  }

  /** Somebody sends dead letters again that are AWS's doing; answers whether there were any. */
  redrive(): boolean {
    return [...this.#duties.values()].map(({ queue }) => queue.redrive()).some((isAgain) => isAgain);
  }

  busy(): readonly SimulatedProcess[] {
    return [...this.#duties.values()].flatMap(({ slots }) =>
      slots.map(({ process }) => process).filter(({ isBusy, isDead }) => isBusy && !isDead),
    );
  }

  kill(process: SimulatedProcess): void {
    process.isDead = true;
    for (const duty of this.#duties.values()) this.#start(duty);
  }

  /** Freezes a process; it wakes as if nothing had happened, whatever its lease and its function's time. */
  freeze(process: SimulatedProcess, forMs: number): void {
    (process as FleetProcess).isZombie = true;
    this.#options.scheduler.delay(process, forMs);
  }

  sweep(connection: string, object: string, mode: string): void {
    this.#duties.get('sweep')?.queue.send(JSON.stringify({ schema: 1, connection, object, mode }), 0);
  }

  /** A rule of the bus puts an event into the inbound queue. */
  event(body: string, afterMs: number): void {
    this.#duties.get('absorb')?.queue.send(body, afterMs);
  }

  /** Runs what a person asks the hub's API for, in a process of its own. */
  asPerson<T>(act: (runtime: SimulatedRuntime) => Promise<T>): Promise<T> {
    const duty = this.#duties.get('sweep');
    if (duty === undefined) throw new Error('no fleet');
    this.#api = this.#api?.release === this.#release ? this.#api : this.#newSlot(duty, 'api');
    const { process, runtime } = this.#api;
    runtime.begin(Number.POSITIVE_INFINITY);
    return currentProcess.run(process, () => act(runtime));
  }

  /** A webhook reaches the hub; answers the status. */
  async webhook(connection: string, headers: Record<string, string>, body: string): Promise<number> {
    return this.asPerson(async (runtime) => {
      const event = {
        headers: { ...headers, host: HUB_HOST },
        pathParameters: { connection },
        rawPath: `/webhooks/${connection}`,
        rawQueryString: '',
        requestContext: { domainName: HUB_HOST, http: { method: 'POST' } },
        body,
        isBase64Encoded: false,
      };
      // The handler reads these members of an event and of a runtime only; the rest of both are AWS's.
      const handle = webhookHandler(async () => runtime as unknown as HubRuntime);
      const context = { getRemainingTimeInMillis: () => 5_000 } as Context;
      const answer = await handle(event as unknown as Parameters<typeof handle>[0], context);
      return answer.statusCode ?? 500;
    });
  }

  #addDuty(
    name: string,
    {
      batchMax,
      windowMs,
      ...rest
    }: { readonly batchMax: number; readonly windowMs: number; readonly timeoutMs: number; readonly slotsMax: number },
    handlerOf: Duty['handlerOf'],
  ): void {
    const { scheduler, random, temper } = this.#options;
    const queue = new SimulatedQueue({
      name,
      scheduler,
      random: random.fork(name),
      batchMax,
      windowMs,
      visibilityMs: 6 * rest.timeoutMs,
      receivesMax: 5,
      twiceChance: () => temper().twice,
      lateChance: () => temper().late,
      onReady: () => this.#start(duty),
    });
    const duty: Duty = { name, queue, handlerOf, slots: [], ...rest };
    this.#duties.set(name, duty);
  }

  #start(duty: Duty): void {
    if (!duty.queue.hasVisible()) return;
    const slot = this.#freeSlot(duty);
    if (slot === undefined) return;
    const messages = duty.queue.receive();
    if (messages.length > 0) this.#invoke(duty, slot, messages);
  }

  #freeSlot(duty: Duty): Slot | undefined {
    for (const [place, slot] of duty.slots.entries()) {
      if (slot.process.isBusy && !slot.process.isDead) continue;
      const isStale = slot.process.isDead || slot.release !== this.#release;
      const free = isStale ? this.#newSlot(duty, duty.name) : slot;
      duty.slots[place] = free;
      return free;
    }
    if (duty.slots.length >= duty.slotsMax) return undefined;
    const slot = this.#newSlot(duty, duty.name);
    duty.slots.push(slot);
    return slot;
  }

  #invoke(duty: Duty, slot: Slot, messages: ReturnType<SimulatedQueue['receive']>): void {
    const { scheduler } = this.#options;
    const { process, runtime } = slot;
    process.isBusy = true;
    process.isZombie = false;
    const invocation: Invocation = { begunAt: scheduler.now, isSound: false, isOutage: false };
    process.invocation = invocation;
    const endsAt = scheduler.now + duty.timeoutMs;
    const end: ScheduledEvent = scheduler.at(endsAt, `${process.name} time is up`, () => {
      if (!process.isZombie) this.kill(process);
    });
    const records = messages.map(({ id, body, receiveCount, firstReceivedAt }) => ({
      messageId: id,
      body,
      attributes: {
        ApproximateReceiveCount: String(receiveCount),
        ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      },
    }));
    const context = { getRemainingTimeInMillis: () => duty.timeoutMs } as Context;
    // The handler reads these members of a record only.
    const event = { Records: records } as unknown as SQSEvent;
    void currentProcess.run(process, async () => {
      const answer = await duty.handlerOf(runtime)(event, context);
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      invocation.isSound = failed.size === 0 && !process.isZombie;
      if (invocation.isOutage) duty.queue.failed([...failed]);
      duty.queue.done(messages.filter(({ id }) => !failed.has(id)).map(({ id }) => id));
      end.isCancelled = true;
      process.isBusy = false;
      scheduler.at(scheduler.now, `${duty.name} free`, () => this.#start(duty));
    });
  }

  #newSlot(duty: Duty, name: string): Slot {
    const serial = ++this.#processes;
    const idle = { isDead: false, isBusy: false, isZombie: false, invocation: undefined };
    const process: FleetProcess = { name: `${name}/${serial}`, serial, ...idle };
    const release = this.#release;
    return { duty, process, release, runtime: hubRuntimeOf(release, this.#portsOf(process)) };
  }

  #portsOf(process: SimulatedProcess): ProcessPorts {
    const { scheduler, connectors, credentials } = this.#options;
    const random = this.#options.random.fork(process.name);
    const gate = <T>(label: string, act: () => Promise<T>): Promise<T> =>
      passGate(scheduler, process, label, this.#latency(random), async () => {
        if (random.chance(this.#options.temper().awsOutage)) throw new AwsOutage(label);
        return act();
      });
    return {
      store: gatedStore(this.#options.store, gate),
      outbox: this.#outbox(random, gate),
      checks: {
        read: (connection) => gate('checks.read', async () => this.#checked.get(connection)),
        write: (connection, version) => gate('checks.write', async () => void this.#checked.set(connection, version)),
      },
      replays: {
        isReplay: (connection, keys) =>
          gate('replays.read', async () => keys.length > 0 && keys.every((key) => this.#replays.has(connection + key))),
        note: (connection, keys) =>
          gate('replays.note', async () => {
            for (const key of keys) this.#replays.add(connection + key);
          }),
      },
      sleep: (ms) => passGate(scheduler, process, 'sleep', ms, async () => undefined),
      now: () => scheduler.now,
      random,
      connectors,
      credentials,
      onDefect: (step, error) => {
        if (error instanceof AwsOutage && process.invocation !== undefined) process.invocation.isOutage = true;
        if (!(error instanceof AwsOutage))
          this.defects.push(`${step}: ${error instanceof Error ? error.stack : error}`);
      },
    };
  }

  #latency(random: SeededRandom): number {
    const { slow } = this.#options.temper();
    return random.chance(slow) ? random.between(20, 2_000) : random.between(1, 12);
  }

  #outbox(random: SeededRandom, gate: <T>(label: string, act: () => Promise<T>) => Promise<T>): Outbox {
    const send = (
      label: string,
      to: (body: object) => SimulatedQueue | undefined,
      bodies: readonly object[],
      ms: number,
    ) =>
      gate(`outbox.${label}`, async () => {
        // Part of a batch may be accepted before AWS fails.
        const accepted = random.chance(this.#options.temper().awsOutage) ? random.between(0, bodies.length) : undefined;
        for (const body of bodies.slice(0, accepted)) to(body)?.send(JSON.stringify(body), ms);
        if (accepted !== undefined) throw new AwsOutage(label);
      });
    const queue = (name: string) => () => this.#duties.get(name)?.queue;
    const outbound = (body: object) =>
      'connection' in body ? this.#duties.get(`deliver-${String(body.connection)}`)?.queue : undefined;
    return {
      notice: (notices, delayMs) => send('notice', queue('absorb'), notices, delayMs),
      deliver: (due) => send('deliver', outbound, due, random.between(20, 400)),
      deliverLater: (due, delayMs) => send('deliverLater', outbound, due, delayMs),
      changed: (events) => send('changed', () => undefined, events, 0),
      sweep: (requests, delayMs) => send('sweep', queue('sweep'), requests, delayMs),
    };
  }
}

/** Where vendors send webhooks. */
export const HUB_HOST = 'hub.example';

/** The store with every call an await on which the scheduler decides. */
function gatedStore(store: HubStore, gate: <T>(label: string, act: () => Promise<T>) => Promise<T>): HubStore {
  return new Proxy(store, {
    get(target, name: keyof HubStore) {
      const method = target[name] as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => gate(String(name), () => method(...args));
    },
  });
}
