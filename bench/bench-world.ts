import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { callHub } from '../local/cli/api-client.ts';
import { readStatus } from '../local/cli/status.ts';
import type { HubStats } from '../local/runtime/hub.ts';
import { type Child, startChild } from './child.ts';
import { endOnSignal } from './end-on-signal.ts';
import type { HubDuties } from './hub-process.ts';
import { hubspotSide } from './hubspot-side.ts';
import type { ProcessUsage } from './process-usage.ts';
import { salesforceSide } from './salesforce-side.ts';
import type { SimulatorsDuties } from './simulators-process.ts';
import type { VendorSide } from './vendor-side.ts';

/** A hub of the local stack in a process of its own, with the data of one measurement. */
export interface BenchHub {
  readonly url: string;
  /** Where the hub keeps its data and its functions their logs. */
  readonly dataDirectory: string;
  stats(): Promise<HubStats>;
  usage(): Promise<ProcessUsage>;
  /** Reads everything the systems have, and resolves when all of it is taken in and nothing moves. */
  backfill(): Promise<void>;
  /** Lets the hub write to both systems, and resolves when they have what they lacked and nothing moves. */
  release(): Promise<void>;
  /** Resolves when no message is on any queue, ready, in flight or delayed. *Faults*: throws when that takes too long. */
  quiet(withinMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Both simulated systems in a process of their own, and hubs connected to them, one at a time. */
export interface BenchWorld {
  readonly salesforce: VendorSide;
  readonly hubspot: VendorSide;
  readonly sides: readonly [VendorSide, VendorSide];
  /** Starts a hub with a new data directory and lets the systems send their webhooks to it. */
  startHub(): Promise<BenchHub>;
  simulatorUsage(): Promise<ProcessUsage>;
  /** Ends every process and removes every file. */
  stop(): Promise<void>;
}

/** How a world is made. */
export interface BenchWorldOptions {
  /** Options of Node for the hub's process, such as a profiler's. */
  readonly hubNodeOptions?: readonly string[];
}

const ROOT = resolve(import.meta.dirname, '..');
const QUIET_MS_MAX = 600_000;
const POLL_MS = 200;
const QUIET_POLLS = 3;

/** Starts the simulated systems, empty and without limits that could be the bound. */
export async function startBenchWorld(options: BenchWorldOptions = {}): Promise<BenchWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  const removeFiles = (): void => rmSync(directory, { recursive: true, force: true });
  endOnSignal(removeFiles);
  const simulators = startChild<SimulatorsDuties>(new URL('./simulators-process.ts', import.meta.url));
  const hubs = new Set<BenchHub>();
  let started = 0;
  let assembly: string | undefined;

  async function stop(): Promise<void> {
    for (const hub of hubs) await hub.stop();
    await simulators.stop();
    removeFiles();
  }

  try {
    const urls = await simulators.ask('start', undefined);
    const connectionsFile = join(directory, 'connections.yaml');
    writeFileSync(connectionsFile, connectionsText(urls));
    const salesforce = await salesforceSide(urls.salesforce);
    const hubspot = hubspotSide(urls.hubspot);
    const sides = [salesforce, hubspot] as const;
    for (const side of sides) await side.reset();
    return {
      salesforce,
      hubspot,
      sides,
      async startHub() {
        started += 1;
        const dataDirectory = join(directory, `hub-${started}`);
        const child = startChild<HubDuties>(new URL('./hub-process.ts', import.meta.url), options.hubNodeOptions);
        const url = await child
          .ask('start', { root: ROOT, dataDirectory, connectionsFile, ...(assembly === undefined ? {} : { assembly }) })
          .catch(async (error: unknown) => {
            // A process without a hub in it must not stay behind; the caller hears why.
            await child.stop();
            throw error;
          });
        // The template is the same for all hubs of this world, so it is synthesised once.
        assembly ??= join(dataDirectory, 'cdk.out');
        const hub = benchHub(url, dataDirectory, child, async () => {
          hubs.delete(hub);
          for (const side of sides) await side.tell(undefined);
        });
        hubs.add(hub);
        for (const side of sides) await side.tell(url);
        return hub;
      },
      simulatorUsage: () => simulators.ask('usage', undefined),
      stop,
    };
  } catch (error) {
    // Half a world must not stay behind; the caller hears why.
    await stop();
    throw error;
  }
}

/**
 * The hub that a child process runs, as a bench sees it; `onStop` runs before it is stopped. `waitingQueues`: end of the names of
 * queues on which something may wait for its time while the hub is at rest, as sweeps do that are spread over their interval.
 */
export function benchHub(
  url: string,
  dataDirectory: string,
  child: Child<HubDuties>,
  onStop: () => Promise<void>,
  waitingQueues?: string,
): BenchHub {
  const remote = { url };

  async function until(what: string, isSo: () => Promise<boolean>, withinMs: number): Promise<void> {
    for (const giveUpAt = Date.now() + withinMs; Date.now() < giveUpAt; await sleep(POLL_MS)) if (await isSo()) return;
    throw new Error(`${what} took more than ${withinMs / 1_000} s.`);
  }

  /** Counts from the queues themselves: asking the hub's API would be work for the hub. */
  async function isQuiet(): Promise<boolean> {
    const { sqs } = await child.ask('stats', undefined);
    return Object.entries(sqs.queues).every(([name, { ready, inFlight, delayed }]) => {
      const mayWait = waitingQueues !== undefined && name.endsWith(waitingQueues);
      return ready + inFlight + (mayWait ? 0 : delayed) === 0;
    });
  }

  async function quiet(withinMs = QUIET_MS_MAX): Promise<void> {
    // Several times in a row: between two queues a message is on the bus.
    let quietPolls = 0;
    const isAtRest = async (): Promise<boolean> => {
      quietPolls = (await isQuiet()) ? quietPolls + 1 : 0;
      return quietPolls >= QUIET_POLLS;
    };
    await until('Coming to rest', isAtRest, withinMs);
  }

  return {
    url,
    dataDirectory,
    stats: () => child.ask('stats', undefined),
    usage: () => child.ask('usage', undefined),
    async backfill() {
      for (const id of await connections()) await callHub(remote, 'POST', `/api/connections/${id}/backfill`, {});
      // Asking whether it is done is work for the hub, so it is asked when the queues look it.
      await until('The backfill', async () => (await isQuiet()) && (await isBackfilled()), QUIET_MS_MAX);
      await quiet();
    },
    async release() {
      for (const id of await connections()) await callHub(remote, 'POST', `/api/connections/${id}/release`);
      await quiet();
    },
    quiet,
    async stop() {
      await onStop();
      await child.stop();
    },
  };

  async function connections(): Promise<readonly string[]> {
    return (await readStatus(remote)).connections.map(({ id }) => id);
  }

  async function isBackfilled(): Promise<boolean> {
    const { connections } = await readStatus(remote);
    return connections.every(({ objects }) => Object.values(objects).every(({ backfilled }) => backfilled));
  }
}

/** The connections file of a world: both simulated systems, companies only. */
export function connectionsText(urls: { readonly salesforce: string; readonly hubspot: string }): string {
  return `- id: salesforce
  system: salesforce
  baseUrl: ${urls.salesforce}
  auth: client-credentials
  credentials:
    env: { clientId: SALESFORCE_SIM_CLIENT_ID, clientSecret: SALESFORCE_SIM_CLIENT_SECRET, webhookKey: SALESFORCE_SIM_WEBHOOK_KEY }
  objects: [Account]
- id: hubspot
  system: hubspot
  baseUrl: ${urls.hubspot}
  auth: static-token
  credentials:
    env: { accessToken: HUBSPOT_SIM_ACCESS_TOKEN, clientSecret: HUBSPOT_SIM_CLIENT_SECRET }
  objects: [company]
`;
}
