import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { WebhookRequest } from '../../connectors/kit/connector.ts';

/**
 * The request as the vendor made it, from an event of an HTTP API (payload format 2.0): signatures are over the raw bytes and
 * the address that was called.
 *
 * *Shape*: the address is the scheme (`x-forwarded-proto`, `https` without it: API Gateway speaks nothing else), the `host`
 * header (a custom domain, too), and path and query as they came, which hold the stage where it is part of the address.
 *
 * *Source*: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (read August
 * 2026).
 */
export function webhookRequest(event: APIGatewayProxyEventV2): WebhookRequest {
  const headers = Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const { http, domainName } = event.requestContext;
  const scheme = headers['x-forwarded-proto']?.split(',')[0]?.trim() || 'https';
  const host = headers.host || domainName;
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  return {
    method: http.method,
    url: `${scheme}://${host}${event.rawPath}${query}`,
    headers,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}
