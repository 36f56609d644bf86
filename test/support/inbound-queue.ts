import type { Context } from 'aws-lambda';
import type { Hub } from '../../domain/pipeline/ports.ts';
import { absorbChanges } from '../../functions/absorb-changes/absorb-changes.ts';
import type { Facts } from '../../functions/runtime/log.ts';
import { queueHandler, type StepRuntime } from '../../functions/runtime/queue-handler.ts';
import { sqsRecord } from './sqs-record.ts';

/** What became of a batch of the inbound queue. */
export interface Received {
  /** Places of the messages that go back to the queue, and from there to its dead letters. */
  readonly returned: readonly number[];
  /** How many messages or records ended how, as the log's line says it. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly lines: readonly (Facts & { readonly step: string })[];
  /** What the step threw; such a batch comes back whole. */
  readonly defects: readonly unknown[];
}

/**
 * The function `absorb-changes` as Lambda calls it, over a hub of a test's: bodies of the inbound queue in, what became of them out.
 * `receiveCount`: how often the queue has delivered them, 1 the first time.
 */
export async function receiveBatch(hub: Hub, bodies: readonly string[], receiveCount = 1): Promise<Received> {
  const lines: (Facts & { readonly step: string })[] = [];
  const defects: unknown[] = [];
  const log = (step: string, facts: Facts): void => void lines.push({ step, ...facts });
  const runtime: StepRuntime = {
    hub: { ...hub, log },
    limits: { vendorCallMs: 20_000, deliveryLeaseMs: 90_000, journalDays: 30 },
    log: { log, defect: (_step, error) => void defects.push(error), begin: () => undefined },
    metrics: { count: () => undefined, flush: () => undefined },
    capacity: { readUnits: 0, writeUnits: 0 },
    begin: () => undefined,
    hasTime: () => true,
  };
  const handle = queueHandler(absorbChanges, async () => runtime);
  const Records = bodies.map((body, place) => sqsRecord(String(place), body, receiveCount));
  // What the handler asks of a context.
  const answer = await handle({ Records }, { getRemainingTimeInMillis: () => 60_000 } as Context);
  const summary = lines.findLast(({ step }) => step === absorbChanges.step) ?? { step: '' };
  return {
    returned: answer.batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier)),
    outcomes: Object.fromEntries(
      Object.entries(summary).flatMap(([name, count]) =>
        name.startsWith('n:') ? [[name.slice(2), Number(count)] as const] : [],
      ),
    ),
    lines,
    defects,
  };
}
