import { describe, expect, test } from 'vitest';
import { loadMappings } from '../../../domain/mapping/load-mappings.ts';
import { files, GOOD, MAPPING, mistakesAfter, VOCABULARY } from './small-files.ts';

const IDENTITY = 'identity:';

/** The good vocabulary with one more field. */
function withField(field: string): string {
  return `  - { ${field}, note: Of the parent. }\n${IDENTITY}`;
}

const LINE = '{ hub: name, theirs: name, flow: both, codec: text, required: true }';
const PARENT_NAME = 'name: parentName, tag: pn, type: text, through: parent.name';

describe('a field that stands with the record referred to', () => {
  test('takes its form from where it stands, and is written', () => {
    const loaded = loadMappings(
      files({
        [VOCABULARY]: GOOD[VOCABULARY]?.replace(
          IDENTITY,
          withField('name: parentColour, tag: pc, type: choice, through: parent.colour'),
        ),
        [MAPPING]: GOOD[MAPPING]?.replace(
          LINE,
          `${LINE}\n  - { hub: parentColour, theirs: parent_colour, flow: out, lookup: colour }`,
        ),
      }),
    );

    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.value.vocabularies.get('partner')?.fields.get('parentColour')).toMatchObject({
      through: { reference: 'parent', kind: 'partner', field: 'colour' },
      choices: ['red', 'blue'],
    });
    const line = loaded.value.mappings.of('hubspot', 'company')?.byField.get('parentColour');
    expect(line?.writeOut('blue', { emailOf: () => undefined, ownerIdOf: () => undefined })).toEqual({
      ok: true,
      value: 'BLUE',
    });
  });

  test.each([
    [
      'by no way at all',
      'name: x, tag: x, type: text, through: parent',
      'must be a reference of this kind and a field',
    ],
    [
      'by a field that is not there',
      'name: x, tag: x, type: text, through: parnt.name',
      'the vocabulary of partner has no field "parnt"; did you mean "parent"?',
    ],
    [
      'by what is no reference',
      'name: x, tag: x, type: text, through: colour.name',
      '"colour" does not refer to one record',
    ],
    [
      'in a field that is not there',
      'name: x, tag: x, type: text, through: parent.nam',
      'the vocabulary of partner has no field "nam"; did you mean "name"?',
    ],
    [
      'in a field of another type',
      'name: x, tag: x, type: url, through: parent.name',
      '"name" of partner is of type text, "x" of type url',
    ],
    [
      'in a reference',
      'name: x, tag: x, type: reference, to: partner, through: parent.parent',
      '"parent" of partner stands with another record itself',
    ],
    [
      'with settings of its own',
      'name: x, tag: x, type: text, group: web, personal: true, through: parent.name',
      'what "x" holds is said where it stands: leave out group, personal',
    ],
  ])('cannot stand there %s', (_what, field, reason) => {
    expect(mistakesAfter(VOCABULARY, IDENTITY, withField(field)).join('\n')).toContain(reason);
  });

  test('cannot stand with a record that has it from another one', () => {
    const twice = `  - { ${PARENT_NAME}, note: n }\n${withField('name: x, tag: x, type: text, through: parent.parentName')}`;

    expect(mistakesAfter(VOCABULARY, IDENTITY, twice)).toEqual([
      `${VOCABULARY}:11: fields[8].through: "parentName" of partner stands with another record itself`,
    ]);
  });

  test('cannot stand with a kind without a vocabulary', () => {
    const contact = `${withField('name: x, tag: x, type: text, through: person.name')}`;

    expect(
      mistakesAfter(
        VOCABULARY,
        IDENTITY,
        `  - { name: person, tag: pe, type: reference, to: contact, note: n }\n${contact}`,
      ),
    ).toEqual([`${VOCABULARY}:11: fields[8].through: there is no vocabulary of contact, or none without mistakes`]);
  });

  test('is no key and no end state', () => {
    const domain = 'name: parentDomain, tag: pd, type: domain, through: parent.domain';
    const colour = 'name: parentColour, tag: pc, type: choice, through: parent.colour';
    const text = GOOD[VOCABULARY] ?? '';
    const changed = text
      .replace(IDENTITY, `  - { ${domain}, note: n }\n${withField(colour)}`)
      .replace('of: [domain]', 'of: [parentDomain]')
      .replace('colour: [blue]', 'parentColour: [blue]');

    expect(mistakesAfter(VOCABULARY, text, changed)).toEqual([
      `${VOCABULARY}:14: identity.keys[0].of: "parentDomain" stands with another record and makes no key`,
      `${VOCABULARY}:16: identity.releasedBy.parentColour: "parentColour" stands with another record and says nothing of this one`,
    ]);
  });

  test.each(['both', 'in'])('is not mapped with flow %s', (flow) => {
    const vocabulary = { [VOCABULARY]: (GOOD[VOCABULARY] ?? '').replace(IDENTITY, withField(PARENT_NAME)) };
    const line = `${LINE}\n  - { hub: parentName, theirs: parent_name, flow: ${flow}, codec: text }`;

    expect(mistakesAfter(MAPPING, LINE, line, vocabulary)).toEqual([
      `${MAPPING}:10: fields[1].flow: "parentName" stands with another record and is only written: flow must be out`,
    ]);
  });
});
