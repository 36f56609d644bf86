import type { Fault } from '../../domain/model/fault.ts';
import { faultOfNetwork, faultOfStatus, parseRetryAfter } from '../kit/fault-of-http.ts';
import { HubspotAnswerError } from './answer-error.ts';
import { toErrorAnswer } from './answers.ts';
import { faultOfRefusal } from './refusal.ts';

/**
 * Who must act on what a call of HubSpot's API threw. Pure.
 *
 * *Faults*: all kinds. A `Retry-After` header, which HubSpot promises for 477 only, is believed wherever it comes.
 * `isRepeatable` decides between `transient` and `uncertain` where the work may have been done: gateway errors, lost answers,
 * and successes that could not be read.
 */
export function classify(error: unknown, request: { readonly isRepeatable: boolean }): Fault {
  if (error instanceof HubspotAnswerError) return faultOfAnswer(error, request);
  return (
    faultOfNetwork(error, request) ?? {
      kind: 'defect',
      code: 'UNEXPECTED',
      message: 'The HubSpot connector met something it does not foresee.',
      cause: error,
    }
  );
}

/** Whether a fresh session is worth one more try. */
export function isExpired(error: unknown): boolean {
  return error instanceof HubspotAnswerError && error.status === 401;
}

/** The origin was not reached by HubSpot's own front door, so nothing was done there. */
const neverReached: ReadonlySet<number> = new Set([521, 523]);

function faultOfAnswer(error: HubspotAnswerError, request: { readonly isRepeatable: boolean }): Fault {
  const { status } = error;
  if (status < 300) {
    return request.isRepeatable
      ? {
          kind: 'transient',
          code: 'UNREADABLE_ANSWER',
          message: 'HubSpot’s answer could not be read; the hub tries again.',
        }
      : {
          kind: 'uncertain',
          code: 'UNREADABLE_ANSWER',
          message: 'HubSpot’s answer could not be read; the hub looks before it acts again.',
        };
  }
  const answer = toErrorAnswer(error.body);
  if (answer.message.startsWith('Invalid input JSON')) {
    return { kind: 'defect', code: 'INVALID_INPUT', message: 'HubSpot could not read what the connector sent.' };
  }
  const retryAfterMs = parseRetryAfter(error.retryAfter);
  const known = status >= 500 ? undefined : faultOfRefusal(answer, status);
  if (known !== undefined) {
    return known.kind === 'throttled' && retryAfterMs !== undefined ? { ...known, retryAfterMs } : known;
  }
  return faultOfStatus(status, neverReached.has(status) ? { isRepeatable: true } : request, retryAfterMs);
}
