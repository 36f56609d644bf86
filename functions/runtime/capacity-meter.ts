import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Capacity units spent through a client since it was made. Indexes are included where the service counts them (AWS does). */
export interface CapacityMeter {
  /** Read units: 4 KB, strongly consistent; half for an eventually consistent read. */
  readonly readUnits: number;
  /** Write units: 1 KB of the whole item. */
  readonly writeUnits: number;
}

/**
 * Counts what every call through the client costs, by asking for it with the call; the answer is free and a few bytes long.
 * A write whose condition failed is charged but does not say how much; it is counted as one unit.
 */
export function meterCapacity(client: DynamoDBClient): CapacityMeter {
  const meter = { readUnits: 0, writeUnits: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const isRead = READS.has(String(context.commandName));
      const add = (units: number): void => {
        if (isRead) meter.readUnits += units;
        else meter.writeUnits += units;
      };
      try {
        const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
        add(unitsOf(answer.output));
        return answer;
      } catch (error) {
        // Counted, not handled: the caller knows what a failed condition means.
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') add(1);
        throw error;
      }
    },
    { step: 'initialize', name: 'meterCapacity' },
  );
  return meter;
}

const READS: ReadonlySet<string> = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand', 'ScanCommand']);

/** One answer for a table, or a list of them for a batch. */
function unitsOf(output: object): number {
  const consumed = 'ConsumedCapacity' in output ? output.ConsumedCapacity : undefined;
  const answers: readonly unknown[] = Array.isArray(consumed) ? consumed : [consumed];
  return answers.reduce<number>((total, answer) => {
    const units = typeof answer === 'object' && answer !== null && 'CapacityUnits' in answer ? answer.CapacityUnits : 0;
    return total + (typeof units === 'number' ? units : 0);
  }, 0);
}
