import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SIMULATED_AWS_CONNECTIONS } from '../local/cli/simulated-systems.ts';
import { type BenchHub, benchHub } from './bench-world.ts';
import { startChild } from './child.ts';
import { endOnSignal } from './end-on-signal.ts';
import { freePort } from './free-port.ts';
import type { HubDuties } from './hub-process.ts';
import type { MarketplaceSimulatorsDuties, SystemPorts } from './marketplace-simulators.ts';
import { vendorHttp } from './vendor-http.ts';

/** A running hub between two empty CRMs and an AWS account that sells and co-sells. */
export interface MarketplaceWorld {
  readonly hub: BenchHub;
  readonly urls: Readonly<Record<'salesforce' | 'hubspot' | 'aws-marketplace' | 'aws-partner-central', string>>;
  /** Calls answered so far, as `system operation`; what the bench asks of the simulators' own doors is not among them. */
  calls(): Promise<Readonly<Record<string, number>>>;
  /** Calls AWS refused because they went past a limit, by limit. */
  refused(): Promise<Readonly<Record<string, number>>>;
  /** Events the marketplace has sent to the bus. */
  eventsSent(): Promise<number>;
  stop(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, '..');
/** The ports that the shipped connections file names. */
const SHIPPED_PORTS: SystemPorts = { salesforce: 8801, hubspot: 8802, marketplace: 8803, partnerCentral: 8804 };

interface Statistics {
  readonly calls: { readonly byRoute: Readonly<Record<string, { readonly calls: number }>> };
  readonly throttled?: Readonly<Record<string, number>>;
  readonly overLimit?: Readonly<Record<string, number>>;
  readonly events?: { readonly published: number };
}

/** Starts all of it on free ports, releases the connections and reads them: nothing moves any more. */
export async function startMarketplaceWorld(): Promise<MarketplaceWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  const removeFiles = (): void => rmSync(directory, { recursive: true, force: true });
  endOnSignal(removeFiles);
  const hubProcess = startChild<HubDuties>(new URL('./hub-process.ts', import.meta.url));
  const simulators = startChild<MarketplaceSimulatorsDuties>(new URL('./marketplace-simulators.ts', import.meta.url));
  const stop = async (): Promise<void> => {
    await hubProcess.stop();
    await simulators.stop();
    removeFiles();
  };
  try {
    const ports: SystemPorts = {
      salesforce: await freePort(),
      hubspot: await freePort(),
      marketplace: await freePort(),
      partnerCentral: await freePort(),
    };
    const connectionsFile = join(directory, 'connections.yaml');
    writeFileSync(connectionsFile, connectionsText(ports));
    const dataDirectory = join(directory, 'hub');
    const hubUrl = await hubProcess.ask('start', { root: ROOT, dataDirectory, connectionsFile });
    const bus = await hubProcess.ask('bus', undefined);
    const urls = await simulators.ask('start', { ports, hubUrl, bus });
    const hub = benchHub(hubUrl, dataDirectory, hubProcess, async () => undefined, '-sweep');
    await hub.release();
    await hub.backfill();
    return { hub, urls, stop, ...countersOf(urls) };
  } catch (error) {
    // Half a world must not stay behind; the caller hears why.
    await stop();
    throw error;
  }
}

/** The connections that ship with the simulated AWS account, on other ports. */
function connectionsText(ports: SystemPorts): string {
  const shipped = readFileSync(join(ROOT, SIMULATED_AWS_CONNECTIONS), 'utf8');
  return Object.entries(SHIPPED_PORTS).reduce(
    (text, [name, port]) => text.replace(`127.0.0.1:${port}`, `127.0.0.1:${ports[name as keyof SystemPorts]}`),
    shipped,
  );
}

function countersOf(urls: MarketplaceWorld['urls']): Pick<MarketplaceWorld, 'calls' | 'refused' | 'eventsSent'> {
  const ask = (system: keyof MarketplaceWorld['urls']): Promise<Statistics> => {
    const door = system === 'hubspot' ? 'stats' : 'statistics';
    return vendorHttp<Statistics>(`${urls[system]}/_simulator/${door}`, 'GET', {});
  };
  return {
    async calls() {
      const counts: Record<string, number> = {};
      for (const system of ['salesforce', 'hubspot', 'aws-marketplace', 'aws-partner-central'] as const) {
        const { calls } = await ask(system);
        for (const [route, entry] of Object.entries(calls.byRoute)) counts[`${system} ${route}`] = entry.calls;
      }
      return counts;
    },
    async refused() {
      const [marketplace, partnerCentral] = [await ask('aws-marketplace'), await ask('aws-partner-central')];
      return { ...marketplace.throttled, ...partnerCentral.overLimit };
    },
    eventsSent: async () => (await ask('aws-marketplace')).events?.published ?? 0,
  };
}
