import type { Context } from 'hono';

/**
 * Who calls, for the journal: the ARN by which the call was signed on AWS, `local` on one machine, where nobody signs.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (read November
 * 2026), `requestContext.authorizer.iam.userArn` of payload format 2.0.
 */
export function callerOf(http: Context): string {
  // The adapter of AWS Lambda hands the event over in `env`; without it there is nothing there.
  const event: unknown = (http.env as { readonly event?: unknown } | undefined)?.event;
  const arn = at(at(at(at(event, 'requestContext'), 'authorizer'), 'iam'), 'userArn');
  return typeof arn === 'string' && arn !== '' ? arn.slice(0, BY_MAX) : 'local';
}

const BY_MAX = 300;

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
