import { canonicalDate, canonicalInstant } from '../canonical/time.ts';
import { scalarCodec } from './scalar-codec.ts';

/** A date in a field that holds dates. */
export const date = scalarCodec({
  name: 'date',
  note: 'A date without time and zone, YYYY-MM-DD.',
  types: ['date'],
  parse: canonicalDate,
  otherwise: 'is not a date',
});

/** A date in a field that holds moments. */
export const dateAtMidnight = scalarCodec({
  name: 'date-at-midnight',
  note: 'A date kept in a field that holds a date and time: written as midnight UTC, read as the day it is in UTC.',
  types: ['date'],
  parse: (typed) => canonicalDate(typed) ?? canonicalInstant(typed)?.slice(0, 10),
  render: (canonical) => `${canonical}T00:00:00.000Z`,
  otherwise: 'is not a date and time',
});

/** A moment. */
export const instant = scalarCodec({
  name: 'instant',
  note: 'A date and time, in UTC.',
  types: ['instant'],
  parse: canonicalInstant,
  otherwise: 'is not a date and time with its offset',
});
