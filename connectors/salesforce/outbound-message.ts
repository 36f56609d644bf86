import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type {
  ConnectionSettings,
  Credentials,
  WebhookHint,
  WebhookReceipt,
  WebhookRefusal,
  WebhookRequest,
} from '../kit/connector.ts';
import { isSameSecret } from '../kit/same-secret.ts';
import { recordIdOf } from './record-id.ts';

/** Longest body taken: 100 notifications of records with long texts. */
export const bodyMax = 1_048_576;

/**
 * Takes an outbound message: a SOAP request that a flow or workflow rule of the org sends when a record changed.
 *
 * Salesforce signs nothing. The address it is told to call therefore carries a secret, `/webhooks/{connection}?key=…`, the
 * connection's credential `webhookKey`; and the message must come from the org of the connection. Values in it are not
 * looked at: they show the record as it was when it was queued.
 *
 * *Bounds*: 1 MiB, 100 notifications, no document type, elements nested at most 12 deep. *Faults*: refusals by status and
 * code; never throws.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_understanding.htm
 */
export function receiveOutboundMessage(
  request: WebhookRequest,
  settings: ConnectionSettings,
  credentials: Credentials,
): WebhookReceipt | WebhookRefusal {
  if (request.body.byteLength > bodyMax) return { status: 413, code: 'oversized' };
  const key = keyOf(request.url);
  if (key === undefined) return { status: 401, code: 'unsigned' };
  if (!isSameSecret(key, credentials.webhookKey)) return { status: 401, code: 'forged' };
  const message = parseMessage(request.body);
  if (message === undefined) return { status: 400, code: 'malformed' };
  const organization = recordIdOf(message.organizationId);
  if (organization === undefined) return { status: 400, code: 'malformed' };
  if (settings.accountId !== undefined && recordIdOf(settings.accountId) !== organization) {
    return { status: 401, code: 'wrong-account' };
  }
  return receiptOf(message.notifications, settings.objects);
}

/** What Salesforce must read in the answer; with anything else it sends the message again, for 24 hours. */
const acknowledgement =
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
  '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>' +
  '</soapenv:Body></soapenv:Envelope>';

const notificationsMax = 100;
const depthMax = 12;

interface Notification {
  readonly id: string;
  readonly object: string;
  readonly recordId: string;
}

interface Message {
  readonly organizationId: string;
  readonly notifications: readonly Notification[];
}

function receiptOf(notifications: readonly Notification[], objects: readonly string[]): WebhookReceipt {
  const hints = new Map<string, WebhookHint>();
  const ignored: Record<string, number> = {};
  const ignore = (reason: string): void => {
    ignored[reason] = (ignored[reason] ?? 0) + 1;
  };
  for (const { object, recordId } of notifications) {
    const externalId = recordIdOf(recordId);
    if (externalId === undefined) ignore('no-record-id');
    else if (!objects.includes(object)) ignore('object-not-connected');
    else hints.set(`${object}#${externalId}`, { object, externalId });
  }
  return {
    hints: [...hints.values()],
    ignored,
    // Salesforce itself sends the same notifications again when our acknowledgement was lost; refusing that would only make it
    // try for a day, and queueing a hint twice harms nothing.
    replayKeys: [],
    response: { status: 200, contentType: 'text/xml; charset=utf-8', body: acknowledgement },
  };
}

function keyOf(url: string): string | undefined {
  const key = URL.parse(url)?.searchParams.get('key');
  return key === null || key === '' ? undefined : key;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // Entities are left as they are: nothing that is read here can hold one, and expanding them is how XML bombs work.
  processEntities: false,
  maxNestedTags: depthMax,
  isArray: (name) => name === 'Notification',
});

function parseMessage(body: Uint8Array): Message | undefined {
  const parsed = parseXml(body);
  const notifications = at(parsed, 'Envelope', 'Body', 'notifications');
  const entries = at(notifications, 'Notification');
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > notificationsMax) return undefined;
  const read = entries.map(readNotification).filter((each) => each !== undefined);
  const organizationId = at(notifications, 'OrganizationId');
  if (read.length !== entries.length || typeof organizationId !== 'string') return undefined;
  return { organizationId, notifications: read };
}

function parseXml(body: Uint8Array): unknown {
  // The decoder and the parser say by exceptions that the bytes are not what they must be; whoever sent them hears 400.
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (/<!(?:DOCTYPE|ENTITY)/i.test(text) || XMLValidator.validate(text) !== true) return undefined;
    return parser.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readNotification(entry: unknown): Notification | undefined {
  const id = at(entry, 'Id');
  const type = at(entry, 'sObject', '@type');
  const recordId = at(entry, 'sObject', 'Id');
  if (typeof id !== 'string' || recordIdOf(id) === undefined || typeof type !== 'string') return undefined;
  return { id, object: type.replace(/^.*:/, ''), recordId: typeof recordId === 'string' ? recordId : '' };
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  return current;
}
