import { describe, expect, it } from 'vitest';
import { HubspotAnswerError } from '../../../connectors/hubspot/answer-error.ts';
import { classify, isExpired } from '../../../connectors/hubspot/classify.ts';

const repeatable = { isRepeatable: true };
const once = { isRepeatable: false };
const answer = (status: number, body: unknown = {}, retryAfter?: string) =>
  new HubspotAnswerError(status, body, retryAfter);

describe('what a call threw', () => {
  it.each([500, 502, 503, 504, 524])('is transient after a %i if it may be repeated, uncertain if not', (status) => {
    expect(classify(answer(status), repeatable).kind).toBe('transient');
    expect(classify(answer(status), once).kind).toBe('uncertain');
  });

  it.each([521, 523])('is transient after a %i even for a creation: HubSpot itself was not reached', (status) => {
    expect(classify(answer(status), once).kind).toBe('transient');
  });

  it('is throttled for as long as Retry-After says, where it is said', () => {
    expect(classify(answer(477, {}, '7200'), repeatable)).toMatchObject({ kind: 'throttled', retryAfterMs: 7_200_000 });
    expect(classify(answer(429, {}, '3'), repeatable)).toMatchObject({ kind: 'throttled', retryAfterMs: 3_000 });
    expect(classify(answer(429, {}, 'soon'), repeatable)).toMatchObject({ retryAfterMs: 10_000 });
  });

  it('is uncertain when a success could not be read and must not be repeated', () => {
    expect(classify(answer(200), once)).toMatchObject({ kind: 'uncertain', code: 'UNREADABLE_ANSWER' });
    expect(classify(answer(200), repeatable)).toMatchObject({ kind: 'transient', code: 'UNREADABLE_ANSWER' });
  });

  it('is a defect when HubSpot could not read the request', () => {
    const body = { status: 'error', message: 'Invalid input JSON on line 1, column 5', category: 'VALIDATION_ERROR' };

    expect(classify(answer(400, body), repeatable).kind).toBe('defect');
    expect(classify(answer(405), repeatable).kind).toBe('defect');
    expect(classify(answer(415), repeatable).kind).toBe('defect');
  });

  it('is a redirect nobody follows: a defect', () => {
    expect(classify(answer(302), repeatable).kind).toBe('defect');
  });

  it('is transient when no connection was made, also for a creation', () => {
    const refused = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) });

    expect(classify(refused, once)).toMatchObject({ kind: 'transient', code: 'ECONNREFUSED' });
  });

  it('is uncertain when the connection broke under a creation', () => {
    const reset = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }) });

    expect(classify(reset, once).kind).toBe('uncertain');
    expect(classify(reset, repeatable).kind).toBe('transient');
  });

  it('is a defect when it is nothing known', () => {
    expect(classify(new TypeError('x is not a function'), repeatable)).toMatchObject({ kind: 'defect' });
    expect(classify('a text', repeatable).kind).toBe('defect');
    expect(classify(undefined, repeatable).kind).toBe('defect');
  });

  it('is an ended session for a 401 only', () => {
    expect([401, 403, 400, 500].map((status) => isExpired(answer(status)))).toEqual([true, false, false, false]);
    expect(isExpired(new Error('401'))).toBe(false);
  });

  it('never shows the body of an answer', () => {
    const error = answer(400, { message: 'jane@x.example is not valid', category: 'VALIDATION_ERROR' });

    expect(`${error} ${error.stack} ${JSON.stringify(classify(error, once))}`).not.toContain('jane');
  });
});
