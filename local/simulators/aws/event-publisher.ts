import * as z from 'zod';
import { Misbehaviour, type MisbehaviourRule } from '../shared/webhook-sender.ts';
import type { Agenda } from './agenda.ts';
import type { AwsEvent } from './aws-event.ts';

const ruleSchema = z.strictObject({
  every: z.int().min(1).max(1_000_000),
  count: z.int().min(1).max(1_000_000).optional(),
});

/**
 * What goes wrong with events on the way, on demand: AWS delivers them on a best-effort basis only.
 * Each rule meets every `every`-th event, at most `count` times. An event that is lost is neither repeated nor delayed.
 * - `lose`: the event never arrives.
 * - `repeat`: it arrives twice, with the same id.
 * - `delay`: it arrives `byMs` late, after others that happened later.
 */
export const eventMisbehaviourSchema = z.strictObject({
  lose: ruleSchema.optional(),
  repeat: ruleSchema.optional(),
  delay: ruleSchema.extend({ byMs: z.int().min(1).max(86_400_000) }).optional(),
});

export type EventMisbehaviour = z.infer<typeof eventMisbehaviourSchema>;

/** Events counted since the start; `published` counts what was handed on, repetitions included. */
export interface EventStatistics {
  readonly happened: number;
  readonly published: number;
  readonly lost: number;
  readonly repeated: number;
  readonly delayed: number;
}

const REMEMBERED_MAX = 1_000;

/**
 * Hands events on as EventBridge does for an AWS service, with what was asked to go wrong.
 *
 * *Bounds*: the last 1,000 events are remembered so that they can be looked at and sent again.
 */
export class EventPublisher {
  readonly #publish: (event: AwsEvent) => void;
  readonly #agenda: Agenda;
  readonly #now: () => number;
  #rules = rulesOf({});
  #delayMs = 0;
  #remembered: AwsEvent[] = [];
  readonly #counts = { happened: 0, published: 0, lost: 0, repeated: 0, delayed: 0 };

  constructor(options: {
    /** Takes an event; must not throw. */
    readonly publish: (event: AwsEvent) => void;
    readonly agenda: Agenda;
    readonly now: () => number;
  }) {
    this.#publish = options.publish;
    this.#agenda = options.agenda;
    this.#now = options.now;
  }

  emit(event: AwsEvent): void {
    this.#counts.happened += 1;
    this.#remembered.push(event);
    if (this.#remembered.length > REMEMBERED_MAX) this.#remembered.shift();
    if (this.#rules.lose.isDue()) {
      this.#counts.lost += 1;
      return;
    }
    if (this.#rules.delay.isDue()) {
      this.#counts.delayed += 1;
      this.#agenda.add(this.#now() + this.#delayMs, () => this.#send(event));
    } else this.#send(event);
    if (this.#rules.repeat.isDue()) {
      this.#counts.repeated += 1;
      this.#send(event);
    }
  }

  /** Sets what goes wrong from now on; what is left out goes right again. */
  misbehave(misbehaviour: EventMisbehaviour): void {
    this.#rules = rulesOf(misbehaviour);
    this.#delayMs = misbehaviour.delay?.byMs ?? 0;
  }

  /** The events of late, oldest first, lost ones included. */
  recent(): readonly AwsEvent[] {
    return this.#remembered;
  }

  /** Sends a remembered event once more; false when it is not remembered. */
  sendAgain(id: string): boolean {
    const event = this.#remembered.findLast((remembered) => remembered.id === id);
    if (event === undefined) return false;
    this.#counts.repeated += 1;
    this.#send(event);
    return true;
  }

  statistics(): EventStatistics {
    return { ...this.#counts };
  }

  /** Forgets events and misbehaviour; counts stay. */
  reset(): void {
    this.#remembered = [];
    this.misbehave({});
  }

  #send(event: AwsEvent): void {
    this.#counts.published += 1;
    this.#publish(event);
  }
}

function rulesOf({ lose, repeat, delay }: EventMisbehaviour): Record<'lose' | 'repeat' | 'delay', Misbehaviour> {
  return {
    lose: new Misbehaviour(ruleOf(lose)),
    repeat: new Misbehaviour(ruleOf(repeat)),
    delay: new Misbehaviour(ruleOf(delay)),
  };
}

function ruleOf(rule: z.infer<typeof ruleSchema> | undefined): MisbehaviourRule | undefined {
  if (rule === undefined) return undefined;
  return { every: rule.every, ...(rule.count === undefined ? {} : { count: rule.count }) };
}
