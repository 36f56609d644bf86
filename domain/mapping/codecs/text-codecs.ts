import { canonicalEmail } from '../canonical/email.ts';
import { canonicalPhone } from '../canonical/phone.ts';
import { longText, plainText, streetText } from '../canonical/text.ts';
import { scalarCodec } from './scalar-codec.ts';

/** One line of text. */
export const text = scalarCodec({
  name: 'text',
  note: 'One line of text: trimmed, Unicode NFC, every run of white space one space.',
  types: ['text'],
  parse: plainText,
  otherwise: 'is not text',
});

/** Text of several lines, with the system's own line ends. */
export const multilineText = scalarCodec({
  name: 'long-text',
  note: 'Text of several lines: trimmed, Unicode NFC, line ends as the system writes them.',
  types: ['long-text'],
  parse: longText,
  render: (canonical, { lineEnd }) => (lineEnd === '\n' ? canonical : canonical.replaceAll('\n', lineEnd)),
  otherwise: 'is not text',
});

/** A postal street, which some systems keep in several lines and others in one. */
export const street = scalarCodec({
  name: 'street',
  note: 'A postal street: several lines are read as one, joined by commas.',
  types: ['text'],
  parse: streetText,
  otherwise: 'is not text',
});

/** An e-mail address. */
export const email = scalarCodec({
  name: 'email',
  note: 'An e-mail address, in lower case.',
  types: ['email'],
  parse: canonicalEmail,
  otherwise: 'is not an e-mail address',
});

/** A phone number. */
export const phone = scalarCodec({
  name: 'phone',
  note: 'A phone number as E.164; a number that cannot be read for certain stays as typed.',
  types: ['phone'],
  parse: (typed, field) => canonicalPhone(typed, field.region),
  otherwise: 'is not text',
  isCached: true,
});
