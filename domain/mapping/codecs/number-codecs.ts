import type { SystemValue, Value } from '../../model/value.ts';
import { canonicalDecimal, canonicalInteger } from '../canonical/decimal.ts';
import type { Carried } from '../compiled-mapping.ts';
import type { SystemForm } from '../system-form.ts';
import { type Codec, carry, hold, NOTHING, textOf } from './codec.ts';

/** An amount or any other number with a fraction. */
export const decimal = numberCodec(
  'decimal',
  'A number as decimal text, never rounded; read and written as the system writes numbers.',
  canonicalDecimal,
  hold('The value is not a number.'),
);

/** An amount in a system that keeps two decimals. */
export const twoDecimals = numberCodec(
  'two-decimals',
  'A number with at most two decimals, never rounded; one with more waits for a person.',
  canonicalDecimal,
  hold('The value is not a number.'),
  (canonical) =>
    /\.\d{3}/.test(canonical) ? hold('The system takes two decimals, and the amount has more.') : undefined,
);

/** A count. */
export const integer = numberCodec(
  'integer',
  'A whole number; one with a fraction waits for a person.',
  canonicalInteger,
  hold('The value is not a whole number.'),
);

const tooFine = hold('The number has more digits than the system’s numbers can carry.');

function numberCodec(
  name: 'decimal' | 'integer' | 'two-decimals',
  note: string,
  parse: (text: string) => string | undefined,
  unreadable: Carried<never>,
  refuse: (canonical: string) => Carried<never> | undefined = () => undefined,
): Codec {
  const readIn = (value: SystemValue): Carried<string | null> => {
    if (value === null || value === '') return NOTHING;
    const text = typeof value === 'boolean' ? undefined : textOf(value);
    const canonical = text === undefined ? undefined : parse(text);
    if (canonical !== undefined) return carry(canonical);
    return text?.trim() === '' ? NOTHING : unreadable;
  };
  return {
    name,
    note,
    types: [name === 'integer' ? 'integer' : 'decimal'],
    isMany: false,
    compile: ({ form }) => {
      const nothing = carry(form.empty);
      return {
        readIn,
        writeOut: (value: Value) => {
          const canonical = readIn(value);
          if (!canonical.ok) return canonical;
          if (canonical.value === null) return nothing;
          return refuse(canonical.value) ?? render(canonical.value, form);
        },
      };
    },
  };
}

/** A system of JSON numbers gets one only if it stands for the very same decimal; money never passes through a rounding. */
function render(canonical: string, form: SystemForm): Carried<SystemValue> {
  if (form.numbers === 'text') return carry(canonical);
  const number = Number(canonical);
  return canonicalDecimal(String(number)) === canonical ? carry(number) : tooFine;
}
