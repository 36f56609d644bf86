import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { relative, resolve } from 'node:path';
import { startHub } from '../../runtime/hub.ts';
import { startSimulators } from '../../simulators/start-simulators.ts';
import { callHub } from '../api-client.ts';
import { awsSimulatorTasks, busOf, simulatedVariables, simulatorTasks } from '../simulated-systems.ts';
import { readStatus } from '../status.ts';
import { type AwsPeople, awsPeople } from './aws-people.ts';
import { type HubspotPerson, hubspotPerson } from './hubspot-person.ts';
import { type SalesforcePerson, salesforcePerson } from './salesforce-person.ts';
import { until } from './teller.ts';

/** The hub and both systems, running, and somebody to work in each. */
export interface DemoWorld {
  readonly hubUrl: string;
  readonly hubspot: HubspotPerson;
  readonly salesforce: SalesforcePerson;
  /** Buyers, and people at AWS; only where there is an AWS account. */
  readonly aws: AwsPeople;
  /** Calls the hub's API. */
  call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>;
  /** Waits until no message is on any queue, ready or in flight. */
  quiet(withinMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** A fifth of the sample data is enough to show everything, and keeps the demo below two minutes on a small machine. */
const SAMPLE_SCALE = 0.2;
const ROOT = resolve(import.meta.dirname, '../../..');

/** What a demo plays in. */
export interface DemoScene {
  /** Whether the CRMs are filled with sample data; empty ones make what happens easier to follow. */
  readonly hasSampleData: boolean;
  /** Whether there is an AWS account that sells and co-sells. */
  readonly hasAws: boolean;
}

/** Starts everything on free ports, with a connections file of its own. Nothing is released: the hub reads and does not write. */
export async function startDemoWorld(dataDirectory: string, scene: DemoScene): Promise<DemoWorld> {
  const [salesforcePort = 0, hubspotPort = 0, marketplacePort = 0, partnerCentralPort = 0] = await freePorts(4);
  const connectionsFile = resolve(dataDirectory, 'connections.yaml');
  writeFileSync(
    connectionsFile,
    connectionsText(salesforcePort, hubspotPort) + (scene.hasAws ? awsText(marketplacePort, partnerCentralPort) : ''),
  );
  const hub = await startHub({
    root: ROOT,
    dataDirectory,
    httpPort: 0,
    connectionsFile: relative(ROOT, connectionsFile),
    variables: simulatedVariables(process.env),
  });
  const tasks = simulatorTasks(dataDirectory, Number(new URL(hub.httpUrl).port), {
    salesforce: salesforcePort,
    hubspot: hubspotPort,
  });
  // Whoever plays the people and watches them calls HubSpot as well; the hub itself keeps to its own budget.
  const withRoom = tasks.map((task) => ({
    ...task,
    limits: { per10Seconds: 1_000, searchesPerSecond: 20 },
    sampleScale: SAMPLE_SCALE,
    isSeeded: scene.hasSampleData,
  }));
  const awsPorts = { marketplace: marketplacePort, partnerCentral: partnerCentralPort };
  const aws = scene.hasAws ? awsSimulatorTasks(dataDirectory, busOf(hub), awsPorts) : [];
  const simulators = await startSimulators([...withRoom, ...aws]).catch(async (error: unknown) => {
    // Half a world must not stay behind; the caller hears why.
    await hub.stop();
    throw error;
  });
  const remote = { url: hub.httpUrl };
  return {
    hubUrl: hub.httpUrl,
    hubspot: hubspotPerson(simulators.urls.hubspot),
    salesforce: await salesforcePerson(simulators.urls.salesforce),
    aws: awsPeople(simulators.urls['aws-marketplace'], simulators.urls['aws-partner-central']),
    call: (method, path, body) => callHub(remote, method, path, body),
    async quiet(withinMs = 60_000) {
      await until(
        'the queues come to rest',
        async () => {
          const { queues } = await readStatus(remote);
          const isBusy = Object.values(queues).some(({ ready, inFlight }) => ready + inFlight > 0);
          return isBusy ? undefined : true;
        },
        withinMs,
        500,
      );
    },
    async stop() {
      await hub.stop();
      await simulators.stop();
    },
  };
}

function connectionsText(salesforcePort: number, hubspotPort: number): string {
  return `- id: salesforce
  system: salesforce
  baseUrl: http://127.0.0.1:${salesforcePort}
  auth: client-credentials
  credentials:
    env: { clientId: SALESFORCE_SIM_CLIENT_ID, clientSecret: SALESFORCE_SIM_CLIENT_SECRET, webhookKey: SALESFORCE_SIM_WEBHOOK_KEY }
  objects: [Account, Opportunity, Contact, Lead]
- id: hubspot
  system: hubspot
  baseUrl: http://127.0.0.1:${hubspotPort}
  auth: static-token
  credentials:
    env: { accessToken: HUBSPOT_SIM_ACCESS_TOKEN, clientSecret: HUBSPOT_SIM_CLIENT_SECRET }
  objects: [company, deal, contact, lead]
`;
}

function awsText(marketplacePort: number, partnerCentralPort: number): string {
  const entry = (id: string, system: string, port: number, objects: string): string => `- id: ${id}
  system: ${system}
  baseUrl: http://127.0.0.1:${port}
  auth: access-key
  credentials:
    env: { accessKeyId: AWS_SIM_ACCESS_KEY_ID, secretAccessKey: AWS_SIM_SECRET_ACCESS_KEY }
  accountId: "111122223333"
  objects: [${objects}]
`;
  return (
    entry('aws-marketplace', 'aws-marketplace', marketplacePort, 'Offer, Agreement') +
    entry('aws-co-sell', 'aws-partner-central', partnerCentralPort, 'Opportunity, EngagementInvitation')
  );
}

/** Ports nobody listens on just now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  // A TCP server's address is an AddressInfo; it is a string only for pipes.
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
