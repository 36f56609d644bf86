import { join } from 'node:path';
import type { BenchHub, BenchWorld } from './bench-world.ts';
import { each, increases, rounded, total } from './figures.ts';
import { readStepCosts } from './step-costs.ts';

/** What a piece of work cost the hub and the systems, everything that followed from it included. */
export interface HubCost {
  readonly cpuSecondsPerThousand: number;
  readonly simulatorCpuSecondsPerThousand: number;
  readonly vendorCallsPerChange: number;
  /** Calls of the whole work, by route. */
  readonly vendorCalls: Readonly<Record<string, number>>;
  readonly units: CapacityUnits;
  /** Calls of the embedded services for each change, by service and operation. */
  readonly serviceCallsPerChange: Readonly<Record<string, number>>;
}

/** Capacity units of the table for each change. The embedded database does not count what indexes cost. */
export interface CapacityUnits {
  readonly readPerChange: number;
  readonly writePerChange: number;
  readonly byStep: Readonly<Record<string, { readonly read: number; readonly write: number }>>;
}

/**
 * Lets `work` happen, waits until the hub has come to rest, and says what both together cost, by change. `work` answers how many
 * changes it was.
 */
export async function measureHub(
  world: BenchWorld,
  hub: BenchHub,
  work: () => Promise<number>,
): Promise<{ readonly changes: number; readonly cost: HubCost }> {
  const startedAt = Date.now();
  const before = await read(world, hub);
  const changes = await work();
  await hub.quiet();
  const after = await read(world, hub);
  const steps = readStepCosts(join(hub.dataDirectory, 'logs'), startedAt, Date.now());
  const vendorCalls = {
    ...named('salesforce', increases(before.salesforce, after.salesforce)),
    ...named('hubspot', increases(before.hubspot, after.hubspot)),
  };
  const perThousand = (from: number, to: number): number => rounded(((to - from) / changes) * 1_000, 2);
  const sum = (unit: 'readUnits' | 'writeUnits'): number =>
    rounded(Object.values(steps).reduce((units, step) => units + step[unit], 0) / changes, 2);
  return {
    changes,
    cost: {
      cpuSecondsPerThousand: perThousand(before.hub.cpuSeconds, after.hub.cpuSeconds),
      simulatorCpuSecondsPerThousand: perThousand(before.simulators.cpuSeconds, after.simulators.cpuSeconds),
      vendorCallsPerChange: rounded(total(vendorCalls) / changes, 4),
      vendorCalls,
      units: {
        readPerChange: sum('readUnits'),
        writePerChange: sum('writeUnits'),
        byStep: Object.fromEntries(
          Object.entries(steps).map(([step, { readUnits, writeUnits }]) => [
            step,
            { read: rounded(readUnits / changes, 2), write: rounded(writeUnits / changes, 2) },
          ]),
        ),
      },
      serviceCallsPerChange: each(increases(before.services, after.services), changes, 3),
    },
  };
}

async function read(world: BenchWorld, hub: BenchHub) {
  const stats = await hub.stats();
  return {
    salesforce: await world.salesforce.calls(),
    hubspot: await world.hubspot.calls(),
    hub: await hub.usage(),
    simulators: await world.simulatorUsage(),
    services: {
      ...named('dynamodb', stats.dynamodb.calls),
      ...named('sqs', stats.sqs.calls),
      ...named('eventbridge', stats.eventbridge.calls),
    },
  };
}

function named(owner: string, counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${owner} ${name}`, count]));
}
