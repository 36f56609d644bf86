import type { Message } from './message.ts';

/**
 * Messages ready to be received, one lane for each message group, served in turn.
 *
 * A standard queue with message groups is fair: a group with a long backlog does not hold up the others
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html). Taking turns gives
 * that without knowing which group is the noisy one. Within a lane messages leave in order of arrival.
 */
export class FairLanes {
  readonly #lanes = new Map<string, Lane>();
  /** Groups with at least one message, the next to be served first. */
  readonly #turns = new Lane<string>();

  add(message: Message): void {
    const group = message.group ?? '';
    const lane = this.#lanes.get(group);
    if (lane !== undefined) {
      lane.push(message);
      return;
    }
    const fresh = new Lane<Message>();
    fresh.push(message);
    this.#lanes.set(group, fresh);
    this.#turns.push(group);
  }

  /** The next message whose turn it is. Messages deleted while they waited are skipped. */
  take(): Message | undefined {
    for (;;) {
      const group = this.#turns.shift();
      const lane = group === undefined ? undefined : this.#lanes.get(group);
      if (group === undefined || lane === undefined) return undefined;
      const message = lane.shift();
      if (lane.length > 0) this.#turns.push(group);
      else this.#lanes.delete(group);
      if (message?.state === 'ready') return message;
    }
  }

  clear(): void {
    this.#lanes.clear();
    this.#turns.clear();
  }
}

/** A first-in, first-out list whose head moves instead of its elements. */
class Lane<T = Message> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
