/**
 * A canonical value, the hub's own form.
 *
 * Shape: text (also decimals such as `1200.5`, ISO dates, instants in UTC, codes), a yes/no, an ordered set without
 * repetition, or `null` for "holds nothing". Decimals are text in normal form so that no value ever passes through a float.
 */
export type Value = string | boolean | null | readonly string[];

/** A value in the form its own system uses, as it came from the vendor's API. Kept as it is; canonical values derive from it. */
export type SystemValue = string | number | boolean | null | readonly string[];

/** Canonical values by hub field. A field that is not there is unknown, which differs from `null`, which is empty. */
export type Values = Readonly<Record<string, Value>>;

/** System values by the vendor's field name. */
export type SystemValues = Readonly<Record<string, SystemValue>>;

/** The one equality for canonical and system values: by content, sets in their order. */
export function isSameValue(a: Value | SystemValue | undefined, b: Value | SystemValue | undefined): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((element, index) => element === b[index]);
}

/** Whether a value holds nothing: `null`, empty text or an empty set. */
export function isEmptyValue(value: Value | SystemValue | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
