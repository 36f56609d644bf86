import type { AwsEvent } from '../../../local/simulators/aws/aws-event.ts';
import type { SeededRandom } from '../engine/seeded-random.ts';
import type { Temper } from '../plan/plan.ts';

/** An event that AWS, or whoever plays it, had for the hub. */
export interface SentEvent {
  readonly event: AwsEvent;
  /** It never arrived. */
  readonly isLost: boolean;
}

/** What the bus needs. */
export interface AwsBusOptions {
  readonly random: SeededRandom;
  readonly temper: () => Temper;
  /** Puts a message into the inbound queue. */
  readonly deliver: (body: string, afterMs: number) => void;
}

/** The way of AWS's events into the hub's inbound queue: best effort, so that they are lost, doubled and late like webhooks. */
export class AwsBus {
  readonly sent: SentEvent[] = [];
  readonly #options: AwsBusOptions;

  constructor(options: AwsBusOptions) {
    this.#options = options;
  }

  /** `isCertain`: it arrives, once at least. */
  publish(event: AwsEvent, isCertain = false): void {
    const { random, temper, deliver } = this.#options;
    const { webhookLost, webhookTwice } = temper();
    const isLost = !isCertain && random.chance(webhookLost);
    this.sent.push({ event, isLost });
    if (isLost) return;
    const body = JSON.stringify(event);
    const isLate = random.chance(webhookTwice);
    deliver(body, isLate ? random.between(1_000, 200_000) : random.between(20, 2_000));
    if (random.chance(webhookTwice)) deliver(body, random.between(1, 100_000));
  }
}
