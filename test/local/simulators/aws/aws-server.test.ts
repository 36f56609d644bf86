import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Agenda } from '../../../../local/simulators/aws/agenda.ts';
import { AwsServer, type AwsServerOptions } from '../../../../local/simulators/aws/aws-server.ts';
import { type AwsService, defineOperation } from '../../../../local/simulators/aws/aws-service.ts';
import { perSecond } from '../../../../local/simulators/aws/rate-limits.ts';
import { FaultPlan } from '../../../../local/simulators/shared/fault-plan.ts';
import type { HttpRequest, HttpResponse } from '../../../../local/simulators/shared/http-server.ts';

const notes: string[] = [];

const takeNote = defineOperation({
  name: 'TakeNote',
  writes: true,
  limits: [perSecond('TakeNote', 2)],
  input: z.object({ text: z.string().max(5) }),
  invalid: (issues) => ({
    type: 'ValidationException',
    message: 'Invalid.',
    status: 400,
    members: { fields: issues.map(({ name, isMissing }) => ({ name, isMissing })) },
  }),
  serve: ({ text }, { accessKeyId }) => {
    notes.push(text);
    return { ok: true, body: { text, accessKeyId, nothing: undefined } };
  },
});

const service = (kind: 'json' | 'rest-json'): AwsService => ({
  name: 'Notes',
  signingName: 'notes',
  protocol:
    kind === 'json'
      ? { kind, version: '1.0', targetPrefix: 'Notes_2020' }
      : { kind, routes: [{ method: 'GET', path: '/TakeNote', operation: 'TakeNote', query: { t: 'text' } }] },
  messageMember: kind === 'json' ? 'message' : 'Message',
  operations: [takeNote],
  throttled: () => ({ type: 'ThrottlingException', message: 'Slow down.', status: 400 }),
  unavailable: (status) => ({ type: 'InternalServerException', message: 'Try again.', status }),
});

function serverOf(options: Partial<AwsServerOptions> = {}) {
  const faults = new FaultPlan({ now: () => 0, refuseConnections: () => {} });
  const server = new AwsServer({
    services: [service('json'), service('rest-json')],
    faults,
    agenda: new Agenda({ now: () => 0, onDefect: () => {} }),
    now: () => 0,
    newRequestId: () => 'request-1',
    callers: { accountOf: () => '111122223333' },
    hasLimits: true,
    commit: () => {},
    admin: () => ({ status: 204 }),
    ...options,
  });
  notes.length = 0;
  return { server, faults };
}

function call(fields: Partial<HttpRequest> & { readonly json?: unknown } = {}): HttpRequest {
  const signature = 'AWS4-HMAC-SHA256 Credential=AKEY/20260302/us-east-1/notes/aws4_request, SignedHeaders=host';
  return {
    method: 'POST',
    target: '/',
    path: '/',
    query: new URLSearchParams(),
    headers: { authorization: signature, 'x-amz-target': 'Notes_2020.TakeNote' },
    body: Buffer.from(JSON.stringify(fields.json ?? { text: 'hello' })),
    ...fields,
  };
}

async function answer(server: AwsServer, request: HttpRequest): Promise<HttpResponse & { readonly json: unknown }> {
  const given = await server.handle(request);
  if (given === 'cut-connection') throw new Error('cut');
  return { ...given, json: JSON.parse(given.body ?? 'null') };
}

describe('the server of simulated AWS services', () => {
  it('serves AWS JSON by target, and says which request it was', async () => {
    const { server } = serverOf();

    const given = await answer(server, call());

    expect(given).toMatchObject({ status: 200, json: { text: 'hello', accessKeyId: 'AKEY' } });
    expect(given.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': 'request-1',
    });
    expect(server.counter.statistics().byRoute).toMatchObject({ 'Notes.TakeNote': { calls: 1 } });
  });

  it('serves REST-JSON by address, with members from the query', async () => {
    const { server } = serverOf();
    const { authorization } = call().headers;
    const rest = (query: string) =>
      call({
        method: 'GET',
        path: '/TakeNote',
        query: new URLSearchParams(query),
        headers: { ...(authorization === undefined ? {} : { authorization }) },
        body: Buffer.alloc(0),
      });

    expect((await answer(server, rest('t=hi'))).json).toMatchObject({ text: 'hi' });
    const missing = await answer(server, rest(''));
    expect(missing.json).toMatchObject({ Message: 'Invalid.', fields: [{ name: 'text', isMissing: true }] });
    expect(missing.headers).toMatchObject({ 'x-amzn-errortype': 'ValidationException' });
  });

  it('refuses what does not fit the schema, by member', async () => {
    const { server } = serverOf();

    const given = await answer(server, call({ json: { text: 'too long' } }));

    expect(given).toMatchObject({ status: 400, json: { __type: 'ValidationException' } });
    expect(given.json).toMatchObject({ fields: [{ name: 'text', isMissing: false }] });
    expect(notes).toEqual([]);
  });

  it('refuses calls that are not signed, or for another service, or by an unknown key', async () => {
    const { server } = serverOf({ callers: { accessKeyIds: ['OTHER'], accountOf: () => '111122223333' } });
    const signed = (scope: string) =>
      call({
        headers: { 'x-amz-target': 'Notes_2020.TakeNote', authorization: `AWS4-HMAC-SHA256 Credential=${scope}, ` },
      });

    const unsigned = await answer(server, call({ headers: { 'x-amz-target': 'Notes_2020.TakeNote' } }));
    const elsewhere = await answer(server, signed('OTHER/20260302/us-east-1/sqs/aws4_request'));
    const unknown = await answer(server, call());

    expect(unsigned.json).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    expect(elsewhere.json).toMatchObject({ __type: 'InvalidSignatureException' });
    expect(unknown.json).toMatchObject({ __type: 'UnrecognizedClientException' });
  });

  it('keeps limits, unless told not to', async () => {
    const { server } = serverOf();
    const { server: lenient } = serverOf({ hasLimits: false });

    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await answer(server, call())).status);
    for (let count = 0; count < 3; count += 1) statuses.push((await answer(lenient, call())).status);

    expect(statuses).toEqual([200, 200, 400, 200, 200, 200]);
    expect(server.limiter.refusals()).toEqual({ TakeNote: 1 });
  });

  it('meets the faults of a fault plan', async () => {
    const { server, faults } = serverOf();
    const match = { pathIncludes: 'Notes.TakeNote' };

    faults.add({ kind: 'throttle', match });
    expect((await answer(server, call())).json).toMatchObject({ __type: 'ThrottlingException' });
    faults.add({ kind: 'unavailable', status: 503, match });
    expect(await answer(server, call())).toMatchObject({ status: 503, json: { __type: 'InternalServerException' } });
    faults.add({ kind: 'cut-request', match });
    expect(await server.handle(call())).toBe('cut-connection');
    expect(notes).toEqual([]);
    faults.add({ kind: 'lose-answer', match });
    expect(await server.handle(call())).toBe('cut-connection');
    expect(notes).toEqual(['hello']);
  });

  it('says that it does not know an operation, a service, or a body', async () => {
    const { server } = serverOf();
    const { headers } = call();

    const operation = await answer(server, call({ headers: { ...headers, 'x-amz-target': 'Notes_2020.Burn' } }));
    const nobody = await answer(server, call({ headers: { ...headers, 'x-amz-target': 'Other.TakeNote' } }));
    const body = await answer(server, call({ body: Buffer.from('[]') }));

    expect(operation.json).toMatchObject({ __type: 'UnknownOperationException' });
    expect(nobody.status).toBe(404);
    expect(body.json).toMatchObject({ __type: 'SerializationException' });
  });
});
