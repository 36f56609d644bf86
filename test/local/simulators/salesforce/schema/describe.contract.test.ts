import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startOrg } from '../org-under-test.ts';

const folder = join(process.env.TRIBUTARY_SHARED ?? '../shared', 'data/salesforce/describe');
const isPresent = existsSync(folder);
const objects = ['Account', 'Contact', 'Lead', 'Opportunity', 'OpportunityContactRole'];

interface Field extends Readonly<Record<string, unknown>> {
  readonly name: string;
  readonly type: string;
  readonly picklistValues: readonly { readonly value: string }[];
}

interface Described extends Readonly<Record<string, unknown>> {
  readonly fields: readonly Field[];
  readonly childRelationships: readonly Readonly<Record<string, unknown>>[];
}

function recorded(name: string): Described & { readonly sobjects: readonly Readonly<Record<string, unknown>>[] } {
  return JSON.parse(readFileSync(join(folder, `${name}.describe.json`), 'utf8'));
}

/** What must agree about a field that both orgs have. */
function factsOf(field: Field) {
  const { name, type, length, precision, scale, soapType, nillable, createable, updateable, nameField, idLookup } =
    field;
  const { relationshipName, referenceTo, restrictedPicklist, filterable, compoundFieldName, cascadeDelete } = field;
  return {
    ...{ name, type, length, precision, scale, soapType, nillable, createable, updateable, nameField, idLookup },
    ...{ relationshipName, referenceTo, restrictedPicklist, filterable, compoundFieldName, cascadeDelete },
  };
}

describe.skipIf(!isPresent)(`describe agrees with recorded answers (skipped when ${folder} is not there)`, () => {
  it.each(objects)('in the members of %s, its fields and its relationships', async (name) => {
    const org = await startOrg();
    const theirs = recorded(name);

    const ours: Described = (await org.call('GET', `sobjects/${name}/describe`)).json;

    expect(Object.keys(theirs).filter((member) => !(member in ours))).toEqual([]);
    const membersOf = (list: readonly object[]) => Object.keys(list[0] ?? {}).sort();
    expect(membersOf(ours.fields)).toEqual(expect.arrayContaining(membersOf(theirs.fields)));
    if (ours.childRelationships.length > 0) {
      expect(membersOf(ours.childRelationships)).toEqual(membersOf(theirs.childRelationships));
    }
  });

  it.each(objects)('about the fields of %s that both have', async (name) => {
    const org = await startOrg();
    const ours: Described = (await org.call('GET', `sobjects/${name}/describe`)).json;
    const theirs = new Map(recorded(name).fields.map((field) => [field.name, field]));

    const shared = ours.fields.filter((field) => theirs.has(field.name));

    expect(shared.length).toBeGreaterThan(10);
    for (const field of shared) {
      const counterpart = theirs.get(field.name) ?? field;
      expect(factsOf(field)).toEqual(factsOf(counterpart));
      const values = field.picklistValues.map(({ value }) => value);
      expect([field.name, values]).toEqual([field.name, counterpart.picklistValues.map(({ value }) => value)]);
    }
  });

  it('in the list of all objects', async () => {
    const org = await startOrg();
    const theirs = recorded('Global');

    const { json } = await org.call('GET', 'sobjects');

    expect(Object.keys(json)).toEqual(expect.arrayContaining(Object.keys(theirs)));
    expect(Object.keys(json.sobjects[0])).toEqual(expect.arrayContaining(Object.keys(theirs.sobjects[0] ?? {})));
  });
});
