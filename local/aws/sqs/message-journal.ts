import { type Journal, type JournalRecord, openJournal } from '../journal.ts';
import type { Message, MessageAttributes } from './message.ts';

/**
 * The messages of all queues on disk, as a list of changes:
 *
 * | record | meaning |
 * |---|---|
 * | `send, queue, sequence, id, body, sentAt, dueAt, group, attributes, receives, firstReceivedAt` | a message is in a queue |
 * | `receive, queue, at, [sequence…]` | received once more |
 * | `delete, queue, [sequence…]` | gone |
 * | `move, from, to, [sequence…]` | handed to the dead-letter queue, in one step so that a kill leaves it in one of the two |
 * | `purge, queue` | all gone |
 *
 * Visibility is not kept: whoever was working on a message died with the process, so after a start it is visible at once.
 * A message keeps its count of receives, by which one that kills the process reaches the dead-letter queue.
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

/** Opens the journal and answers what it holds. */
export function openMessageJournal(path: string): {
  readonly journal: MessageJournal;
  readonly stored: StoredMessages;
} {
  const stored: StoredMessages = new Map();
  const file = openJournal(path, (record) => replay(stored, record));
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
  const { sequence, id, body, sentAt, dueAt, group, attributes, receives, firstReceivedAt } = message;
  // A message in flight is written as due now, in the past of any later start: it is visible again after it.
  const due = message.state === 'in-flight' ? sentAt : dueAt;
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
  ];
}

function sequencesOf(messages: readonly Message[]): number[] {
  return messages.map((message) => message.sequence);
}

/** The casts below read back what `sendRecord` and its neighbours have written; nothing else writes this file. */
function replay(stored: StoredMessages, record: JournalRecord): void {
  const [kind, queue] = record as readonly [string, string];
  if (kind === 'send') {
    const [, , sequence, id, body, sentAt, dueAt, group, attributes, receives, firstReceivedAt] = record as readonly [
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
    ];
    lane(stored, queue).set(sequence, {
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
    });
  } else if (kind === 'receive') {
    const [, , at, sequences] = record as readonly [string, string, number, number[]];
    for (const sequence of sequences) received(lane(stored, queue).get(sequence), at);
  } else if (kind === 'delete') {
    const [, , sequences] = record as readonly [string, string, number[]];
    for (const sequence of sequences) lane(stored, queue).delete(sequence);
  } else if (kind === 'move') {
    const [, , to, sequences] = record as readonly [string, string, string, number[]];
    for (const sequence of sequences) {
      const message = lane(stored, queue).get(sequence);
      lane(stored, queue).delete(sequence);
      if (message !== undefined) lane(stored, to).set(sequence, message);
    }
  } else if (kind === 'purge') {
    stored.delete(queue);
  }
}

function received(message: Message | undefined, at: number): void {
  if (message === undefined) return;
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
