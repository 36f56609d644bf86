import type { Fault } from '../../domain/model/fault.ts';
import { faultOfAws } from '../kit/aws/fault-of-aws.ts';

/** How long until an account with too many open change sets may start another, ms. */
const quotaWaitMs = 120_000;

/** What was thrown by a request → who must act. Pure. */
export function classify(error: unknown, request: { readonly isRepeatable: boolean }): Fault {
  const fault = faultOfAws(error, request);
  // The catalog's quota is of open change sets: it ends by itself, with them. *Source*: the error's text in the service model.
  if (fault.code === 'ServiceQuotaExceededException') {
    const message = 'AWS Marketplace is at work on as many change sets as an account may have; the hub tries again.';
    return { kind: 'throttled', code: fault.code, message, retryAfterMs: quotaWaitMs };
  }
  return fault;
}
