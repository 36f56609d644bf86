import {
  type WebhookMisbehaviour,
  type WebhookPost,
  WebhookSender,
  type WebhookStatistics,
} from '../shared/webhook-sender.ts';
import type { Org } from './org.ts';
import { fieldJson } from './record-json.ts';
import { escapeXml, soapEnvelope } from './soap-xml.ts';
import type { RecordChange } from './store/record-store.ts';
import { isDeleted, type StoredRecord } from './stored-record.ts';

/** An outbound message action: who is told when records of an object are created or changed, and with which fields. */
export interface OutboundMessageTarget {
  readonly object: string;
  readonly url: string;
  /** Sent beside `Id`, which always is. Default: none. */
  readonly fields?: readonly string[] | undefined;
  /** Default `created-or-changed`. */
  readonly on?: 'created' | 'created-or-changed' | undefined;
}

export interface OutboundMessageOptions {
  /** The address clients know the org by; named in the messages. */
  readonly instanceUrl: () => string;
  /** `67.0`. */
  readonly apiVersion: string;
  /** Wait before the given attempt (2, 3, …) in ms. Default: doubling from 500 ms up to two hours. */
  readonly backOffMs?: ((attempt: number) => number) | undefined;
}

interface Notification {
  readonly id: string;
  readonly actionId: string;
  readonly target: OutboundMessageTarget;
  readonly recordId: string;
}

/**
 * Sends outbound messages: up to 100 notifications of one action in a SOAP message, again with growing delay until it is
 * acknowledged or 24 hours have passed. A message shows the record as it is when it is sent, not as it was when it
 * changed. Deletions send none, and nothing is signed.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_notifications.htm
 */
export class OutboundMessages {
  readonly #org: Org;
  readonly #options: OutboundMessageOptions;
  readonly #sender: WebhookSender<Notification>;
  #actions: readonly { readonly id: string; readonly target: OutboundMessageTarget }[] = [];

  constructor(org: Org, options: OutboundMessageOptions) {
    this.#org = org;
    this.#options = options;
    this.#sender = new WebhookSender<Notification>({
      post: (notifications) => this.#message(notifications),
      isTaken: (status, body) => status >= 200 && status < 300 && isAcknowledged(body),
      batchKey: (notification) => notification.actionId,
      batchSizeMax: 100,
      attemptsMax: attemptsWithinADay,
      backOffMs: options.backOffMs ?? ((attempt) => Math.min(500 * 2 ** (attempt - 2), twoHoursMs)),
    });
  }

  get targets(): readonly OutboundMessageTarget[] {
    return this.#actions.map(({ target }) => target);
  }

  /** Replaces the actions; notifications already queued for a former one are dropped. Throws on an unknown object. */
  setTargets(targets: readonly OutboundMessageTarget[]): void {
    this.#actions = targets.map((target) => {
      const object = this.#org.schema.object(target.object);
      if (object === undefined) throw new Error(`The org has no object ${target.object} to tell of.`);
      return { id: this.#org.ids.next(actionKeyPrefix), target: { ...target, object: object.name } };
    });
  }

  misbehave(misbehaviour: WebhookMisbehaviour): void {
    this.#sender.misbehave(misbehaviour);
  }

  pause(): void {
    this.#sender.pause();
  }

  resume(): void {
    this.#sender.resume();
  }

  /** Queues a notification for every change made by a user, and every action on its object. */
  notify(changes: readonly RecordChange[]): void {
    if (this.#actions.length === 0) return;
    const notifications = changes.flatMap((change) => this.#notificationsOf(change));
    if (notifications.length > 0) this.#sender.send(notifications);
  }

  idle(): Promise<void> {
    return this.#sender.idle();
  }

  statistics(): WebhookStatistics {
    return this.#sender.statistics();
  }

  close(): void {
    this.#sender.close();
  }

  #notificationsOf({ object, before, after, by }: RecordChange): Notification[] {
    if (by === 'org') return [];
    return this.#actions
      .filter(({ target }) => target.object === object && (before === undefined || target.on !== 'created'))
      .map(({ id: actionId, target }) => ({
        id: this.#org.ids.next(notificationKeyPrefix),
        actionId,
        target,
        recordId: after.id,
      }));
  }

  #message(notifications: readonly Notification[]): WebhookPost | undefined {
    const [first] = notifications;
    if (first === undefined || !this.#actions.some(({ id }) => id === first.actionId)) return undefined;
    const instanceUrl = this.#options.instanceUrl();
    const soapUrl = (api: string) =>
      `${instanceUrl}/services/Soap/${api}/${this.#options.apiVersion}/${this.#org.id.slice(0, 15)}`;
    const body = [
      element('OrganizationId', this.#org.id),
      element('ActionId', first.actionId),
      '<SessionId xsi:nil="true"/>',
      element('EnterpriseUrl', soapUrl('c')),
      element('PartnerUrl', soapUrl('u')),
      ...notifications.map((notification) => this.#notification(notification)),
    ].join('');
    return {
      url: first.target.url,
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body: soapEnvelope(`<notifications xmlns="http://soap.sforce.com/2005/09/outbound">${body}</notifications>`),
    };
  }

  #notification({ id, target, recordId }: Notification): string {
    const record = this.#org.store.record(recordId);
    const fields = record === undefined ? '' : this.#fields(target, record);
    const object = `<sObject xsi:type="sf:${target.object}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">${element('sf:Id', recordId)}${fields}</sObject>`;
    return `<Notification>${element('Id', id)}${object}</Notification>`;
  }

  /** Of a record that is gone by now only its id is told; fields without a value are left out. */
  #fields(target: OutboundMessageTarget, record: StoredRecord): string {
    if (isDeleted(record)) return '';
    const schema = this.#org.store.table(target.object).schema;
    return (target.fields ?? [])
      .flatMap((name) => {
        const field = schema.field(name);
        const value = field === undefined || field.name === 'Id' ? null : fieldJson(field, record.values);
        if (field === undefined || value === null) return [];
        return [element(`sf:${field.name}`, field.type === 'datetime' ? soapInstant(String(value)) : String(value))];
      })
      .join('');
  }
}

const actionKeyPrefix = '04k';
const notificationKeyPrefix = '04l';
const twoHoursMs = 2 * 60 * 60 * 1000;
/** Doubling from 500 ms, 15 attempts take 2.3 hours; eleven more, two hours apart, reach the 24 hours. */
const attemptsWithinADay = 26;

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

/** SOAP writes instants with `Z` where REST writes `+0000`. */
function soapInstant(instant: string): string {
  return instant.replace('+0000', 'Z');
}

function isAcknowledged(body: string): boolean {
  return /<(?:\w+:)?Ack>\s*true\s*<\/(?:\w+:)?Ack>/.test(body);
}
