import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { createCallCounter } from '../call-counter.ts';
import type { DynamoDbStats } from '../dynamodb.ts';

/** Counts the calls of a DynamoDB server and the capacity units their answers name. */
export interface CallMeter {
  stats(): DynamoDbStats;
}

/**
 * Puts a meter before all requests of a server.
 *
 * Capacity is added up where a caller asked for it (`ReturnConsumedCapacity`). With `asksForCapacity` the meter asks on
 * behalf of every caller, at the cost of reading every request and answer.
 */
export function meterCalls(server: Server, asksForCapacity: boolean): CallMeter {
  const calls = createCallCounter();
  const units = createCallCounter();
  // The server has exactly one listener, its own request handler.
  const [serve] = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const operation = operationOf(request);
    calls.count(operation);
    watchAnswer(response, (capacity) => units.count(operation, capacity));
    if (!asksForCapacity) serve?.(request, response);
    else void withCapacityAsked(request, operation).then((asked) => serve?.(asked, response));
  });
  return { stats: () => ({ calls: calls.counts(), capacityUnits: units.counts() }) };
}

function operationOf(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' ? target.slice(target.indexOf('.') + 1) : 'unknown';
}

function watchAnswer(response: ServerResponse, count: (capacity: number) => void): void {
  const end = response.end.bind(response);
  // dynalite ends every answer by one call with the whole body as text.
  response.end = ((body?: unknown) => {
    if (typeof body === 'string' && body.includes('"ConsumedCapacity"')) count(capacityIn(body));
    return end(body as string);
  }) as typeof response.end;
}

function capacityIn(body: string): number {
  const { ConsumedCapacity: consumed } = JSON.parse(body) as {
    ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
  };
  return [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

const METERED = new Set([
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
]);

/** The same request with `ReturnConsumedCapacity`, unless it has it already or has no use for it. */
async function withCapacityAsked(request: IncomingMessage, operation: string): Promise<IncomingMessage> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const asked = METERED.has(operation)
    ? Buffer.from(JSON.stringify({ ReturnConsumedCapacity: 'TOTAL', ...(JSON.parse(body.toString('utf8')) as object) }))
    : body;
  const { headers, method, url } = request;
  // dynalite reads these fields and the stream of a request, nothing else.
  return Object.assign(Readable.from([asked]), { headers, method, url }) as unknown as IncomingMessage;
}
