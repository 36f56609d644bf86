import { afterEach, describe, expect, it, vi } from 'vitest';
import { HubspotAnswerError } from '../../../connectors/hubspot/answer-error.ts';
import { objectTypes } from '../../../connectors/hubspot/object-types.ts';
import { openHubspotApi } from '../../../connectors/hubspot/open-api.ts';

const settings = { id: 'h', system: 'hubspot', auth: 'static-token', objects: [], baseUrl: 'https://api.example/' };
const { company, deal, contact } = objectTypes;
const signal = AbortSignal.timeout(60_000);

afterEach(() => {
  vi.restoreAllMocks();
});

/** An API whose every request is answered so. */
function answering(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { Response: HttpResponse } = globalThis;
    return new HttpResponse(status === 204 ? null : text, {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    });
  });
  const api = openHubspotApi(settings, { accessToken: 'a-token' });
  return { api, fetched };
}

const readOne = { ids: ['1'], properties: ['name'] };

describe('a call', () => {
  it('carries the token, follows no redirect and can be aborted', async () => {
    const { api, fetched } = answering(200, { results: [] });

    await api.readBatch(company, readOne, signal);

    const [url, init] = fetched.mock.calls[0] ?? [];
    expect(String(url)).toBe('https://api.example/crm/v3/objects/companies/batch/read?archived=false');
    expect(new Headers(init?.headers).get('authorization')).toBe('Bearer a-token');
    expect(init).toMatchObject({ method: 'POST', redirect: 'manual', signal });
  });

  it('reads a partial answer, also where the errors are of another form than documented', async () => {
    const { api } = answering(207, {
      status: 'COMPLETE',
      results: [{ id: 7, properties: { name: 'A' }, createdAt: 'no time', updatedAt: '2026-01-01T00:00:00Z' }],
      numErrors: 2,
      errors: [
        { category: 'OBJECT_NOT_FOUND', context: { ids: [8, '9'] }, errors: [{ context: '{missingScopes=[a]}' }] },
        'not even an object',
      ],
    });

    const { results, errors } = await api.readBatch(company, readOne, signal);

    expect(results).toMatchObject([{ id: '7', updatedAt: Date.UTC(2026, 0, 1), createdAt: undefined }]);
    expect(errors[0]?.context.ids ?? []).toEqual(['8', '9']);
  });

  it('throws what HubSpot answered instead of success, with its wait', async () => {
    const { api } = answering(477, { message: 'on the move' }, { 'retry-after': '60' });

    const thrown = await api.readBatch(company, readOne, signal).catch((error: unknown) => error);

    expect(thrown).toBeInstanceOf(HubspotAnswerError);
    expect(thrown).toMatchObject({ status: 477, retryAfter: '60', message: 'HubSpot answered 477.' });
  });

  it.each([
    ['no JSON', '<html>'],
    ['cut short', '{"results":[{"id"'],
    ['of another form', { data: [] }],
  ])('throws when a success is %s: what was done is not known', async (_what, body) => {
    const { api } = answering(201, body);

    await expect(api.createBatch(company, [], signal)).rejects.toMatchObject({ status: 200, body: undefined });
  });

  it('takes the empty answer to an archive, and a partial one to parting', async () => {
    await expect(answering(204, '').api.archiveBatch(company, ['1'], signal)).resolves.toBeUndefined();
    const pairs = [{ fromId: '1', toId: '2' }];
    expect(await answering(204, '').api.part(deal, contact, pairs, signal)).toEqual([]);
    const partial = { results: [], errors: [{ category: 'VALIDATION_ERROR', message: 'x' }] };
    expect(await answering(207, partial).api.part(deal, contact, pairs, signal)).toMatchObject([
      { category: 'VALIDATION_ERROR' },
    ]);
  });

  it('remembers the limits of the last answer only', async () => {
    const headers = {
      'x-hubspot-ratelimit-max': '190',
      'x-hubspot-ratelimit-remaining': '189',
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
    };
    const { api, fetched } = answering(200, { results: [] }, headers);
    await api.readBatch(company, readOne, signal);
    const told = api.limits();
    fetched.mockResolvedValueOnce(new Response('{"results":[]}', { status: 200 }));
    await api.search(company, { filters: [], sort: 'x', properties: [], limit: 200 }, signal);

    expect(told).toEqual([{ budget: 'calls', used: 1, limit: 190 }]);
    expect(api.limits()).toEqual([]);
  });

  it('parts all pairs of one record in one input', async () => {
    const { api, fetched } = answering(204, '');

    await api.part(
      deal,
      contact,
      [
        { fromId: '1', toId: '2' },
        { fromId: '3', toId: '2' },
        { fromId: '1', toId: '4' },
      ],
      signal,
    );

    expect(JSON.parse(String(fetched.mock.calls[0]?.[1]?.body))).toEqual({
      inputs: [
        { from: { id: '1' }, to: [{ id: '2' }, { id: '4' }] },
        { from: { id: '3' }, to: [{ id: '2' }] },
      ],
    });
  });
});
