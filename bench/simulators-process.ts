import { SIMULATED_CREDENTIALS } from '../local/cli/simulated-systems.ts';
import type { CrmSimulatorTask } from '../local/simulators/simulator-task.ts';
import { type RunningSimulators, startSimulators } from '../local/simulators/start-simulators.ts';
import { serveParent } from './child.ts';
import { type ProcessUsage, processUsage } from './process-usage.ts';

/** Both simulators in threads of a process of their own, in memory and empty, on free ports. */
export type SimulatorsDuties = {
  start(input: undefined): Promise<RunningSimulators['urls']>;
  usage(input: undefined): Promise<ProcessUsage>;
};

/** High enough that no vendor limit is the bound of what is measured; the hub learns them from the answers. */
const LIMITS = { per10Seconds: 50_000, searchesPerSecond: 1_000, perDay: 50_000_000 };

let simulators: RunningSimulators | undefined;

serveParent<SimulatorsDuties>(
  {
    async start() {
      simulators = await startSimulators([task('salesforce'), task('hubspot')]);
      return simulators.urls;
    },
    usage: async () => processUsage(),
  },
  async () => simulators?.stop(),
);

function task(system: CrmSimulatorTask['system']): CrmSimulatorTask {
  const credential = (name: string): string => SIMULATED_CREDENTIALS[name] ?? '';
  return {
    system,
    port: 0,
    file: undefined,
    credentials:
      system === 'salesforce'
        ? {
            clientId: credential('SALESFORCE_SIM_CLIENT_ID'),
            clientSecret: credential('SALESFORCE_SIM_CLIENT_SECRET'),
            webhookKey: credential('SALESFORCE_SIM_WEBHOOK_KEY'),
          }
        : {
            accessToken: credential('HUBSPOT_SIM_ACCESS_TOKEN'),
            clientSecret: credential('HUBSPOT_SIM_CLIENT_SECRET'),
          },
    webhookUrl: undefined,
    objects: [],
    isSeeded: false,
    limits: LIMITS,
  };
}
