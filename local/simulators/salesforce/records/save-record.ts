import { type RowError, rowError } from '../api-error.ts';
import { wholeSecond } from '../instants.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import { type FieldValue, type FieldValues, isDeleted, type StoredRecord, storedRecord } from '../stored-record.ts';
import { checkValues } from './check-values.ts';
import { deriveValues } from './derive-values.ts';
import { findDuplicates } from './duplicate-rules.ts';
import { fitToProducts, rollUpProducts } from './opportunity-products.ts';
import { rowHindrance } from './row-hindrance.ts';
import { type RowOutcome, refused } from './row-outcome.ts';
import { isHiddenFrom, type WriteContext } from './write-context.ts';

/** Creates a record of the values, as a user does over the API. */
export function createRecord(context: WriteContext, object: ObjectSchema, values: FieldValues): RowOutcome {
  const { org, userId } = context;
  const hindrance = rowHindrance(context, object, values, undefined);
  if (hindrance !== undefined) return refused(hindrance);
  const whole = checkValues(context, object, values, undefined);
  const checked = whole.ok ? fitToProducts(context, object, whole.values, undefined) : whole;
  if (!checked.ok) return refused(...checked.errors);

  const stamp = wholeSecond(org.now());
  const written = { ...defaults(context, object), ...withoutNulls(checked.values) };
  const conflict = conflictOf(context, object, written, undefined);
  if (conflict !== undefined) return refused(conflict);
  const record = storedRecord({
    ...written,
    ...deriveValues(object.name, written, written, undefined, stamp),
    Id: org.ids.next(object.keyPrefix),
    IsDeleted: false,
    CreatedDate: stamp,
    CreatedById: userId,
    ...modification(stamp, userId),
  });
  org.store.put(object.name, record, 'user');
  keepOnePrimaryRole(context, object, record);
  rollUpProducts(context, object, record);
  return { ok: true, id: record.id, created: true };
}

/** Changes the values given of a live record; saving without a difference still stamps it. */
export function updateRecord(
  context: WriteContext,
  object: ObjectSchema,
  before: StoredRecord,
  values: FieldValues,
): RowOutcome {
  const { org, userId } = context;
  const hindrance = rowHindrance(context, object, values, before);
  if (hindrance !== undefined) return refused(hindrance);
  if (before.values.IsConverted === true) {
    return refused(rowError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead'));
  }
  const whole = checkValues(context, object, values, before);
  const checked = whole.ok ? fitToProducts(context, object, whole.values, before) : whole;
  if (!checked.ok) return refused(...checked.errors);

  const merged = { ...before.values, ...checked.values };
  const conflict = conflictOf(context, object, merged, before);
  if (conflict !== undefined) return refused(conflict);
  const stamp = wholeSecond(org.now());
  const record = storedRecord({
    ...merged,
    ...deriveValues(object.name, checked.values, merged, before, stamp),
    ...modification(stamp, userId),
  });
  org.store.put(object.name, record, 'user');
  keepOnePrimaryRole(context, object, record);
  rollUpProducts(context, object, record);
  return { ok: true, id: record.id, created: false };
}

/** The stamps of a change made by a user. */
export function modification(stamp: number, userId: string): FieldValues {
  return { LastModifiedDate: stamp, LastModifiedById: userId, SystemModstamp: stamp };
}

/** A live record that holds a value of `values` in a field that must be unique; `ownId` is not counted. */
export function duplicateValue(
  context: WriteContext,
  object: ObjectSchema,
  values: FieldValues,
  ownId: string | undefined,
): RowError | undefined {
  const table = context.org.store.table(object.name);
  for (const field of object.fields) {
    const value = values[field.name];
    if (!field.unique || typeof value !== 'string') continue;
    const holder = table.withValue(field, value).find((record) => record.id !== ownId && !isDeleted(record));
    if (holder === undefined) continue;
    const id = isHiddenFrom(context, holder.id) ? '<unknown>' : holder.id;
    const message = `duplicate value found: ${field.name} duplicates value on record with id: ${id}`;
    return rowError('DUPLICATE_VALUE', message);
  }
  return undefined;
}

function conflictOf(
  context: WriteContext,
  object: ObjectSchema,
  values: FieldValues,
  before: StoredRecord | undefined,
): RowError | undefined {
  const { org, savesDuplicates, dataPath } = context;
  return (
    duplicateValue(context, object, values, before?.id) ??
    findDuplicates(org.duplicateRules, org.store.table(object.name), values, before?.id, savesDuplicates, dataPath)
  );
}

function defaults(context: WriteContext, object: ObjectSchema): FieldValues {
  const values: Record<string, FieldValue> = {};
  for (const field of object.fields) {
    if (field.defaultValue !== null) values[field.name] = field.defaultValue;
  }
  if (object.field('OwnerId') !== undefined) values.OwnerId = context.userId;
  const corporateCurrency = context.org.currencies[0];
  if (object.field('CurrencyIsoCode') !== undefined && corporateCurrency !== undefined) {
    values.CurrencyIsoCode = corporateCurrency;
  }
  return values;
}

function withoutNulls(values: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/** An opportunity has at most one primary contact role: naming another one takes the mark from the former. */
function keepOnePrimaryRole(context: WriteContext, object: ObjectSchema, saved: StoredRecord): void {
  const opportunityId = saved.values.OpportunityId;
  const reference = object.field('OpportunityId');
  const isPrimaryRole = object.name === 'OpportunityContactRole' && saved.values.IsPrimary === true;
  if (!isPrimaryRole || reference === undefined || typeof opportunityId !== 'string') return;
  const { store } = context.org;
  for (const role of store.table(object.name).withValue(reference, opportunityId)) {
    if (role.id === saved.id || role.values.IsPrimary !== true || isDeleted(role)) continue;
    const stamped = { ...role.values, IsPrimary: false, SystemModstamp: saved.systemModstamp };
    store.put(object.name, storedRecord(stamped), 'org');
  }
}
