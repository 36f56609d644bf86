import { domainFacts } from '../mapping/canonical/web.ts';
import type { Kind } from '../model/kind.ts';
import type { Value, Values } from '../model/value.ts';
import type { KeyRecipe, Vocabulary } from '../model/vocabulary.ts';
import type { MatchKey } from '../pipeline/ports.ts';
import { domainStanding } from './domain-standing.ts';
import { normaliseRegistrationId } from './registration-id.ts';
import { isRoleMailbox } from './role-mailboxes.ts';
import { normaliseTaxId } from './tax-id.ts';
import { traitsOf, type ValueIn } from './traits.ts';
import { normaliseVendorId } from './vendor-id.ts';
import { WEAK_KEYS_MAX, weakKeysOf } from './weak-keys.ts';

/** The match keys a record gives. */
export interface MatchKeys {
  /** Each links on its own. */
  readonly strong: readonly MatchKey[];
  /** Never link; a shared one is a question to a person. Their types begin with `weak-`. */
  readonly weak: readonly MatchKey[];
}

/**
 * The match keys of a record by its kind's identity rules; none while it is in an end state. Depends on the values alone:
 * not on their order, nor on the system they came from. Values in canonical form; at most one strong key for each rule and
 * 16 weak ones.
 */
export function matchKeys(kind: Kind, values: Values, vocabulary: Vocabulary): MatchKeys {
  const valueIn: ValueIn = (field) => values[field];
  const hinted = new Map<string, MatchKey>();
  const strong = keysBy(kind, valueIn, vocabulary, (key) => hinted.set(textOfKey(key), key));
  if (vocabulary.identity === undefined || isReleased(valueIn, vocabulary.identity.releasedBy)) {
    return { strong, weak: [] };
  }
  for (const key of weakKeysOf(traitsOf(valueIn, vocabulary))) hinted.set(textOfKey(key), { kind, ...key });
  return { strong, weak: [...hinted.values()].slice(0, WEAK_KEYS_MAX) };
}

/** Only the strong keys of {@link matchKeys}, without working out the weak ones: a name costs more than all the rest. */
export function strongKeys(kind: Kind, valueIn: ValueIn, vocabulary: Vocabulary): readonly MatchKey[] {
  return keysBy(kind, valueIn, vocabulary, () => undefined);
}

/** The strong keys; those that turn out to be weak by their value (a role's mailbox, a place at a host) go to `takeWeak`. */
function keysBy(
  kind: Kind,
  valueIn: ValueIn,
  { identity }: Vocabulary,
  takeWeak: (key: MatchKey) => void,
): readonly MatchKey[] {
  if (identity === undefined || isReleased(valueIn, identity.releasedBy)) return [];
  const keys = new Map<string, MatchKey>();
  for (const { recipe, fields } of identity.keys) {
    for (const key of RECIPES[recipe]?.(...fields.map((field) => textOf(valueIn(field)))) ?? []) {
      if (isWeak(key.type)) takeWeak({ kind, ...key });
      else keys.set(textOfKey(key), { kind, ...key });
    }
  }
  return [...keys.values()];
}

type Key = Omit<MatchKey, 'kind'>;
type Recipe = (...values: readonly string[]) => readonly Key[];

/** How strong keys are made; a recipe that is not here makes weak ones only, see `weak-keys.ts`. */
const RECIPES: Readonly<Partial<Record<KeyRecipe, Recipe>>> = {
  domain: (domain = '') => {
    const facts = domainFacts(domain);
    const standing = facts === undefined ? 'shared' : domainStanding(facts);
    if (facts === undefined || standing === 'shared') return [];
    return [{ type: standing === 'own' ? 'domain' : 'weak-domain', value: facts.domain }];
  },
  email: (email = '') => (email === '' ? [] : [{ type: isRoleMailbox(email) ? 'weak-email' : 'email', value: email }]),
  'tax-id': (taxId = '', country = '') => keyOf('tax-id', normaliseTaxId(taxId, country === '' ? undefined : country)),
  'registration-id': (id = '') => keyOf('registration-id', normaliseRegistrationId(id)),
  'offer-id': (id = '') => keyOf('offer-id', normaliseVendorId(id)),
  'agreement-id': (id = '') => keyOf('agreement-id', normaliseVendorId(id)),
  'co-sell-id': (id = '') => keyOf('co-sell-id', normaliseVendorId(id)),
};

function textOfKey({ type, value }: Key): string {
  return `${type}:${value}`;
}

function keyOf(type: string, value: string | undefined): readonly Key[] {
  return value === undefined ? [] : [{ type, value }];
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
