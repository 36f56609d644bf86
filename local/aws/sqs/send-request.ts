import type { JsonObject, WireFault } from '../wire/wire-result.ts';
import type { MessageAttribute, MessageAttributes } from './message.ts';
import { messageBytes } from './message-digest.ts';
import type { QueueSettings } from './queue-attributes.ts';
import type { NewMessage } from './queue-service.ts';

const DELAY_SECONDS_MAX = 900;
const ATTRIBUTES_MAX = 10;
/** Characters outside the XML set that SQS takes (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the rule of SQS names exactly these control characters.
const FORBIDDEN = /[^\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Reads one message to send, of a single call or of a batch entry, or answers why it cannot be taken. */
export function readNewMessage(
  fields: JsonObject,
  settings: QueueSettings,
): NewMessage | { readonly fault: WireFault } {
  const body = fields.MessageBody;
  if (typeof body !== 'string' || body === '')
    return fault('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (FORBIDDEN.test(body))
    return fault('InvalidMessageContents', 'The message contains characters outside the allowed set.');

  const attributes = readAttributes(fields.MessageAttributes);
  if (attributes === 'malformed') return fault('InvalidParameterValue', 'A message attribute has no type or no value.');
  if (messageBytes(body, attributes) > settings.messageBytesMax) {
    return fault(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${settings.messageBytesMax} bytes.`,
    );
  }

  const delay = fields.DelaySeconds;
  if (delay !== undefined && !isWholeNumber(delay, DELAY_SECONDS_MAX)) {
    return fault(
      'InvalidParameterValue',
      `Value for parameter DelaySeconds is invalid. Reason: it must be 0 to ${DELAY_SECONDS_MAX}.`,
    );
  }
  const group = fields.MessageGroupId;
  return {
    body,
    attributes,
    group: typeof group === 'string' && group !== '' ? group : undefined,
    delayMs: typeof delay === 'number' ? delay * 1000 : undefined,
  };
}

/** Whether a value is a whole number from 0 to `max`. */
export function isWholeNumber(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}

function readAttributes(raw: unknown): MessageAttributes | undefined | 'malformed' {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const entries = Object.entries(raw);
  if (entries.length === 0) return undefined;
  if (entries.length > ATTRIBUTES_MAX || !entries.every(([, value]) => isAttribute(value))) return 'malformed';
  // Every value has just been checked.
  return raw as MessageAttributes;
}

function isAttribute(value: unknown): value is MessageAttribute {
  if (typeof value !== 'object' || value === null) return false;
  const { DataType, StringValue, BinaryValue } = value as Record<string, unknown>;
  if (typeof DataType !== 'string') return false;
  return DataType.startsWith('Binary') ? typeof BinaryValue === 'string' : typeof StringValue === 'string';
}

function fault(code: string, message: string): { readonly fault: WireFault } {
  return { fault: { code, message } };
}
