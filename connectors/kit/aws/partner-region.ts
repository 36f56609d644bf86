import type { ConnectionSettings } from '../connector.ts';

/** Where AWS keeps its partner and marketplace APIs, and puts their events, whatever region the hub runs in. */
export const AWS_PARTNER_REGION = 'us-east-1';

/** How every AWS client of a connection is set up: one attempt (the kit retries), the partner region, another address if configured. */
export function awsClientDefaults({ baseUrl }: ConnectionSettings) {
  return {
    region: AWS_PARTNER_REGION,
    maxAttempts: 1,
    ...(baseUrl === undefined ? {} : { endpoint: baseUrl }),
  } as const;
}
