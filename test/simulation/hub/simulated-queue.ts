import type { Scheduler } from '../engine/scheduler.ts';
import type { SeededRandom } from '../engine/seeded-random.ts';

/** A message as a queue hands it out. */
export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  readonly receiveCount: number;
  /** When it was first handed out. */
  readonly firstReceivedAt: number;
}

interface StoredMessage {
  readonly id: string;
  readonly body: string;
  receiveCount: number;
  firstReceivedAt: number;
  visibleAt: number;
  /** How often AWS itself ended the work on it. */
  outages: number;
}

/** How a queue behaves. Times in ms. */
export interface QueueOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly batchMax: number;
  readonly windowMs: number;
  readonly visibilityMs: number;
  readonly receivesMax: number;
  /** How likely a message is handed out a second time although somebody has it. */
  readonly twiceChance: () => number;
  /** How likely a message comes late, by up to two minutes. */
  readonly lateChance: () => number;
  /** Told when there is something to receive. */
  readonly onReady: () => void;
}

/** A standard queue as SQS has it: at least once, in no order, hidden while somebody works on it, dead after too many receives. */
export class SimulatedQueue {
  #dead: StoredMessage[] = [];
  #messages: StoredMessage[] = [];
  #serial = 0;
  readonly #options: QueueOptions;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Messages that are neither done nor dead. */
  get length(): number {
    return this.#messages.length;
  }

  /** Messages that were handed out too often. */
  get dead(): readonly ReceivedMessage[] {
    return this.#dead;
  }

  /** What waits, for an oracle or a report. */
  get bodies(): readonly string[] {
    return this.#messages.map(({ body }) => body);
  }

  send(body: string, delayMs: number): void {
    const { scheduler, random, name, lateChance } = this.#options;
    const lateMs = random.chance(lateChance()) ? random.between(1_000, 120_000) : 0;
    const visibleAt = scheduler.now + delayMs + lateMs;
    this.#messages.push({
      id: `${name}-${++this.#serial}`,
      body,
      receiveCount: 0,
      firstReceivedAt: 0,
      visibleAt,
      outages: 0,
    });
    this.#wake(visibleAt);
  }

  /** Up to a batch of what is visible, in no order; hidden from others for a while. */
  receive(): readonly ReceivedMessage[] {
    const { scheduler, random, batchMax, visibilityMs, receivesMax, twiceChance } = this.#options;
    const visible = this.#messages.filter(({ visibleAt }) => visibleAt <= scheduler.now);
    const taken: ReceivedMessage[] = [];
    while (visible.length > 0 && taken.length < batchMax) {
      const [message] = visible.splice(random.between(0, visible.length - 1), 1);
      if (message === undefined) break;
      message.receiveCount += 1;
      if (message.receiveCount === 1) message.firstReceivedAt = scheduler.now;
      if (message.receiveCount > receivesMax) {
        this.#messages = this.#messages.filter((each) => each !== message);
        this.#dead.push(message);
        continue;
      }
      const isTwice = random.chance(twiceChance());
      message.visibleAt = scheduler.now + (isTwice ? random.between(0, 5_000) : visibilityMs);
      this.#wake(message.visibleAt);
      taken.push({ ...message });
    }
    return taken;
  }

  /** Whether anything could be received now. */
  hasVisible(): boolean {
    return this.#messages.some(({ visibleAt }) => visibleAt <= this.#options.scheduler.now);
  }

  done(ids: readonly string[]): void {
    const gone = new Set(ids);
    this.#messages = this.#messages.filter(({ id }) => !gone.has(id));
  }

  /** AWS itself failed while somebody was at these. */
  failed(ids: readonly string[]): void {
    for (const message of this.#messages) if (ids.includes(message.id)) message.outages += 1;
  }

  /**
   * Somebody hears of dead letters and sends those again that AWS itself ended every time: there is nothing to mend. Answers whether there
   * were any. What died otherwise stays dead.
   */
  redrive(): boolean {
    const { scheduler, receivesMax } = this.#options;
    const { again = [], dead = [] } = Object.groupBy(this.#dead, ({ outages }) =>
      outages < receivesMax ? 'dead' : 'again',
    );
    this.#dead = dead;
    for (const message of again) {
      this.#messages.push({ ...message, receiveCount: 0, outages: 0, visibleAt: scheduler.now });
      this.#wake(scheduler.now);
    }
    return again.length > 0;
  }

  #wake(at: number): void {
    const { scheduler, name, windowMs, onReady } = this.#options;
    scheduler.at(at + windowMs, `${name} ready`, onReady);
  }
}
