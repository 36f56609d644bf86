import { setTimeout as sleep } from 'node:timers/promises';
import { CallCounter } from '../shared/call-counter.ts';
import type { CallFate, FaultPlan } from '../shared/fault-plan.ts';
import { type HttpAnswer, type HttpRequest, jsonResponse } from '../shared/http-server.ts';
import type { Agenda } from './agenda.ts';
import type { AwsFault, AwsResult } from './aws-result.ts';
import type { AwsService } from './aws-service.ts';
import { type AwsTarget, findTarget, readInput, writeAnswer } from './aws-wire.ts';
import { answerCaller, asksForCaller, type CallerDirectory, callerIdentityLabel } from './caller-identity.ts';
import { readCaller, unknownAccessKey } from './credential-scope.ts';
import { RateLimiter } from './rate-limits.ts';

/** Addresses below this are for tests and demonstrations, and no part of AWS. */
export const adminPath = '/_simulator/';

export interface AwsServerOptions {
  readonly services: readonly AwsService[];
  readonly faults: FaultPlan;
  readonly agenda: Agenda;
  readonly now: () => number;
  /** A new request id. */
  readonly newRequestId: () => string;
  /** Whose keys call, and which are known. */
  readonly callers: CallerDirectory;
  /** Whether the services' documented limits are kept; a test that is not about them may switch them off. */
  readonly hasLimits: boolean;
  /** Makes what a call changed durable. */
  readonly commit: () => void;
  /** Answers what is asked below `adminPath`. */
  readonly admin: (request: HttpRequest) => HttpAnswer;
}

/**
 * Serves calls to simulated AWS services on one address: finds the operation, meets the faults asked for, checks that the
 * call is signed, keeps the limits, does the work, makes it durable, and only then answers. Everything but a held answer
 * happens in one turn, so calls never interleave.
 *
 * Faults match calls by `/<service>.<operation>`, for example `{"pathIncludes": "Agreement.DescribeAgreement"}`.
 */
export class AwsServer {
  readonly counter = new CallCounter();
  readonly limiter = new RateLimiter();
  readonly #options: AwsServerOptions;

  constructor(options: AwsServerOptions) {
    this.#options = options;
  }

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const { agenda, commit, faults, services } = this.#options;
    agenda.runDue();
    commit();
    if (request.path.startsWith(adminPath)) {
      const answer = this.#options.admin(request);
      // What an admin call makes due at once is done before it is answered, too.
      agenda.runDue();
      commit();
      return answer;
    }
    const target = findTarget(services, request);
    const isAboutCaller = asksForCaller(request);
    const label = isAboutCaller ? callerIdentityLabel : labelOf(target);
    const writes = target?.operation?.writes ?? false;
    const fate = faults.meetCall({ method: request.method, path: `/${label}`, writes });
    // The timer does not keep the process alive: a server that closes takes its held answers with it.
    if (fate.delayMs > 0) {
      await sleep(fate.delayMs, undefined, { ref: false });
      agenda.runDue();
    }
    const answer = this.#answer(isAboutCaller ? 'caller' : target, request, fate);
    commit();
    if (answer === 'cut-connection' || fate.loseAnswer) {
      this.counter.count(label, 'cut');
      return 'cut-connection';
    }
    this.counter.count(label, answer.status);
    return answer;
  }

  #answer(target: AwsTarget | 'caller' | undefined, request: HttpRequest, fate: CallFate): HttpAnswer {
    if (target === undefined) return notServed();
    if (fate.refusal?.kind === 'cut-request') return 'cut-connection';
    const requestId = this.#options.newRequestId();
    const answer =
      target === 'caller'
        ? answerCaller(request, this.#options.callers, requestId)
        : writeAnswer(target.service, this.#serve(target, request, fate, requestId), requestId);
    // By the simulated clock: what has come about by itself, as the end of an offer, clients judge by AWS's clock.
    return { ...answer, headers: { ...answer.headers, date: new Date(this.#options.now()).toUTCString() } };
  }

  #serve(target: AwsTarget, request: HttpRequest, { refusal }: CallFate, requestId: string): AwsResult {
    const { service, operation } = target;
    if (refusal?.kind === 'unavailable') return faulty(service.unavailable(refusal.status, requestId));
    const caller = readCaller(request, service.signingName);
    if ('fault' in caller) return faulty(caller.fault);
    const { callers, hasLimits } = this.#options;
    if (callers.accessKeyIds?.includes(caller.accessKeyId) === false) return faulty(unknownAccessKey);
    if (operation === undefined) {
      return faulty({ type: 'UnknownOperationException', message: 'The operation is not served here.', status: 400 });
    }
    const now = this.#options.now();
    const isOverLimit = hasLimits && this.limiter.admit(operation.limits, now) !== undefined;
    if (refusal !== undefined || isOverLimit) return faulty(service.throttled(requestId));
    const input = readInput(target, request);
    if (input === undefined) {
      return faulty({ type: 'SerializationException', message: 'The body is not a JSON object.', status: 400 });
    }
    return operation.serve(input, { now, requestId, accessKeyId: caller.accessKeyId });
  }
}

function labelOf(target: AwsTarget | undefined): string {
  return target === undefined ? '(unknown)' : `${target.service.name}.${target.operation?.name ?? '(unknown)'}`;
}

function faulty(fault: AwsFault): AwsResult {
  return { ok: false, fault };
}

function notServed(): HttpAnswer {
  return jsonResponse(404, { __type: 'UnknownOperationException', message: 'No service of this simulator.' });
}
