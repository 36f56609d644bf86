import type { BusEvent } from './bus-event.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryJournal } from './delivery-journal.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { RuleIdentity } from './input-transformer.ts';
import { busEvent } from './put-events.ts';
import { type Rule, type RuleBook, type RuleTarget, readTarget, type TargetFields } from './rule-book.ts';
import type { ScheduleClock } from './schedule-clock.ts';
import { parseScheduleExpression } from './schedule-expression.ts';

/** A schedule of EventBridge Scheduler, as its CloudFormation properties name it. */
export interface ScheduleFields {
  readonly Name: string;
  readonly GroupName?: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: string;
  readonly Target: Omit<TargetFields, 'Id'>;
}

/** Events open at a time; more are refused as throttled, so that a stuck target cannot fill the memory. */
const OPEN_MAX = 200_000;

/** Accepts events, writes down what is to be delivered, and hands it to the dispatcher. */
export class EventBus {
  readonly #rules: RuleBook;
  readonly #journal: DeliveryJournal;
  readonly #dispatcher: Dispatcher;
  readonly #clock: ScheduleClock;
  #sequence: number;

  constructor(parts: {
    readonly rules: RuleBook;
    readonly journal: DeliveryJournal;
    readonly dispatcher: Dispatcher;
    readonly clock: ScheduleClock;
    readonly lastSequence: number;
  }) {
    this.#rules = parts.rules;
    this.#journal = parts.journal;
    this.#dispatcher = parts.dispatcher;
    this.#clock = parts.clock;
    this.#sequence = parts.lastSequence;
  }

  get isFull(): boolean {
    return this.#dispatcher.stats.open >= OPEN_MAX;
  }

  /** Matches events with rules; when this returns, every delivery they cause is on disk. */
  publish(events: readonly { readonly busName: string; readonly event: BusEvent }[]): void {
    const deliveries = events.flatMap(({ busName, event }) =>
      this.#rules
        .matching(busName, event)
        .flatMap((rule) => this.#deliveries(event, rule.identity, rule.targets.values())),
    );
    this.#open(deliveries);
  }

  /** Lets the clock fire a rule that has a schedule. */
  schedule(rule: Rule): void {
    const name = `rule ${rule.identity.name}`;
    if (rule.schedule === undefined || !rule.isEnabled) {
      this.#clock.forget(name);
      return;
    }
    this.#clock.watch({
      name,
      schedule: rule.schedule,
      firesWhenNew: false,
      fire: (at) => {
        const targets = this.#rules.rule(rule.busName, rule.identity.name)?.targets.values() ?? [];
        this.#open(this.#deliveries(scheduledEvent(rule.identity.arn, at), rule.identity, targets));
      },
    });
  }

  /** Forgets the schedule of a deleted rule. */
  unschedule(rule: Rule): void {
    this.#clock.forget(`rule ${rule.identity.name}`);
  }

  /** Takes a schedule of EventBridge Scheduler; answers why it cannot, if so. */
  putSchedule(fields: ScheduleFields): string | undefined {
    const name = `schedule ${fields.GroupName ?? 'default'}/${fields.Name}`;
    const schedule = parseScheduleExpression(fields.ScheduleExpression, fields.ScheduleExpressionTimezone);
    if (schedule === undefined) return `The schedule expression ${fields.ScheduleExpression} is not valid.`;
    const target = readTarget({ ...fields.Target, Id: 'target' });
    if ('fault' in target) return target.fault;
    if (fields.State === 'DISABLED') {
      this.#clock.forget(name);
      return undefined;
    }
    const identity = {
      name: fields.Name,
      arn: `arn:aws:scheduler:us-east-1:000000000000:schedule/${fields.GroupName ?? 'default'}/${fields.Name}`,
    };
    const fire = (at: number): void =>
      this.#open(this.#deliveries(scheduledEvent(identity.arn, at), identity, [target.target]));
    this.#clock.watch({ name, schedule, firesWhenNew: true, fire });
    return undefined;
  }

  #deliveries(event: BusEvent, rule: RuleIdentity, targets: Iterable<RuleTarget>): readonly Delivery[] {
    return [...targets].map((target) => ({
      sequence: this.#nextSequence(),
      targetArn: target.arn,
      ruleArn: rule.arn,
      input: target.render(event, rule),
      acceptedAt: event.acceptedAt,
      attemptsMax: target.retry.attemptsMax,
      ageMsMax: target.retry.ageMsMax,
      deadLetterArn: target.deadLetterArn,
      messageGroupId: target.messageGroupId,
      attempts: 0,
    }));
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #open(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    this.#journal.opened(deliveries);
    this.#dispatcher.accept(deliveries);
  }
}

/** The event a schedule sends (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html). */
function scheduledEvent(arn: string, at: number): BusEvent {
  return busEvent(
    { source: 'aws.events', detailType: 'Scheduled Event', detail: '{}', parsed: {}, resources: [arn], at },
    at,
  );
}
