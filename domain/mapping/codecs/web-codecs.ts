import { domainStanding } from '../../identity/domain-standing.ts';
import { cached } from '../bounded-cache.ts';
import { canonicalDomain, canonicalUrl, domainFacts } from '../canonical/web.ts';
import type { Carried } from '../compiled-mapping.ts';
import { type Codec, carry, hold, ignore, textOf } from './codec.ts';
import { scalarCodec } from './scalar-codec.ts';

/** A web address. */
export const url = scalarCodec({
  name: 'url',
  note: 'A web address with its scheme; https where none is typed. What is no web address stays as typed.',
  types: ['url'],
  parse: canonicalUrl,
  otherwise: 'is not text',
});

/** A registered domain. */
export const domain = scalarCodec({
  name: 'domain',
  note: 'A registrable domain by the public-suffix list: of shop.acme.co.uk, acme.co.uk.',
  types: ['domain'],
  parse: canonicalDomain,
  otherwise: 'is not a registrable domain',
  isCached: true,
});

const saysNothing = ignore('The web address does not say which domain is the company’s own.');

/** The company's domain, taken from a field that holds its web address. */
export const domainOfUrl: Codec = {
  name: 'domain-of-url',
  note: 'The registrable domain of a web address; says nothing where there is none or where it is a platform’s.',
  types: ['domain'],
  isMany: false,
  isReadOnly: true,
  compile: () => {
    const read = cached((address: string): Carried<string> => {
      const found = domainFacts(address);
      return found !== undefined && domainStanding(found) === 'own' ? carry(found.domain) : saysNothing;
    });
    return {
      // An emptied web address is no word on the domain: only the field that holds the domain itself may clear it.
      readIn: (value) => read(textOf(value) ?? ''),
      writeOut: () => hold('A domain cannot be written to a field that holds a web address.'),
    };
  },
};
