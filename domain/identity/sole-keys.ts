import type { Kind } from '../model/kind.ts';
import { isEmptyValue, type Value, type Values } from '../model/value.ts';
import type { RequestState, SoleRecipe, SoleRule, Vocabulary } from '../model/vocabulary.ts';
import { normaliseAccountId, normaliseVendorId } from './vendor-id.ts';

/** A sole key without its kind; its type begins with `sole-`. */
export interface SoleKey {
  readonly type: string;
  readonly value: string;
}

/** The sole keys a record's values give, whatever has become of it. Values in canonical form. */
export function soleKeys(values: Values, { identity }: Vocabulary): readonly SoleKey[] {
  return (identity?.sole ?? []).flatMap((rule) => keyOf(rule, values));
}

/** The sole keys under which a record can be found: none once it has reached an end, or has found its counterpart. */
export function openKeys(values: Values, vocabulary: Vocabulary): readonly SoleKey[] {
  const rules = vocabulary.identity?.sole ?? [];
  if (rules.length === 0 || isEnded(values, vocabulary)) return [];
  return rules
    .filter(({ spokenFor }) => spokenFor.every((name) => isEmptyValue(values[name])))
    .flatMap((rule) => keyOf(rule, values));
}

/** The sole keys with which a record just met of this object looks for the one it belongs to. */
export function seekingKeys(
  system: string,
  object: string,
  values: Values,
  { identity }: Vocabulary,
): readonly SoleKey[] {
  return (identity?.sole ?? [])
    .filter(({ seekers }) => seekers.get(`${system}/${object}`)?.(values) === true)
    .flatMap((rule) => keyOf(rule, values));
}

/** Whether the hub itself is having made, as somebody asked for it, what new records of the same object would look for a place with. */
export function isBeingAskedFor(values: Values, { identity, requests = [] }: Vocabulary): boolean {
  const rules = identity?.sole ?? [];
  return requests.some(
    ({ system, object, state }) =>
      values[state] === ('under-way' satisfies RequestState) &&
      rules.some(({ seekers }) => seekers.has(`${system}/${object}`)),
  );
}

/** Whether the first of two records may belong to the second, for all that their sole keys tell. */
export function mayBelongTo(one: Values, other: Values, vocabulary: Vocabulary): boolean {
  if (isEnded(other, vocabulary)) return false;
  const theirs = new Set(soleKeys(other, vocabulary).map(textOfKey));
  return soleKeys(one, vocabulary).some((key) => theirs.has(textOfKey(key)));
}

/** What records have in common that share a key, in words: `open deal of buyer … and product …`. */
export function wordsFor(kind: Kind, { value }: SoleKey): string {
  const [buyer, product] = value.split(' ');
  return `open ${kind} of buyer ${buyer} and product ${product}`;
}

function isEnded(values: Values, { fields }: Vocabulary): boolean {
  return [...fields.values()].some(({ name, ends }) => ends?.includes(textOf(values[name])) === true);
}

function keyOf({ recipe, fields }: SoleRule, values: Values): readonly SoleKey[] {
  const value = RECIPES[recipe](fields.map((field) => textOf(values[field])));
  return value === undefined ? [] : [{ type: `sole-${recipe}`, value }];
}

const RECIPES: Readonly<Record<SoleRecipe, (values: readonly string[]) => string | undefined>> = {
  'buyer-product': ([account = '', product = '']) => {
    const [buyer, sold] = [normaliseAccountId(account), normaliseVendorId(product)];
    return buyer === undefined || sold === undefined ? undefined : `${buyer} ${sold}`;
  },
};

function textOfKey({ type, value }: SoleKey): string {
  return `${type}:${value}`;
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
