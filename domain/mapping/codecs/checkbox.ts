import { type Codec, carry, hold, NOTHING } from './codec.ts';

const TICKED = carry(true);
const unreadable = hold('The value is neither yes nor no.');

/** A box that is ticked or not. */
export const checkbox: Codec = {
  name: 'checkbox',
  note: 'A yes: ticked is true, not ticked holds nothing, since a box nobody touched says no more than that.',
  types: ['boolean'],
  isMany: false,
  compile: ({ form }) => {
    const yes = carry(form.booleans === 'text' ? 'true' : true);
    const no = carry(form.booleans === 'text' ? 'false' : false);
    return {
      readIn: (value) => {
        if (value === true) return TICKED;
        if (value === false || value === null || value === '') return NOTHING;
        const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
        if (word === 'true') return TICKED;
        return word === 'false' || word === '' ? NOTHING : unreadable;
      },
      writeOut: (value) => {
        if (value === true) return yes;
        return value === false || value === null ? no : unreadable;
      },
    };
  },
};
