import * as z from 'zod';
import type { CallCounter } from '../shared/call-counter.ts';
import { type FaultPlan, injectedFaultSchema } from '../shared/fault-plan.ts';
import type { WebhookSender } from '../shared/webhook-sender.ts';
import type { AccessTokens } from './access-tokens.ts';
import { type ApiAnswer, errorAnswer, notFoundError } from './api-error.ts';
import type { CrmState } from './crm-state.ts';
import { type ObjectType, objectTypeNames } from './object-types.ts';
import type { RateLimits } from './rate-limits.ts';
import type { ChangeOrigin } from './record-version.ts';
import type { RecordWriter } from './record-writer.ts';
import { readBody } from './request-body.ts';
import { type Route, type RouteCall, typed } from './route.ts';
import { seed, seedSchema } from './seed.ts';
import type { WebhookEvent, WebhookPublisher } from './webhook-publisher.ts';
import { subscriptionSchema } from './webhook-settings.ts';

/** The inner parts of a simulator that its admin addresses and its in-process handle reach. */
export interface SimulatorParts {
  readonly state: CrmState;
  readonly writer: RecordWriter;
  readonly faults: FaultPlan;
  readonly counter: CallCounter;
  readonly limits: RateLimits;
  readonly tokens: AccessTokens;
  readonly publisher: WebhookPublisher;
  readonly sender: WebhookSender<WebhookEvent>;
}

const misbehaviourRuleSchema = z
  .strictObject({ every: z.int().min(1), count: z.int().min(1).optional() })
  .transform(({ every, count }) => (count === undefined ? { every } : { every, count }));

const webhooksSchema = z.strictObject({
  targetUrl: z.url().nullish(),
  subscriptions: z.array(subscriptionSchema).max(1_000).optional(),
  misbehaviour: z
    .strictObject({
      drop: misbehaviourRuleSchema.optional(),
      duplicate: misbehaviourRuleSchema.optional(),
      reorder: misbehaviourRuleSchema.optional(),
    })
    .optional(),
});

const recordsPerPageMax = 1_000;

/** Someone in the vendor's own user interface, for what has no public address (restoring a record). */
export const personInTheApp: ChangeOrigin = { changeSource: 'CRM_UI', sourceId: 'userId:9300101' };

/** What the real system does not have: `/_simulator/…`, without a token and outside all limits and faults. */
export function adminRoutes(parts: SimulatorParts): readonly Route[] {
  const route = (method: Route['method'], path: string, handle: Route['handle']): Route => ({
    method,
    path: `/_simulator/${path}`,
    policy: 'none',
    writes: false,
    handle,
  });
  return [
    route('GET', 'stats', () => ({ status: 200, body: simulatorStatistics(parts) })),
    route('DELETE', 'stats', () => {
      parts.counter.reset();
      return { status: 204 };
    }),
    route('GET', 'faults', () => ({ status: 200, body: { faults: parts.faults.open() } })),
    route('POST', 'faults', ({ body }) => addFault(parts, body)),
    route('DELETE', 'faults', () => {
      parts.faults.clear();
      return { status: 204 };
    }),
    route('GET', 'webhooks', () => ({
      status: 200,
      body: { ...parts.publisher.settings, ...parts.sender.statistics() },
    })),
    route('PUT', 'webhooks', ({ body }) => configureWebhooks(parts, body)),
    route('POST', 'seed', ({ body, now }) => seedRecords(parts, body, now)),
    route('POST', 'reset', () => {
      resetSimulator(parts);
      return { status: 204 };
    }),
    route('POST', 'tokens/revoke', () => {
      parts.tokens.revokeIssued();
      return { status: 204 };
    }),
    route(
      'GET',
      'records/:type',
      typed((type, call) => dumpRecords(parts, type, call)),
    ),
    route(
      'POST',
      'records/:type/:id/restore',
      typed((type, call) => restoreRecord(parts, type, call)),
    ),
  ];
}

/** Everything worth knowing about a run: calls, webhooks, records, the daily budget. */
export function simulatorStatistics(parts: SimulatorParts) {
  const records = Object.fromEntries(
    objectTypeNames.map((type) => {
      const { liveCount: live, archivedCount: archived } = parts.state.records(type);
      return [type, { live, archived }];
    }),
  );
  return {
    calls: parts.counter.statistics(),
    webhooks: parts.sender.statistics(),
    records,
    callsToday: parts.limits.callsToday,
    limitsPassed: parts.limits.passed,
  };
}

export type SimulatorStatistics = ReturnType<typeof simulatorStatistics>;

/** Forgets records, faults, counts and issued tokens; settings stay. */
export function resetSimulator(parts: SimulatorParts): void {
  parts.state.reset();
  parts.faults.clear();
  parts.counter.reset();
  parts.limits.reset();
  parts.tokens.revokeIssued();
}

function addFault({ faults }: SimulatorParts, body: unknown): ApiAnswer {
  const fault = readBody(injectedFaultSchema, body);
  if (!fault.ok) return errorAnswer(fault.error);
  faults.add(fault.value);
  return { status: 201, body: { faults: faults.open() } };
}

function configureWebhooks({ publisher, sender }: SimulatorParts, body: unknown): ApiAnswer {
  const read = readBody(webhooksSchema, body);
  if (!read.ok) return errorAnswer(read.error);
  const { targetUrl, subscriptions, misbehaviour } = read.value;
  publisher.configure({
    targetUrl: targetUrl === undefined ? publisher.settings.targetUrl : (targetUrl ?? undefined),
    subscriptions: subscriptions ?? publisher.settings.subscriptions,
  });
  if (misbehaviour !== undefined) sender.misbehave(misbehaviour);
  return { status: 200, body: publisher.settings };
}

function seedRecords({ state }: SimulatorParts, body: unknown, now: number): ApiAnswer {
  const read = readBody(seedSchema, body);
  if (!read.ok) return errorAnswer(read.error);
  const report = seed(state, read.value.records ?? [], read.value.associations ?? [], now);
  return { status: report.rejected.length === 0 ? 200 : 400, body: report };
}

/** Whole records with their associations, live or archived, page by page in order of id. */
function dumpRecords({ state }: SimulatorParts, type: ObjectType, { query }: RouteCall): ApiAnswer {
  const limit = Math.min(Number(query.get('limit') ?? recordsPerPageMax), recordsPerPageMax);
  const page = state.records(type).list(query.get('archived') === 'true', Number(query.get('after') ?? 0), limit);
  return {
    status: 200,
    body: {
      records: page.map(({ id, values, createdAt, modifiedAt, archivedAt }) => ({
        id,
        properties: values,
        createdAt,
        modifiedAt,
        archivedAt,
        associations: Object.fromEntries(
          objectTypeNames.map((toType) => [toType, state.associations.linked({ type, id }, toType)]),
        ),
      })),
      ...(page.length === limit ? { after: page.at(-1)?.id } : {}),
    },
  };
}

function restoreRecord({ writer }: SimulatorParts, type: ObjectType, { parameters, now }: RouteCall): ApiAnswer {
  const restored = writer.restore(type, parameters.id ?? '', { now, by: personInTheApp });
  return restored === undefined ? errorAnswer(notFoundError) : { status: 204 };
}
