import type { RecordAnswer } from './answers.ts';
import type { ObjectType } from './object-types.ts';

/**
 * When a record last changed, ms since the epoch: the property searches go by, or the envelope's stamp where the property is
 * hidden from the app. `undefined` when the answer has neither.
 */
export function modifiedAtOf(type: ObjectType, record: RecordAnswer): number | undefined {
  const text = record.properties[type.modifiedProperty];
  const stamp = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(stamp) ? record.updatedAt : stamp;
}
