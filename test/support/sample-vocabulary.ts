import type { Kind } from '../../domain/model/kind.ts';
import type { Vocabulary } from '../../domain/model/vocabulary.ts';

/** Twenty fields of a partner with tags like the real vocabulary's, so that storage tests do not hang on the mapping files. */
export const SAMPLE_FIELDS: readonly (readonly [name: string, tag: string])[] = [
  ['name', 'n'],
  ['domain', 'dm'],
  ['website', 'ws'],
  ['phone', 'ph'],
  ['industry', 'in'],
  ['type', 'ty'],
  ['street', 'st'],
  ['city', 'ci'],
  ['region', 're'],
  ['postalCode', 'pc'],
  ['country', 'co'],
  ['employees', 'em'],
  ['revenue', 'rv'],
  ['currency', 'cu'],
  ['description', 'de'],
  ['owner', 'ow'],
  ['parent', 'pa'],
  ['tier', 'ti'],
  ['status', 'ss'],
  ['specializations', 'sp'],
];

/** The vocabulary of {@link SAMPLE_FIELDS} for one kind. */
export function sampleVocabulary(kind: Kind): Vocabulary {
  const fields = SAMPLE_FIELDS.map(([name, tag]) => ({
    name,
    tag,
    type: 'text' as const,
    isMany: name === 'specializations',
    survivorship: { by: 'newest' as const },
    isPersonal: false,
    note: '',
  }));
  return { kind, fields: new Map(fields.map((field) => [field.name, field])) };
}

/** The same fields for every kind. */
export const SAMPLE_VOCABULARIES: ReadonlyMap<Kind, Vocabulary> = new Map(
  (['partner', 'contact', 'deal', 'lead'] as const).map((kind) => [kind, sampleVocabulary(kind)]),
);
