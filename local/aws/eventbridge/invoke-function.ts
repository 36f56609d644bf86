import { Agent, request } from 'node:http';
import type { InvokeFunction } from './deliver-to-targets.ts';
import type { DeliveryOutcome } from './delivery.ts';

/** Longer than any Lambda may run. */
const TIMEOUT_MS = 910_000;

/**
 * Invokes functions over the Lambda API of the local runtime and waits for them to end.
 *
 * On AWS a function target is invoked asynchronously and Lambda keeps the event; here the bus keeps it, in its journal,
 * until the function has succeeded or the target's retry policy is exhausted. Either way it is at least once.
 */
export function invokeOverHttp(endpoint: string): InvokeFunction {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(endpoint);
  return (name, input) =>
    new Promise((resolve) => {
      const outgoing = request(
        {
          agent,
          hostname,
          port,
          method: 'POST',
          timeout: TIMEOUT_MS,
          path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(input) },
        },
        (incoming) => {
          incoming.resume();
          incoming.on('end', () =>
            resolve(outcomeOf(incoming.statusCode ?? 0, incoming.headers['x-amz-function-error'] !== undefined)),
          );
          incoming.on('error', (error) => resolve(failed(error)));
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('timed out')));
      outgoing.on('error', (error) => resolve(failed(error)));
      outgoing.end(input);
    });
}

function outcomeOf(status: number, isFunctionError: boolean): DeliveryOutcome {
  if (status === 404) return { kind: 'refused', code: 'NO_RESOURCE', message: 'The function does not exist.' };
  if (status === 200 && !isFunctionError) return { kind: 'delivered' };
  return {
    kind: 'failed',
    code: isFunctionError ? 'FUNCTION_ERROR' : 'INVOCATION_FAILED',
    message: `The function answered ${status}.`,
  };
}

function failed(error: Error): DeliveryOutcome {
  return { kind: 'failed', code: 'SDK_CLIENT_ERROR', message: error.message };
}
