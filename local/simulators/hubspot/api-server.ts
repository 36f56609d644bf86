import { setTimeout as sleep } from 'node:timers/promises';
import type { CallFate } from '../shared/fault-plan.ts';
import { type HttpAnswer, type HttpRequest, jsonResponse, parseJsonBody } from '../shared/http-server.ts';
import type { Caller } from './access-tokens.ts';
import { adminRoutes, personInTheApp, type SimulatorParts } from './admin-routes.ts';
import { type ApiAnswer, type ApiError, errorAnswer, validationError } from './api-error.ts';
import { rateRefusal } from './rate-limits.ts';
import { type Route, type RouteMatch, RouteTable } from './route.ts';

const adminPrefix = '/_simulator/';

/**
 * Serves calls: finds the route, meets the faults asked for, checks token and limits, runs the route, makes the change
 * durable, and only then answers. Everything but a slow answer happens in one turn, so calls never interleave.
 */
export class ApiServer {
  readonly #parts: SimulatorParts;
  readonly #now: () => number;
  readonly #api: RouteTable;
  readonly #admin: RouteTable;

  constructor(parts: SimulatorParts, apiRoutes: readonly Route[], now: () => number) {
    this.#parts = parts;
    this.#now = now;
    this.#api = new RouteTable(apiRoutes);
    this.#admin = new RouteTable(adminRoutes(parts));
  }

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    if (request.path.startsWith(adminPrefix)) return this.#handleAdmin(request);
    const match = this.#api.find(request.method, request.path);
    if (typeof match === 'string') {
      const answer = errorAnswer(match === 'wrong-method' ? methodError : pathError);
      this.#parts.counter.count(`${request.method} {${match}}`, answer.status);
      return asHttp(answer);
    }
    const { method, path } = request;
    const fate = this.#parts.faults.meetCall({ method, path, writes: match.route.writes });
    if (fate.delayMs > 0) await sleep(fate.delayMs);
    return this.#handleApi(request, match, fate);
  }

  #handleApi(request: HttpRequest, match: RouteMatch, fate: CallFate): HttpAnswer {
    const { counter } = this.#parts;
    if (fate.refusal?.kind === 'cut-request') {
      counter.count(match.label, 'cut');
      return 'cut-connection';
    }
    const { answer, headers } = this.#answer(request, match, fate);
    if (fate.loseAnswer) {
      counter.count(match.label, 'cut', answer.records);
      return 'cut-connection';
    }
    counter.count(match.label, answer.status, answer.records);
    return asHttp(answer, headers);
  }

  #answer(
    request: HttpRequest,
    { route, parameters }: RouteMatch,
    { refusal }: CallFate,
  ): { answer: ApiAnswer; headers?: Readonly<Record<string, string>> } {
    const { limits, state } = this.#parts;
    const now = this.#now();
    if (refusal?.kind === 'unavailable') return { answer: errorAnswer(unavailableError(refusal.status)) };
    let caller: Caller | undefined;
    let headers: Readonly<Record<string, string>> = {};
    if (route.policy !== 'none') {
      caller = this.#parts.tokens.recognise(request.headers.authorization, now);
      if (caller === undefined) return { answer: errorAnswer(authenticationError) };
      if (refusal?.kind === 'daily-limit') return { answer: rateRefusal('DAILY') };
      if (refusal?.kind === 'throttle') {
        return { answer: rateRefusal(route.policy === 'search' ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING') };
      }
      const verdict = limits.admit(route.policy, caller.isStatic, now);
      headers = verdict.headers;
      if (verdict.refusal !== undefined) return { answer: verdict.refusal, headers };
    }
    const body = readRequestBody(request);
    if (body === 'unreadable') return { answer: errorAnswer(validationError('Invalid input JSON')), headers };
    const answer = route.handle({
      parameters,
      query: request.query,
      body: body.value,
      bodyLength: request.body.length,
      now,
      by: caller?.by ?? personInTheApp,
    });
    state.flush();
    return { answer, headers };
  }

  #handleAdmin(request: HttpRequest): HttpAnswer {
    const match = this.#admin.find(request.method, request.path);
    if (typeof match === 'string') return asHttp(errorAnswer(match === 'wrong-method' ? methodError : pathError));
    const body = readRequestBody(request);
    if (body === 'unreadable') return asHttp(errorAnswer(validationError('Invalid input JSON')));
    const answer = match.route.handle({
      parameters: match.parameters,
      query: request.query,
      body: body.value,
      bodyLength: request.body.length,
      now: this.#now(),
      by: personInTheApp,
    });
    this.#parts.state.flush();
    return asHttp(answer);
  }
}

function readRequestBody({ headers, body }: HttpRequest): { readonly value: unknown } | 'unreadable' {
  if (body.length === 0) return { value: undefined };
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    return { value: new URLSearchParams(body.toString('utf8')) };
  }
  return parseJsonBody(body) ?? 'unreadable';
}

function asHttp({ status, body }: ApiAnswer, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return body === undefined ? { status, headers } : jsonResponse(status, body, headers);
}

const pathError: ApiError = { status: 404, category: 'OBJECT_NOT_FOUND', message: 'No such address' };
const methodError: ApiError = { status: 405, category: 'METHOD_NOT_ALLOWED', message: 'Method not allowed' };

const authenticationError: ApiError = {
  status: 401,
  category: 'INVALID_AUTHENTICATION',
  message: 'Authentication credentials not found, not known or expired.',
};

function unavailableError(status: number): ApiError {
  return { status, category: 'INTERNAL_ERROR', message: 'Service temporarily unavailable' };
}
