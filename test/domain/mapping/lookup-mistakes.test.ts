import { describe, expect, test } from 'vitest';
import { GOOD, LOOKUP, MAPPING, mistakesAfter, OWNERS, PRODUCTS, VOCABULARY } from './small-files.ts';

describe('a mistake in a lookup or among the owners is told with its file, line and reason', () => {
  test.each<[string, string, string, string, readonly unknown[], Readonly<Record<string, string>>?]>([
    [
      'a row for no choice',
      LOOKUP,
      'blue: { hubspot: BLUE }',
      'blue: { hubspot: BLUE }\n  green: { hubspot: GREEN }',
      [`${MAPPING}:10: fields[1].lookup: the lookup "colour" has a row for "green", which is no choice of "colour"`],
    ],
    [
      'a choice without a row',
      LOOKUP,
      '  blue: { hubspot: BLUE }\n',
      '',
      [`${MAPPING}:10: fields[1].lookup: the lookup "colour" has no row for the choice "blue"`],
    ],
    [
      'a row without the system',
      LOOKUP,
      'blue: { hubspot: BLUE }',
      'blue: { salesforce: Blue }',
      [`${MAPPING}:10: fields[1].lookup: the lookup "colour" does not say what "blue" is in hubspot`],
    ],
    [
      'a value read as two',
      LOOKUP,
      'hubspot: BLUE',
      'hubspot: { in: [BLUE, Crimson], out: BLUE }',
      [
        `${MAPPING}:10: fields[1].lookup: the lookup "colour" is not invertible: "Crimson" is read as "red" and as "blue"`,
      ],
    ],
    [
      'a value that does not come back',
      LOOKUP,
      'out: RED',
      'out: SCARLET',
      [
        `${MAPPING}:10: fields[1].lookup: the lookup "colour" is not invertible: "red" goes out to hubspot as a value that is not in its list`,
      ],
    ],
    [
      'a cell that says nothing',
      LOOKUP,
      '{ in: [RED, CRIMSON], out: RED }',
      '{ in: [RED] }',
      [
        `${MAPPING}:10: fields[1].lookup: the lookup "colour" needs one of out, unwritten and written for "red" in hubspot`,
      ],
    ],
    [
      'a nearest value on a line that is read as well',
      LOOKUP,
      'blue: { hubspot: BLUE }',
      'blue: { hubspot: { written: RED } }',
      [
        `${MAPPING}:10: fields[1].lookup: the lookup "colour" says "written" of "blue", which is for lines that only go out`,
      ],
    ],
    [
      'a nearest value that nothing is written as',
      LOOKUP,
      'blue: { hubspot: BLUE }',
      'blue: { hubspot: { written: CRIMSON } }',
      [
        `${MAPPING}:10: fields[1].lookup: the lookup "colour" says "written" of "blue" with a value that no other row is written as`,
        `${MAPPING}:10: fields[1].lookup: the lookup "colour" says "written" of "blue", which is for lines that only go out`,
      ],
    ],
    [
      'a cell that is no value',
      LOOKUP,
      'hubspot: BLUE',
      'hubspot: null',
      [
        expect.stringContaining(`${LOOKUP}:4: values.blue.hubspot: must be a value, or in, out, unwritten and written`),
        expect.any(String),
      ],
    ],
    [
      'a choice in capitals',
      LOOKUP,
      'blue:',
      'Blue:',
      [expect.stringContaining(`${LOOKUP}:4: values.Blue: must be in lower case, with hyphens`), expect.any(String)],
    ],
    [
      'a system that moves forward and has no column',
      LOOKUP,
      'values:',
      'moves: { forward: [hubspt], back: [bleu] }\nvalues:',
      [
        `${LOOKUP}:2: moves.forward[0]: there is no column for "hubspt"; did you mean "hubspot"?`,
        `${LOOKUP}:2: moves.back[0]: there is no row for "bleu"; did you mean "blue"?`,
      ],
    ],
    [
      'a field that cannot move forward',
      VOCABULARY,
      'choices: [red, blue],',
      'choices: [red, blue], survivorship: { authority: [portal] },',
      [
        `${MAPPING}:10: fields[1].lookup: the lookup "colour" moves its field forward; "colour" must be a single choice, in no group, of which the newest wins`,
      ],
      { [LOOKUP]: `${GOOD[LOOKUP]}moves: { forward: [hubspot] }\n` },
    ],
    [
      'an unknown system of an owner',
      OWNERS,
      'hubspot:',
      'hubspt:',
      [`${OWNERS}:3: people[0].hubspt: no system is called "hubspt"; did you mean "hubspot"?`],
    ],
    [
      'one name for two products, and a system that is none',
      PRODUCTS,
      '}\n',
      '}\n  - { code: B-2, hubspot: a-in-hubspot, hubspit: b }\n',
      [
        `${PRODUCTS}:4: products[1].hubspot: "a-in-hubspot" is another product already`,
        `${PRODUCTS}:4: products[1].hubspit: no system is called "hubspit"; did you mean "hubspot"?`,
      ],
    ],
    [
      'an owner without an address',
      OWNERS,
      'hubspot: ann.h@example.com',
      'hubspot: ann',
      [expect.stringContaining(`${OWNERS}:3: people[0].hubspot: `)],
    ],
    [
      'an address of two people',
      OWNERS,
      '}\n',
      '}\n  - { email: bo@example.com, hubspot: Ann@example.com }\n',
      [`${OWNERS}:4: people[1]: one of these addresses belongs to another person already`],
    ],
  ])('%s', (_what, path, from, to, expected, others = {}) => {
    expect(mistakesAfter(path, from, to, others)).toEqual(expected);
  });
});
