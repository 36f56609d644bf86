import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import type { HubspotApi } from './api.ts';
import type { ObjectType } from './object-types.ts';
import { callBudgets } from './rate-limits.ts';

/**
 * Looks for records by the hub's id in its unique property. Not a search: those lag behind.
 *
 * *Shape*: HubSpot's ids by unified id; what is not there, or archived, is left out. *Bounds*: one call for up to 100 ids.
 */
export async function findCreated(
  call: Call<HubspotApi>,
  type: ObjectType,
  hubIdField: string,
  unifiedIds: readonly string[],
): Promise<Result<ReadonlyMap<string, string>>> {
  const answer = await call(
    { route: `${type.path}.batch.read.by-hub-id`, isRepeatable: true, budgets: callBudgets },
    (api, signal) => api.readBatch(type, { ids: unifiedIds, properties: [hubIdField], idProperty: hubIdField }, signal),
  );
  if (!answer.ok) return answer;
  const named = answer.value.results.flatMap(({ id, properties }) => {
    const unifiedId = properties[hubIdField];
    return typeof unifiedId === 'string' ? [[unifiedId, id] as const] : [];
  });
  return succeed(new Map(named));
}
