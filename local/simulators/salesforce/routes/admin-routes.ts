import * as z from 'zod';
import { injectedFaultSchema } from '../../shared/fault-plan.ts';
import { type HttpRequest, type HttpResponse, jsonResponse, parseJsonBody } from '../../shared/http-server.ts';
import { activeUser } from '../authentication.ts';
import { toLongId } from '../ids.ts';
import { convert, merge, undelete } from '../person-actions.ts';
import { seedProblems } from '../seed-records.ts';
import type { SimulatedOrg } from '../simulated-org.ts';

/** Where the simulator itself is spoken to, beside the API it simulates. */
export const adminPath = '/_simulator/';

/**
 * What a test or a demonstration asks of the simulator: what goes wrong, what a person does in the org's screens, what
 * is in the org. Not counted as API calls, and never met by a fault.
 */
export function answerAdmin(simulated: SimulatedOrg, request: HttpRequest): HttpResponse {
  const [name = '', detail] = request.path.slice(adminPath.length).split('/');
  const action = actions[`${request.method} ${name}`];
  if (action === undefined) return jsonResponse(404, { message: `There is no ${request.method} ${request.path}.` });
  const body = request.body.length === 0 ? { value: undefined } : parseJsonBody(request.body);
  if (body === undefined) return jsonResponse(400, { message: 'The body is not JSON.' });
  return action(simulated, body.value, detail);
}

type Action = (simulated: SimulatedOrg, body: unknown, detail: string | undefined) => HttpResponse;

const actions: Readonly<Record<string, Action>> = {
  'GET statistics': (simulated) => jsonResponse(200, simulated.statistics()),
  'POST reset': (simulated) => {
    simulated.reset();
    return done;
  },
  'GET records': (simulated, _body, object) => jsonResponse(200, { records: simulated.records(object ?? '') }),
  'POST seed': (simulated, body) =>
    withBody(seedSchema, body, ({ records }) => {
      const problems = seedProblems(simulated.org, records);
      if (problems.length > 0) return jsonResponse(400, { message: problems.slice(0, 20).join(' ') });
      return jsonResponse(200, { ids: simulated.seed(records) });
    }),
  'GET faults': (simulated) => jsonResponse(200, { faults: simulated.org.faults.open() }),
  'POST faults': (simulated, body) =>
    withBody(
      z.union([injectedFaultSchema.transform((fault) => [fault]), z.array(injectedFaultSchema)]),
      body,
      (faults) => {
        for (const fault of faults) simulated.org.faults.add(fault);
        return done;
      },
    ),
  'DELETE faults': (simulated) => {
    simulated.org.faults.clear();
    return done;
  },
  'GET outbound-messages': (simulated) => jsonResponse(200, { targets: simulated.outboundMessages.targets }),
  'PUT outbound-messages': (simulated, body, detail) => {
    if (detail !== 'misbehaviour') {
      return withBody(targetsSchema, body, ({ targets }) => {
        const unknown = targets.find(({ object }) => simulated.org.schema.object(object) === undefined);
        if (unknown !== undefined) return jsonResponse(400, { message: `The org has no object ${unknown.object}.` });
        simulated.outboundMessages.setTargets(targets);
        return done;
      });
    }
    return withBody(misbehaviourSchema, body, (misbehaviour) => {
      simulated.outboundMessages.misbehave(misbehaviour);
      return done;
    });
  },
  'PUT duplicate-rules': (simulated, body) =>
    withBody(duplicateRulesSchema, body, ({ rules }) => {
      simulated.org.duplicateRules = rules;
      return done;
    }),
  'PUT hidden': (simulated, body) =>
    withBody(hiddenSchema, body, ({ ids, fields = [] }) => {
      simulated.org.store.hide(ids.map((id) => toLongId(id) ?? id));
      simulated.org.schema.hideFields(fields);
      return done;
    }),
  'POST merge': (simulated, body) =>
    withBody(mergeSchema, body, (request) => outcomeResponse(merge(simulated, request))),
  'POST convert': (simulated, body) =>
    withBody(convertSchema, body, (request) => outcomeResponse(convert(simulated, request))),
  'POST undelete': (simulated, body) =>
    withBody(undeleteSchema, body, ({ ids }) => jsonResponse(200, { outcomes: undelete(simulated, ids) })),
  'POST sessions': (simulated, body) =>
    withBody(sessionSchema, body, ({ username }) => {
      const user = activeUser(simulated.org, username);
      if (user === undefined) return jsonResponse(404, { message: 'The org has no active user of that name.' });
      return jsonResponse(200, { accessToken: simulated.sessions.open(user.id), userId: user.id });
    }),
  'DELETE sessions': (simulated) => jsonResponse(200, { expired: simulated.sessions.expireAll() }),
};

const done: HttpResponse = { status: 204 };

const seedSchema = z.strictObject({
  records: z.array(z.strictObject({ object: z.string(), values: z.record(z.string(), z.unknown()) })).max(100_000),
});

const targetsSchema = z.strictObject({
  targets: z
    .array(
      z.strictObject({
        object: z.string(),
        url: z.url(),
        fields: z.array(z.string()).optional(),
        on: z.enum(['created', 'created-or-changed']).optional(),
      }),
    )
    .max(100),
});

const everySchema = z.strictObject({ every: z.int().min(1), count: z.int().min(1).optional() });
const ruleSchema = everySchema.transform(({ every, count }) => (count === undefined ? { every } : { every, count }));

const misbehaviourSchema = z.strictObject({
  drop: ruleSchema.optional(),
  duplicate: ruleSchema.optional(),
  reorder: ruleSchema.optional(),
});

const hiddenSchema = z.strictObject({ ids: z.array(z.string()), fields: z.array(z.string()).optional() });

const duplicateRulesSchema = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        object: z.string(),
        name: z.string(),
        fields: z.array(z.string()).min(1),
        allowSave: z.boolean(),
      }),
    )
    .max(20),
});

const mergeSchema = z.strictObject({
  masterId: z.string(),
  loserIds: z.array(z.string()).min(1).max(2),
  values: z.record(z.string(), z.unknown()).optional(),
  username: z.string().optional(),
});

const convertSchema = z.strictObject({
  leadId: z.string(),
  accountId: z.string().optional(),
  contactId: z.string().optional(),
  createsOpportunity: z.boolean().optional(),
  opportunityName: z.string().optional(),
  convertedStatus: z.string().optional(),
  username: z.string().optional(),
});

const undeleteSchema = z.strictObject({ ids: z.array(z.string()).max(10_000) });
const sessionSchema = z.strictObject({ username: z.string() });

function withBody<Body>(schema: z.ZodType<Body>, body: unknown, answer: (body: Body) => HttpResponse): HttpResponse {
  const parsed = schema.safeParse(body);
  return parsed.success ? answer(parsed.data) : jsonResponse(400, { message: z.prettifyError(parsed.error) });
}

function outcomeResponse(outcome: { readonly ok: boolean }): HttpResponse {
  return jsonResponse(outcome.ok ? 200 : 400, outcome);
}
