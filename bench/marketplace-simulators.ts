import { awsSimulatorTasks, simulatorTasks } from '../local/cli/simulated-systems.ts';
import type { LocalBus } from '../local/simulators/aws/bus-sender.ts';
import { type RunningSimulators, startSimulators } from '../local/simulators/start-simulators.ts';
import { serveParent } from './child.ts';

/** Where each simulated system listens. */
export interface SystemPorts {
  readonly salesforce: number;
  readonly hubspot: number;
  readonly marketplace: number;
  readonly partnerCentral: number;
}

/** Both CRMs, empty, and a simulated AWS account, in threads of a process of their own, in memory. */
export type MarketplaceSimulatorsDuties = {
  start(input: {
    readonly ports: SystemPorts;
    readonly hubUrl: string;
    readonly bus: LocalBus;
  }): Promise<RunningSimulators['urls']>;
};

/** The CRMs' limits are no bound of what is measured; those of AWS are kept as AWS has them. */
const CRM_LIMITS = { per10Seconds: 50_000, searchesPerSecond: 1_000, perDay: 50_000_000 };

let simulators: RunningSimulators | undefined;

serveParent<MarketplaceSimulatorsDuties>(
  {
    async start({ ports, hubUrl, bus }) {
      const crms = simulatorTasks('', Number(new URL(hubUrl).port), ports);
      simulators = await startSimulators([
        ...crms.map((task) => ({ ...task, file: undefined, isSeeded: false, limits: CRM_LIMITS })),
        ...awsSimulatorTasks('', bus, ports).map((task) => ({ ...task, file: undefined })),
      ]);
      return simulators.urls;
    },
  },
  async () => simulators?.stop(),
);
