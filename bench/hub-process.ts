import { busOf, simulatedVariables } from '../local/cli/simulated-systems.ts';
import { type Hub, type HubOptions, type HubStats, startHub } from '../local/runtime/hub.ts';
import type { LocalBus } from '../local/simulators/aws/bus-sender.ts';
import { serveParent } from './child.ts';
import { type ProcessUsage, processUsage } from './process-usage.ts';

/** A hub in a process of its own: embedded services, event sources and functions, each in threads of it. */
export type HubDuties = {
  /** Answers the address of the HTTP API. */
  start(options: Pick<HubOptions, 'root' | 'dataDirectory' | 'connectionsFile' | 'assembly'>): Promise<string>;
  /** Where simulated systems that tell by events send them. */
  bus(input: undefined): Promise<LocalBus>;
  stats(input: undefined): Promise<HubStats>;
  usage(input: undefined): Promise<ProcessUsage>;
};

let hub: Hub | undefined;

serveParent<HubDuties>(
  {
    async start(options) {
      hub = await startHub({ ...options, httpPort: 0, variables: simulatedVariables({}) });
      return hub.httpUrl;
    },
    bus: async () => busOf(started()),
    stats: async () => started().stats(),
    usage: async () => processUsage(),
  },
  async () => hub?.stop(),
);

function started(): Hub {
  if (hub === undefined) throw new Error('the hub was not started');
  return hub;
}
