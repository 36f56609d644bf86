import { fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { hubIdFieldMissing } from './find-created.ts';
import { recordIdOf } from './record-id.ts';
import { runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { soql, soqlInstant, soqlName } from './soql.ts';
import type { ObjectShape } from './standard-objects.ts';

/**
 * Lists the records that people made since an instant (ms, by the org's clock), the newest first: those without the hub's id.
 *
 * *Bounds*: one call, 200 ids. A query sees what is committed, at once.
 */
export async function findNewcomers(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  hubIdField: string,
  since: number,
): Promise<Result<readonly string[]>> {
  const from = soqlName(object.name);
  const field = soqlName(hubIdField);
  if (from === undefined || field === undefined) return succeed([]);
  const rows = await runQuery(
    call,
    { route: `${object.name}.newcomers`, withDeleted: false, rowsMax: newcomersMax },
    () =>
      soql`SELECT Id FROM ${from} WHERE CreatedDate >= ${soqlInstant(since)} AND ${field} = null ORDER BY CreatedDate DESC LIMIT ${newcomersMax}`,
  );
  if (!rows.ok)
    return fail(rows.fault.code === 'INVALID_FIELD' ? hubIdFieldMissing(rows.fault, hubIdField) : rows.fault);
  return succeed(
    rows.value.flatMap(({ Id: id }) => {
      const externalId = typeof id === 'string' ? recordIdOf(id) : undefined;
      return externalId === undefined ? [] : [externalId];
    }),
  );
}

const newcomersMax = 200;
