import * as z from 'zod';
import { adminPath } from '../aws/aws-server.ts';
import { eventMisbehaviourSchema } from '../aws/event-publisher.ts';
import { injectedFaultSchema } from '../shared/fault-plan.ts';
import { type HttpAnswer, type HttpRequest, jsonResponse, parseJsonBody } from '../shared/http-server.ts';
import type { ActionOutcome } from './business/action.ts';
import { RECORD_TABLES } from './marketplace-admin.ts';
import type { AwsMarketplaceAccount } from './start-aws-marketplace-simulator.ts';

const account = z.string().regex(/^\d{12}$/);
const decimal = z.string().regex(/^\d{1,12}(?:\.\d{1,8})?$/);
const dimensions = z.record(z.string(), z.int().min(1).max(1_000_000)).optional();

const acceptanceSchema = z.strictObject({
  buyerAccountId: account,
  selector: z.string().optional(),
  dimensions,
  autoRenew: z.boolean().optional(),
  purchaseOrder: z.string().min(1).max(200).optional(),
  proposerAccountId: account.optional(),
  resaleAuthorizationId: z.string().optional(),
});
const amendmentSchema = z.strictObject({
  addedValue: decimal.optional(),
  dimensions,
  autoRenew: z.boolean().optional(),
  endAt: z.number().optional(),
});
const percentSchema = z.strictObject({ percent: decimal.optional() });
const endSchema = z.strictObject({
  status: z.enum([
    'ARCHIVED',
    'CANCELLED',
    'EXPIRED',
    'RENEWED',
    'REPLACED',
    'ROLLED_BACK',
    'SUPERSEDED',
    'TERMINATED',
  ]),
});
const noticeSchema = z.strictObject({ days: z.int().min(1).max(400) });
const advisorySchema = z.strictObject({ state: z.enum(['Issued', 'Resolved']) });
const entitlementSchema = z.strictObject({
  status: z.enum(['PROVISIONED', 'SCHEDULED', 'PENDING', 'FAILED', 'DEPROVISIONED']),
});
const message = z.string().max(2000).optional();
const answerSchema = z.strictObject({ status: z.enum(['APPROVED', 'REJECTED', 'VALIDATION_FAILED']), message });
const settleSchema = z.strictObject({ status: z.enum(['COMPLETED', 'VALIDATION_FAILED']), message });
const nothing = z.strictObject({}).optional();

type Answer = { readonly status: number; readonly body?: unknown };
interface AdminRoute {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (id: string, body: unknown) => Answer;
}

/** Answers what tests and demonstrations ask below `/_simulator/`; the table in `README.md` lists it. */
export function adminRoutes(market: AwsMarketplaceAccount): (request: HttpRequest) => HttpAnswer {
  const { admin, faults } = market;
  const routes: readonly AdminRoute[] = [
    route('GET', 'statistics', nothing, () => ({ status: 200, body: market.statistics() })),
    route('POST', 'reset', nothing, () => {
      market.reset();
      return { status: 204 };
    }),
    route('GET', 'faults', nothing, () => ({ status: 200, body: { faults: faults.open() } })),
    route('POST', 'faults', injectedFaultSchema, (_id, fault) => {
      faults.add(fault);
      return { status: 201, body: { faults: faults.open() } };
    }),
    route('DELETE', 'faults', nothing, () => {
      faults.clear();
      return { status: 204 };
    }),
    route('GET', 'events', nothing, () => ({ status: 200, body: { events: market.recentEvents() } })),
    route('PUT', 'events/misbehaviour', eventMisbehaviourSchema, (_id, misbehaviour) => {
      admin.misbehave(misbehaviour);
      return { status: 204 };
    }),
    route('POST', 'events/:id/again', nothing, (id) => ({ status: admin.sendAgain(id) ? 204 : 404 })),
    route('POST', 'offers/:id/accept', acceptanceSchema, (id, body) => acted(admin.accept(id, body))),
    route('POST', 'agreements/:id/amend', amendmentSchema, (id, body) => acted(admin.amend(id, body))),
    route('POST', 'agreements/:id/renew', percentSchema, (id, { percent }) => acted(admin.renew(id, percent))),
    route('POST', 'agreements/:id/end', endSchema, (id, { status }) => acted(admin.end(id, status))),
    route('POST', 'agreements/:id/notice', noticeSchema, (id, { days }) => acted(admin.noticeEnding(id, days))),
    route('POST', 'agreements/:id/renewal-terms', percentSchema, (id, { percent }) =>
      acted(admin.finalizeRenewalTerms(id, percent)),
    ),
    route('POST', 'agreements/:id/renewal-notice', percentSchema, (id, { percent }) =>
      acted(admin.announceRenewal(id, percent)),
    ),
    route('POST', 'agreements/:id/advisory', advisorySchema, (id, { state }) => acted(admin.advise(id, state))),
    route('POST', 'agreements/:id/entitlement', entitlementSchema, (id, { status }) =>
      acted(admin.setEntitlement(id, status)),
    ),
    route('POST', 'agreements/:id/invoice', nothing, (id) => acted(admin.invoiceNext(id))),
    route('POST', 'cancellations/:id/answer', answerSchema, (id, body) =>
      acted(admin.answerCancellation(id, body.status, body.message)),
    ),
    route('POST', 'adjustments/:id/settle', settleSchema, (id, body) =>
      acted(admin.settleAdjustment(id, body.status, body.message)),
    ),
    route('POST', 'change-sets/:id/fail', nothing, (id) => acted(admin.failChangeSet(id))),
    route('POST', 'disbursement/pause', nothing, () => {
      admin.pauseDisbursement();
      return { status: 204 };
    }),
    route('POST', 'security-report', z.strictObject({ issues: z.int().min(0) }), (_id, { issues }) => {
      admin.reportSecurity(issues);
      return { status: 204 };
    }),
    route(
      'POST',
      'offer-sets/:id/release',
      z.strictObject({ name: z.string().min(1), offerIds: z.array(z.string()).min(1).max(10) }),
      (id, { name, offerIds }) => acted(admin.releaseOfferSet(id, name, offerIds)),
    ),
    route('GET', 'records/:id', nothing, (id) => {
      const table = RECORD_TABLES.find((known) => known === id);
      return table === undefined ? { status: 404 } : { status: 200, body: { records: admin.records(table) } };
    }),
  ];
  return (request) => {
    const path = request.path.slice(adminPath.length);
    const found = routes.find((candidate) => candidate.method === request.method && candidate.path.test(path));
    if (found === undefined) return jsonResponse(404, { message: 'No such address of the simulator.' });
    const body = request.body.length === 0 ? undefined : parseJsonBody(request.body)?.value;
    const answer = found.answer(decodeURIComponent(found.path.exec(path)?.[1] ?? ''), body);
    return answer.body === undefined ? { status: answer.status } : jsonResponse(answer.status, answer.body);
  };
}

function route<Body>(
  method: string,
  path: string,
  schema: z.ZodType<Body>,
  answer: (id: string, body: Body) => Answer,
): AdminRoute {
  return {
    method,
    path: new RegExp(`^${path.replace(':id', '([^/]+)')}$`),
    answer(id, body) {
      const read = schema.safeParse(body);
      if (read.success) return answer(id, read.data);
      const flaws = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      return { status: 400, body: { message: flaws.join('; ') } };
    },
  };
}

/** What cannot be done as things stand is a conflict. */
function acted(outcome: ActionOutcome<unknown>): Answer {
  return outcome.ok ? { status: 200, body: outcome.result } : { status: 409, body: { message: outcome.reason } };
}
