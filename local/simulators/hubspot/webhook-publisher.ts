import type { WebhookPost, WebhookSender } from '../shared/webhook-sender.ts';
import type { AssociationState } from './association-store.ts';
import { findAssociationType } from './association-types.ts';
import { type ObjectType, objectTypes } from './object-types.ts';
import type { PropertyCatalogue } from './property-catalogue.ts';
import { parseInstant } from './property-values.ts';
import type { ChangeOrigin, RecordVersion } from './record-version.ts';
import { signatureV3 } from './signature-v3.ts';
import type { WebhookSettings, WebhookSubscription } from './webhook-settings.ts';

/** One element of a webhook's body. Values are strings, record ids numbers; which keys are there depends on the type. */
export type WebhookEvent = Readonly<Record<string, unknown>>;

export interface WebhookPublisherOptions {
  readonly sender: WebhookSender<WebhookEvent>;
  readonly catalogue: PropertyCatalogue;
  readonly appId: number;
}

interface Occurrence {
  readonly type: ObjectType;
  readonly name: string;
  readonly at: number;
  readonly by: ChangeOrigin;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly propertyName?: string;
}

/** Turns what happens to records into webhook events, one per subscription that asked for it. */
export class WebhookPublisher {
  readonly #options: WebhookPublisherOptions;
  readonly #subscribers = new Map<string, { id: number; subscription: WebhookSubscription }[]>();
  #settings: WebhookSettings = { targetUrl: undefined, subscriptions: [] };
  #eventCount = 0;

  constructor(options: WebhookPublisherOptions) {
    this.#options = options;
  }

  get settings(): WebhookSettings {
    return this.#settings;
  }

  configure(settings: WebhookSettings): void {
    this.#settings = settings;
    this.#subscribers.clear();
    settings.subscriptions.forEach((subscription, index) => {
      const key = subscriberKey(subscription.eventType, subscription.objectTypeId);
      const subscribers = this.#subscribers.get(key) ?? [];
      subscribers.push({ id: 3_100_001 + index, subscription });
      this.#subscribers.set(key, subscribers);
    });
  }

  /** A creation is told together with a change of each property it set, as the vendor does. */
  created(type: ObjectType, version: RecordVersion, by: ChangeOrigin): void {
    const facts = { objectId: Number(version.id), changeFlag: 'CREATED' };
    this.#publish({ type, name: 'creation', at: version.createdAt, by, facts });
    this.changed(type, version, Object.keys(version.values), by);
  }

  changed(type: ObjectType, version: RecordVersion, propertyNames: readonly string[], by: ChangeOrigin): void {
    if (this.#settings.targetUrl === undefined) return;
    for (const propertyName of propertyNames) {
      const propertyValue = this.#toldValue(type, propertyName, version.values[propertyName]);
      const facts = { objectId: Number(version.id), propertyName, propertyValue };
      this.#publish({ type, name: 'propertyChange', at: version.modifiedAt, by, facts, propertyName });
    }
  }

  deleted(type: ObjectType, id: string, at: number, by: ChangeOrigin): void {
    this.#publish({ type, name: 'deletion', at, by, facts: { objectId: Number(id), changeFlag: 'DELETED' } });
  }

  restored(type: ObjectType, id: string, at: number, by: ChangeOrigin): void {
    this.#publish({ type, name: 'restore', at, by, facts: { objectId: Number(id) } });
  }

  erased(type: ObjectType, id: string, at: number, by: ChangeOrigin): void {
    this.#publish({ type, name: 'privacyDeletion', at, by, facts: { objectId: Number(id) } });
  }

  merged(
    type: ObjectType,
    merge: { survivorId: string; primaryId: string; loserId: string; propertiesMoved: number },
    at: number,
    sourceId: string,
  ): void {
    const facts = {
      objectId: Number(merge.survivorId),
      primaryObjectId: Number(merge.primaryId),
      mergedObjectIds: [Number(merge.loserId)],
      newObjectId: Number(merge.survivorId),
      numberOfPropertiesMoved: merge.propertiesMoved,
    };
    this.#publish({ type, name: 'merge', at, by: { changeSource: 'MERGE_OBJECTS', sourceId }, facts });
  }

  /** Told once per type that came or went, and from both sides. */
  associationChanged(before: AssociationState, after: AssociationState, at: number, by: ChangeOrigin): void {
    const { from, to } = after;
    const came = after.typeIds.filter((typeId) => !before.typeIds.includes(typeId));
    const went = before.typeIds.filter((typeId) => !after.typeIds.includes(typeId));
    for (const typeId of [...came, ...went]) {
      const inverseTypeId = findAssociationType(typeId)?.inverseTypeId ?? typeId;
      const isRemoved = went.includes(typeId);
      this.#associationEvent(from, to, typeId, isRemoved, at, by);
      this.#associationEvent(to, from, inverseTypeId, isRemoved, at, by);
    }
  }

  /** The signed post that carries these events; each attempt is stamped anew. */
  post(events: readonly WebhookEvent[], attempt: number, clientSecret: string, now: number): WebhookPost | undefined {
    const url = this.#settings.targetUrl;
    if (url === undefined) return undefined;
    const body = JSON.stringify(events.map((event) => ({ ...event, attemptNumber: attempt - 1 })));
    const timestamp = String(now);
    return {
      url,
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'HubSpot Connect 2.0 (simulated)',
        'x-hubspot-request-timestamp': timestamp,
        'x-hubspot-signature-v3': signatureV3(clientSecret, 'POST', url, body, timestamp),
      },
    };
  }

  #associationEvent(
    from: AssociationState['from'],
    to: AssociationState['to'],
    associationTypeId: number,
    associationRemoved: boolean,
    at: number,
    by: ChangeOrigin,
  ): void {
    const ends = { fromObjectId: Number(from.id), toObjectId: Number(to.id), associationRemoved };
    const [fromFacts, toFacts] = [objectTypes[from.type], objectTypes[to.type]];
    const isPrimaryAssociation = findAssociationType(associationTypeId)?.label === 'Primary';
    const associationType = `${fromFacts.singular}_TO_${toFacts.singular}`.toUpperCase();
    this.#publish({
      type: from.type,
      name: 'associationChange',
      at,
      by,
      facts: { ...ends, associationType, isPrimaryAssociation },
      genericFacts: {
        ...ends,
        fromObjectTypeId: fromFacts.objectTypeId,
        toObjectTypeId: toFacts.objectTypeId,
        associationTypeId,
        associationCategory: 'HUBSPOT_DEFINED',
      },
    });
  }

  #publish(occurrence: Occurrence & { readonly genericFacts?: Readonly<Record<string, unknown>> }): void {
    if (this.#settings.targetUrl === undefined) return;
    const { type, name, facts, propertyName } = occurrence;
    const { singular, objectTypeId } = objectTypes[type];
    const isWanted = ({ subscription }: { subscription: WebhookSubscription }): boolean =>
      subscription.propertyName === undefined || subscription.propertyName === propertyName;
    const events: WebhookEvent[] = [];
    for (const subscriber of this.#subscribers.get(subscriberKey(`${singular}.${name}`, undefined)) ?? []) {
      if (isWanted(subscriber)) events.push(this.#event(subscriber.id, `${singular}.${name}`, occurrence, facts));
    }
    const genericFacts = occurrence.genericFacts ?? { ...facts, objectTypeId, isSensitive: false };
    for (const subscriber of this.#subscribers.get(subscriberKey(`object.${name}`, objectTypeId)) ?? []) {
      if (isWanted(subscriber)) events.push(this.#event(subscriber.id, `object.${name}`, occurrence, genericFacts));
    }
    if (events.length > 0) this.#options.sender.send(events);
  }

  /** Event ids count from 1 in every run: the vendor does not promise that they are unique either. */
  #event(
    subscriptionId: number,
    subscriptionType: string,
    { at, by }: Occurrence,
    facts: Readonly<Record<string, unknown>>,
  ): WebhookEvent {
    this.#eventCount += 1;
    return {
      eventId: this.#eventCount,
      subscriptionId,
      portalId: this.#options.catalogue.account.portalId,
      appId: this.#options.appId,
      occurredAt: at,
      subscriptionType,
      attemptNumber: 0,
      changeSource: by.changeSource,
      sourceId: by.sourceId,
      ...facts,
    };
  }

  /** Instants, which the API answers as ISO text, are told as epoch ms; a cleared value as empty text. */
  #toldValue(type: ObjectType, name: string, value: string | undefined): string {
    if (value === undefined) return '';
    const propertyType = this.#options.catalogue.find(type, name)?.type;
    if (propertyType !== 'date' && propertyType !== 'datetime') return value;
    return String(parseInstant(value) ?? value);
  }
}

function subscriberKey(eventType: string, objectTypeId: string | undefined): string {
  return `${eventType} ${objectTypeId ?? ''}`;
}
