import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import type { RecordAnswer } from './answers.ts';
import type { HubspotApi } from './api.ts';
import type { ObjectType } from './object-types.ts';
import { callBudgets } from './rate-limits.ts';
import { faultOfInput } from './refusal.ts';
import { idsOf } from './send-batch.ts';

/** Records by the id they were asked for under; a merged one answers under the id it lives on with. */
export interface FoundRecords {
  readonly found: ReadonlyMap<string, RecordAnswer>;
  /** Ids HubSpot refused for another reason than not having them. */
  readonly refused: ReadonlyMap<string, Fault>;
}

/**
 * Reads up to 100 records by id: live ones or archived ones, never both. No ids, no call.
 *
 * An id that was merged is answered by the record it was merged into, under that record's own id, once for all such ids:
 * which answer belongs to which id follows from the list of merged ids each record carries.
 */
export async function readBatch(
  call: Call<HubspotApi>,
  type: ObjectType,
  ids: readonly string[],
  properties: readonly string[],
  which: 'live' | 'archived',
): Promise<Result<FoundRecords>> {
  if (ids.length === 0) return succeed({ found: new Map(), refused: new Map() });
  const wanted = [...new Set([...properties, type.modifiedProperty, ...type.mergedProperties])];
  const answer = await call(
    {
      route: `${type.path}.batch.read${which === 'archived' ? '.archived' : ''}`,
      isRepeatable: true,
      budgets: callBudgets,
    },
    (api, signal) => api.readBatch(type, { ids, properties: wanted, isArchived: which === 'archived' }, signal),
  );
  if (!answer.ok) return answer;

  const refused = new Map<string, Fault>();
  for (const error of answer.value.errors) {
    const fault = faultOfInput(error, 'update');
    if (fault.kind !== 'missing') for (const id of idsOf(error)) refused.set(id, fault);
  }
  return succeed({ found: attribute(type, ids, answer.value.results), refused });
}

/** Which answer belongs to which id asked for. */
export function attribute(
  type: ObjectType,
  ids: readonly string[],
  records: readonly RecordAnswer[],
): ReadonlyMap<string, RecordAnswer> {
  const byId = new Map<string, RecordAnswer>();
  for (const record of records) {
    for (const merged of mergedIds(type, record)) byId.set(merged, record);
  }
  // After the merged ids, because a record's own id says more than another record's list.
  for (const record of records) byId.set(record.id, record);
  return new Map(
    ids.flatMap((id) => {
      const record = byId.get(id);
      return record === undefined ? [] : [[id, record]];
    }),
  );
}

/** `123;456` of the newer property, `123:1700000000000;456:…` of the older one. */
export function mergedIds(type: ObjectType, record: RecordAnswer): readonly string[] {
  return type.mergedProperties.flatMap((name) => {
    const list = record.properties[name];
    if (typeof list !== 'string') return [];
    return list
      .split(';')
      .map((entry) => entry.split(':')[0]?.trim() ?? '')
      .filter((id) => id !== '' && id !== record.id);
  });
}
