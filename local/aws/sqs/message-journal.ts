import { type Journal, type JournalRecord, openJournal } from '../journal.ts';
import type { Message, MessageAttributes } from './message.ts';

/**
 * The messages of all queues on disk, as a list of changes:
 *
 * | record | meaning |
 * |---|---|
 * | `send, queue, sequence, id, body, sentAt, dueAt, group, attributes, receives, firstReceivedAt, kills, isInFlight` | a message is in a queue |
 * | `receive, queue, at, [sequence…]` | received once more |
 * | `delete, queue, [sequence…]` | gone |
 * | `move, from, to, [sequence…]` | handed to the dead-letter queue, in one step so that a kill leaves it in one of the two |
 * | `purge, queue` | all gone |
 * | `start` | the service was started again; what was received since the last one was in flight at its end, as far as it is still there |
 *
 * Visibility is not kept: whoever was working on a message died with the process, so after a start it is visible at once.
 * That receive does not count against the message, whose fault it was not: somebody who stops the hub again and again, or a laptop
 * that goes down, must not make dead letters. It still counts as received before. After `KILLS_FORGIVEN` times the message itself
 * is the suspect, and its receives count again until it reaches the dead-letter queue.
 */
export interface MessageJournal {
  readonly bytes: number;
  sent(queue: string, messages: readonly Message[]): void;
  received(queue: string, messages: readonly Message[], at: number): void;
  deleted(queue: string, messages: readonly Message[]): void;
  moved(from: string, to: string, messages: readonly Message[]): void;
  purged(queue: string): void;
  /** Rewrites the file if it has grown far beyond what `live` needs. */
  compact(live: () => Iterable<readonly [queue: string, messages: Iterable<Message>]>): void;
  close(): void;
}

/** Messages by queue name and sequence, as a journal tells them. */
export type StoredMessages = Map<string, Map<number, Message>>;

/** The file is rewritten once it has grown by this much, and to at least twice its size after the last rewrite. */
const COMPACT_GROWTH_BYTES = 16 * 1024 * 1024;

/** How often the end of the service is not held against a message. */
const KILLS_FORGIVEN = 100;

/** Opens the journal and answers what it holds. */
export function openMessageJournal(path: string): {
  readonly journal: MessageJournal;
  readonly stored: StoredMessages;
} {
  const stored: StoredMessages = new Map();
  const inFlight: InFlight = new Set();
  const file = openJournal(path, (record) => replay(stored, inFlight, record));
  if (inFlight.size > 0) {
    const start: JournalRecord = ['start'];
    replay(stored, inFlight, start);
    file.append([start]);
  }
  let compactAt = Math.max(file.size * 2, COMPACT_GROWTH_BYTES);
  return {
    stored,
    journal: journalOver(
      file,
      () => compactAt,
      (bytes) => (compactAt = bytes),
    ),
  };
}

function journalOver(file: Journal, compactAt: () => number, setCompactAt: (bytes: number) => void): MessageJournal {
  return {
    get bytes() {
      return file.size;
    },
    sent: (queue, messages) => file.append(messages.map((message) => sendRecord(queue, message))),
    received: (queue, messages, at) =>
      file.append(messages.length === 0 ? [] : [['receive', queue, at, sequencesOf(messages)]]),
    deleted: (queue, messages) => file.append(messages.length === 0 ? [] : [['delete', queue, sequencesOf(messages)]]),
    moved: (from, to, messages) =>
      file.append(messages.length === 0 ? [] : [['move', from, to, sequencesOf(messages)]]),
    purged: (queue) => file.append([['purge', queue]]),
    compact(live) {
      if (file.size < compactAt()) return;
      file.rewrite(recordsOf(live()));
      setCompactAt(Math.max(file.size * 2, COMPACT_GROWTH_BYTES));
    },
    close: () => file.close(),
  };
}

function* recordsOf(live: Iterable<readonly [queue: string, messages: Iterable<Message>]>): Iterable<JournalRecord> {
  for (const [queue, messages] of live) for (const message of messages) yield sendRecord(queue, message);
}

function sendRecord(queue: string, message: Message): JournalRecord {
  const { sequence, id, body, sentAt, dueAt, group, attributes, receives, firstReceivedAt, kills, state } = message;
  // A message in flight is written as due now, in the past of any later start: it is visible again after it.
  const due = state === 'in-flight' ? sentAt : dueAt;
  return [
    'send',
    queue,
    sequence,
    id,
    body,
    sentAt,
    due,
    group ?? null,
    attributes ?? null,
    receives,
    firstReceivedAt ?? null,
    kills,
    state === 'in-flight',
  ];
}

function sequencesOf(messages: readonly Message[]): number[] {
  return messages.map((message) => message.sequence);
}

/** The casts below read back what `sendRecord` and its neighbours have written; nothing else writes this file. */
function replay(stored: StoredMessages, inFlight: InFlight, record: JournalRecord): void {
  const [kind, queue] = record as readonly [string, string];
  if (kind === 'send') {
    const [
      ,
      ,
      sequence,
      id,
      body,
      sentAt,
      dueAt,
      group,
      attributes,
      receives,
      firstReceivedAt,
      // Files of older versions have neither.
      kills = 0,
      isInFlight = false,
    ] = record as readonly [
      string,
      string,
      number,
      string,
      string,
      number,
      number,
      string | null,
      MessageAttributes | null,
      number,
      number | null,
      number?,
      boolean?,
    ];
    const message: Message = {
      sequence,
      id,
      body,
      sentAt,
      dueAt,
      receives,
      state: 'delayed',
      group: group ?? undefined,
      attributes: attributes ?? undefined,
      firstReceivedAt: firstReceivedAt ?? undefined,
      kills,
    };
    lane(stored, queue).set(sequence, message);
    if (isInFlight) inFlight.add(message);
  } else if (kind === 'receive') {
    const [, , at, sequences] = record as readonly [string, string, number, number[]];
    for (const sequence of sequences) {
      const message = lane(stored, queue).get(sequence);
      if (message === undefined) continue;
      received(message, at);
      inFlight.add(message);
    }
  } else if (kind === 'delete') {
    const [, , sequences] = record as readonly [string, string, number[]];
    for (const sequence of sequences) {
      const message = lane(stored, queue).get(sequence);
      if (message === undefined) continue;
      inFlight.delete(message);
      lane(stored, queue).delete(sequence);
    }
  } else if (kind === 'move') {
    const [, , to, sequences] = record as readonly [string, string, string, number[]];
    for (const sequence of sequences) {
      const message = lane(stored, queue).get(sequence);
      lane(stored, queue).delete(sequence);
      if (message === undefined) continue;
      inFlight.delete(message);
      lane(stored, to).set(sequence, message);
    }
  } else if (kind === 'purge') {
    for (const message of lane(stored, queue).values()) inFlight.delete(message);
    stored.delete(queue);
  } else if (kind === 'start') {
    for (const message of inFlight) forgive(message);
    inFlight.clear();
  }
}

/** Messages that somebody received since the last start and that are still there. */
type InFlight = Set<Message>;

/** Takes back the receive that was cut short, but for the first: that it was received before must still be seen. */
function forgive(message: Message): void {
  message.kills += 1;
  if (message.kills <= KILLS_FORGIVEN) message.receives = Math.max(1, message.receives - 1);
}

function received(message: Message, at: number): void {
  message.receives += 1;
  message.firstReceivedAt ??= at;
  message.dueAt = message.sentAt;
}

function lane(stored: StoredMessages, queue: string): Map<number, Message> {
  const known = stored.get(queue);
  if (known !== undefined) return known;
  const fresh = new Map<number, Message>();
  stored.set(queue, fresh);
  return fresh;
}
