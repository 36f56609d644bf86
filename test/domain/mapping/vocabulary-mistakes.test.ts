import { describe, expect, test } from 'vitest';
import { mistakesAfter, VOCABULARY } from './small-files.ts';

describe('a mistake in a vocabulary is told with its file, line and reason', () => {
  test.each([
    [
      'a sole key for an object that nothing is mapped for',
      VOCABULARY,
      '  releasedBy:',
      `  sole:
    - { key: buyer-product, of: [name, name], spokenFor: [name], seekers: { hubspot/compny: {}, sap/Order: {} } }
  releasedBy:`,
      [
        `${VOCABULARY}:14: identity.sole[0].seekers.hubspot/compny: no mapping is for hubspot/compny; did you mean "hubspot/company"?`,
      ],
    ],
    [
      'money in fields that hold none',
      VOCABULARY,
      'identity:',
      'exchange: { amount: name, currency: curency, rate: tags, day: domain, into: website }\nidentity:',
      [
        `${VOCABULARY}:10: exchange.amount: must be of type decimal; "name" is of type text`,
        `${VOCABULARY}:10: exchange.currency: no field is called "curency"`,
        `${VOCABULARY}:10: exchange.rate: must be of type decimal; "tags" is of type text`,
        `${VOCABULARY}:10: exchange.rate: "tags" must have "survivorship: hub"`,
        `${VOCABULARY}:10: exchange.day: must be of type date; "domain" is of type domain`,
        `${VOCABULARY}:10: exchange.day: "domain" must have "survivorship: hub"`,
        `${VOCABULARY}:10: exchange.into: must be of type currency; "website" is of type url`,
        `${VOCABULARY}:10: exchange.into: "website" must have "survivorship: hub"`,
      ],
    ],
    [
      'a name made of what is none',
      VOCABULARY,
      'identity:',
      'called: [nam, tags]\nidentity:',
      [
        `${VOCABULARY}:10: called[0]: no field is called "nam"; did you mean "name"?`,
        `${VOCABULARY}:10: called[1]: "tags" is no single text`,
      ],
    ],
    [
      'what was asked for, told where the hub does not tell',
      VOCABULARY,
      'identity:',
      'requests: [{ of: aws/Offer, state: name, error: eror }]\nidentity:',
      [
        `${VOCABULARY}:10: requests[0].state: must be of type choice; "name" is of type text`,
        `${VOCABULARY}:10: requests[0].state: "name" must have "survivorship: hub"`,
        `${VOCABULARY}:10: requests[0].error: no field is called "eror"`,
        `${VOCABULARY}:10: requests[0].state: "name" must have the choices waiting, incomplete, under-way, refused, made`,
      ],
    ],
    [
      'a sole key that looks for nothing there is',
      VOCABULARY,
      '  releasedBy:',
      `  sole:
    - key: buyer-product
      of: [name, parent]
      spokenFor: [nam]
      seekers: { hubspot/company: { colour: [green], domin: present } }
  releasedBy:`,
      [
        `${VOCABULARY}:15: identity.sole[0].of[1]: the key "buyer-product" needs a field of type text here; "parent" is of type reference`,
        `${VOCABULARY}:16: identity.sole[0].spokenFor[0]: no field is called "nam"; did you mean "name"?`,
        `${VOCABULARY}:17: identity.sole[0].seekers.hubspot/company.colour: "green" is no choice of "colour"`,
        `${VOCABULARY}:17: identity.sole[0].seekers.hubspot/company.domin: no field is called "domin"; did you mean "domain"?`,
      ],
    ],
    [
      'a decision about what is not the hub’s, or not there',
      VOCABULARY,
      'identity:',
      `decisions:
  - name: ours
    when: { nam: present }
    set: { name: Acme }
identity:`,
      [
        `${VOCABULARY}:12: decisions[0].when.nam: no field is called "nam"; did you mean "name"?`,
        `${VOCABULARY}:13: decisions[0].set.name: "name" is not the hub's to decide; its survivorship would have to be hub`,
      ],
    ],
    [
      'a vocabulary field twice',
      VOCABULARY,
      'name: tags',
      'name: name',
      [`${VOCABULARY}:5: fields[2].name: the field "name" is there twice`],
    ],
    [
      'a tag twice',
      VOCABULARY,
      'tag: t,',
      'tag: n,',
      [`${VOCABULARY}:5: fields[2].tag: the tag "n" belongs to "name"`],
    ],
    [
      'a retired tag',
      VOCABULARY,
      'identity:',
      'retiredTags: [w]\nidentity:',
      [`${VOCABULARY}:9: fields[6].tag: the tag "w" belongs to a field that is gone`],
    ],
    [
      'a tag that is no tag',
      VOCABULARY,
      'tag: t,',
      'tag: Tags,',
      [`${VOCABULARY}:5: fields[2].tag: must be one to four lower-case letters and digits`],
    ],
    [
      'an unknown type',
      VOCABULARY,
      'type: url',
      'type: link',
      [expect.stringContaining(`${VOCABULARY}:9: fields[6].type: no type is called "link"`)],
    ],
    [
      'a choice without choices',
      VOCABULARY,
      'choices: [red, blue], ',
      '',
      [expect.stringContaining(`${VOCABULARY}:4: fields[1]: a choice needs its choices`)],
    ],
    [
      'a choice with a meaning in lookups',
      VOCABULARY,
      '[red, blue]',
      '[red, blue, hold]',
      [`${VOCABULARY}:4: fields[1].choices[2]: "hold" has its own meaning in lookups`],
    ],
    [
      'a choice twice',
      VOCABULARY,
      '[red, blue]',
      '[red, blue, red]',
      [`${VOCABULARY}:4: fields[1].choices[2]: the choice "red" is there twice`],
    ],
    [
      'an end that is no choice',
      VOCABULARY,
      'choices: [red, blue],',
      'choices: [red, blue], ends: [bleu],',
      [`${VOCABULARY}:4: fields[1].ends[0]: "bleu" is no choice; did you mean "blue"?`],
    ],
    [
      'ends of what is no choice',
      VOCABULARY,
      'type: url,',
      'type: url, ends: [a],',
      [`${VOCABULARY}:9: fields[6].ends: a field of type url has no choices to end with`],
    ],
    [
      'choices of what is no choice',
      VOCABULARY,
      'type: url,',
      'type: url, choices: [a],',
      [`${VOCABULARY}:9: fields[6].choices: a field of type url has no choices`],
    ],
    [
      'a reference to no kind',
      VOCABULARY,
      ' to: partner,',
      '',
      [`${VOCABULARY}:7: fields[4]: a reference needs "to", the kind it refers to`],
    ],
    [
      'a kind for what is no reference',
      VOCABULARY,
      'type: url,',
      'type: url, to: deal,',
      [`${VOCABULARY}:9: fields[6].to: a field of type url refers to nothing`],
    ],
    [
      'a region for what is no phone',
      VOCABULARY,
      'type: url,',
      'type: url, region: US,',
      [`${VOCABULARY}:9: fields[6].region: only phones have a region`],
    ],
    [
      'a region without phones',
      VOCABULARY,
      'type: url,',
      'type: phone, region: QQ,',
      [`${VOCABULARY}:9: fields[6].region: no country "QQ" has phone numbers`],
    ],
    [
      'a set of a type that has none',
      VOCABULARY,
      'type: url,',
      'type: url, many: true,',
      [`${VOCABULARY}:9: fields[6].many: a set of type url is not possible`],
    ],
    [
      'a union of single values',
      VOCABULARY,
      'type: url, group: web,',
      'type: url, survivorship: union,',
      [`${VOCABULARY}:9: fields[6].survivorship: only sets can be united; add "many: true"`],
    ],
    [
      'a union in a group',
      VOCABULARY,
      'survivorship: union',
      'survivorship: union, group: tags',
      [`${VOCABULARY}:5: fields[2].group: a union is merged by element, not in a group`],
    ],
    [
      'a survivorship that is none',
      VOCABULARY,
      'survivorship: union',
      'survivorship: oldest',
      [`${VOCABULARY}:5: fields[2].survivorship: must be newest, union, hub or { authority: [connections] }`],
    ],
    [
      'a group of two minds',
      VOCABULARY,
      'type: url, group: web,',
      'type: url, group: web, survivorship: { authority: [hubspot] },',
      [`${VOCABULARY}:9: fields[6]: the group "web" must win by one rule, but "domain" has another one`],
    ],
    [
      'a key of an unknown field',
      VOCABULARY,
      'of: [domain]',
      'of: [domian]',
      [`${VOCABULARY}:12: identity.keys[0].of[0]: no field is called "domian"; did you mean "domain"?`],
    ],
    [
      'a key of a field of another type',
      VOCABULARY,
      'of: [domain]',
      'of: [name]',
      [
        `${VOCABULARY}:12: identity.keys[0].of[0]: the key "domain" needs a field of type domain here; "name" is of type text`,
      ],
    ],
    [
      'a key of too many fields',
      VOCABULARY,
      'of: [domain]',
      'of: [domain, name]',
      [`${VOCABULARY}:12: identity.keys[0].of: the key "domain" is made of domain`],
    ],
    [
      'an unknown key',
      VOCABULARY,
      'key: domain',
      'key: domains',
      [`${VOCABULARY}:12: identity.keys[0].key: no key is called "domains"; did you mean "domain"?`],
    ],
    [
      'an end state that is none',
      VOCABULARY,
      'colour: [blue]',
      'colour: [blu]',
      [`${VOCABULARY}:14: identity.releasedBy.colour[0]: "blu" is no choice of "colour"; did you mean "blue"?`],
    ],
    [
      'two fields of end states',
      VOCABULARY,
      'colour: [blue]',
      'colour: [blue]\n    name: [x]',
      [`${VOCABULARY}:13: identity.releasedBy: must name one field`],
    ],
  ])('%s', (_what, path, from, to, expected) => {
    expect(mistakesAfter(path, from, to)).toEqual(expected);
  });
});
