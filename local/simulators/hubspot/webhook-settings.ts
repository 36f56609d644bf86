import * as z from 'zod';
import { objectTypeNames, objectTypes } from './object-types.ts';

const occurrences = ['creation', 'propertyChange', 'deletion', 'merge', 'restore', 'associationChange'] as const;

const namedObjects = Object.values(objectTypes).flatMap(({ singular, hasNamedWebhooks }) =>
  hasNamedWebhooks ? [singular] : [],
);
const eventTypePattern = new RegExp(
  `^(?:${[...namedObjects, 'object'].join('|')})\\.(?:${[...occurrences, 'privacyDeletion'].join('|')})$`,
);

export const subscriptionSchema = z.strictObject({
  /** `company.propertyChange` and the like, or `object.propertyChange` with an `objectTypeId`. */
  eventType: z.string().regex(eventTypePattern),
  /** Needed by, and only by, `object.*`. */
  objectTypeId: z.string().optional(),
  /** For `propertyChange`: this property only. Without it, all. */
  propertyName: z.string().optional(),
});

export type WebhookSubscription = z.infer<typeof subscriptionSchema>;

/** Where an app's webhooks go and what it hears of. */
export interface WebhookSettings {
  /** The full address, as it is signed; without one nothing is sent. */
  readonly targetUrl: string | undefined;
  readonly subscriptions: readonly WebhookSubscription[];
}

/**
 * A subscription to everything that happens to all objects: under the objects' own names where they have one
 * (`named`, the older style), or all as `object.*` (`generic`). Leads exist in the generic style only.
 */
export function allSubscriptions(style: 'named' | 'generic'): readonly WebhookSubscription[] {
  const subscriptions = objectTypeNames.flatMap((type) => {
    const { singular, objectTypeId, hasNamedWebhooks } = objectTypes[type];
    return occurrences.map((occurrence) =>
      style === 'named' && hasNamedWebhooks
        ? { eventType: `${singular}.${occurrence}` }
        : { eventType: `object.${occurrence}`, objectTypeId },
    );
  });
  return [...subscriptions, { eventType: 'contact.privacyDeletion' }];
}
