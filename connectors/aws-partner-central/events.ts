import * as z from 'zod';
import type { ConnectionSettings, EventReceipt, KeptEvent, VendorEvent } from '../kit/connector.ts';
import { catalogOf } from './partner-central-api.ts';
import { invitationId } from './read-invitations.ts';
import { opportunityId } from './read-opportunities.ts';

/** Where the events come from. */
export const eventSource = 'aws.partnercentral-selling';

/** Which record an event is about, or why it is of no use. */
type About =
  | { readonly object: 'Opportunity' | 'EngagementInvitation'; readonly id: string | undefined }
  | { readonly ignored: string };

/**
 * What each kind of event is about. Names of older and newer pages of AWS's stand side by side: it is not said when one stops and the other
 * begins.
 *
 * *Source*: https://docs.aws.amazon.com/partner-central/latest/developer-guide/selling-api-events.html and
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-partnercentral-selling.html
 */
const kinds: Readonly<Record<string, (detail: Detail) => About>> = {
  'Opportunity Created': ofOpportunity,
  'Opportunity Updated': ofOpportunity,
  'Opportunity Accepted': ofOpportunity,
  'Opportunity Rejected': ofOpportunity,
  'Engagement Invitation Created': ofInvitation,
  'Engagement Invitation Accepted': ofInvitation,
  'Engagement Invitation Rejected': ofInvitation,
  'Engagement Invitation Expired': ofInvitation,
  'Engagement Member Added': () => engagement,
  'Engagement Member Joined': () => engagement,
  'Engagement Created': () => engagement,
  'Engagement Updated': () => engagement,
  'Engagement Resource Snapshot Created': ofSnapshot,
  'Resource Snapshot Created': ofSnapshot,
};

/** Engagements are not kept by the hub; what matters of one is its opportunity, which has events of its own. */
const engagement: About = { ignored: 'engagement' };

/** Both occur for the very same shapes; events about engagements carry none. */
const schemaVersions: ReadonlySet<string | undefined> = new Set(['1', '1.0', undefined]);

const text = z.string().max(255).optional().catch(undefined);

const detailSchema = z.object({
  catalog: z.string(),
  schemaVersion: z.union([z.string(), z.number()]).transform(String).optional(),
  opportunity: z.object({ identifier: text }).optional().catch(undefined),
  engagementInvitation: z.object({ id: text, participantType: text }).optional().catch(undefined),
  resourceSnapshot: z.object({ resourceId: text, resourceType: text }).optional().catch(undefined),
});

type Detail = z.infer<typeof detailSchema>;

/**
 * Reads one event of Partner Central: which record to look at. The event itself says nothing about the record, which is always read.
 *
 * ```
 *  another account's, another catalog's ─▶ ignored, counted
 *  unknown type or schema, no id in it  ─▶ kept as it is, for a person
 *  about an opportunity or invitation   ─▶ that record is looked at, if the connection has the object
 * ```
 *
 * Pure; never throws.
 */
export function receiveEvent(event: VendorEvent, settings: ConnectionSettings): EventReceipt {
  if (settings.accountId !== undefined && event.account !== settings.accountId) return ignored('other-account');
  const detail = detailSchema.safeParse(event.detail);
  const type = event.detailType.slice(0, 100);
  if (!detail.success) {
    return kept(
      'malformed',
      `An event "${type}" of AWS Partner Central does not say which catalog it is about.`,
      event,
    );
  }
  if (detail.data.catalog !== catalogOf(settings)) return ignored('other-catalog');
  const about = Object.hasOwn(kinds, event.detailType) ? kinds[event.detailType] : undefined;
  if (about === undefined) {
    return kept('unknown-type', `AWS Partner Central sent an event the hub does not know: "${type}".`, event);
  }
  if (!schemaVersions.has(detail.data.schemaVersion)) {
    return kept(
      'unknown-schema',
      `AWS Partner Central sent an event "${type}" in a form the hub does not know.`,
      event,
    );
  }
  const found = about(detail.data);
  if ('ignored' in found) return ignored(found.ignored);
  if (found.id === undefined) {
    return kept('malformed', `An event "${type}" of AWS Partner Central does not say which record it is about.`, event);
  }
  if (!settings.objects.includes(found.object)) return ignored('object-not-connected');
  return { hints: [{ object: found.object, externalId: found.id }], ignored: {} };
}

function ofOpportunity({ opportunity }: Detail): About {
  return { object: 'Opportunity', id: matching(opportunity?.identifier, opportunityId) };
}

function ofInvitation({ engagementInvitation }: Detail): About {
  if (engagementInvitation?.participantType === 'SENDER') return { ignored: 'sent-by-us' };
  return { object: 'EngagementInvitation', id: matching(engagementInvitation?.id, invitationId) };
}

/** A new snapshot of an opportunity shared in an engagement: it changed, on one side or the other. */
function ofSnapshot({ resourceSnapshot }: Detail): About {
  if (resourceSnapshot?.resourceType !== 'Opportunity') return { ignored: 'other-resource' };
  return { object: 'Opportunity', id: matching(resourceSnapshot.resourceId, opportunityId) };
}

function matching(id: string | undefined, pattern: RegExp): string | undefined {
  return id !== undefined && pattern.test(id) ? id : undefined;
}

function ignored(reason: string): EventReceipt {
  return { hints: [], ignored: { [reason]: 1 } };
}

function kept(why: KeptEvent['why'], message: string, event: VendorEvent): EventReceipt {
  const nextStep = 'Look whether a newer version of the hub knows it; records are found by the sweeps meanwhile.';
  return { hints: [], ignored: {}, kept: { why, message, nextStep, facts: factsOf(event) } };
}

/** Ids and names only. */
function factsOf({ detailType, time, resources, detail }: VendorEvent): Readonly<Record<string, string>> {
  const members = typeof detail === 'object' && detail !== null ? (detail as Readonly<Record<string, unknown>>) : {};
  const facts = {
    type: detailType,
    time,
    resource: resources[0],
    catalog: members.catalog,
    schemaVersion: members.schemaVersion,
    members: Object.keys(members).join(' '),
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, value.slice(0, 255)]] : [],
    ),
  );
}
