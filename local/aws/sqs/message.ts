/** A message attribute as SQS carries it; binary values are base64 text on the wire. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** Attributes of a message by name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** Where a message is in its queue. */
export type MessageState = 'ready' | 'delayed' | 'in-flight' | 'gone';

/** A message held by the embedded queue service. Times are milliseconds since the epoch. */
export interface Message {
  /** Place in the order of arrival over all queues; names the message in the journal and in receipt handles. */
  readonly sequence: number;
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes | undefined;
  /** Message group of a standard queue: the lane in which it waits its turn (fair queues). */
  readonly group: string | undefined;
  readonly sentAt: number;
  firstReceivedAt: number | undefined;
  receives: number;
  /** How often the service ended while somebody had received it. */
  kills: number;
  state: MessageState;
  /** When a delayed or in-flight message becomes ready. */
  dueAt: number;
}

/** The receipt handle of the latest receive of a message. */
export function receiptHandleOf(message: Message): string {
  return Buffer.from(`${message.sequence}:${message.receives}:${message.id}`, 'utf8').toString('base64url');
}

/** Reads a receipt handle, or answers nothing for a text that was never one. */
export function parseReceiptHandle(
  handle: unknown,
): { readonly sequence: number; readonly receives: number } | undefined {
  if (typeof handle !== 'string') return undefined;
  const parts = Buffer.from(handle, 'base64url').toString('utf8').split(':');
  const sequence = Number(parts[0]);
  const receives = Number(parts[1]);
  return parts.length === 3 && Number.isInteger(sequence) && Number.isInteger(receives)
    ? { sequence, receives }
    : undefined;
}
