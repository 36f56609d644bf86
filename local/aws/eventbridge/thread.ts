import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCallCounter } from '../call-counter.ts';
import type { EventBridgeOptions, EventBridgeStats } from '../eventbridge.ts';
import { hostService } from '../service-thread.ts';
import { createJsonClient } from '../wire/json-client.ts';
import { createJsonService } from '../wire/json-service.ts';
import { deadLetterTo } from './dead-letter.ts';
import { deliverToTargets } from './deliver-to-targets.ts';
import { openDeliveryJournal } from './delivery-journal.ts';
import { Dispatcher } from './dispatcher.ts';
import { EventBus, type ScheduleFields } from './event-bus.ts';
import { invokeOverHttp } from './invoke-function.ts';
import { eventBridgeOperations } from './operations.ts';
import { RuleBook } from './rule-book.ts';
import { createScheduleClock } from './schedule-clock.ts';
import { openScheduleMemory } from './schedule-memory.ts';

/** Ten entries of 1 MiB in all, escaped as JSON text inside JSON. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

await hostService<EventBridgeOptions>(({ directory, sqsEndpoint, lambdaEndpoint }) => {
  mkdirSync(directory, { recursive: true });
  const sqs = createJsonClient({ endpoint: sqsEndpoint, targetPrefix: 'AmazonSQS', version: '1.0' });
  const queueUrlOf = (arn: string): string => `${sqsEndpoint}/000000000000/${arn.slice(arn.lastIndexOf(':') + 1)}`;
  const { journal, open } = openDeliveryJournal(join(directory, 'deliveries.journal'));
  const dispatcher = new Dispatcher({
    deliver: deliverToTargets(sqs, queueUrlOf, invokeOverHttp(lambdaEndpoint)),
    deadLetter: deadLetterTo(sqs, queueUrlOf),
    journal,
    now: Date.now,
    random: Math.random,
    setTimer,
    warn: (message) => console.error(message),
  });
  const clock = createScheduleClock({
    memory: openScheduleMemory(join(directory, 'schedules.json')),
    now: Date.now,
    setTimer,
  });
  const rules = new RuleBook();
  const bus = new EventBus({
    rules,
    journal,
    dispatcher,
    clock,
    lastSequence: open.reduce((last, { sequence }) => Math.max(last, sequence), 0),
  });

  const calls = createCallCounter();
  const server = createJsonService({
    targetPrefix: 'AWSEvents',
    version: '1.1',
    operations: eventBridgeOperations(bus, rules, Date.now),
    bodyBytesMax: BODY_BYTES_MAX,
    onCall: (operation) => calls.count(operation),
  });
  return {
    server,
    methods: {
      stats: (): EventBridgeStats => ({ calls: calls.counts(), deliveries: dispatcher.stats }),
      // Neither what a former run accepted nor a schedule has anywhere to go before queues, functions and rules are there.
      resume() {
        dispatcher.accept(open);
        clock.start();
      },
      // The only caller is `startEventBridge`, which is typed.
      putSchedule: (fields) => bus.putSchedule(fields as ScheduleFields),
    },
    async close() {
      clock.close();
      await dispatcher.close();
      journal.close();
      sqs.close();
    },
  };
});

function setTimer(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
