import { domainFacts } from '../mapping/canonical/web.ts';
import type { Kind } from '../model/kind.ts';
import type { Value, Values } from '../model/value.ts';
import type { KeyRecipe, KeyRule, Vocabulary } from '../model/vocabulary.ts';
import type { MatchKey } from '../pipeline/ports.ts';
import { normaliseCompanyName } from './company-name.ts';
import { domainStanding } from './domain-standing.ts';
import { normalisePersonName } from './person-name.ts';
import { normaliseRegistrationId } from './registration-id.ts';
import { isRoleMailbox } from './role-mailboxes.ts';
import { isMailProvider } from './shared-domains.ts';
import { normaliseTaxId } from './tax-id.ts';

/** The match keys a record gives. */
export interface MatchKeys {
  /** Each links on its own. */
  readonly strong: readonly MatchKey[];
  /** Never link; a shared one is a question to a person. Their types begin with `weak-`. */
  readonly weak: readonly MatchKey[];
}

/**
 * The match keys of a record by its kind's identity rules; none while it is in an end state. Depends on the values alone:
 * not on their order, nor on the system they came from. Values in canonical form; at most two keys for each rule.
 */
export function matchKeys(kind: Kind, values: Values, vocabulary: Vocabulary): MatchKeys {
  const { identity } = vocabulary;
  if (identity === undefined || isReleased(values, identity.releasedBy)) return { strong: [], weak: [] };
  const keys = new Map<string, MatchKey>();
  for (const rule of identity.keys) {
    for (const { type, value } of keysOf(rule, values)) keys.set(`${type}:${value}`, { kind, type, value });
  }
  const ordered = [...keys.values()];
  return { strong: ordered.filter(({ type }) => !isWeak(type)), weak: ordered.filter(({ type }) => isWeak(type)) };
}

type Key = Omit<MatchKey, 'kind'>;
type Recipe = (...values: readonly string[]) => readonly Key[];

const RECIPES: Readonly<Record<KeyRecipe, Recipe>> = {
  domain: (domain = '') => {
    const facts = domainFacts(domain);
    const standing = facts === undefined ? 'shared' : domainStanding(facts);
    if (facts === undefined || standing === 'shared') return [];
    return [{ type: standing === 'own' ? 'domain' : 'weak-domain', value: facts.domain }];
  },
  email: (email = '') => (email === '' ? [] : [{ type: isRoleMailbox(email) ? 'weak-email' : 'email', value: email }]),
  'tax-id': (taxId = '', country = '') => keyOf('tax-id', normaliseTaxId(taxId, country === '' ? undefined : country)),
  'registration-id': (id = '') => keyOf('registration-id', normaliseRegistrationId(id)),
  // Without spaces, since systems disagree on those too.
  'company-name': (name = '') => keyOf('weak-name', atLeast(2, normaliseCompanyName(name).replaceAll(' ', ''))),
  'person-name': (first = '', last = '', email = '', company = '') => {
    const name = normalisePersonName(first, last);
    // One name alone is too many people, and so are two without a company.
    if (!name.includes(' ')) return [];
    return [...new Set([companyDomain(email), normaliseCompanyName(company).replaceAll(' ', '')])]
      .filter((employer) => employer !== undefined && employer !== '')
      .map((employer) => ({ type: 'weak-name', value: `${name}@${employer}` }));
  },
  phone: (phone = '') => (/^\+\d{7,15}$/.test(phone) ? [{ type: 'weak-phone', value: phone }] : []),
};

function keysOf({ recipe, fields }: KeyRule, values: Values): readonly Key[] {
  return RECIPES[recipe](...fields.map((field) => textOf(values[field])));
}

function keyOf(type: string, value: string | undefined): readonly Key[] {
  return value === undefined ? [] : [{ type, value }];
}

function atLeast(length: number, text: string): string | undefined {
  return text.length >= length ? text : undefined;
}

function companyDomain(email: string): string | undefined {
  const facts = domainFacts(email.slice(email.lastIndexOf('@') + 1));
  return facts === undefined || isMailProvider(facts.domain) ? undefined : facts.domain;
}

function isReleased(
  values: Values,
  release: { readonly field: string; readonly values: readonly string[] } | undefined,
): boolean {
  return release?.values.includes(textOf(values[release.field])) === true;
}

function isWeak(type: string): boolean {
  return type.startsWith('weak-');
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
