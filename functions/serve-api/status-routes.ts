import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Hono } from 'hono';
import type { SweepMode } from '../../domain/model/notice.ts';
import type { ConnectionInfo, ConnectionState, Hub } from '../../domain/pipeline/ports.ts';
import type { ConnectedSystems } from '../runtime/connected-systems.ts';
import type { Environment } from '../runtime/environment.ts';
import type { ApiContext } from './hub-api.ts';

const MODES: readonly SweepMode[] = ['changes', 'deletions', 'walk', 'backfill'];

/** How the hub stands: connections with their sweeps and budgets, queues, open problems. */
export function statusRoutes(api: Hono, { runtime }: ApiContext): void {
  api.get('/status', async (http) => {
    const { hub, stage, clients, environment, systems } = await runtime();
    const [connections, queues, problems] = await Promise.all([
      Promise.all(
        hub.connections.map(async (info) => ({
          ...(await statusOf(hub, info)),
          budgets: (await systems.budgets(info.id)).map(told),
        })),
      ),
      queueDepths(clients.sqs, environment),
      hub.store.listProblems({ limit: 200 }),
    ]);
    return http.json({
      stage,
      connections,
      queues,
      openProblems: problems.problems.length,
      openProblemsAreMore: problems.next !== undefined,
      now: new Date(hub.now()).toISOString(),
    });
  });
}

async function statusOf(hub: Hub, info: ConnectionInfo): Promise<object> {
  const state = await hub.connectionState(info.id);
  const sweeps = await Promise.all(info.objects.map((object) => sweepsOf(hub, info.id, object)));
  return {
    id: info.id,
    system: info.system,
    direction: info.direction,
    state: standingOf(info, state),
    ...(state.paused === undefined ? {} : { paused: state.paused.reason }),
    accountId: state.accountId,
    connectedAt: new Date(state.connectedAt).toISOString(),
    problems: state.problems,
    objects: Object.fromEntries(
      info.objects.map((object, index) => [
        object,
        {
          kind: hub.mapping(info.id, object)?.kind,
          backfilled: state.backfilledAt[object] !== undefined,
          sweeps: sweeps[index],
        },
      ]),
    ),
  };
}

/** Where a connection is on its way; what is not read for the first time yet gets nothing new. */
function standingOf({ objects }: ConnectionInfo, { paused, releasedAt, backfilledAt }: ConnectionState): string {
  if (paused !== undefined) return 'paused';
  if (releasedAt === undefined) return 'reading only';
  return objects.every((object) => backfilledAt[object] !== undefined)
    ? 'kept in step'
    : 'being read for the first time';
}

async function sweepsOf(hub: Hub, connection: string, object: string): Promise<object> {
  const cursors = await Promise.all(MODES.map((mode) => hub.store.readCursor(connection, object, mode)));
  return Object.fromEntries(
    cursors.flatMap((cursor) =>
      cursor === undefined
        ? []
        : [
            [
              cursor.mode,
              { seen: cursor.seen, finished: cursor.finishedAt !== undefined, startedAt: iso(cursor.startedAt) },
            ],
          ],
    ),
  );
}

/** Messages ready, in flight and delayed, by queue; approximate, as SQS counts them. */
async function queueDepths(sqs: SQSClient, environment: Environment): Promise<Record<string, object>> {
  const outbound = Object.entries(environment.outboundQueueUrls).map(([id, url]) => [`outbound-${id}`, url] as const);
  const dead = Object.entries(environment.deadLetterQueueUrls).map(
    ([name, url]) => [`${name} (dead letters)`, url] as const,
  );
  const all = [
    ['inbound', environment.inboundQueueUrl],
    ['sweep', environment.sweepQueueUrl],
    ...outbound,
    ...dead,
  ] as const;
  const depths = await Promise.all(
    all.map(async ([name, url]) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        }),
      );
      return [
        name,
        {
          ready: Number(Attributes.ApproximateNumberOfMessages ?? 0),
          inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
          delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
        },
      ] as const;
    }),
  );
  return Object.fromEntries(depths);
}

function told({ spentAt, ...status }: Awaited<ReturnType<ConnectedSystems['budgets']>>[number]): object {
  return { ...status, ...(spentAt === undefined ? {} : { spentAt: iso(spentAt) }) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
