import { parentPort, workerData } from 'node:worker_threads';
import { createBusSender } from './aws/bus-sender.ts';
import { startAwsMarketplaceSimulator } from './aws-marketplace/start-aws-marketplace-simulator.ts';
import { startAwsPartnerCentralSimulator } from './aws-partner-central/start-aws-partner-central-simulator.ts';
import type { Owner } from './hubspot/account.ts';
import { startHubspotSimulator } from './hubspot/start-hubspot-simulator.ts';
import { allSubscriptions } from './hubspot/webhook-settings.ts';
import { salesforceDefaults } from './salesforce/simulator-options.ts';
import { startSalesforceSimulator } from './salesforce/start-salesforce-simulator.ts';
import { sampleData } from './sample-data/sample-data.ts';
import { OWNERS } from './sample-data/words.ts';
import type { AwsSimulatorTask, CrmSimulatorTask, SimulatorAnswer, SimulatorTask } from './simulator-task.ts';

/** A token of the simulated HubSpot account whose edits count as a person's; for trying things by hand. */
const PERSON_TOKEN = 'person';

/** Runs one simulator in this worker thread until it is told to stop. */
async function run(task: SimulatorTask): Promise<() => Promise<void>> {
  switch (task.system) {
    case 'hubspot':
      return runHubspot(task);
    case 'salesforce':
      return runSalesforce(task);
    case 'aws-marketplace':
      return runMarketplace(task);
    case 'aws-partner-central':
      return runPartnerCentral(task);
  }
}

async function runMarketplace({ port, file, bus }: AwsSimulatorTask): Promise<() => Promise<void>> {
  const simulator = await startAwsMarketplaceSimulator({
    port,
    ...(file === undefined ? {} : { file }),
    ...(bus === undefined ? {} : { bus }),
  });
  tell({ kind: 'ready', url: simulator.url });
  return () => simulator.close();
}

async function runPartnerCentral({ port, file, bus }: AwsSimulatorTask): Promise<() => Promise<void>> {
  const sender = bus === undefined ? undefined : createBusSender(bus);
  const simulator = await startAwsPartnerCentralSimulator({
    port,
    ...(file === undefined ? {} : { file }),
    ...(sender === undefined ? {} : { publish: sender.publish }),
  });
  tell({ kind: 'ready', url: simulator.url });
  return async () => {
    sender?.close();
    await simulator.close();
  };
}

async function runHubspot(task: CrmSimulatorTask): Promise<() => Promise<void>> {
  const simulator = await startHubspotSimulator({
    port: task.port,
    accessTokens: [
      { token: task.credentials.accessToken ?? '' },
      { token: PERSON_TOKEN, by: { changeSource: 'CRM_UI', sourceId: 'userId:1' } },
    ],
    clientSecret: task.credentials.clientSecret ?? '',
    account: { owners: OWNERS.map(owner) },
    ...(task.file === undefined ? {} : { file: task.file }),
    limits: task.limits ?? {},
  });
  if (task.isSeeded && simulator.admin.records('companies').length === 0) {
    const { hubspot } = sampleData(Date.now(), task.sampleScale);
    const report = simulator.admin.seed(hubspot.records, hubspot.associations);
    if (report.rejected.length > 0) throw new Error(`Sample data does not fit: ${report.rejected[0]}`);
  }
  simulator.admin.configureWebhooks({ targetUrl: task.webhookUrl, subscriptions: allSubscriptions('named') });
  tell({ kind: 'ready', url: simulator.url });
  return () => simulator.close();
}

async function runSalesforce(task: CrmSimulatorTask): Promise<() => Promise<void>> {
  const simulator = await startSalesforceSimulator({
    port: task.port,
    clientId: task.credentials.clientId ?? salesforceDefaults.clientId,
    clientSecret: task.credentials.clientSecret ?? salesforceDefaults.clientSecret,
    ...(task.file === undefined ? {} : { file: task.file }),
    ...(task.limits?.perDay === undefined ? {} : { dailyRequestsMax: task.limits.perDay }),
  });
  if (task.isSeeded && simulator.records('Account').length === 0)
    simulator.seed(sampleData(Date.now(), task.sampleScale).salesforce);
  const url = task.webhookUrl;
  if (url !== undefined) {
    const key = encodeURIComponent(task.credentials.webhookKey ?? '');
    simulator.outboundMessages.setTargets(task.objects.map((object) => ({ object, url: `${url}?key=${key}` })));
  }
  tell({ kind: 'ready', url: simulator.url });
  return () => simulator.close();
}

function owner({ first, last, email, hubspotId }: (typeof OWNERS)[number], index: number): Owner {
  return { id: hubspotId, email, firstName: first, lastName: last, userId: 9_300_100 + index, archived: false };
}

function tell(answer: SimulatorAnswer): void {
  parentPort?.postMessage(answer);
}

// The task is what startSimulators passed; both sides share the type.
const task = workerData as SimulatorTask;
run(task).then(
  (close) => parentPort?.once('message', () => void close().then(() => tell({ kind: 'stopped' }))),
  (error: unknown) => tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
);
