import * as z from 'zod';
import type { WebhookHint } from '../kit/connector.ts';
import { HUBSPOT_OBJECTS, type HubspotObject, isRecordId, objectOfTypeId } from './object-types.ts';

/** What a list of events says: the records concerned, each once, and what was passed over, by reason. */
export interface EventDigest {
  readonly hints: readonly WebhookHint[];
  readonly ignored: Readonly<Record<string, number>>;
  /** Events of another account than the connection's. */
  readonly foreign: number;
}

const id = z.union([z.number(), z.string()]).transform(String);

/** Only the parts that say which records are meant; values are never looked at. */
const eventSchema = z.looseObject({
  subscriptionType: z.string(),
  portalId: id.optional(),
  objectId: id.optional(),
  objectTypeId: z.string().optional(),
  primaryObjectId: id.optional(),
  mergedObjectIds: z.array(id).optional(),
  newObjectId: id.optional(),
  fromObjectId: id.optional(),
  toObjectId: id.optional(),
  fromObjectTypeId: z.string().optional(),
  toObjectTypeId: z.string().optional(),
  associationType: z.string().optional(),
});

type Event = z.infer<typeof eventSchema>;

/**
 * Takes the events of one request apart.
 *
 * Both forms are understood: `deal.propertyChange` and, with the type id beside it, `object.propertyChange`. A merge concerns
 * all ids it names (the survivor may have a third one), an association both of its ends. Events come more than once and in
 * any order, which is of no concern to hints. *Bounds*: none of its own; the caller limits the number of events.
 */
export function digestEvents(
  events: readonly unknown[],
  objects: readonly string[],
  accountId: string | undefined,
): EventDigest {
  const hints = new Map<string, WebhookHint>();
  const ignored: Record<string, number> = {};
  const ignore = (reason: string): void => {
    ignored[reason] = (ignored[reason] ?? 0) + 1;
  };
  let foreign = 0;
  for (const raw of events) {
    const event = eventSchema.safeParse(raw);
    if (!event.success) {
      ignore('unreadable');
      continue;
    }
    if (accountId !== undefined && event.data.portalId !== accountId) {
      foreign += 1;
      ignore('other-account');
      continue;
    }
    const records = recordsOf(event.data);
    if (records === undefined) {
      ignore('unknown-type');
      continue;
    }
    const served = records.filter(({ object, externalId }) => objects.includes(object) && isRecordId(externalId));
    if (served.length === 0) ignore('unmapped-object');
    for (const hint of served) hints.set(`${hint.object} ${hint.externalId}`, hint);
  }
  return { hints: [...hints.values()], ignored, foreign };
}

/** Changes of one record. A privacy deletion leaves no record to read; the hint finds out. */
const recordChanges: ReadonlySet<string> = new Set([
  'creation',
  'propertyChange',
  'deletion',
  'restore',
  'privacyDeletion',
]);

function recordsOf(event: Event): readonly WebhookHint[] | undefined {
  const [subject = '', change = ''] = event.subscriptionType.split('.');
  if (change === 'associationChange') return endsOf(event, subject);
  const object = subject === 'object' ? objectOfTypeId(event.objectTypeId ?? '') : objectOfName(subject);
  const isKnownSubject = object !== undefined || (subject === 'object' && event.objectTypeId !== undefined);
  if (!isKnownSubject || (change !== 'merge' && !recordChanges.has(change))) return undefined;
  const ids =
    change === 'merge'
      ? [event.primaryObjectId, ...(event.mergedObjectIds ?? []), event.newObjectId, event.objectId]
      : [event.objectId];
  return hintsOf(object, ids);
}

/** `DEAL_TO_COMPANY` in the older form, type ids in the generic one. */
function endsOf(event: Event, subject: string): readonly WebhookHint[] | undefined {
  if (subject === 'object') {
    return [
      ...hintsOf(objectOfTypeId(event.fromObjectTypeId ?? ''), [event.fromObjectId]),
      ...hintsOf(objectOfTypeId(event.toObjectTypeId ?? ''), [event.toObjectId]),
    ];
  }
  const [from = '', to = ''] = event.associationType?.toLowerCase().split('_to_') ?? [];
  const near = objectOfName(from) ?? objectOfName(subject);
  if (near === undefined) return undefined;
  return [...hintsOf(near, [event.fromObjectId]), ...hintsOf(objectIn(to), [event.toObjectId])];
}

function objectOfName(name: string): HubspotObject | undefined {
  return HUBSPOT_OBJECTS.find((object) => object === name.toLowerCase());
}

/** The other end may carry a label in its name, as in `DEAL_TO_PRIMARY_COMPANY`. */
function objectIn(text: string): HubspotObject | undefined {
  const words = text.split('_');
  return HUBSPOT_OBJECTS.find((object) => words.includes(object));
}

function hintsOf(object: HubspotObject | undefined, ids: readonly (string | undefined)[]): readonly WebhookHint[] {
  if (object === undefined) return [];
  return ids.flatMap((externalId) => (externalId === undefined ? [] : [{ object, externalId }]));
}
