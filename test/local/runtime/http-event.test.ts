import { describe, expect, it } from 'vitest';
import { httpAnswer } from '../../../local/runtime/http-answer.ts';
import { type HttpRequest, httpEvent } from '../../../local/runtime/http-event.ts';

const MATCH = {
  route: { key: 'POST /webhooks/{connection}', functionName: 'f', needsIam: false, timeoutMs: 1 },
  pathParameters: { connection: 'hubspot' },
};
const request = (more: Partial<HttpRequest>): HttpRequest => ({
  method: 'POST',
  url: '/webhooks/hubspot',
  headers: { host: '127.0.0.1:8787' },
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
  at: Date.UTC(2026, 2, 12, 19, 3, 58),
  ...more,
});

describe('an event of payload format 2.0', () => {
  it('tells the whole request', () => {
    const event = httpEvent(
      request({
        url: '/webhooks/hub%20spot?a=1&a=2&b=%C3%BC',
        headers: { host: '127.0.0.1:8787', 'user-agent': 'u', cookie: 'a=1; b=2', 'content-type': 'application/json' },
        body: Buffer.from('[]'),
      }),
      MATCH,
    );
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /webhooks/{connection}',
      rawPath: '/webhooks/hub%20spot',
      rawQueryString: 'a=1&a=2&b=%C3%BC',
      cookies: ['a=1', 'b=2'],
      queryStringParameters: { a: '1,2', b: 'ü' },
      pathParameters: { connection: 'hubspot' },
      headers: {
        host: '127.0.0.1:8787',
        'x-forwarded-proto': 'http',
        'x-forwarded-port': '8787',
        'x-forwarded-for': '127.0.0.1',
      },
      requestContext: {
        domainName: '127.0.0.1:8787',
        stage: '$default',
        time: '12/Mar/2026:19:03:58 +0000',
        timeEpoch: Date.UTC(2026, 2, 12, 19, 3, 58),
        http: {
          method: 'POST',
          path: '/webhooks/hub%20spot',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'u',
        },
      },
      body: '[]',
      isBase64Encoded: false,
    });
    expect(event).not.toHaveProperty('headers.cookie');
  });

  it.each([
    ['application/json', '{"ü":1}', false],
    ['text/xml; charset=utf-8', '<a/>', false],
    ['application/vnd.api+json', '{}', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/octet-stream', 'a', true],
    ['', 'a', true],
  ])('hands a body of the type "%s" over as text or base64', (type, text, isBase64Encoded) => {
    const event = httpEvent(request({ headers: { host: 'h', 'content-type': type }, body: Buffer.from(text) }), MATCH);
    expect(event).toMatchObject({
      isBase64Encoded,
      body: isBase64Encoded ? Buffer.from(text).toString('base64') : text,
    });
  });

  it('does not change bytes that are no text, whatever their type says', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe]);
    const event = httpEvent(
      request({ headers: { host: 'h', 'content-type': 'application/json' }, body: bytes }),
      MATCH,
    );
    expect(event).toMatchObject({ isBase64Encoded: true, body: bytes.toString('base64') });
  });

  it('leaves out what is empty', () => {
    const event = httpEvent(request({}), { ...MATCH, pathParameters: {} });
    for (const name of ['cookies', 'queryStringParameters', 'pathParameters', 'body'])
      expect(event).not.toHaveProperty(name);
  });
});

describe('the HTTP answer of a function’s result', () => {
  const answer = (result: unknown) => httpAnswer({ payload: JSON.stringify(result), error: undefined });

  it('has its status, headers, cookies and body', () => {
    const { status, headers, body } = answer({
      statusCode: 201,
      headers: { 'X-A': 1 },
      cookies: ['a=1', 'b=2'],
      body: 'ü',
    });
    expect([status, headers, body.toString()]).toEqual([201, { 'x-a': '1', 'set-cookie': ['a=1', 'b=2'] }, 'ü']);
  });

  it('has a binary body by base64', () => {
    expect([...answer({ statusCode: 200, body: '/wA=', isBase64Encoded: true }).body]).toEqual([255, 0]);
  });

  it('is the result as JSON when it names no status', () => {
    const { status, headers, body } = answer({ a: 1 });
    expect([status, headers, body.toString()]).toEqual([200, { 'content-type': 'application/json' }, '{"a":1}']);
  });

  it.each([[{ statusCode: 99 }], [{ statusCode: 'soon' }]])('is an error for %o', (result) => {
    expect(answer(result).status).toBe(500);
  });

  it('is an error when the function failed, without what it said', () => {
    const { status, body } = httpAnswer({ payload: '{"errorMessage":"secret"}', error: 'Handled' });
    expect([status, body.toString()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });
});
