import type { Value } from '../../model/value.ts';
import { cached } from '../bounded-cache.ts';
import { plainText } from '../canonical/text.ts';
import type { Carried } from '../compiled-mapping.ts';
import type { Lookup } from '../lookup.ts';
import { type Codec, carry, hold } from './codec.ts';

const isSingle = hold('The value is not a list.');
const holdsSeparator = hold('A value with a semicolon cannot be one of several.');

/** Several options in one text. */
export const multiSelect: Codec = {
  name: 'multi-select',
  note: 'Several options in one text, separated by semicolons; with a lookup each option is looked up.',
  types: ['text', 'choice'],
  isMany: true,
  takesLookup: true,
  compile: ({ form, lookup }) => {
    const readText = cached((text) => readOptions(text.split(';'), lookup));
    return {
      readIn: (value) => {
        if (typeof value === 'string') return readText(value);
        if (value === null) return readText('');
        return typeof value === 'object' ? readOptions(value, lookup) : isSingle;
      },
      writeOut: (value) => {
        const elements = value === null || value === '' ? [] : value;
        if (typeof elements !== 'object') return isSingle;
        const options = writeElements(elements, lookup);
        if (!options.ok) return options;
        return carry(options.value.length === 0 ? form.empty : options.value.join(';'));
      },
    };
  },
};

function readOptions(options: readonly string[], lookup: Lookup | undefined): Carried<Value> {
  const elements = new Set<string>();
  for (const option of options) {
    const plain = plainText(option);
    if (plain === '') continue;
    const carried = lookup === undefined ? carry(plain) : lookup.readIn(plain);
    if (!carried.ok) return carried;
    elements.add(carried.value);
  }
  return carry([...elements].sort());
}

function writeElements(elements: readonly string[], lookup: Lookup | undefined): Carried<readonly string[]> {
  const options: string[] = [];
  for (const element of elements) {
    const carried = lookup === undefined ? carry(plainText(element)) : lookup.writeOut(element);
    if (!carried.ok) return carried;
    const option = String(carried.value);
    if (option.includes(';')) return holdsSeparator;
    options.push(option);
  }
  return carry(options);
}
