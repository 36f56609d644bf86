import type { InvocationResult } from './function-thread-handle.ts';

/** What goes back over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** An answer of the API itself, in the form AWS gives them. */
export function apiAnswer(status: number, message: string): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ message })) };
}

/**
 * The HTTP answer a function's result stands for: its status, headers, cookies and body, or, when it names no status, its
 * whole result as JSON.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpAnswer(result: InvocationResult): HttpAnswer {
  if (result.error !== undefined) return apiAnswer(500, 'Internal Server Error');
  const value: unknown = JSON.parse(result.payload);
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(typeof value === 'string' ? value : result.payload),
    };
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = value as Readonly<Record<string, unknown>>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return apiAnswer(500, 'Internal Server Error');
  return {
    status,
    headers: { ...textHeaders(headers), ...(Array.isArray(cookies) ? { 'set-cookie': cookies.map(String) } : {}) },
    body: Buffer.from(
      typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body),
      isBase64Encoded === true ? 'base64' : 'utf8',
    ),
  };
}

function textHeaders(headers: unknown): Readonly<Record<string, string>> {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
