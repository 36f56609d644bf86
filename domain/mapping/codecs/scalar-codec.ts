import type { FieldType, VocabularyField } from '../../model/vocabulary.ts';
import { cached } from '../bounded-cache.ts';
import type { Carried } from '../compiled-mapping.ts';
import type { SystemForm } from '../system-form.ts';
import { type Codec, carry, hold, NOTHING, textOf } from './codec.ts';

/** What sets one codec for single texts apart from another. */
interface ScalarSpecification {
  readonly name: string;
  readonly note: string;
  readonly types: readonly FieldType[];
  /** The canonical form of a text that is not blank; `undefined` when it is no such value, `''` when nothing is left of it. */
  parse(text: string, field: VocabularyField): string | undefined;
  /** The canonical form in the system's; the canonical text itself where left out. `undefined`: this system cannot hold it. */
  render?(canonical: string, form: SystemForm): string | undefined;
  /** Ends the sentence "The value …" when `parse` finds no value. */
  readonly otherwise: string;
  /** Whether parsing is dear enough to remember its answers. */
  readonly isCached?: true;
}

/** Makes a codec for values that are one text in the canonical form and in the system's. */
export function scalarCodec(specification: ScalarSpecification): Codec {
  const { name, note, types, parse, render } = specification;
  const unreadable = hold(`The value ${specification.otherwise}.`);
  const unwritable = hold(`The system cannot hold this ${name}.`);
  const isList = hold('The value is a list where one value was expected.');
  return {
    name,
    note,
    types,
    isMany: false,
    compile: ({ form, field }) => {
      const read = (text: string): Carried<string | null> => {
        const canonical = parse(text, field);
        if (canonical === undefined) return text.trim() === '' ? NOTHING : unreadable;
        return canonical === '' ? NOTHING : carry(canonical);
      };
      const readText = specification.isCached ? cached(read) : read;
      const nothing = carry(form.empty);
      return {
        readIn: (value) => {
          if (value === null || value === '') return NOTHING;
          const text = textOf(value);
          return text === undefined ? isList : readText(text);
        },
        writeOut: (value) => {
          if (value === null || value === '') return nothing;
          if (typeof value !== 'string') return isList;
          const canonical = readText(value);
          if (!canonical.ok) return canonical;
          if (canonical.value === null) return nothing;
          const rendered = render === undefined ? canonical.value : render(canonical.value, form);
          return rendered === undefined ? unwritable : carry(rendered);
        },
      };
    },
  };
}
