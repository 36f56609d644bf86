import { parse } from 'tldts';
import { plainText } from './text.ts';

const NORMAL = /^https?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
const ADDRESS = /^(?:(https?):\/\/)?([^\s/?#@:]+\.[^\s/?#@:]+)(:\d{1,5})?([/?#]\S*)?$/i;

/**
 * A web address with scheme (`https` where none was typed) and host in lower case, without a lone slash at its end. What
 * is no web address stays as typed, so that it is never lost.
 */
export function canonicalUrl(text: string): string {
  if (NORMAL.test(text)) return text;
  const typed = plainText(text);
  const match = ADDRESS.exec(typed);
  if (match === null) return typed;
  const [, scheme = 'https', host = '', port = '', rest = ''] = match;
  return `${scheme.toLowerCase()}://${host.toLowerCase().normalize('NFC')}${port}${rest === '/' ? '' : rest}`;
}

/**
 * The registrable domain of a host or web address by the public-suffix list, private suffixes included: `acme.co.uk`,
 * `acme.myshopify.com`. In ASCII (`xn--…`), lower case. `undefined` when there is none: an IP address, a bare word, a
 * public suffix itself.
 */
export function canonicalDomain(text: string): string | undefined {
  return domainFacts(text)?.domain;
}

/** A registrable domain and whether the suffix it stands on belongs to a hosting or platform company. */
export interface DomainFacts {
  readonly domain: string;
  readonly host: string;
  readonly suffix: string;
  readonly isOnPrivateSuffix: boolean;
}

/** As {@link canonicalDomain}, with the suffix. */
export function domainFacts(text: string): DomainFacts | undefined {
  const typed = plainText(text).toLowerCase();
  if (typed === '' || /\s/.test(typed)) return undefined;
  const found = parse(asciiHost(typed), { allowPrivateDomains: true });
  if (
    found.domain === null ||
    found.publicSuffix === null ||
    !/^[a-z0-9.-]+\.(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(found.domain)
  ) {
    return undefined;
  }
  return {
    domain: found.domain,
    host: found.hostname ?? found.domain,
    suffix: found.publicSuffix,
    isOnPrivateSuffix: found.isPrivate === true,
  };
}

/** Host names beyond ASCII in the form the name system uses; others as they are. */
function asciiHost(typed: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII.
  if (/^[\u0000-\u007f]*$/.test(typed)) return typed;
  const address = /^[a-z][a-z0-9+.-]*:\/\//.test(typed) ? typed : `http://${typed}`;
  return URL.parse(address)?.hostname ?? '';
}
