/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Why a pattern is not valid; thrown only inside the pattern compiler, which turns it into a value. */
export class PatternFault extends Error {}

/** Whether a parsed JSON value is an object, arrays excluded. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
