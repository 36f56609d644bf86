import { afterEach, describe, expect, it } from 'vitest';
import { apiVersion } from '../../../connectors/salesforce/api-version.ts';
import { salesforce } from '../../../connectors/salesforce/connector.ts';
import { openSalesforce, type SalesforceApi } from '../../../connectors/salesforce/salesforce-api.ts';
import { SalesforceError } from '../../../connectors/salesforce/salesforce-error.ts';
import { type HttpRequest, type HttpResponse, jsonResponse } from '../../../local/simulators/shared/http-server.ts';
import { stepClock } from '../contract/contract-stage.ts';
import { serveStage } from '../contract/served-connection.ts';
import { type StubOrg, startStubOrg } from './stub-org.ts';

let stub: StubOrg;
afterEach(() => stub.close());

async function openStub(answer: (request: HttpRequest) => HttpResponse): Promise<SalesforceApi> {
  stub = await startStubOrg(answer);
  return openSalesforce(stub.settings, { accessToken: 'the-token', instanceUrl: `${stub.url}/` }, Date.now);
}

const noSignal = new AbortController().signal;

describe('a request to Salesforce', () => {
  it('carries the session, the client’s name, JSON, and the version', async () => {
    const api = await openStub(() => jsonResponse(200, [{ id: 1 }]));

    const answer = await api.request(
      { method: 'PATCH', path: '/composite/sobjects', body: { records: [{ Name: 'Ä' }] } },
      noSignal,
    );

    const [request] = stub.requests;
    expect(answer).toEqual([{ id: 1 }]);
    expect(request).toMatchObject({ method: 'PATCH', path: `/services/data/v${apiVersion}/composite/sobjects` });
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer the-token',
      'sforce-call-options': 'client=tributary',
      'content-type': 'application/json',
    });
    expect(JSON.parse(request?.body.toString('utf8') ?? '')).toEqual({ records: [{ Name: 'Ä' }] });
  });

  it('goes out once, whatever comes back', async () => {
    const api = await openStub(() => jsonResponse(503, [{ errorCode: 'SERVER_UNAVAILABLE', message: '' }]));

    await expect(api.request({ method: 'GET', path: '/limits' }, noSignal)).rejects.toMatchObject({ status: 503 });

    expect(stub.requests).toHaveLength(1);
  });

  it('tells the usage of the answer, also of a refusal, once', async () => {
    const headers = { 'Sforce-Limit-Info': 'api-usage=18/5000; per-app-api-usage=17/250(appName=hub)' };
    const api = await openStub(() =>
      jsonResponse(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: '' }], headers),
    );

    await api.request({ method: 'GET', path: '/limits' }, noSignal).catch(() => undefined);

    expect(api.takeUsage()).toEqual([{ budget: 'daily', used: 18, limit: 5_000 }]);
    expect(api.takeUsage()).toEqual([]);
  });

  it('fails by status, codes and wait, with several errors, and with a page of HTML', async () => {
    const bodies: readonly HttpResponse[] = [
      jsonResponse(
        400,
        [
          { errorCode: 'A', message: 'a', fields: ['X'] },
          { errorCode: 'B', message: 'b' },
        ],
        { 'retry-after': '7' },
      ),
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>bad gateway</html>' },
      { status: 500, body: '' },
    ];
    let turn = 0;
    const api = await openStub(() => bodies[turn++] ?? { status: 200 });

    const failures: unknown[] = [];
    for (const _ of bodies) {
      await api.request({ method: 'GET', path: '/limits' }, noSignal).catch((error: unknown) => failures.push(error));
    }

    expect(failures.every((failure) => failure instanceof SalesforceError)).toBe(true);
    expect(failures).toMatchObject([
      { status: 400, retryAfterMs: 7_000, faults: [{ code: 'A', fields: ['X'] }, { code: 'B' }] },
      { status: 502, faults: [{ code: 'HTTP_502' }] },
      { status: 500, faults: [{ code: 'HTTP_500' }] },
    ]);
  });

  it('is aborted by the signal', async () => {
    const controller = new AbortController();
    const api = await openStub(() => {
      controller.abort();
      return { status: 200 };
    });

    await expect(api.request({ method: 'GET', path: '/limits' }, controller.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('that meets a redirect, because the org moved, is repeated on a fresh session', async () => {
    stub = await startStubOrg((_request, turn) =>
      turn === 1
        ? { status: 302, headers: { location: 'https://elsewhere.example/' } }
        : jsonResponse(200, { records: [], done: true }),
    );
    const { port, log } = serveStage(salesforce, stub, stepClock());

    const page = await port.changes('Account', 'walk', undefined, 0);

    expect(page).toMatchObject({ ok: true, value: { ids: [], hasMore: false } });
    expect(stub.requests.map((request) => request.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(log.filter((line) => line.step === 'authenticate')).toHaveLength(2);
  });
});
