import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import { recordIdOf } from './record-id.ts';
import { runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { soql, soqlName } from './soql.ts';
import type { ObjectShape } from './standard-objects.ts';

/**
 * Looks for the records of creations whose earlier answer was lost, by the hub's id.
 *
 * *Shape*: outcomes by the item's place: untouched for a record that is there, failed when nobody could look. Items without
 * `lookFirst` and those whose record is not there are left out; a record in the recycle bin is not there, because an upsert does not
 * see it either. *Bounds*: one call for up to 200 items, none when no item asks for it.
 */
export async function findCreated(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  hubIdField: string,
  items: readonly WriteItem[],
): Promise<Map<number, WriteOutcome>> {
  const outcomes = new Map<number, WriteOutcome>();
  const asked = [...items.entries()].filter(([, item]) => item.operation === 'create' && item.lookFirst === true);
  const from = soqlName(object.name);
  const field = soqlName(hubIdField);
  if (asked.length === 0 || from === undefined || field === undefined) return outcomes;
  const ids = asked.map(([, { unifiedId }]) => unifiedId);
  const rows = await runQuery(
    call,
    { route: `${object.name}.read.by-hub-id`, withDeleted: false, rowsMax: ids.length },
    () => soql`SELECT Id, ${field} FROM ${from} WHERE ${field} IN ${ids}`,
  );
  if (!rows.ok) {
    const fault = rows.fault.code === 'INVALID_FIELD' ? hubIdFieldMissing(rows.fault, hubIdField) : rows.fault;
    for (const [index] of asked) outcomes.set(index, { outcome: 'failed', fault });
    return outcomes;
  }
  const found = new Map(rows.value.map((row) => [row[hubIdField], row.Id]));
  for (const [index, { unifiedId }] of asked) {
    const id = found.get(unifiedId);
    const externalId = typeof id === 'string' ? recordIdOf(id) : undefined;
    if (externalId === undefined) continue;
    outcomes.set(index, { outcome: 'written', externalId, created: false, isUntouched: true });
  }
  return outcomes;
}

/** What an org says in several ways when the field for the hub's id is not there, or hidden from the hub's user. */
export function hubIdFieldMissing(fault: Fault, hubIdField: string): Fault {
  const message = `The org needs a field ${hubIdField} that is External ID and unique, and the hub's user must see it.`;
  return { ...fault, kind: 'credential', code: 'HUB_ID_FIELD_MISSING', message };
}
