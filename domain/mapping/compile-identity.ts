import type { IdentityRules, KeyRecipe, SoleRecipe, SoleRule, VocabularyField } from '../model/vocabulary.ts';
import { compileFilter } from './conditions.ts';
import type { Condition, VocabularyDocument } from './documents.ts';
import type { Report } from './mapping-issue.ts';
import { suggestion } from './suggestion.ts';

type Identity = NonNullable<VocabularyDocument['identity']>;

/** The types of the fields each recipe reads, in order; a question mark stands for one that may be left out. */
const RECIPE_FIELDS: Readonly<Record<KeyRecipe, readonly string[]>> = {
  domain: ['domain'],
  email: ['email'],
  'tax-id': ['text', 'country?'],
  'registration-id': ['text'],
  'offer-id': ['text'],
  'agreement-id': ['text'],
  'co-sell-id': ['text'],
  'company-name': ['text'],
  'person-name': ['text', 'text', 'email?', 'text?'],
  phone: ['phone'],
  address: ['text', 'text?', 'text?', 'country?'],
  'birth-date': ['date'],
  identifier: ['text'],
};

/** Compiles how the records of a kind are recognised. Mistakes are reported; what is answered then is not to be used. */
export function compileIdentity(
  identity: Identity,
  fields: ReadonlyMap<string, VocabularyField>,
  report: Report,
): IdentityRules {
  for (const [index, { key, of }] of identity.keys.entries()) {
    checkFields(key, of, RECIPE_FIELDS[key], fields, (path, reason) =>
      report(['identity', 'keys', index, ...path], reason),
    );
  }
  const sole = compileSole(identity.sole ?? [], fields, report);
  const keys = identity.keys.map(({ key, of }) => ({ recipe: key, fields: of }));
  const rules = { keys, ...(sole.length === 0 ? {} : { sole }) };
  const [release] = Object.entries(identity.releasedBy ?? {});
  if (release === undefined) return rules;
  const [field, values] = release;
  const choices = fieldNamed(field, fields, ['identity', 'releasedBy', field], report)?.choices ?? values;
  for (const [index, value] of values.entries()) {
    if (!choices.includes(value)) {
      report(
        ['identity', 'releasedBy', field, index],
        `"${value}" is no choice of "${field}"${suggestion(value, choices)}`,
      );
    }
  }
  return { ...rules, releasedBy: { field, values } };
}

const SOLE_FIELDS: Readonly<Record<SoleRecipe, readonly string[]>> = { 'buyer-product': ['text', 'text'] };

function compileSole(
  rules: NonNullable<Identity['sole']>,
  fields: ReadonlyMap<string, VocabularyField>,
  report: Report,
): readonly SoleRule[] {
  return rules.map(({ key, of, spokenFor, seekers }, index) => {
    const place = ['identity', 'sole', index];
    checkFields(key, of, SOLE_FIELDS[key], fields, (path, reason) => report([...place, ...path], reason));
    for (const [at, name] of spokenFor.entries()) fieldNamed(name, fields, [...place, 'spokenFor', at], report);
    for (const [object, conditions] of Object.entries(seekers)) {
      checkConditions(conditions, fields, (path, reason) => report([...place, 'seekers', object, ...path], reason));
    }
    const compiled = Object.entries(seekers).map(
      ([object, conditions]) => [object, compileFilter(conditions)] as const,
    );
    return { recipe: key, fields: of, spokenFor, seekers: new Map(compiled) };
  });
}

function checkConditions(
  conditions: Readonly<Record<string, Condition>>,
  fields: ReadonlyMap<string, VocabularyField>,
  report: Report,
): void {
  for (const [name, condition] of Object.entries(conditions)) {
    const choices = fieldNamed(name, fields, [name], report)?.choices;
    if (choices === undefined || typeof condition === 'string') continue;
    for (const value of 'not' in condition ? condition.not : condition) {
      if (choices.includes(String(value))) continue;
      report([name], `"${value}" is no choice of "${name}"${suggestion(String(value), choices)}`);
    }
  }
}

/** Whether a key is made of as many fields as its recipe reads, and of their types. */
function checkFields(
  key: string,
  of: readonly string[],
  wanted: readonly string[],
  fields: ReadonlyMap<string, VocabularyField>,
  report: Report,
): void {
  if (of.length > wanted.length || of.length < wanted.filter((type) => !type.endsWith('?')).length) {
    report(['of'], `the key "${key}" is made of ${wanted.map((type) => type.replace('?', ' (optional)')).join(', ')}`);
  }
  for (const [place, name] of of.entries()) {
    const field = fieldNamed(name, fields, ['of', place], report);
    const type = wanted[place]?.replace('?', '');
    if (field === undefined || type === undefined || field.type === type) continue;
    report(['of', place], `the key "${key}" needs a field of type ${type} here; "${name}" is of type ${field.type}`);
  }
}

function fieldNamed(
  name: string,
  fields: ReadonlyMap<string, VocabularyField>,
  path: readonly PropertyKey[],
  report: Report,
): VocabularyField | undefined {
  const field = fields.get(name);
  if (field === undefined) report(path, `no field is called "${name}"${suggestion(name, fields.keys())}`);
  return field;
}
