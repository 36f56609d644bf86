import { DueHeap } from './due-heap.ts';
import { FairLanes } from './fair-lanes.ts';
import type { Message } from './message.ts';
import type { QueueSettings } from './queue-attributes.ts';

/** What `Queue.receive` found beside the messages it hands out. */
export interface Received {
  readonly messages: readonly Message[];
  /** Received too often: they leave for the dead-letter queue. */
  readonly exhausted: readonly Message[];
  /** Older than the retention period: they are dropped, as SQS does. */
  readonly expired: readonly Message[];
}

/** How many messages are in each state. */
export type QueueCounts = Readonly<Record<'ready' | 'delayed' | 'inFlight', number>>;

/** Most messages of one standard queue that may be in flight (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html). */
const IN_FLIGHT_MAX = 120_000;

/** One standard queue in memory. It keeps no clock: every call says what time it is. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  settings: QueueSettings;

  readonly #messages = new Map<number, Message>();
  readonly #lanes = new FairLanes();
  readonly #due = new DueHeap<Message>();
  #delayed = 0;
  #inFlight = 0;

  constructor(name: string, arn: string, settings: QueueSettings, createdAt: number) {
    this.name = name;
    this.arn = arn;
    this.settings = settings;
    this.createdAt = createdAt;
  }

  /** All messages, in order of arrival. */
  messages(): Iterable<Message> {
    return this.#messages.values();
  }

  counts(): QueueCounts {
    return {
      ready: this.#messages.size - this.#delayed - this.#inFlight,
      delayed: this.#delayed,
      inFlight: this.#inFlight,
    };
  }

  /** When the next delayed or in-flight message becomes ready, or nothing. */
  nextDueAt(): number | undefined {
    return this.#due.nextAt();
  }

  /** Adds a message, ready at once or after its delay. */
  add(message: Message, now: number): void {
    this.#messages.set(message.sequence, message);
    if (message.dueAt > now) this.#wait(message, 'delayed', message.dueAt);
    else this.#ready(message);
  }

  /** Hands out up to `max` messages, invisible to others until `now + visibilityMs`. */
  receive(max: number, visibilityMs: number, now: number): Received {
    this.#settle(now);
    const received: Received & { messages: Message[]; exhausted: Message[]; expired: Message[] } = {
      messages: [],
      exhausted: [],
      expired: [],
    };
    const receivesMax = this.settings.redrive?.receivesMax ?? Number.POSITIVE_INFINITY;
    while (received.messages.length < max && this.#inFlight < IN_FLIGHT_MAX) {
      const message = this.#lanes.take();
      if (message === undefined) break;
      if (message.sentAt + this.settings.retentionMs <= now) {
        this.#forget(message);
        received.expired.push(message);
      } else if (message.receives >= receivesMax) {
        this.#forget(message);
        received.exhausted.push(message);
      } else {
        message.receives += 1;
        message.firstReceivedAt ??= now;
        this.#wait(message, 'in-flight', now + visibilityMs);
        received.messages.push(message);
      }
    }
    return received;
  }

  /** The message of a receipt handle, if it is still here and was not received again since. */
  find(sequence: number, receives: number): Message | undefined {
    const message = this.#messages.get(sequence);
    return message?.receives === receives ? message : undefined;
  }

  delete(message: Message): void {
    this.#forget(message);
  }

  /** Lets an in-flight message come back at another time; answers whether it was in flight. */
  changeVisibility(message: Message, visibilityMs: number, now: number): boolean {
    this.#settle(now);
    if (message.state !== 'in-flight') return false;
    if (visibilityMs > 0) {
      message.dueAt = now + visibilityMs;
      this.#due.push(message.dueAt, message);
    } else {
      this.#inFlight -= 1;
      this.#ready(message);
    }
    return true;
  }

  /** Whether a receive would find something now. */
  hasReady(now: number): boolean {
    this.#settle(now);
    return this.counts().ready > 0;
  }

  purge(): void {
    for (const message of this.#messages.values()) message.state = 'gone';
    this.#messages.clear();
    this.#lanes.clear();
    this.#due.clear();
    this.#delayed = 0;
    this.#inFlight = 0;
  }

  /** Makes messages ready whose delay or visibility timeout has passed. */
  #settle(now: number): void {
    for (let entry = this.#due.popDue(now); entry !== undefined; entry = this.#due.popDue(now)) {
      const message = entry.item;
      // A message deleted or given another time since then has an entry that no longer agrees with it.
      if (message.dueAt !== entry.at || (message.state !== 'delayed' && message.state !== 'in-flight')) continue;
      if (message.state === 'delayed') this.#delayed -= 1;
      else this.#inFlight -= 1;
      this.#ready(message);
    }
  }

  #ready(message: Message): void {
    message.state = 'ready';
    this.#lanes.add(message);
  }

  #wait(message: Message, state: 'delayed' | 'in-flight', until: number): void {
    message.state = state;
    message.dueAt = until;
    if (state === 'delayed') this.#delayed += 1;
    else this.#inFlight += 1;
    this.#due.push(until, message);
  }

  #forget(message: Message): void {
    if (message.state === 'delayed') this.#delayed -= 1;
    if (message.state === 'in-flight') this.#inFlight -= 1;
    message.state = 'gone';
    this.#messages.delete(message.sequence);
  }
}
