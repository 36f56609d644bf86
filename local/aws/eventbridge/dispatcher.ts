import type { Deliver, Delivery, DeliveryOutcome } from './delivery.ts';
import type { DeliveryJournal } from './delivery-journal.ts';

/** What the dispatcher needs of the world. */
export interface DispatcherOptions {
  readonly deliver: Deliver;
  readonly deadLetter: (
    delivery: Delivery,
    failure: { readonly code: string; readonly message: string },
    condition: string | undefined,
  ) => Promise<boolean>;
  readonly journal: DeliveryJournal;
  readonly now: () => number;
  /** 0 up to 1, for the jitter of back-off. */
  readonly random: () => number;
  readonly setTimer: (callback: () => void, ms: number) => () => void;
  readonly warn: (message: string) => void;
}

/** Counts since the start. */
export interface DispatcherStats {
  readonly open: number;
  readonly delivered: number;
  readonly retried: number;
  readonly deadLettered: number;
  readonly dropped: number;
}

/** Most events of one target under way in one call, the size of an SQS batch. */
const GROUP_MAX = 10;
/** Calls to one target at a time. */
const CALLS_MAX = 4;
const BACK_OFF_MS_FIRST = 1000;
const BACK_OFF_MS_MAX = 300_000;
const CLOSE_MS_MAX = 2000;

/** Brings accepted events to their targets: grouped, a few calls at a time for each target, with back-off and dead letters. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #lanes = new Map<string, { readonly waiting: Delivery[]; calls: number }>();
  readonly #timers = new Set<() => void>();
  #stats = { open: 0, delivered: 0, retried: 0, deadLettered: 0, dropped: 0 };
  /** No new calls are started. */
  #isClosed = false;
  /** The journal may be closed: late answers are not written down any more. */
  #isAbandoned = false;
  readonly #calls = new Set<Promise<void>>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  get stats(): DispatcherStats {
    return { ...this.#stats };
  }

  /** Takes deliveries that are in the journal already. */
  accept(deliveries: readonly Delivery[]): void {
    this.#stats.open += deliveries.length;
    for (const delivery of deliveries) this.#enqueue(delivery);
  }

  /** Starts nothing new and waits, within a bound, for the calls under way; what is open then stays in the journal. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    const overdue = new Promise<void>((resolve) => this.#timers.add(this.#options.setTimer(resolve, CLOSE_MS_MAX)));
    await Promise.race([Promise.allSettled([...this.#calls]), overdue]);
    for (const cancel of this.#timers) cancel();
    this.#isAbandoned = true;
  }

  #enqueue(delivery: Delivery): void {
    const lane = this.#lanes.get(delivery.targetArn) ?? { waiting: [], calls: 0 };
    this.#lanes.set(delivery.targetArn, lane);
    lane.waiting.push(delivery);
    // Deliveries of the same moment travel together: the call starts after the caller has handed over all of them.
    if (lane.waiting.length === 1) setImmediate(() => this.#pump(delivery.targetArn));
  }

  #pump(targetArn: string): void {
    const lane = this.#lanes.get(targetArn);
    if (lane === undefined || this.#isClosed) return;
    while (lane.waiting.length > 0 && lane.calls < CALLS_MAX) {
      const group = lane.waiting.splice(0, GROUP_MAX);
      lane.calls += 1;
      const call: Promise<void> = this.#deliver(targetArn, group).then(() => {
        this.#calls.delete(call);
        lane.calls -= 1;
        this.#pump(targetArn);
      });
      this.#calls.add(call);
    }
  }

  async #deliver(targetArn: string, group: readonly Delivery[]): Promise<void> {
    const outcomes = await this.#options.deliver(targetArn, group);
    if (this.#isAbandoned) return;
    const delivered = group.filter((_, index) => outcomes[index]?.kind === 'delivered');
    this.#finish(delivered);
    this.#stats.delivered += delivered.length;
    for (const [index, delivery] of group.entries()) {
      const outcome: DeliveryOutcome = outcomes[index] ?? {
        kind: 'failed',
        code: 'NO_ANSWER',
        message: 'The target answered for fewer events than it was given.',
      };
      if (outcome.kind !== 'delivered' && !this.#isClosed) await this.#retryOrBury(delivery, outcome);
    }
  }

  async #retryOrBury(delivery: Delivery, outcome: Exclude<DeliveryOutcome, { kind: 'delivered' }>): Promise<void> {
    delivery.attempts += 1;
    const condition = this.#exhausted(delivery);
    if (outcome.kind === 'failed' && condition === undefined) {
      this.#stats.retried += 1;
      this.#later(delivery);
      return;
    }
    const isKept = await this.#options.deadLetter(
      delivery,
      outcome,
      outcome.kind === 'refused' ? undefined : condition,
    );
    if (!isKept && delivery.deadLetterArn !== undefined) {
      // The dead-letter queue itself could not take it: the event stays open rather than being lost.
      this.#later(delivery);
      return;
    }
    if (isKept) this.#stats.deadLettered += 1;
    else this.#stats.dropped += 1;
    this.#options.warn(
      `An event for ${delivery.targetArn} was ${isKept ? 'put into its dead-letter queue' : 'dropped'}: ${outcome.code} ${outcome.message}`,
    );
    this.#finish([delivery]);
  }

  #exhausted(delivery: Delivery): string | undefined {
    if (delivery.attempts > delivery.attemptsMax) return 'MaximumRetryAttempts';
    return this.#options.now() - delivery.acceptedAt >= delivery.ageMsMax ? 'MaximumEventAgeInSeconds' : undefined;
  }

  #later(delivery: Delivery): void {
    const ceiling = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_FIRST * 2 ** Math.min(delivery.attempts - 1, 16));
    const cancel = this.#options.setTimer(
      () => {
        this.#timers.delete(cancel);
        this.#enqueue(delivery);
      },
      ceiling / 2 + (this.#options.random() * ceiling) / 2,
    );
    this.#timers.add(cancel);
  }

  #finish(deliveries: readonly Delivery[]): void {
    this.#options.journal.done(deliveries);
    this.#stats.open -= deliveries.length;
  }
}
