import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import { settleAmounts } from './amount-of-lines.ts';
import { hubIdFieldMissing } from './find-created.ts';
import { recordIdOf } from './record-id.ts';
import type { Row } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type RowResult, type RowsRequest, sendRows } from './send-rows.ts';
import {
  childFieldOf,
  contactRolesField,
  lineItemsField,
  type ObjectShape,
  partnersField,
  textsIn,
} from './standard-objects.ts';
import { isVisible, learnVisibleFields } from './visible-fields.ts';
import { type RolesWrite, writeContactRoles } from './write-contact-roles.ts';
import { type LinesWrite, writeLineItems } from './write-line-items.ts';
import { type PartnersWrite, writePartners } from './write-partners.ts';

const NONE: ReadonlyMap<number, Fault> = new Map();

/** Most rows of one collections call. */
export const writeMax = 200;

/**
 * Writes records, one outcome per item, in order.
 *
 * ```
 *   products of what is there ─▶ delete ─▶ create (upsert by the hub's id) ─▶ update (by id)
 *     ─▶ contact roles and partners of what was written ─▶ products of what was created
 * ```
 *
 * A create is an upsert by the field that holds the unified id, so repeating one whose answer was lost makes no second record. But it
 * writes over what people entered in the record meanwhile, so whoever repeats one looks first (`find-created.ts`). A known
 * record is updated by its own id only. *Bounds*: one call for each kind of operation present (two for creates when only some name
 * an owner), two or three more when contact roles or partners differ, and two to five when
 * products do.
 */
export async function writeRecords(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  hubIdField: string,
  given: readonly WriteItem[],
): Promise<readonly WriteOutcome[]> {
  const hasLines = object.childFields.includes(lineItemsField);
  const { items, refused } = hasLines ? settleAmounts(given) : { items: given, refused: NONE };
  const outcomes = new Map<number, WriteOutcome>();
  for (const [index, fault] of refused) outcomes.set(index, { outcome: 'failed', fault });
  // Before the records: an amount is taken once the last product is gone, and not before.
  const lineFaults = new Map(hasLines ? await writeLineItems(call, linesOf(items, outcomes, 'update')) : []);
  let stopped: Fault | undefined;
  for (const group of groupsOf(object, hubIdField, items, outcomes)) {
    const results =
      stopped === undefined
        ? await sendRows(
            call,
            group.request,
            group.entries.map(({ row }) => row),
          )
        : group.entries.map((): RowResult => ({ ok: false, fault: stopped ?? unanswered }));
    const visible = results.some(isOfField) ? await learnVisibleFields(call, object.name) : undefined;
    for (const [at, { index, item }] of group.entries.entries()) {
      const result = results[at] ?? { ok: false, fault: unanswered };
      const told = visible?.ok === true && isOfField(result) ? withUnseen(result, item, visible.value) : result;
      outcomes.set(index, outcomeOf(told, item, hubIdField));
    }
    stopped ??= stopperOf(results);
  }
  if (object.childFields.includes(contactRolesField)) await addContactRoles(call, items, outcomes, stopped);
  if (object.childFields.includes(partnersField)) await addPartners(call, items, outcomes, stopped);
  if (hasLines) await addLineItems(call, items, outcomes, stopped, lineFaults);
  return items.map((_, index) => outcomes.get(index) ?? { outcome: 'failed', fault: noSuchId });
}

interface Entry {
  readonly index: number;
  readonly item: WriteItem;
  readonly row: Row;
}

interface Group {
  readonly request: RowsRequest;
  readonly entries: readonly Entry[];
}

const unanswered: Fault = {
  kind: 'defect',
  code: 'ITEM_UNANSWERED',
  message: 'The Salesforce connector lost track of a record it was to write.',
};

const noSuchId: Fault = { kind: 'missing', code: 'MALFORMED_ID', message: 'The record is named by no Salesforce id.' };

/**
 * Assignment rules of the org give leads and accounts away, on updates too, unless told otherwise. They may only do so with a new
 * record whose owner the hub does not name.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_autoassign.htm
 */
const keepOwner = { 'Sforce-Auto-Assign': 'FALSE' };

function groupsOf(
  object: ObjectShape,
  hubIdField: string,
  items: readonly WriteItem[],
  decided: ReadonlyMap<number, WriteOutcome>,
): readonly Group[] {
  const entries = items.flatMap((item, index): readonly Entry[] => {
    const row = decided.has(index) ? undefined : rowOf(object, hubIdField, item);
    return row === undefined ? [] : [{ index, item, row }];
  });
  const of = (operation: WriteItem['operation']): readonly Entry[] =>
    entries.filter(({ item }) => item.operation === operation);
  // Rows that take the lock of one parent stand together, so that two batches at once meet in the same order.
  const byParent = (group: readonly Entry[]): readonly Entry[] =>
    group.toSorted((a, b) => compare(parentOf(object, a.item), parentOf(object, b.item)));
  const hasOwner = ({ item }: Entry): boolean => Object.hasOwn(item.values, 'OwnerId');
  const upserts = byParent(of('create'));
  // Nothing but rows below the record differs: there is nothing to update on the record itself.
  const updates = byParent(of('update')).filter(({ row }) => Object.keys(row).length > rowKeysMin);
  const upsertPath = `/composite/sobjects/${object.name}/${encodeURIComponent(hubIdField)}`;
  const groups: readonly Group[] = [
    { request: deleteRequest(object), entries: of('delete') },
    { request: patchRequest(object, 'create', upsertPath, keepOwner), entries: upserts.filter(hasOwner) },
    { request: patchRequest(object, 'create', upsertPath), entries: upserts.filter((each) => !hasOwner(each)) },
    { request: patchRequest(object, 'update', '/composite/sobjects', keepOwner), entries: updates },
  ];
  return groups.filter((group) => group.entries.length > 0);
}

/** `attributes` and the id. */
const rowKeysMin = 2;

/** `undefined` when the record to change is named by no Salesforce id. */
function rowOf(object: ObjectShape, hubIdField: string, item: WriteItem): Row | undefined {
  const own = Object.fromEntries(
    Object.entries(item.values).filter(([field]) => childFieldOf(object, field) === undefined),
  );
  const attributes = { type: object.name };
  if (item.operation === 'create') return { ...own, attributes, [hubIdField]: item.unifiedId };
  const id = recordIdOf(item.externalId ?? '');
  return id === undefined ? undefined : { ...own, attributes, id };
}

function patchRequest(
  object: ObjectShape,
  operation: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): RowsRequest {
  return {
    route: `${object.name}.${operation}`,
    isRepeatable: true,
    of: (records) => ({ method: 'PATCH', path, headers, body: { allOrNone: false, records } }),
  };
}

function deleteRequest(object: ObjectShape): RowsRequest {
  return {
    route: `${object.name}.delete`,
    isRepeatable: true,
    of: (rows) => ({
      method: 'DELETE',
      path: `/composite/sobjects?ids=${rows.map((row) => String(row.id)).join(',')}`,
    }),
  };
}

function parentOf(object: ObjectShape, item: WriteItem): string {
  const parent =
    object.parentField === undefined ? null : (item.values[object.parentField] ?? item.base[object.parentField]);
  return typeof parent === 'string' ? parent : '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isOfField(result: RowResult): boolean {
  return !result.ok && result.fault.code === 'INVALID_FIELD';
}

/** Salesforce names one field that is not there, or hidden; here the others are named as well, so that one look is enough. */
function withUnseen(result: RowResult, item: WriteItem, visible: ReadonlySet<string>): RowResult {
  const unseen = Object.keys(item.values).filter((field) => !isVisible(visible, field));
  if (result.ok || unseen.length === 0) return result;
  return { ok: false, fault: { ...result.fault, fields: unseen, unseen } };
}

function outcomeOf(result: RowResult, item: WriteItem, hubIdField: string): WriteOutcome {
  if (result.ok) return { outcome: 'written', externalId: result.id, created: result.created };
  const { fault } = result;
  // Gone already is what a delete wants.
  if (item.operation === 'delete' && fault.code === 'ENTITY_IS_DELETED' && item.externalId !== undefined) {
    return { outcome: 'written', externalId: item.externalId, created: false };
  }
  return { outcome: 'failed', fault: inContext(fault, item, hubIdField) };
}

/** Some codes mean another thing depending on what was asked. */
function inContext(fault: Fault, item: WriteItem, hubIdField: string): Fault {
  if (item.operation === 'create') {
    if (fault.code === 'NOT_FOUND') return hubIdFieldMissing(fault, hubIdField);
    // Two creates of one unified id met; the one that came second finds the other's record when it is tried again.
    const isRace = fault.code === 'DUPLICATE_VALUE' && (fault.fields ?? []).includes(hubIdField);
    return isRace ? { ...fault, kind: 'transient' } : fault;
  }
  // The id that does not resolve is a reference among the values or, when there is none, the record's own.
  const hasReference = Object.values(item.values).some(
    (value) => typeof value === 'string' && recordIdOf(value) !== undefined,
  );
  return fault.code === 'INVALID_CROSS_REFERENCE_KEY' && !hasReference ? { ...fault, kind: 'missing' } : fault;
}

/** A fault that all rows share and that the next request would meet as well; what was not sent is not uncertain. */
function stopperOf(results: readonly RowResult[]): Fault | undefined {
  const [first] = results;
  if (first === undefined || first.ok) return undefined;
  const { fault } = first;
  const isShared = results.every(
    (each) => !each.ok && each.fault.kind === fault.kind && each.fault.code === fault.code,
  );
  if (!isShared) return undefined;
  if (fault.kind === 'uncertain') return { ...fault, kind: 'transient' };
  return fault.kind === 'throttled' || fault.kind === 'credential' ? fault : undefined;
}

async function addContactRoles(
  call: Call<SalesforceApi>,
  items: readonly WriteItem[],
  outcomes: Map<number, WriteOutcome>,
  stopped: Fault | undefined,
): Promise<void> {
  const writes: RolesWrite[] = [];
  for (const [index, item] of items.entries()) {
    if (item.operation === 'delete' || !Object.hasOwn(item.values, contactRolesField)) continue;
    const outcome = outcomes.get(index) ?? untouched(item);
    outcomes.set(index, outcome);
    if (outcome.outcome === 'failed') continue;
    const wanted = textsIn(item.values[contactRolesField]);
    writes.push({ index, opportunityId: outcome.externalId, wanted, base: textsIn(item.base[contactRolesField]) });
  }
  const faults =
    stopped === undefined
      ? await writeContactRoles(call, writes)
      : new Map(writes.map(({ index }) => [index, stopped] as const));
  for (const [index, fault] of faults) outcomes.set(index, { outcome: 'failed', fault });
}

/** The partners of what was written, in every role that is mapped. */
async function addPartners(
  call: Call<SalesforceApi>,
  items: readonly WriteItem[],
  outcomes: Map<number, WriteOutcome>,
  stopped: Fault | undefined,
): Promise<void> {
  const writes: PartnersWrite[] = [];
  for (const [index, item] of items.entries()) {
    const fields = Object.keys(item.values).filter((field) => field.startsWith(`${partnersField}.`));
    if (item.operation === 'delete' || fields.length === 0) continue;
    const outcome = outcomes.get(index) ?? untouched(item);
    outcomes.set(index, outcome);
    if (outcome.outcome === 'failed') continue;
    for (const field of fields) {
      const [wanted, base] = [textsIn(item.values[field]), textsIn(item.base[field])];
      writes.push({ index, opportunityId: outcome.externalId, field, wanted, base });
    }
  }
  const faults =
    stopped === undefined
      ? await writePartners(call, writes)
      : new Map(writes.map(({ index }) => [index, stopped] as const));
  for (const [index, fault] of faults) outcomes.set(index, { outcome: 'failed', fault });
}

/** The products of what was created, and what became of those of what was there before. */
async function addLineItems(
  call: Call<SalesforceApi>,
  items: readonly WriteItem[],
  outcomes: Map<number, WriteOutcome>,
  stopped: Fault | undefined,
  ofUpdates: ReadonlyMap<number, Fault>,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (item.operation !== 'update' || !Object.hasOwn(item.values, lineItemsField)) continue;
    if (!outcomes.has(index)) outcomes.set(index, untouched(item));
  }
  const writes = linesOf(items, outcomes, 'create');
  const ofCreations =
    stopped === undefined
      ? await writeLineItems(call, writes)
      : new Map(writes.map(({ index }) => [index, stopped] as const));
  for (const [index, fault] of [...ofUpdates, ...ofCreations]) {
    if (outcomes.get(index)?.outcome !== 'failed') outcomes.set(index, { outcome: 'failed', fault });
  }
}

/** The lines to write: of updates by the id they came with, of creations by the one they got. */
function linesOf(
  items: readonly WriteItem[],
  outcomes: ReadonlyMap<number, WriteOutcome>,
  operation: 'create' | 'update',
): readonly LinesWrite[] {
  return items.flatMap((item, index) => {
    if (item.operation !== operation || !Object.hasOwn(item.values, lineItemsField)) return [];
    const outcome = outcomes.get(index);
    if (outcome?.outcome === 'failed') return [];
    const opportunityId = operation === 'update' ? recordIdOf(item.externalId ?? '') : outcome?.externalId;
    const wanted = textsIn(item.values[lineItemsField]);
    const base = textsIn(item.base[lineItemsField]);
    return opportunityId === undefined ? [] : [{ index, opportunityId, wanted, base }];
  });
}

/** An update that had nothing for the record itself. */
function untouched(item: WriteItem): WriteOutcome {
  const externalId = recordIdOf(item.externalId ?? '');
  return externalId === undefined
    ? { outcome: 'failed', fault: noSuchId }
    : { outcome: 'written', externalId, created: false };
}
