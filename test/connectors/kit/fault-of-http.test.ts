import { describe, expect, it } from 'vitest';
import { faultOfNetwork, faultOfStatus, parseRetryAfter } from '../../../connectors/kit/fault-of-http.ts';

const coded = (code: string): Error => Object.assign(new Error('failed'), { code });
const once = { isRepeatable: false };
const often = { isRepeatable: true };

describe('faults of the network', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    'are transient when nothing can have reached the system (%s), even for what must not be repeated',
    (code) => {
      expect(faultOfNetwork(new TypeError('fetch failed', { cause: coded(code) }), once)?.kind).toBe('transient');
    },
  );

  it.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT'])(
    'are uncertain when the answer was lost (%s), unless repeating does no harm',
    (code) => {
      const error = new TypeError('fetch failed', { cause: coded(code) });

      expect(faultOfNetwork(error, once)?.kind).toBe('uncertain');
      expect(faultOfNetwork(error, often)?.kind).toBe('transient');
    },
  );

  it('are uncertain after an abort or a timeout', () => {
    expect(faultOfNetwork(new DOMException('aborted', 'AbortError'), once)).toMatchObject({
      kind: 'uncertain',
      code: 'ABORTED',
    });
    expect(faultOfNetwork(new DOMException('late', 'TimeoutError'), once)).toMatchObject({
      kind: 'uncertain',
      code: 'TIMED_OUT',
    });
  });

  it('are found inside aggregates of several addresses tried', () => {
    const error = new TypeError('fetch failed', { cause: new AggregateError([coded('ECONNREFUSED')]) });

    expect(faultOfNetwork(error, once)).toMatchObject({ kind: 'transient', code: 'ECONNREFUSED' });
  });

  it('are none for mistakes in code and for other things thrown', () => {
    const circle: { cause?: unknown } = {};
    circle.cause = circle;

    for (const error of [new TypeError('x is undefined'), 'text', undefined, null, circle]) {
      expect(faultOfNetwork(error, once)).toBeUndefined();
    }
  });
});

describe('faults of an HTTP status', () => {
  it.each([
    [429, 'throttled', 'throttled'],
    [401, 'credential', 'credential'],
    [403, 'credential', 'credential'],
    [404, 'missing', 'missing'],
    [410, 'missing', 'missing'],
    [409, 'conflict', 'conflict'],
    [412, 'conflict', 'conflict'],
    [400, 'rejected', 'rejected'],
    [422, 'rejected', 'rejected'],
    [413, 'defect', 'defect'],
    [414, 'defect', 'defect'],
    [302, 'defect', 'defect'],
    [423, 'transient', 'transient'],
    [500, 'uncertain', 'transient'],
    [502, 'uncertain', 'transient'],
    [503, 'uncertain', 'transient'],
    [504, 'uncertain', 'transient'],
  ])('%i is %s for what must not be repeated, and %s otherwise', (status, forOnce, forOften) => {
    expect(faultOfStatus(status, once).kind).toBe(forOnce);
    expect(faultOfStatus(status, often).kind).toBe(forOften);
  });

  it('carry the wait the system asked for', () => {
    expect(faultOfStatus(429, once, 1_500)).toMatchObject({ retryAfterMs: 1_500 });
    expect(faultOfStatus(429, once)).not.toHaveProperty('retryAfterMs');
  });
});

describe('Retry-After', () => {
  it.each([
    ['2', 2_000],
    ['0', 0],
    ['1.5', 1_500],
    ['-5', 0],
    ['999999999', 86_400_000],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j ms', (header, waitMs) => {
    expect(parseRetryAfter(header)).toBe(waitMs);
  });

  it('understands a date when it is told what time it is', () => {
    const now = Date.UTC(2026, 4, 4, 9, 0, 0);

    expect(parseRetryAfter('Mon, 04 May 2026 09:00:30 GMT', now)).toBe(30_000);
    expect(parseRetryAfter('Mon, 04 May 2026 08:00:00 GMT', now)).toBe(0);
    expect(parseRetryAfter('Mon, 04 May 2026 09:00:30 GMT')).toBeUndefined();
  });
});
