import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { SYSTEMS } from '../../connectors/kit/connector-registry.ts';

/** One configured connection, as it lies in the bundle; checked in full when the bundle was built. */
export type ConfiguredConnection = z.output<typeof connection>;

/** Limits of the stage. Times in ms, but for the journal's days. */
export type Limits = z.output<typeof limits>;

/** What lies beside a function's code: connections, mappings as plain data, the stage and its limits. No secrets. */
export type Config = z.output<typeof config>;

/** Reads `config.json` beside the bundle. *Faults*: throws a defect when it is not what this code was built with. */
export async function readConfig(file: URL): Promise<Config> {
  return config.parse(JSON.parse(await readFile(file, 'utf8')));
}

const connection = z.object({
  id: z.string(),
  system: z.enum(SYSTEMS),
  baseUrl: z.string().exactOptional(),
  auth: z.string(),
  objects: z.array(z.string()),
  direction: z.enum(['in', 'out', 'both']),
  ceilings: z.object({
    per10Seconds: z.number().exactOptional(),
    perDay: z.number().exactOptional(),
    backgroundPercent: z.number().exactOptional(),
  }),
  accountId: z.string().exactOptional(),
  options: z.record(z.string(), z.string()).exactOptional(),
});

const limits = z.object({
  vendorCallMs: z.number(),
  deliveryLeaseMs: z.number(),
  journalDays: z.number(),
});

const config = z.object({
  stage: z.string(),
  connections: z.array(connection),
  mappings: z.record(z.string(), z.unknown()),
  reportingCurrency: z.string().exactOptional(),
  limits,
});
