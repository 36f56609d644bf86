import { randomUUID } from 'node:crypto';
import type { JsonObject, WireFault } from '../wire/wire-result.ts';
import type { BusEvent } from './bus-event.ts';
import { isJsonObject } from './pattern/pattern-fault.ts';

/** An entry of PutEvents: an event for a bus, or why it was not taken. */
export type ReadEntry =
  | { readonly busName: string; readonly event: BusEvent }
  | { readonly fault: { readonly code: string; readonly message: string } };

/** What a call of several entries brings: one answer for each, or a refusal of all. */
export type ReadEntries = { readonly entries: readonly ReadEntry[] } | { readonly refusal: WireFault };

export const ENTRIES_MAX = 10;
/**
 * All entries of one request together. EventBridge raised this from 256 KiB to 1 MiB in 2026
 * (https://shopify.dev/changelog/amazon-eventbridge-webhook-payload-size-limit-increased-to-1-mb names the cap).
 */
export const ENTRIES_BYTES_MAX = 1_048_576;
const DETAIL_TYPE_CHARACTERS_MAX = 128;
/** A time given with an entry counts as this many bytes, whatever its form. */
const TIME_BYTES = 14;

/**
 * Reads the entries of PutEvents. A fault of one entry leaves the others; too many or too large entries refuse the call.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function readEntries(input: JsonObject, hasBus: (name: string) => boolean, now: number): ReadEntries {
  const raw = Array.isArray(input.Entries)
    ? input.Entries.map((entry: unknown) => (isJsonObject(entry) ? entry : {}))
    : [];
  if (raw.length === 0 || raw.length > ENTRIES_MAX) {
    return {
      refusal: { code: 'ValidationException', message: `Member entries must have 1 to ${ENTRIES_MAX} elements.` },
    };
  }
  if (raw.reduce((bytes, entry) => bytes + entryBytes(entry), 0) > ENTRIES_BYTES_MAX) {
    return {
      refusal: { code: 'ValidationException', message: 'Total size of the entries in the request is over the limit.' },
    };
  }
  return { entries: raw.map((entry) => readEntry(entry, hasBus, now)) };
}

/** Size of an entry by the rule of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html. */
export function entryBytes(entry: JsonObject): number {
  const texts = [
    entry.Source,
    entry.DetailType,
    entry.Detail,
    ...(Array.isArray(entry.Resources) ? entry.Resources : []),
  ];
  const bytes = texts.reduce(
    (sum: number, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text, 'utf8') : 0),
    0,
  );
  return bytes + (entry.Time === undefined ? 0 : TIME_BYTES);
}

function readEntry(entry: JsonObject, hasBus: (name: string) => boolean, now: number): ReadEntry {
  const { Source: source, DetailType: detailType, Detail: detail } = entry;
  if (!isFilled(source)) return required('Source');
  if (!isFilled(detailType)) return required('DetailType');
  if (!isFilled(detail)) return required('Detail');
  if (source.startsWith('aws.')) return fault('NotAuthorizedForSourceException', 'Not authorized for the source.');
  if (detailType.length > DETAIL_TYPE_CHARACTERS_MAX)
    return fault('InvalidArgument', `Parameter DetailType is longer than ${DETAIL_TYPE_CHARACTERS_MAX} characters.`);
  const parsed = parseDetail(detail);
  if (parsed === undefined) return fault('MalformedDetail', 'Detail is malformed.');

  const busName = busNameOf(entry.EventBusName);
  // AWS takes events for a bus that is not there and drops them; here a wrong name is worth an answer.
  if (!hasBus(busName)) return fault('InvalidArgument', `Event bus ${busName} does not exist.`);
  const resources = Array.isArray(entry.Resources) ? entry.Resources.filter(isFilled) : [];
  return {
    busName,
    event: busEvent({ source, detailType, detail, parsed, resources, at: timeOf(entry.Time) ?? now }, now),
  };
}

/** The event EventBridge makes of an entry. */
export function busEvent(
  fields: {
    readonly source: string;
    readonly detailType: string;
    readonly detail: string;
    readonly parsed: JsonObject;
    readonly resources: readonly string[];
    readonly at: number;
  },
  now: number,
): BusEvent {
  const id = randomUUID();
  return {
    id,
    acceptedAt: now,
    detailText: fields.detail,
    parsed: {
      version: '0',
      id,
      'detail-type': fields.detailType,
      source: fields.source,
      account: '000000000000',
      time: `${new Date(fields.at).toISOString().slice(0, 19)}Z`,
      region: 'us-east-1',
      resources: fields.resources,
      detail: fields.parsed,
    },
  };
}

/** The name in a bus name or ARN; the default bus when there is none. */
export function busNameOf(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value.slice(value.lastIndexOf('/') + 1) : 'default';
}

/** The protocol writes times as seconds since the epoch. */
function timeOf(value: unknown): number | undefined {
  const at = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}

function parseDetail(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function required(name: string): ReadEntry {
  return fault('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
}

function fault(code: string, message: string): ReadEntry {
  return { fault: { code, message } };
}
