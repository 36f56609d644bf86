/** A field's value as it is kept: datetimes as epoch milliseconds, dates as `YYYY-MM-DD`, the rest as JSON has it. */
export type FieldValue = string | number | boolean | null;

/** Values by the field's exact API name. A field that is not there is null. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** One version of one record. Never changed in place: a write makes a new one, so a query's result stays as it was. */
export interface StoredRecord {
  /** 18 characters; the same as `values.Id`. */
  readonly id: string;
  /** Epoch milliseconds, whole seconds; the same as `values.SystemModstamp`. */
  readonly systemModstamp: number;
  readonly values: FieldValues;
}

/** Makes a record of its values, which must hold `Id` and `SystemModstamp`; nulls are left out. */
export function storedRecord(values: FieldValues): StoredRecord {
  const { Id: id, SystemModstamp: systemModstamp } = values;
  if (typeof id !== 'string' || typeof systemModstamp !== 'number')
    throw new Error('A record needs Id and SystemModstamp.');
  return { id, systemModstamp, values: withoutNulls(values) };
}

/** Whether the record lies in the recycle bin. */
export function isDeleted(record: StoredRecord): boolean {
  return record.values.IsDeleted === true;
}

function withoutNulls(values: FieldValues): FieldValues {
  const kept: Record<string, FieldValue> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== null && value !== undefined) kept[name] = value;
  }
  return kept;
}
