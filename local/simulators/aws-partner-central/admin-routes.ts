import * as z from 'zod';
import type { AwsServer } from '../aws/aws-server.ts';
import { adminPath } from '../aws/aws-server.ts';
import { type EventPublisher, type EventStatistics, eventMisbehaviourSchema } from '../aws/event-publisher.ts';
import type { CallStatistics } from '../shared/call-counter.ts';
import { type FaultPlan, injectedFaultSchema, type OpenFault } from '../shared/fault-plan.ts';
import { type HttpRequest, type HttpResponse, jsonResponse, parseJsonBody } from '../shared/http-server.ts';
import {
  type ActionOutcome,
  addContext,
  answerInvitation,
  answerSchema,
  contextSchema,
  edit,
  editSchema,
  invitationSchema,
  joinEngagement,
  memberSchema,
  referralSchema,
  review,
  reviewSchema,
  seed,
  seedSchema,
  sendInvitation,
  sendReferral,
} from './aws-actions.ts';
import type { PartnerAccount } from './partner-account.ts';

/** Counts since the start or the last reset. */
export interface PartnerCentralStatistics {
  readonly calls: CallStatistics;
  /** Calls refused, by the limit they went past. */
  readonly overLimit: Readonly<Record<string, number>>;
  readonly events: EventStatistics;
  readonly records: Readonly<Record<string, number>>;
  readonly openFaults: readonly OpenFault[];
}

export interface AdminParts {
  readonly account: PartnerAccount;
  readonly events: EventPublisher;
  readonly faults: FaultPlan;
  readonly server: Pick<AwsServer, 'counter' | 'limiter'>;
  readonly reset: () => void;
}

/** Answers what a test or a demonstration asks of the simulator: to play AWS, to let things go wrong, to look inside. */
export function answerAdmin(parts: AdminParts, request: HttpRequest): HttpResponse {
  const name = request.path.slice(adminPath.length);
  const route = routes[`${request.method} ${name}`];
  if (route === undefined) return jsonResponse(404, { message: `There is no ${request.method} ${request.path}.` });
  const body = request.body.length === 0 ? { value: undefined } : parseJsonBody(request.body);
  return body === undefined ? jsonResponse(400, { message: 'The body is not JSON.' }) : route(parts, body.value);
}

export function statisticsOf({ account, events, faults, server }: AdminParts): PartnerCentralStatistics {
  const { opportunities, engagements, invitations, tasks } = account;
  return {
    calls: server.counter.statistics(),
    overLimit: server.limiter.refusals(),
    events: events.statistics(),
    records: {
      opportunities: opportunities.size,
      engagements: engagements.size,
      invitations: invitations.size,
      tasks: tasks.size,
    },
    openFaults: faults.open(),
  };
}

type Route = (parts: AdminParts, body: unknown) => HttpResponse;

const routes: Readonly<Record<string, Route>> = {
  'GET statistics': (parts) => jsonResponse(200, statisticsOf(parts)),
  'POST reset': (parts) => {
    parts.reset();
    return nothing;
  },
  'GET opportunities': ({ account }) => jsonResponse(200, { opportunities: account.opportunities.all() }),
  'GET engagements': ({ account }) => jsonResponse(200, { engagements: account.engagements.all() }),
  'GET invitations': ({ account }) => jsonResponse(200, { invitations: account.invitations.all() }),
  'GET events': ({ events }) => jsonResponse(200, { events: events.recent() }),
  'PUT events/misbehaviour': ({ events }, body) =>
    withBody(eventMisbehaviourSchema, body, (misbehaviour) => {
      events.misbehave(misbehaviour);
      return nothing;
    }),
  'POST events/again': ({ events }, body) =>
    withBody(z.strictObject({ id: z.string() }), body, ({ id }) =>
      events.sendAgain(id) ? nothing : jsonResponse(404, { message: 'There is no such event.' }),
    ),
  'POST seed': ({ account }, body) =>
    withBody(seedSchema, body, (asked) => jsonResponse(200, { ids: seed(account, asked) })),
  'POST review': ({ account }, body) => withBody(reviewSchema, body, (asked) => outcome(review(account, asked))),
  'POST edit': ({ account }, body) => withBody(editSchema, body, (asked) => outcome(edit(account, asked))),
  'POST referral': ({ account }, body) =>
    withBody(referralSchema, body, (asked) => outcome(sendReferral(account, asked))),
  'POST invitation': ({ account }, body) =>
    withBody(invitationSchema, body, (asked) => outcome(sendInvitation(account, asked))),
  'POST invitation/answer': ({ account }, body) =>
    withBody(answerSchema, body, (asked) => outcome(answerInvitation(account, asked))),
  'POST engagement/member': ({ account }, body) =>
    withBody(memberSchema, body, (asked) => outcome(joinEngagement(account, asked))),
  'POST engagement/context': ({ account }, body) =>
    withBody(contextSchema, body, (asked) => outcome(addContext(account, asked))),
  'GET faults': ({ faults }) => jsonResponse(200, { faults: faults.open() }),
  'POST faults': ({ faults }, body) =>
    withBody(z.union([injectedFaultSchema.transform((one) => [one]), z.array(injectedFaultSchema)]), body, (asked) => {
      for (const fault of asked) faults.add(fault);
      return nothing;
    }),
  'DELETE faults': ({ faults }) => {
    faults.clear();
    return nothing;
  },
};

const nothing: HttpResponse = { status: 204 };

function outcome(result: ActionOutcome): HttpResponse {
  return result.ok ? jsonResponse(200, result.ids) : jsonResponse(409, { message: result.problem });
}

function withBody<Body>(schema: z.ZodType<Body>, body: unknown, answer: (body: Body) => HttpResponse): HttpResponse {
  const parsed = schema.safeParse(body);
  return parsed.success ? answer(parsed.data) : jsonResponse(400, { message: z.prettifyError(parsed.error) });
}
