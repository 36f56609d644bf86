import { type FunctionName, type PerFunction, perFunction } from './function-names.ts';
import type { HubConfig } from './hub-config.ts';

/** Limits of a stage as the functions use them. Times in ms, but for the journal's days. */
export interface BundleLimits {
  /** After this a call to a vendor is aborted. */
  readonly vendorCallMs: number;
  /** How long a delivery's claim lives: longer than the function can, and the vendor call it may have left behind. */
  readonly deliveryLeaseMs: number;
  readonly journalDays: number;
  /** How long a run of each function may take. */
  readonly timeoutMs: PerFunction<number>;
}

/** What lies beside a function's code as `config.json`. Holds names of credentials, never credentials. */
export interface BundleConfig extends Pick<HubConfig, 'connections' | 'mappings'> {
  /** The stage's name. */
  readonly stage: string;
  readonly reportingCurrency?: string;
  readonly limits: BundleLimits;
}

/** The part of a hub's configuration that travels with its functions. */
export function bundleConfigOf({ stage, connections, mappings }: HubConfig): BundleConfig {
  const { functions, limits, reportingCurrency } = stage;
  const timeoutMs = (name: FunctionName) => functions[name].timeoutSeconds * 1000;
  const vendorCallMs = limits.vendorCallSeconds * 1000;
  return {
    stage: stage.name,
    connections,
    mappings,
    ...(reportingCurrency === undefined ? {} : { reportingCurrency }),
    limits: {
      vendorCallMs,
      deliveryLeaseMs: timeoutMs('deliver-changes') + vendorCallMs + limits.leaseMarginSeconds * 1000,
      journalDays: limits.journalDays,
      timeoutMs: perFunction(timeoutMs),
    },
  };
}
