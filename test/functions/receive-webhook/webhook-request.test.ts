import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { webhookRequest } from '../../../functions/receive-webhook/webhook-request.ts';

describe('the address that the vendor called', () => {
  test('is https, the host header, and path and query as they came', () => {
    const event = httpEvent({
      headers: { Host: 'hooks.partner.example', 'X-Forwarded-Proto': 'https' },
      rawPath: '/webhooks/hubspot',
      rawQueryString: 'a=%3A&b=c',
    });

    expect(webhookRequest(event).url).toBe('https://hooks.partner.example/webhooks/hubspot?a=%3A&b=c');
  });

  test('is the API’s own domain without a host header, and has no question mark without a query', () => {
    expect(webhookRequest(httpEvent({ headers: {} })).url).toBe(
      'https://abc.execute-api.eu-central-1.amazonaws.com/webhooks/hubspot',
    );
  });

  test('on one machine is http with its port', () => {
    const event = httpEvent({ headers: { host: '127.0.0.1:8800', 'x-forwarded-proto': 'http' } });

    expect(webhookRequest(event).url).toBe('http://127.0.0.1:8800/webhooks/hubspot');
  });

  test('holds the stage where it is part of the address', () => {
    expect(webhookRequest(httpEvent({ rawPath: '/prod/webhooks/hubspot' })).url).toMatch(/\/prod\/webhooks\/hubspot$/);
  });
});

describe('the body', () => {
  const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xc3, 0xa9, 0xff, 0x7d]);

  test('is the raw bytes, also when they are no text', () => {
    const event = httpEvent({ body: bytes.toString('base64'), isBase64Encoded: true });

    expect(Buffer.compare(webhookRequest(event).body, bytes)).toBe(0);
  });

  test('as text is its UTF-8 bytes, spaces and all', () => {
    expect(Buffer.from(webhookRequest(httpEvent({ body: ' {"a": "é"}\n' })).body).toString()).toBe(' {"a": "é"}\n');
  });

  test('that is not there is empty', () => {
    const { body: _, ...event } = httpEvent({});

    expect(webhookRequest(event).body.byteLength).toBe(0);
  });
});

test('header names are in lower case', () => {
  const event = httpEvent({ headers: { 'X-HubSpot-Signature-v3': 'abc' } });

  expect(webhookRequest(event).headers).toEqual({ 'x-hubspot-signature-v3': 'abc' });
});

function httpEvent(change: Partial<APIGatewayProxyEventV2>): APIGatewayProxyEventV2 {
  const http = {
    method: 'POST',
    path: '/webhooks/hubspot',
    protocol: 'HTTP/1.1',
    sourceIp: '192.0.2.1',
    userAgent: '',
  };
  return {
    version: '2.0',
    routeKey: 'POST /webhooks/{connection}',
    rawPath: '/webhooks/hubspot',
    rawQueryString: '',
    headers: {},
    requestContext: {
      accountId: '1',
      apiId: 'abc',
      domainName: 'abc.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'abc',
      http,
      requestId: 'r-1',
      routeKey: 'POST /webhooks/{connection}',
      stage: '$default',
      time: '20/Aug/2026:09:30:00 +0000',
      timeEpoch: 1,
    },
    body: '{}',
    pathParameters: { connection: 'hubspot' },
    isBase64Encoded: false,
    ...change,
  };
}
