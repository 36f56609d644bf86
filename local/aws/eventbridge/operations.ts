import type { WireOperation } from '../wire/json-service.ts';
import { answered, type JsonObject, refused, type WireResult } from '../wire/wire-result.ts';
import type { EventBus } from './event-bus.ts';
import { compileEventPattern } from './pattern/event-pattern.ts';
import { isJsonObject } from './pattern/pattern-fault.ts';
import { busNameOf, type ReadEntries, readEntries } from './put-events.ts';
import { busArn, type Rule, type RuleBook, type TargetFields } from './rule-book.ts';
import { readServiceEvents } from './service-events.ts';

/**
 * The EventBridge operations of the hub, its wiring and its tools.
 *
 * `PublishServiceEvents` is not one of AWS's: it is how simulated AWS services put their events on a bus.
 *
 * Not served: archives, replays, partner sources, API destinations, connections, endpoints, permissions and tags.
 */
export function eventBridgeOperations(
  bus: EventBus,
  rules: RuleBook,
  now: () => number,
): Record<string, WireOperation> {
  const onRule = (work: (rule: Rule, input: JsonObject) => WireResult): WireOperation => {
    return (input) => {
      const rule = rules.rule(busNameOf(input.EventBusName), String(input.Name ?? input.Rule));
      return rule === undefined
        ? refused('ResourceNotFoundException', `Rule ${String(input.Name ?? input.Rule)} does not exist.`)
        : work(rule, input);
    };
  };
  return {
    PutEvents: (input) =>
      takeEntries(
        bus,
        readEntries(input, (name) => rules.hasBus(name), now()),
      ),
    PublishServiceEvents: (input) =>
      takeEntries(
        bus,
        readServiceEvents(input, (name) => rules.hasBus(name), now()),
      ),
    TestEventPattern: (input) => testEventPattern(input),
    CreateEventBus: (input) => {
      const name = busNameOf(input.Name);
      rules.addBus(name);
      return answered({ EventBusArn: busArn(name) });
    },
    DescribeEventBus: (input) => {
      const name = busNameOf(input.Name);
      return rules.hasBus(name)
        ? answered({ Name: name, Arn: busArn(name) })
        : refused('ResourceNotFoundException', `Event bus ${name} does not exist.`);
    },
    ListEventBuses: () => answered({ EventBuses: rules.buses().map((name) => ({ Name: name, Arn: busArn(name) })) }),
    PutRule: (input) => putRule(bus, rules, input),
    DescribeRule: onRule((rule) => answered(ruleFields(rule))),
    ListRules: (input) => {
      const prefix = typeof input.NamePrefix === 'string' ? input.NamePrefix : '';
      const found = rules
        .rules(busNameOf(input.EventBusName))
        .filter(({ identity }) => identity.name.startsWith(prefix));
      return answered({ Rules: found.map(ruleFields) });
    },
    DeleteRule: onRule((rule) => {
      if (rule.targets.size > 0) return refused('ValidationException', "Rule can't be deleted since it has targets.");
      bus.unschedule(rule);
      rules.deleteRule(rule);
      return answered();
    }),
    PutTargets: onRule((rule, input) => {
      const faults = rules.putTargets(rule, targetsOf(input.Targets));
      return answered({
        FailedEntryCount: faults.length,
        FailedEntries: faults.map(({ id, fault }) => ({
          TargetId: id,
          ErrorCode: 'ValidationException',
          ErrorMessage: fault,
        })),
      });
    }),
    ListTargetsByRule: onRule((rule) =>
      answered({ Targets: [...rule.targets.values()].map(({ id, arn }) => ({ Id: id, Arn: arn })) }),
    ),
  };
}

function takeEntries(bus: EventBus, read: ReadEntries): WireResult {
  if ('refusal' in read) return { ok: false, fault: read.refusal };
  const isFull = bus.isFull;
  bus.publish(read.entries.flatMap((entry) => ('fault' in entry || isFull ? [] : [entry])));
  const entries = read.entries.map((entry) => {
    if ('fault' in entry) return { ErrorCode: entry.fault.code, ErrorMessage: entry.fault.message };
    return isFull
      ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'Too many events wait for their targets.' }
      : { EventId: entry.event.id };
  });
  return answered({ FailedEntryCount: entries.filter((entry) => 'ErrorCode' in entry).length, Entries: entries });
}

function testEventPattern(input: JsonObject): WireResult {
  const compiled = compileEventPattern(String(input.EventPattern ?? ''));
  if ('fault' in compiled) return refused('InvalidEventPatternException', compiled.fault);
  try {
    const event: unknown = JSON.parse(String(input.Event ?? ''));
    if (isJsonObject(event)) return answered({ Result: compiled.matches(event) });
  } catch {
    // Falls through to the same refusal as an event that is JSON but no object.
  }
  return refused('ValidationException', 'Parameter Event is not valid.');
}

function putRule(bus: EventBus, rules: RuleBook, input: JsonObject): WireResult {
  const put = rules.putRule({
    name: String(input.Name ?? ''),
    busName: busNameOf(input.EventBusName),
    isEnabled: input.State !== 'DISABLED',
    patternText: typeof input.EventPattern === 'string' ? input.EventPattern : undefined,
    scheduleText: typeof input.ScheduleExpression === 'string' ? input.ScheduleExpression : undefined,
  });
  if ('fault' in put) return refused(put.code, put.fault);
  bus.schedule(put.rule);
  return answered({ RuleArn: put.rule.identity.arn });
}

function ruleFields(rule: Rule): JsonObject {
  return {
    Name: rule.identity.name,
    Arn: rule.identity.arn,
    EventBusName: rule.busName,
    State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    ...(rule.patternText === undefined ? {} : { EventPattern: rule.patternText }),
    ...(rule.scheduleText === undefined ? {} : { ScheduleExpression: rule.scheduleText }),
  };
}

function targetsOf(value: unknown): readonly TargetFields[] {
  const targets = Array.isArray(value) ? value.filter(isJsonObject) : [];
  // Members beside Id and Arn are optional and checked where they are compiled.
  return targets.filter(
    ({ Id, Arn }) => typeof Id === 'string' && typeof Arn === 'string',
  ) as unknown as readonly TargetFields[];
}
