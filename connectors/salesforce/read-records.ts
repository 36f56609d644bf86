import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ReadOutcome } from '../../domain/model/snapshot.ts';
import type { SystemValue } from '../../domain/model/value.ts';
import { chunk } from '../kit/chunk.ts';
import type { Call } from '../kit/connector.ts';
import { readChildList, subqueryOf } from './child-lists.ts';
import { instantOf } from './instant.ts';
import { readPurged } from './purged-records.ts';
import { recordIdOf } from './record-id.ts';
import { type Row, runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type Soql, soql, soqlList, soqlName } from './soql.ts';
import { childFieldOf, type ObjectShape } from './standard-objects.ts';
import { isVisible, learnVisibleFields } from './visible-fields.ts';

/** Most ids in one read: what a query's address can hold beside 60 fields. */
export const readMax = 200;

/**
 * Reads records by their ids, one answer per id, in order.
 *
 * One query over live and deleted rows tells everything at once: a deleted row says `IsDeleted`, a merged one names its survivor
 * in `MasterRecordId`. Reading by the collections resource would not tell a deleted record from one that never was. Ids that
 * the query does not find cost one more call, to the log of deletions. *Bounds*: one call for 200 ids as a rule.
 */
export async function readRecords(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  ids: readonly string[],
  fields: readonly string[],
): Promise<Result<readonly ReadOutcome[]>> {
  const longIds = ids.map(recordIdOf);
  const wanted = [...new Set(longIds.filter((id) => id !== undefined))];
  const found = new Map<string, ReadOutcome>();
  for (const piece of chunk(wanted, idsPerQuery(fields))) {
    const rows = await queryByIds(call, object, piece, fields);
    if (!rows.ok) return rows;
    for (const row of rows.value) {
      const outcome = await outcomeOf(call, object, row, fields);
      if (!outcome.ok) return outcome;
      found.set(String(row.Id), outcome.value);
    }
  }
  const unknown = wanted.filter((id) => !found.has(id));
  if (unknown.length > 0) {
    const purged = await readPurged(call, object.name, unknown);
    if (!purged.ok) return purged;
    for (const [id, at] of purged.value) found.set(id, { outcome: 'deleted', at });
  }
  return succeed(longIds.map((id) => (id === undefined ? missing : (found.get(id) ?? missing))));
}

const missing: ReadOutcome = { outcome: 'missing' };
/** Salesforce takes addresses up to 16,384 bytes; this leaves room for the host and the rest of the query. */
const queryLengthMax = 14_000;
/** `'…18…'` and an encoded comma. */
const idLength = 23;

/** What a query says of a field, and of a relationship, that is not there or not to be seen. */
const hiddenCodes: ReadonlySet<string> = new Set(['INVALID_FIELD', 'INVALID_TYPE']);

function idsPerQuery(fields: readonly string[]): number {
  const fieldsLength = fields.reduce((sum, field) => sum + field.length + 6, 0);
  return Math.max(1, Math.min(readMax, Math.floor((queryLengthMax - fieldsLength) / idLength)));
}

async function queryByIds(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  ids: readonly string[],
  fields: readonly string[],
): Promise<Result<readonly Row[]>> {
  const from = soqlName(object.name);
  const badName = fields.find((field) => childFieldOf(object, field) === undefined && soqlName(field) === undefined);
  if (from === undefined || badName !== undefined) return fail(namelessField(object.name));
  const ask = () =>
    runQuery(call, { route: `${object.name}.read`, withDeleted: true, rowsMax: readMax }, (api) => {
      const selection = selectionOf(object, fields, api.visibleFields.get(object.name));
      return soql`SELECT ${selection} FROM ${from} WHERE Id IN ${ids}`;
    });
  const rows = await ask();
  if (rows.ok || !hiddenCodes.has(rows.fault.code)) return rows;
  // One field (or list of rows) that the user may not see would take the whole read down; read the others.
  const learnt = await learnVisibleFields(call, object.name);
  if (learnt.ok) {
    const second = await ask();
    if (second.ok || !hiddenCodes.has(second.fault.code) || object.childFields.length === 0) return second;
    // The rows below are to be seen and what they say is not: they are left out as a whole.
    const without = await learnVisibleFields(call, object.name, object.childFields);
    return without.ok ? ask() : without;
  }
  // The object itself is not to be seen: what the query said of it is the better answer.
  return learnt.fault.kind === 'missing' ? rows : learnt;
}

function selectionOf(object: ObjectShape, fields: readonly string[], visible: ReadonlySet<string> | undefined): Soql {
  const names = new Set([
    'Id',
    'IsDeleted',
    'SystemModstamp',
    'CreatedDate',
    ...(object.canMerge ? ['MasterRecordId'] : []),
  ]);
  for (const field of fields) {
    if (isVisible(visible, field) && childFieldOf(object, field) === undefined) names.add(field);
  }
  const pieces = [...names].map(soqlName).filter((name) => name !== undefined);
  const lists = new Set(fields.flatMap((field) => childFieldOf(object, field) ?? []));
  const seen = [...lists].filter((list) => isVisible(visible, list));
  return soqlList([...pieces, ...seen.flatMap((list) => subqueryOf(list) ?? [])]);
}

async function outcomeOf(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  row: Row,
  fields: readonly string[],
): Promise<Result<ReadOutcome>> {
  const modifiedAt = instantOf(row.SystemModstamp);
  const externalId = typeof row.Id === 'string' ? recordIdOf(row.Id) : undefined;
  if (modifiedAt === undefined || externalId === undefined) return fail(shapelessRow(object.name));
  if (row.IsDeleted === true) {
    const mergedInto = typeof row.MasterRecordId === 'string' ? recordIdOf(row.MasterRecordId) : undefined;
    return succeed({ outcome: 'deleted', at: modifiedAt, ...(mergedInto === undefined ? {} : { mergedInto }) });
  }
  const values: Record<string, SystemValue> = {};
  for (const field of fields) {
    const name = childFieldOf(object, field);
    if (name !== undefined) {
      const children = row[name];
      // Not answered at all: the hub's user may not see such rows, which is not the same as there being none.
      if (children === undefined) continue;
      const list = await readChildList(call, name, field, children);
      if (!list.ok) return list;
      values[field] = list.value;
    } else {
      const value = valueAt(row, field);
      if (value !== undefined) values[field] = value;
    }
  }
  const unseen = fields.filter((field) => row[field.split('.', 1)[0] ?? field] === undefined);
  const createdAt = instantOf(row.CreatedDate);
  const times = createdAt === undefined ? { modifiedAt } : { modifiedAt, createdAt };
  return succeed({
    outcome: 'found',
    snapshot: { externalId, ...times, values, ...(unseen.length === 0 ? {} : { unseen }) },
  });
}

/** A field's value, across relationships too. `undefined` is "not seen": not answered, or of a compound type nobody maps. */
function valueAt(row: Row, field: string): SystemValue | undefined {
  let value: unknown = row;
  for (const part of field.split('.')) {
    if (value === null) return null;
    if (typeof value !== 'object') return undefined;
    value = (value as Row)[part];
  }
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  // Narrowed by the line above, which TypeScript does not follow.
  return isPlain ? (value as SystemValue) : undefined;
}

function namelessField(object: string): Fault {
  return {
    kind: 'defect',
    code: 'BAD_FIELD_NAME',
    message: `The mapping of ${object} names a field that cannot exist.`,
  };
}

function shapelessRow(object: string): Fault {
  return {
    kind: 'defect',
    code: 'BAD_ANSWER',
    message: `Salesforce answered a ${object} without its id or change time.`,
  };
}
