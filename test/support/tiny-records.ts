import { NOTHING_KNOWN, type SourceField, type SourceRecord } from '../../domain/model/source-record.ts';
import type { UnifiedField, UnifiedRecord } from '../../domain/model/unified-record.ts';
import type { SystemValue, Value } from '../../domain/model/value.ts';

/** A present record `1` of `one`'s `thing` under the unified id `U`, mapped by the tiny mapping. */
export function tinySource(
  fields: Readonly<Record<string, SourceField>>,
  change: Partial<SourceRecord> = {},
): SourceRecord {
  return {
    kind: 'partner',
    unifiedId: 'U',
    connection: 'one',
    object: 'thing',
    externalId: '1',
    state: 'present',
    counter: 3,
    ...NOTHING_KNOWN,
    revision: 5_000,
    readAt: 5_500,
    fields,
    mappingVersion: 1,
    ...change,
  };
}

/** The unified record `U` with these values, all edited at 4,000 in `two`'s record `2`, and no seats. */
export function tinyUnified(
  values: Readonly<Record<string, Value>>,
  change: Partial<UnifiedRecord> = {},
): UnifiedRecord {
  const fields = Object.entries(values).map(([name, value]): [string, UnifiedField] => [
    name,
    { value, at: 4_000, from: 'two#thing#2', origin: 'system', rule: 'only' },
  ]);
  return {
    kind: 'partner',
    id: 'U',
    state: 'present',
    version: 2,
    counter: 5,
    createdAt: 1_000,
    changedAt: 2_000,
    fields: Object.fromEntries(fields),
    seats: {},
    own: {},
    keys: [],
    ...change,
  };
}

/** What a person put there. */
export function edited(value: SystemValue, at = 3_000): SourceField {
  return { value, at, origin: 'system' };
}

/** What was there when the hub came. */
export function found(value: SystemValue, at = 3_000): SourceField {
  return { value, at, origin: 'found' };
}

/** What the hub wrote there. */
export function written(value: SystemValue, at = 3_000): SourceField {
  return { value, at, origin: 'hub' };
}
