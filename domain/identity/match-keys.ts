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
  const ordered = keysBy(
    kind,
    (field) => values[field],
    vocabulary,
    () => true,
  );
  return { strong: ordered.filter(({ type }) => !isWeak(type)), weak: ordered.filter(({ type }) => isWeak(type)) };
}

/** Only the strong keys of {@link matchKeys}, without working out the weak ones: a name costs more than all the rest. */
export function strongKeys(kind: Kind, valueIn: ValueIn, vocabulary: Vocabulary): readonly MatchKey[] {
  return keysBy(kind, valueIn, vocabulary, ({ recipe }) => !ALWAYS_WEAK.has(recipe)).filter(
    ({ type }) => !isWeak(type),
  );
}

/** The canonical value of a field, wherever it is kept. */
export type ValueIn = (field: string) => Value | undefined;

function keysBy(
  kind: Kind,
  valueIn: ValueIn,
  { identity }: Vocabulary,
  isWanted: (rule: KeyRule) => boolean,
): readonly MatchKey[] {
  if (identity === undefined || isReleased(valueIn, identity.releasedBy)) return [];
  const keys = new Map<string, MatchKey>();
  for (const rule of identity.keys) {
    if (!isWanted(rule)) continue;
    for (const { type, value } of keysOf(rule, valueIn)) keys.set(`${type}:${value}`, { kind, type, value });
  }
  return [...keys.values()];
}

/** Recipes whose keys never link. */
const ALWAYS_WEAK: ReadonlySet<KeyRecipe> = new Set(['company-name', 'person-name', 'phone']);

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

function keysOf({ recipe, fields }: KeyRule, valueIn: ValueIn): readonly Key[] {
  return RECIPES[recipe](...fields.map((field) => textOf(valueIn(field))));
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
  valueIn: ValueIn,
  release: { readonly field: string; readonly values: readonly string[] } | undefined,
): boolean {
  return release?.values.includes(textOf(valueIn(release.field))) === true;
}

function isWeak(type: string): boolean {
  return type.startsWith('weak-');
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
