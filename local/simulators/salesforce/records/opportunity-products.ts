import Big from 'big.js';
import { type RowError, rowError } from '../api-error.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import { type FieldValue, type FieldValues, isDeleted, type StoredRecord, storedRecord } from '../stored-record.ts';
import type { CheckedValues } from './check-values.ts';
import { deriveValues } from './derive-values.ts';
import type { WriteContext } from './write-context.ts';

/**
 * What products make of a write: a line takes product, name and prices from its entry; an opportunity with lines ignores an amount
 * without a word, and refuses another currency or price book.
 *
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_opportunitylineitem.htm
 * (usage, effects on opportunities).
 */
export function fitToProducts(
  context: WriteContext,
  object: ObjectSchema,
  values: FieldValues,
  before: StoredRecord | undefined,
): CheckedValues {
  if (object.name === 'OpportunityLineItem') return fitLine(context, values, before);
  if (object.name !== 'Opportunity' || before?.values.HasOpportunityLineItem !== true) return { ok: true, values };
  const locked = ['CurrencyIsoCode', 'Pricebook2Id'].filter(
    (name) => values[name] !== undefined && values[name] !== before.values[name],
  );
  if (locked.length > 0) {
    const message = `field integrity exception: ${locked.join(', ')} (the opportunity has products)`;
    return failed(rowError('FIELD_INTEGRITY_EXCEPTION', message, locked));
  }
  const { Amount: _ignored, ...rest } = values;
  return { ok: true, values: rest };
}

/** Brings an opportunity up to its lines after one of them was saved or deleted. */
export function rollUpProducts(context: WriteContext, object: ObjectSchema, line: StoredRecord): void {
  if (object.name !== 'OpportunityLineItem') return;
  const { store } = context.org;
  const opportunityId = line.values.OpportunityId;
  const opportunity = typeof opportunityId === 'string' ? store.record(opportunityId) : undefined;
  const reference = object.field('OpportunityId');
  if (opportunity === undefined || reference === undefined || isDeleted(opportunity)) return;
  const lines = store
    .table(object.name)
    .withValue(reference, opportunity.id)
    .filter((each) => !isDeleted(each));
  const sumOf = (field: string): number =>
    lines.reduce((sum, { values }) => sum.plus(numberOf(values[field])), new Big(0)).toNumber();
  const values = {
    ...opportunity.values,
    Amount: sumOf('TotalPrice'),
    TotalOpportunityQuantity: sumOf('Quantity'),
    HasOpportunityLineItem: lines.length > 0,
    LastModifiedDate: line.systemModstamp,
    LastModifiedById: context.userId,
    SystemModstamp: line.systemModstamp,
  };
  const derived = deriveValues('Opportunity', values, values, opportunity, line.systemModstamp);
  store.put('Opportunity', storedRecord({ ...values, ...derived }), 'org');
}

function fitLine(context: WriteContext, values: FieldValues, before: StoredRecord | undefined): CheckedValues {
  const merged = { ...before?.values, ...values };
  const entry = recordOf(context, merged.PricebookEntryId);
  if (entry === undefined) {
    const message =
      'field integrity exception: PricebookEntryId, unknown (versions 3.0 and higher must specify pricebook entry id; others must specify product id)';
    return failed(rowError('FIELD_INTEGRITY_EXCEPTION', message, ['PricebookEntryId']));
  }
  const misfit = before === undefined ? placeInBook(context, merged, entry) : undefined;
  if (misfit !== undefined) return failed(misfit);
  const product = recordOf(context, entry.values.Product2Id);
  const opportunity = recordOf(context, merged.OpportunityId);
  const price = numberOf(merged.UnitPrice ?? entry.values.UnitPrice);
  const share = new Big(100).minus(numberOf(merged.Discount)).div(100);
  return {
    ok: true,
    values: {
      ...values,
      UnitPrice: price,
      Product2Id: entry.values.Product2Id ?? null,
      ProductCode: product?.values.ProductCode ?? null,
      Name: `${String(opportunity?.values.Name ?? '')} ${String(product?.values.Name ?? '')}`.trim(),
      ListPrice: entry.values.UnitPrice ?? null,
      TotalPrice: new Big(price).times(numberOf(merged.Quantity)).times(share).round(2, Big.roundHalfUp).toNumber(),
      ...(opportunity?.values.CurrencyIsoCode === undefined
        ? {}
        : { CurrencyIsoCode: opportunity.values.CurrencyIsoCode }),
    },
  };
}

/** An opportunity without a price book gets that of its first line; after that all lines are of that book, and of one currency. */
function placeInBook(context: WriteContext, line: FieldValues, entry: StoredRecord): RowError | undefined {
  const opportunity = recordOf(context, line.OpportunityId);
  if (opportunity === undefined) return undefined;
  const misfit = (reason: string): RowError =>
    rowError('FIELD_INTEGRITY_EXCEPTION', `field integrity exception: PricebookEntryId (${reason})`, [
      'PricebookEntryId',
    ]);
  const book = opportunity.values.Pricebook2Id;
  if (entry.values.IsActive !== true) return misfit('pricebook entry is inactive');
  if (book !== undefined && book !== entry.values.Pricebook2Id) {
    return misfit('pricebook entry is in a different pricebook than the one assigned to the opportunity');
  }
  if (opportunity.values.CurrencyIsoCode !== entry.values.CurrencyIsoCode) {
    return misfit('pricebook entry currency code does not match opportunity currency code');
  }
  if (book === undefined) {
    const placed = { ...opportunity.values, Pricebook2Id: entry.values.Pricebook2Id ?? null };
    context.org.store.put('Opportunity', storedRecord(placed), 'org');
  }
  return undefined;
}

function recordOf(context: WriteContext, id: FieldValue | undefined): StoredRecord | undefined {
  return typeof id === 'string' ? context.org.store.record(id) : undefined;
}

function numberOf(value: FieldValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function failed(...errors: readonly RowError[]): CheckedValues {
  return { ok: false, errors };
}
