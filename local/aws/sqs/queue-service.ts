import { randomUUID } from 'node:crypto';
import type { Message, MessageAttributes } from './message.ts';
import { type MessageJournal, openMessageJournal, type StoredMessages } from './message-journal.ts';
import { Queue } from './queue.ts';
import type { QueueSettings } from './queue-attributes.ts';

/** A message as its sender gives it. */
export interface NewMessage {
  readonly body: string;
  readonly attributes: MessageAttributes | undefined;
  readonly group: string | undefined;
  /** Overrides the queue's own delay. */
  readonly delayMs: number | undefined;
}

/** How a receive is to be done. */
export interface ReceiveRequest {
  readonly max: number;
  readonly visibilityMs: number;
  /** How long to wait for a first message. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Prefix of the ARNs of embedded queues. */
export const QUEUE_ARN_PREFIX = 'arn:aws:sqs:us-east-1:000000000000:';

/**
 * The queues of the hub: in memory, with every change in a journal before it is answered.
 *
 * Queues themselves are not kept: they are made from the template at every start and find their messages again by name.
 * Messages of a queue that no longer exists stay in the journal until it does, or until their retention period is over.
 */
export class QueueService {
  readonly #queues = new Map<string, Queue>();
  readonly #stored: StoredMessages;
  readonly #journal: MessageJournal;
  readonly #waiters = new Map<Queue, Set<() => void>>();
  readonly #timers = new Map<Queue, { readonly at: number; readonly timer: NodeJS.Timeout }>();
  readonly #now: () => number;
  #sequence: number;

  constructor(journalPath: string, now: () => number) {
    const { journal, stored } = openMessageJournal(journalPath);
    this.#journal = journal;
    this.#stored = stored;
    this.#now = now;
    this.#sequence = largestSequence(stored);
  }

  /** Makes a queue, or gives an existing one these settings. */
  create(name: string, settings: QueueSettings): Queue {
    const known = this.#queues.get(name);
    if (known !== undefined) {
      known.settings = settings;
      return known;
    }
    const now = this.#now();
    const queue = new Queue(name, `${QUEUE_ARN_PREFIX}${name}`, settings, now);
    this.#queues.set(name, queue);
    for (const message of this.#stored.get(name)?.values() ?? []) queue.add(message, now);
    this.#stored.delete(name);
    return queue;
  }

  get(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  all(): readonly Queue[] {
    return [...this.#queues.values()];
  }

  /** Puts messages into a queue, on disk first. */
  send(queue: Queue, messages: readonly NewMessage[]): readonly Message[] {
    const now = this.#now();
    const sent = messages.map((message) => this.#message(queue, message, now));
    this.#journal.sent(queue.name, sent);
    for (const message of sent) queue.add(message, now);
    this.#wake(queue);
    this.#compact();
    return sent;
  }

  /** Receives messages, waiting for the first one as long as asked. An aborted wait takes nothing. */
  async receive(queue: Queue, request: ReceiveRequest): Promise<readonly Message[]> {
    const giveUpAt = this.#now() + request.waitMs;
    for (;;) {
      if (request.signal.aborted) return [];
      const messages = this.#receiveNow(queue, request);
      const waitMs = giveUpAt - this.#now();
      if (messages.length > 0 || waitMs <= 0) return messages;
      await this.#change(queue, waitMs, request.signal);
    }
  }

  delete(queue: Queue, messages: readonly Message[]): void {
    this.#journal.deleted(queue.name, messages);
    for (const message of messages) queue.delete(message);
    this.#compact();
  }

  changeVisibility(queue: Queue, message: Message, visibilityMs: number): boolean {
    const wasInFlight = queue.changeVisibility(message, visibilityMs, this.#now());
    this.#wake(queue);
    return wasInFlight;
  }

  purge(queue: Queue): void {
    this.#journal.purged(queue.name);
    queue.purge();
  }

  close(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#journal.close();
  }

  #receiveNow(queue: Queue, request: ReceiveRequest): readonly Message[] {
    const now = this.#now();
    const { messages, exhausted, expired } = queue.receive(request.max, request.visibilityMs, now);
    this.#journal.received(queue.name, messages, now);
    this.#journal.deleted(queue.name, expired);
    if (exhausted.length > 0) this.#bury(queue, exhausted, now);
    return messages;
  }

  /** Hands messages that were received too often to the dead-letter queue of their queue. */
  #bury(queue: Queue, messages: readonly Message[], now: number): void {
    const arn = queue.settings.redrive?.deadLetterArn ?? '';
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    this.#journal.moved(queue.name, name, messages);
    const deadLetters = this.#queues.get(name);
    for (const message of messages) {
      const buried: Message = { ...message, dueAt: now, state: 'ready' };
      if (deadLetters !== undefined) deadLetters.add(buried, now);
      else storedLane(this.#stored, name).set(buried.sequence, buried);
    }
    if (deadLetters !== undefined) this.#wake(deadLetters);
  }

  #message(queue: Queue, message: NewMessage, now: number): Message {
    this.#sequence += 1;
    return {
      sequence: this.#sequence,
      id: randomUUID(),
      body: message.body,
      attributes: message.attributes,
      group: message.group,
      sentAt: now,
      firstReceivedAt: undefined,
      kills: 0,
      receives: 0,
      state: 'ready',
      dueAt: now + (message.delayMs ?? queue.settings.delayMs),
    };
  }

  /** Resolves when a message may have become ready, the time is over or the caller has hung up. */
  #change(queue: Queue, waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(queue) ?? new Set();
      this.#waiters.set(queue, waiters);
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        waiters.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, waitMs);
      signal.addEventListener('abort', finish, { once: true });
      waiters.add(finish);
      this.#armTimer(queue);
    });
  }

  /** Tells one waiter for each ready message; one that finds nothing left waits on. */
  #wake(queue: Queue): void {
    const waiters = this.#waiters.get(queue);
    if (waiters === undefined || waiters.size === 0) return;
    if (!queue.hasReady(this.#now())) {
      this.#armTimer(queue);
      return;
    }
    for (const finish of [...waiters].slice(0, queue.counts().ready)) finish();
  }

  /** Waiters sleep until the next delayed or in-flight message is due; one timer a queue serves them all. */
  #armTimer(queue: Queue): void {
    const at = queue.nextDueAt();
    const armed = this.#timers.get(queue);
    if (at === undefined || (armed !== undefined && armed.at <= at)) return;
    clearTimeout(armed?.timer);
    const timer = setTimeout(
      () => {
        this.#timers.delete(queue);
        this.#wake(queue);
      },
      Math.max(1, at - this.#now()),
    );
    this.#timers.set(queue, { at, timer });
  }

  #compact(): void {
    this.#journal.compact(() => this.#retained());
  }

  /** All messages worth keeping: those of the queues, and unexpired ones of queues that are not there now. */
  *#retained(): Iterable<readonly [queue: string, messages: Iterable<Message>]> {
    for (const queue of this.#queues.values()) yield [queue.name, queue.messages()];
    const oldest = this.#now() - ORPHAN_RETENTION_MS;
    for (const [name, messages] of this.#stored)
      yield [name, [...messages.values()].filter(({ sentAt }) => sentAt > oldest)];
  }
}

/** SQS keeps no message longer than this, so one of a queue that has been gone for so long is dropped. */
const ORPHAN_RETENTION_MS = 1_209_600_000;

function storedLane(stored: StoredMessages, name: string): Map<number, Message> {
  const lane = stored.get(name) ?? new Map<number, Message>();
  stored.set(name, lane);
  return lane;
}

function largestSequence(stored: StoredMessages): number {
  let largest = 0;
  for (const lane of stored.values()) for (const sequence of lane.keys()) largest = Math.max(largest, sequence);
  return largest;
}
