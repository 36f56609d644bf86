import type { Connector } from './connector.ts';

/** The systems there is a connector for. */
export const SYSTEMS = ['salesforce', 'hubspot', 'aws-marketplace', 'aws-partner-central'] as const;

/** One of {@link SYSTEMS}. */
export type System = (typeof SYSTEMS)[number];

/** Narrows text from a configuration file to a system. */
export function isSystem(text: string): text is System {
  return (SYSTEMS as readonly string[]).includes(text);
}

/**
 * A connector whose API type is of no interest: the kit hands what `open` made back to the connector's own functions and
 * never looks inside.
 */
export type AnyConnector = Connector<unknown>;

/**
 * Loads the connector of a system, and with it the vendor's SDK, only when a connection of that system is served.
 * *Faults*: a name that is not in {@link SYSTEMS} does not compile; text from outside goes through {@link isSystem} first.
 */
export async function loadConnector(system: System): Promise<AnyConnector> {
  switch (system) {
    case 'salesforce':
      return forgetApi((await import('../salesforce/connector.ts')).salesforce);
    case 'hubspot':
      return forgetApi((await import('../hubspot/connector.ts')).hubspot);
    case 'aws-marketplace':
      return forgetApi((await import('../aws-marketplace/connector.ts')).awsMarketplace);
    case 'aws-partner-central':
      return forgetApi((await import('../aws-partner-central/connector.ts')).awsPartnerCentral);
  }
}

/**
 * `Connector<Api>` both makes and takes an `Api`, so TypeScript rightly allows no widening. It is sound here because the
 * only `Api` a connector is ever handed is the one its own `open` made.
 */
function forgetApi<Api>(connector: Connector<Api>): AnyConnector {
  return connector as AnyConnector;
}
