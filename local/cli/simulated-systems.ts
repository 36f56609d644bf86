import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import type { Hub } from '../runtime/hub.ts';
import type { LocalBus } from '../simulators/aws/bus-sender.ts';
import type { AwsSimulatorTask, CrmSimulatorTask } from '../simulators/simulator-task.ts';

/** Made-up credentials of the simulators, by environment variable; set variables of the same names to use others. */
export const SIMULATED_CREDENTIALS: Readonly<Record<string, string>> = {
  SALESFORCE_SIM_CLIENT_ID: 'tributary-simulated-client',
  SALESFORCE_SIM_CLIENT_SECRET: 'tributary-simulated-secret',
  SALESFORCE_SIM_WEBHOOK_KEY: 'tributary-simulated-webhook-key',
  HUBSPOT_SIM_ACCESS_TOKEN: 'simulated-hubspot-token',
  HUBSPOT_SIM_CLIENT_SECRET: 'simulated-hubspot-client-secret',
  AWS_SIM_ACCESS_KEY_ID: 'SIMULATEDSELLERKEY',
  AWS_SIM_SECRET_ACCESS_KEY: 'simulated-seller-secret',
};

/** The file that says which simulated systems there are. */
export const SIMULATED_CONNECTIONS = 'local/simulated-connections.yaml';

/** The same, and an AWS account that sells on the marketplace and co-sells. */
export const SIMULATED_AWS_CONNECTIONS = 'local/simulated-aws-connections.yaml';

/** Whether no real connection is configured, so that the simulators stand in. */
export function isSimulated(root: string): boolean {
  const file = resolve(root, 'connections.yaml');
  const content: unknown = existsSync(file) ? parse(readFileSync(file, 'utf8')) : null;
  // Anything else than an empty list is meant; if it is no list, synthesis says so with file and line.
  return content === null || content === undefined || (Array.isArray(content) && content.length === 0);
}

/** Variables with the simulators' credentials filled in where the environment does not set them. */
export function simulatedVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return { ...SIMULATED_CREDENTIALS, ...environment };
}

/** The two simulators as `npm start` runs them: on the ports of the connections file, state beside the hub's, filled with the sample data. */
export function simulatorTasks(
  dataDirectory: string,
  httpPort: number,
  ports: { readonly salesforce: number; readonly hubspot: number } = { salesforce: 8801, hubspot: 8802 },
): readonly CrmSimulatorTask[] {
  const variables = simulatedVariables(process.env);
  const value = (name: string): string => variables[name] ?? '';
  return [
    {
      system: 'salesforce',
      port: ports.salesforce,
      file: resolve(dataDirectory, 'simulators', 'salesforce.jsonl'),
      credentials: {
        clientId: value('SALESFORCE_SIM_CLIENT_ID'),
        clientSecret: value('SALESFORCE_SIM_CLIENT_SECRET'),
        webhookKey: value('SALESFORCE_SIM_WEBHOOK_KEY'),
      },
      webhookUrl: `http://127.0.0.1:${httpPort}/webhooks/salesforce`,
      objects: ['Account', 'Opportunity', 'Contact', 'Lead'],
      isSeeded: true,
    },
    {
      system: 'hubspot',
      port: ports.hubspot,
      file: resolve(dataDirectory, 'simulators', 'hubspot.jsonl'),
      credentials: { accessToken: value('HUBSPOT_SIM_ACCESS_TOKEN'), clientSecret: value('HUBSPOT_SIM_CLIENT_SECRET') },
      webhookUrl: `http://127.0.0.1:${httpPort}/webhooks/hubspot`,
      objects: ['company', 'deal', 'contact', 'lead'],
      isSeeded: true,
    },
  ];
}

/** The simulated AWS account, on the ports of its connections file; what happens there goes to the bus of the hub. */
export function awsSimulatorTasks(
  dataDirectory: string,
  bus: LocalBus,
  ports: { readonly marketplace: number; readonly partnerCentral: number } = {
    marketplace: 8803,
    partnerCentral: 8804,
  },
): readonly AwsSimulatorTask[] {
  const file = (name: string): string => resolve(dataDirectory, 'simulators', `${name}.jsonl`);
  return [
    { system: 'aws-marketplace', port: ports.marketplace, file: file('aws-marketplace'), bus },
    { system: 'aws-partner-central', port: ports.partnerCentral, file: file('aws-partner-central'), bus },
  ];
}

/** The bus of a running hub, for simulated systems that tell by events. */
export function busOf(hub: Hub): LocalBus {
  const [busName] = hub.plan.buses;
  if (busName === undefined) throw new Error('The hub has no bus.');
  return { endpoint: hub.endpoints.eventbridge, busName };
}
