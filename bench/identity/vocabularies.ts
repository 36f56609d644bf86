import type { Kind } from '../../domain/model/kind.ts';
import type { Vocabulary } from '../../domain/model/vocabulary.ts';
import { checkMappings, MAPPINGS_FOLDER } from '../../local/cli/check-mappings.ts';

/**
 * The shipped vocabularies, and a date of birth for contacts: the labelled sets of persons have one, and whoever keeps it in
 * their systems adds the same field and key, two lines of `mappings/vocabulary/contact.yaml`. The shipped vocabulary leaves it
 * out, because most who do business with companies have no use for it and no right to it.
 */
export function benchVocabularies(): ReadonlyMap<Kind, Vocabulary> {
  const loaded = checkMappings(MAPPINGS_FOLDER);
  if (!loaded.ok) throw new Error('the shipped mappings are not in order; run local/cli/check-mappings.ts');
  const { vocabularies } = loaded.value;
  const contact = vocabularies.get('contact');
  if (contact?.identity === undefined) throw new Error('contacts have no identity rules');
  const birthDate = {
    name: 'birthDate',
    tag: 'zbd',
    type: 'date',
    isMany: false,
    survivorship: { by: 'newest' },
    isPersonal: true,
    note: 'The date of birth.',
  } as const;
  return new Map(vocabularies).set('contact', {
    ...contact,
    fields: new Map(contact.fields).set(birthDate.name, birthDate),
    identity: {
      ...contact.identity,
      keys: [...contact.identity.keys, { recipe: 'birth-date', fields: [birthDate.name] }],
    },
  });
}
