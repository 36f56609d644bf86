import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { HubRuntime } from '../runtime/composition.ts';
import { receive } from './receive.ts';
import { webhookRequest } from './webhook-request.ts';

/** The Lambda handler: reads the event, takes the webhook in, answers the vendor, and writes one line and the counters. */
export function webhookHandler(
  runtimeOf: () => Promise<HubRuntime>,
): (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2> {
  return async (event, context) => {
    const runtime = await runtimeOf();
    const { hub, systems, replays, log, metrics, capacity } = runtime;
    const startedAt = hub.now();
    const spentBefore = { read: capacity.readUnits, write: capacity.writeUnits };
    log.begin(context);
    runtime.begin(context.getRemainingTimeInMillis());
    const connection = event.pathParameters?.connection ?? '';
    const correlationId = hub.newId();

    const { answer, outcome, facts } = await receive(
      {
        isKnown: (id) => hub.connections.some((each) => each.id === id),
        isMapped: (id, object) => hub.mapping(id, object) !== undefined,
        isPaused: async (id) => (await hub.connectionState(id)).paused !== undefined,
        door: systems.webhookDoor,
        queue: (notices) => hub.outbox.notice(notices, 0),
        replays,
        now: hub.now,
        defect: (error) => log.defect('receive-webhook-failed', error, { connection, correlationId }),
      },
      { connection, correlationId, request: webhookRequest(event) },
    );

    metrics.count(`webhook-${outcome}`);
    log.log('receive-webhook', {
      connection,
      correlationId,
      outcome,
      status: answer.status,
      durationMs: hub.now() - startedAt,
      readUnits: capacity.readUnits - spentBefore.read,
      writeUnits: capacity.writeUnits - spentBefore.write,
      ...facts,
    });
    metrics.flush();
    return { statusCode: answer.status, headers: { 'content-type': answer.contentType }, body: answer.body };
  };
}
