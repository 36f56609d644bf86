import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { recordIdOf } from './record-id.ts';
import { runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { soql, soqlName } from './soql.ts';
import type { ObjectShape } from './standard-objects.ts';

/**
 * Looks for the records of creations whose answer was lost, by the hub's id.
 *
 * *Shape*: record ids by unified id; what is not there is left out, also a record in the recycle bin, because an upsert does not see it
 * either. *Bounds*: one call for up to 200 ids.
 */
export async function findCreated(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  hubIdField: string,
  unifiedIds: readonly string[],
): Promise<Result<ReadonlyMap<string, string>>> {
  const from = soqlName(object.name);
  const field = soqlName(hubIdField);
  if (unifiedIds.length === 0 || from === undefined || field === undefined) return succeed(new Map());
  const rows = await runQuery(
    call,
    { route: `${object.name}.read.by-hub-id`, withDeleted: false, rowsMax: unifiedIds.length },
    () => soql`SELECT Id, ${field} FROM ${from} WHERE ${field} IN ${unifiedIds}`,
  );
  if (!rows.ok)
    return fail(rows.fault.code === 'INVALID_FIELD' ? hubIdFieldMissing(rows.fault, hubIdField) : rows.fault);
  const found = new Map<string, string>();
  for (const row of rows.value) {
    const [unifiedId, id] = [row[hubIdField], row.Id];
    const externalId = typeof id === 'string' ? recordIdOf(id) : undefined;
    if (typeof unifiedId === 'string' && externalId !== undefined) found.set(unifiedId, externalId);
  }
  return succeed(found);
}

/** What an org says in several ways when the field for the hub's id is not there, or hidden from the hub's user. */
export function hubIdFieldMissing(fault: Fault, hubIdField: string): Fault {
  const message = `The org needs a field ${hubIdField} that is External ID and unique, and the hub's user must see it.`;
  return { ...fault, kind: 'credential', code: 'HUB_ID_FIELD_MISSING', message };
}
