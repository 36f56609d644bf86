import type { Kind } from '../../domain/model/kind.ts';
import type { Vocabulary, VocabularyField } from '../../domain/model/vocabulary.ts';
import { checkMappings, MAPPINGS_FOLDER } from '../../local/cli/check-mappings.ts';

/**
 * The shipped vocabularies, and for contacts a date of birth and personal numbers (social security, passport, driving licence): the
 * labelled sets of persons have them, and whoever keeps them in their systems adds the same fields and keys to
 * `mappings/vocabulary/contact.yaml`. The shipped vocabulary leaves them out, because most who do business with companies have no
 * use for them and no right to them.
 */
export function benchVocabularies(): ReadonlyMap<Kind, Vocabulary> {
  const loaded = checkMappings(MAPPINGS_FOLDER);
  if (!loaded.ok) throw new Error('the shipped mappings are not in order; run local/cli/check-mappings.ts');
  const { vocabularies } = loaded.value;
  const contact = vocabularies.get('contact');
  if (contact?.identity === undefined) throw new Error('contacts have no identity rules');
  const personal = { survivorship: { by: 'newest' }, isPersonal: true } as const;
  const birthDate: VocabularyField = {
    ...personal,
    name: 'birthDate',
    tag: 'zbd',
    type: 'date',
    isMany: false,
    note: 'The date of birth.',
  };
  const identifiers: VocabularyField = {
    ...personal,
    name: 'identifiers',
    tag: 'zid',
    type: 'text',
    isMany: true,
    note: 'Personal numbers, as "type:value".',
  };
  return new Map(vocabularies).set('contact', {
    ...contact,
    fields: new Map([...contact.fields, [birthDate.name, birthDate], [identifiers.name, identifiers]]),
    identity: {
      ...contact.identity,
      keys: [
        ...contact.identity.keys,
        { recipe: 'birth-date', fields: [birthDate.name] },
        { recipe: 'identifier', fields: [identifiers.name] },
      ],
    },
  });
}
