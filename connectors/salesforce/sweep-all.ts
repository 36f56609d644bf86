import { type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import { recordIdOf } from './record-id.ts';
import { runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { soql } from './soql.ts';
import type { ObjectShape } from './standard-objects.ts';
import { readWalkPosition } from './sweep-position.ts';

/**
 * One page of all records there are, in the order of their ids; for the backfill and the slow walk.
 *
 * Going on behind the last id needs no cursor kept open at Salesforce (those lapse), so a walk can rest for days between
 * two pages. *Bounds*: 2,000 ids a page, one call. A record made behind the walk is found by the changes.
 */
export async function sweepAll(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  sweep: { readonly position: unknown },
): Promise<Result<ChangesPage>> {
  const from = { text: object.name };
  const afterId = readWalkPosition(sweep.position);
  const rows = await runQuery(call, { route: `${object.name}.walk`, withDeleted: false, rowsMax: pageMax }, () =>
    afterId === undefined
      ? soql`SELECT Id FROM ${from} ORDER BY Id LIMIT ${pageMax}`
      : soql`SELECT Id FROM ${from} WHERE Id > ${afterId} ORDER BY Id LIMIT ${pageMax}`,
  );
  if (!rows.ok) return rows;
  const ids = rows.value
    .map((row) => (typeof row.Id === 'string' ? recordIdOf(row.Id) : undefined))
    .filter((id) => id !== undefined);
  const last = ids.at(-1);
  const hasMore = rows.value.length >= pageMax && last !== undefined;
  return succeed({ ids, position: hasMore ? { afterId: last } : null, hasMore });
}

const pageMax = 2_000;
