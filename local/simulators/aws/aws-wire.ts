import { type HttpRequest, type HttpResponse, jsonResponse, parseJsonBody } from '../shared/http-server.ts';
import type { AwsResult, JsonObject } from './aws-result.ts';
import type { AwsOperation, AwsService, RestRoute } from './aws-service.ts';

/** The service a request is for, and what of it; without an operation when the service has none of that name. */
export interface AwsTarget {
  readonly service: AwsService;
  readonly operation: AwsOperation | undefined;
  readonly route: RestRoute | undefined;
}

/**
 * Finds the service and operation of a request: by `X-Amz-Target`, else by address.
 * `undefined` when no service is spoken to that way. *Sources*: the AWS JSON and REST-JSON protocols of Smithy 2.0,
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html and .../aws-restjson1-protocol.html.
 */
export function findTarget(services: readonly AwsService[], request: HttpRequest): AwsTarget | undefined {
  const header = request.headers['x-amz-target'];
  if (typeof header === 'string') {
    const dot = header.lastIndexOf('.');
    const service = services.find(
      ({ protocol }) => protocol.kind === 'json' && protocol.targetPrefix === header.slice(0, dot),
    );
    return service === undefined ? undefined : targetOf(service, header.slice(dot + 1), undefined);
  }
  for (const service of services) {
    if (service.protocol.kind !== 'rest-json') continue;
    const route = service.protocol.routes.find(
      ({ method, path }) => method === request.method && path === request.path,
    );
    if (route !== undefined) return targetOf(service, route.operation, route);
  }
  return undefined;
}

function targetOf(service: AwsService, name: string, route: RestRoute | undefined): AwsTarget {
  return { service, operation: service.operations.find((operation) => operation.name === name), route };
}

/** The operation's input as the model names its members; `undefined` when the body is no JSON object. */
export function readInput({ route }: AwsTarget, request: HttpRequest): JsonObject | undefined {
  if (route?.query !== undefined) {
    return Object.fromEntries(
      Object.entries(route.query).flatMap(([parameter, member]) => {
        const value = request.query.get(parameter);
        return value === null ? [] : [[member, value]];
      }),
    );
  }
  if (request.body.length === 0) return {};
  const value = parseJsonBody(request.body)?.value;
  // The checks on the same line make it an object.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The HTTP answer of a service, in its protocol. */
export function writeAnswer(service: AwsService, result: AwsResult, requestId: string): HttpResponse {
  const { protocol, messageMember, faultNamespace = '' } = service;
  const headers = {
    'content-type': protocol.kind === 'json' ? `application/x-amz-json-${protocol.version}` : 'application/json',
    'x-amzn-requestid': requestId,
  };
  if (result.ok) return jsonResponse(200, result.body, headers);
  const { type, message, status, members } = result.fault;
  // REST-JSON names the exception in the header, AWS JSON in the body; services in fact send both.
  const body = { __type: `${faultNamespace}${type}`, [messageMember]: message, ...members };
  return jsonResponse(status, body, { ...headers, 'x-amzn-errortype': type });
}
