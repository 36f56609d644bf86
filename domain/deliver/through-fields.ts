import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { Kind } from '../model/kind.ts';
import type { UnifiedRecord } from '../model/unified-record.ts';
import type { Value } from '../model/value.ts';
import type { Vocabulary, VocabularyField } from '../model/vocabulary.ts';

/** A value that stands with another record: told to systems as this record's, and kept nowhere but there. */
export interface ThroughField {
  readonly value: Value;
  /** When the other record got it, ms; where nothing is referred to, since when. */
  readonly at: number;
  /** The other record, as `kind#id`; where nothing is referred to, the reference's own source. */
  readonly from: string;
}

/** By field. One that is not there is not known now: nothing is written over what a system holds. */
export type ThroughFields = Readonly<Record<string, ThroughField>>;

/** What a record has through others where its vocabulary or the mapping asks for nothing. */
export const NOTHING_THROUGH: ThroughFields = {};

/** A mapping does not change, and every change of every record asks. */
const known = new WeakMap<CompiledMapping, readonly VocabularyField[]>();

/** The fields of a mapping that are written and stand with other records. */
export function throughOfMapping(mapping: CompiledMapping): readonly VocabularyField[] {
  const before = known.get(mapping);
  if (before !== undefined) return before;
  const lines = mapping.fields.filter(({ flow, vocabulary }) => flow !== 'in' && vocabulary.through !== undefined);
  const fields = lines.map(({ vocabulary }) => vocabulary);
  known.set(mapping, fields);
  return fields;
}

/** All fields of a kind that stand with other records. */
export function throughOfVocabulary({ fields }: Vocabulary): readonly VocabularyField[] {
  return [...fields.values()].filter(({ through }) => through !== undefined);
}

/**
 * The values of fields that stand with other records, as those are now. Of a record that is erased, and where nothing is
 * referred to any more, they are empty; where the record is not known yet, they are not there.
 *
 * @param find the record behind an id, merges followed.
 */
export function throughFields(
  fields: readonly VocabularyField[],
  unified: UnifiedRecord,
  find: (kind: Kind, id: string) => UnifiedRecord | undefined,
): ThroughFields {
  const values: Record<string, ThroughField> = {};
  for (const { name, through } of fields) {
    const reference = through && unified.fields[through.reference];
    if (through === undefined || reference === undefined) continue;
    const field = fieldBehind(through, reference, find);
    if (field !== undefined) values[name] = field;
  }
  return values;
}

function fieldBehind(
  { kind, field }: { readonly kind: Kind; readonly field: string },
  reference: ThroughField,
  find: (kind: Kind, id: string) => UnifiedRecord | undefined,
): ThroughField | undefined {
  if (typeof reference.value !== 'string') return { value: null, at: reference.at, from: reference.from };
  const other = find(kind, reference.value);
  if (other === undefined) return undefined;
  const from = `${other.kind}#${other.id}`;
  if (other.erased !== undefined) return { value: null, at: other.erased.at, from };
  const { value, at } = other.fields[field] ?? { value: null, at: other.createdAt };
  return { value, at, from };
}
