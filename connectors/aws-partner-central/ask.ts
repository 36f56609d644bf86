import type { Result } from '../../domain/model/fault.ts';
import type { Budget, Call } from '../kit/connector.ts';
import type { Json } from './json.ts';
import { type OperationName, operations } from './operations.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';

const quotas = 'https://docs.aws.amazon.com/partner-central/latest/developer-guide/quotas.html';
const secondMs = 1_000;
const dayMs = 86_400_000;

/** What one partner account may ask, for all its users and programs together; the windows roll. */
export const budgets: readonly Budget[] = [
  { name: 'reads', limit: 10, windowMs: secondMs, source: quotas },
  { name: 'reads-of-day', limit: 100_000, windowMs: dayMs, source: quotas },
  { name: 'writes', limit: 1, windowMs: secondMs, source: quotas },
  { name: 'writes-of-day', limit: 10_000, windowMs: dayMs, source: quotas },
];

/** Carries out one operation within the budgets of its pool. All operations used here may be repeated without harm. */
export function ask(call: Call<PartnerCentralApi>, operation: OperationName, input: Json): Promise<Result<Json>> {
  const { pool } = operations[operation];
  const request = { route: operation, isRepeatable: true, budgets: [pool, `${pool}-of-day`] };
  return call(request, (api, signal) => api.ask(operation, input, signal));
}
