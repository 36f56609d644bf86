import type { BusEvent } from './bus-event.ts';
import type { RuleIdentity } from './input-transformer.ts';
import { compileEventPattern, type EventPattern } from './pattern/event-pattern.ts';
import { parseScheduleExpression, type Schedule } from './schedule-expression.ts';
import { compileTargetInput, type TargetInput, type TargetInputFields } from './target-input.ts';

/** How long and how often a failed delivery is tried again. */
export interface RetryPolicy {
  readonly attemptsMax: number;
  readonly ageMsMax: number;
}

/** A target of a rule, ready to be delivered to. */
export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  readonly render: TargetInput;
  readonly retry: RetryPolicy;
  readonly deadLetterArn: string | undefined;
  readonly messageGroupId: string | undefined;
}

/** A target as PutTargets and EventBridge Scheduler name it. */
export interface TargetFields extends TargetInputFields {
  readonly Id: string;
  readonly Arn: string;
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
}

/** A rule of one bus. */
export interface Rule {
  readonly identity: RuleIdentity;
  readonly busName: string;
  readonly isEnabled: boolean;
  readonly patternText: string | undefined;
  readonly matches: EventPattern | undefined;
  readonly scheduleText: string | undefined;
  readonly schedule: Schedule | undefined;
  readonly targets: ReadonlyMap<string, RuleTarget>;
}

/** What PutRule takes. */
export interface RuleFields {
  readonly name: string;
  readonly busName: string;
  readonly isEnabled: boolean;
  readonly patternText: string | undefined;
  readonly scheduleText: string | undefined;
}

/** Defaults of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html: 24 hours, 185 times. */
const RETRY_ATTEMPTS_DEFAULT = 185;
const RETRY_AGE_SECONDS_DEFAULT = 86_400;
const TARGETS_MAX = 100;
const ARN_PREFIX = 'arn:aws:events:us-east-1:000000000000:';

/** The ARN of an event bus. */
export function busArn(name: string): string {
  return `${ARN_PREFIX}event-bus/${name}`;
}

/** The buses, rules and targets. They are made from the template at every start and not kept. */
export class RuleBook {
  readonly #buses = new Map<string, Map<string, Rule>>([['default', new Map()]]);

  addBus(name: string): void {
    if (!this.#buses.has(name)) this.#buses.set(name, new Map());
  }

  buses(): readonly string[] {
    return [...this.#buses.keys()];
  }

  hasBus(name: string): boolean {
    return this.#buses.has(name);
  }

  rules(busName: string): readonly Rule[] {
    return [...(this.#buses.get(busName)?.values() ?? [])];
  }

  rule(busName: string, name: string): Rule | undefined {
    return this.#buses.get(busName)?.get(name);
  }

  /** Makes a rule, or changes one and keeps its targets. */
  putRule(fields: RuleFields): { readonly rule: Rule } | { readonly fault: string; readonly code: string } {
    const rules = this.#buses.get(fields.busName);
    if (rules === undefined)
      return { code: 'ResourceNotFoundException', fault: `Event bus ${fields.busName} does not exist.` };
    const { name, busName, isEnabled, patternText, scheduleText } = fields;
    if (patternText === undefined && scheduleText === undefined)
      return { code: 'ValidationException', fault: 'A rule needs EventPattern or ScheduleExpression.' };
    if (scheduleText !== undefined && busName !== 'default')
      return { code: 'ValidationException', fault: 'ScheduleExpression is supported only on the default event bus.' };

    const pattern = patternText === undefined ? undefined : compileEventPattern(patternText);
    if (pattern !== undefined && 'fault' in pattern)
      return { code: 'InvalidEventPatternException', fault: pattern.fault };
    const schedule = scheduleText === undefined ? undefined : parseScheduleExpression(scheduleText);
    if (scheduleText !== undefined && schedule === undefined)
      return { code: 'ValidationException', fault: 'Parameter ScheduleExpression is not valid.' };

    const arn = `${ARN_PREFIX}rule/${busName === 'default' ? '' : `${busName}/`}${name}`;
    const targets = rules.get(name)?.targets ?? new Map<string, RuleTarget>();
    const rule: Rule = {
      identity: { arn, name },
      busName,
      isEnabled,
      patternText,
      matches: pattern?.matches,
      scheduleText,
      schedule,
      targets,
    };
    rules.set(name, rule);
    return { rule };
  }

  /** Adds or replaces targets of a rule; answers the faults of those that were not taken. */
  putTargets(rule: Rule, targets: readonly TargetFields[]): readonly { readonly id: string; readonly fault: string }[] {
    const faults: { id: string; fault: string }[] = [];
    const merged = new Map(rule.targets);
    for (const fields of targets) {
      const target = readTarget(fields);
      if ('fault' in target) faults.push({ id: fields.Id, fault: target.fault });
      else if (merged.size >= TARGETS_MAX && !merged.has(fields.Id))
        faults.push({ id: fields.Id, fault: `A rule has at most ${TARGETS_MAX} targets here.` });
      else merged.set(fields.Id, target.target);
    }
    this.#buses.get(rule.busName)?.set(rule.identity.name, { ...rule, targets: merged });
    return faults;
  }

  deleteRule(rule: Rule): void {
    this.#buses.get(rule.busName)?.delete(rule.identity.name);
  }

  /** The rules that want an event. */
  matching(busName: string, event: BusEvent): readonly Rule[] {
    return this.rules(busName).filter((rule) => rule.isEnabled && rule.matches?.(event.parsed) === true);
  }
}

/** Compiles a target, or answers why it cannot be delivered to. */
export function readTarget(fields: TargetFields): { readonly target: RuleTarget } | { readonly fault: string } {
  const isQueue = fields.Arn.startsWith('arn:aws:sqs:');
  const isFunction = /^arn:aws:lambda:[^:]*:\d*:function:/.test(fields.Arn);
  if (!isQueue && !isFunction) return { fault: `Targets of this kind are not served here: ${fields.Arn}` };
  const input = compileTargetInput(fields);
  if ('fault' in input) return input;
  return {
    target: {
      id: fields.Id,
      arn: fields.Arn,
      render: input.render,
      retry: {
        attemptsMax: fields.RetryPolicy?.MaximumRetryAttempts ?? RETRY_ATTEMPTS_DEFAULT,
        ageMsMax: (fields.RetryPolicy?.MaximumEventAgeInSeconds ?? RETRY_AGE_SECONDS_DEFAULT) * 1000,
      },
      deadLetterArn: fields.DeadLetterConfig?.Arn,
      messageGroupId: fields.SqsParameters?.MessageGroupId,
    },
  };
}
