import type { Vocabulary } from '../../../domain/model/vocabulary.ts';

/** The short names of a kind's fields in storage, both ways. */
export interface FieldTags {
  tagOf(field: string): string;
  /** `undefined`: a field that has left the vocabulary, or one that a newer vocabulary has; it is not read. */
  fieldOf(tag: string): string | undefined;
}

/**
 * The tags of a vocabulary. A name that is not in it, such as `*` for the record as a whole, stands for itself after an
 * `=`, so that nothing a caller writes is dropped.
 */
export function fieldTags(vocabulary: Vocabulary): FieldTags {
  const byTag = new Map([...vocabulary.fields.values()].map(({ name, tag }) => [tag, name]));
  return {
    tagOf: (field) => vocabulary.fields.get(field)?.tag ?? `${LITERAL}${field}`,
    fieldOf: (tag) => (tag.startsWith(LITERAL) ? tag.slice(LITERAL.length) : byTag.get(tag)),
  };
}

const LITERAL = '=';
