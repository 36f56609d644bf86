import type { System } from '../connector-registry.ts';

/**
 * The `source` of the events that each system sends over the event bus of its AWS account, in {@link AWS_PARTNER_REGION}: what the
 * hub's rules match, before any connector is loaded.
 */
export const EVENT_SOURCES: Readonly<Partial<Record<System, readonly string[]>>> = {
  'aws-marketplace': ['aws.agreement-marketplace', 'aws.marketplacecatalog', 'aws.marketplace'],
  'aws-partner-central': ['aws.partnercentral-selling'],
};

/** Whether events of this source may concern connections of a system. */
export function hasEventsFrom(system: System, source: string): boolean {
  return EVENT_SOURCES[system]?.includes(source) === true;
}
