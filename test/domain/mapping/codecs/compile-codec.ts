import type { CodecContext, Translator } from '../../../../domain/mapping/codecs/codec.ts';
import { codecNamed } from '../../../../domain/mapping/codecs/codec-catalogue.ts';
import { compileLookup, type Lookup } from '../../../../domain/mapping/lookup.ts';
import { ownerAliases } from '../../../../domain/mapping/owner-aliases.ts';
import { SYSTEM_FORMS, type SystemForm } from '../../../../domain/mapping/system-form.ts';
import type { VocabularyField } from '../../../../domain/model/vocabulary.ts';

/** A codec under test, compiled for a system as a mapping line would. */
export function compileCodec(name: string, system: string, given: Partial<CodecContext> = {}): Translator {
  const codec = codecNamed(name);
  if (codec === undefined) throw new Error(`no codec ${name}`);
  const [type = 'text'] = codec.types;
  return codec.compile({
    form: formOf(system),
    field: sampleField({ type, isMany: codec.isMany }),
    owners: ownerAliases([], system),
    unlisted: 'hold',
    ...given,
  });
}

/** How a system writes, which must be one of those known. */
export function formOf(system: string): SystemForm {
  const form = SYSTEM_FORMS[system];
  if (form === undefined) throw new Error(`no system ${system}`);
  return form;
}

/** A vocabulary field of no consequence. */
export function sampleField(given: Partial<VocabularyField>): VocabularyField {
  return {
    name: 'sample',
    tag: 's',
    type: 'text',
    isMany: false,
    survivorship: { by: 'newest' },
    isPersonal: false,
    note: 'A field for tests.',
    ...given,
  };
}

/** A lookup of two colours, one of which the system does not have. */
export function colourLookup(unlisted = 'hold'): Lookup {
  return compileLookup(
    'colour',
    new Map([
      ['red', { in: ['Red', 'Crimson'], out: { value: 'Red' } }],
      ['blue', { in: ['Blue'], out: { value: 'Blue' } }],
      ['grey', { in: [], out: { unwritten: 'ignore' as const } }],
    ]),
    unlisted,
  );
}
