import { describeMappingProblem, loadMappings, type MappingFile } from '../../../domain/mapping/load-mappings.ts';

/** A small set of files without a mistake; each test puts one in. */
export const GOOD: Readonly<Record<string, string>> = {
  'vocabulary/partner.yaml': `note: Companies.
fields:
  - { name: name, tag: n, type: text, note: Name. }
  - { name: colour, tag: c, type: choice, choices: [red, blue], note: Colour. }
  - { name: tags, tag: t, type: text, many: true, survivorship: union, note: Tags. }
  - { name: owner, tag: o, type: owner, note: Owner. }
  - { name: parent, tag: p, type: reference, to: partner, note: Parent. }
  - { name: domain, tag: d, type: domain, group: web, note: Domain. }
  - { name: website, tag: w, type: url, group: web, note: Website. }
identity:
  keys:
    - { key: domain, of: [domain] }
  releasedBy:
    colour: [blue]
`,
  'lookups/colour.yaml': `note: Colours.
values:
  red: { hubspot: { in: [RED, CRIMSON], out: RED } }
  blue: { hubspot: BLUE }
`,
  'owners.yaml': `note: Nobody yet.
people:
  - { email: ann@example.com, hubspot: ann.h@example.com }
`,
  'products.yaml': `note: One.
products:
  - { code: A-1, hubspot: a-in-hubspot }
`,
  'hubspot/company.partner.yaml': `version: 1
note: Companies.
hubId: tributary_id
filter:
  colour: [red]
take:
  type: [PARTNER]
fields:
  - { hub: name, theirs: name, flow: both, codec: text, required: true }
  - { hub: colour, theirs: colour, flow: both, lookup: colour }
  - { hub: tags, theirs: tags, flow: both, codec: multi-select }
  - { hub: owner, theirs: hubspot_owner_id, flow: both, codec: owner }
  - { hub: parent, theirs: association.company, flow: both, reference: company }
examples:
  - note: A company
    owners: { "1": ann@example.com }
    theirs: { name: Acme, colour: RED, hubspot_owner_id: "1" }
    hub: { name: Acme, colour: red, owner: ann@example.com }
`,
};

/** The good files, some of them changed or, by `undefined`, left out. */
export function files(changes: Readonly<Record<string, string | undefined>> = {}): readonly MappingFile[] {
  return Object.entries({ ...GOOD, ...changes }).flatMap(([path, text]) =>
    text === undefined ? [] : [{ path, text }],
  );
}

/** The good files with one text replaced in one of them, and others instead of theirs, as the lines a person would read; [] when nothing is wrong. */
export function mistakesAfter(
  path: string,
  from: string,
  to: string,
  others: Readonly<Record<string, string>> = {},
): readonly string[] {
  const text = GOOD[path] ?? '';
  if (!text.includes(from)) throw new Error(`"${from}" is not in ${path}`);
  const loaded = loadMappings(files({ ...others, [path]: text.replace(from, to) }));
  return loaded.ok ? [] : loaded.problems.map(describeMappingProblem);
}

export const VOCABULARY = 'vocabulary/partner.yaml';
export const MAPPING = 'hubspot/company.partner.yaml';
export const LOOKUP = 'lookups/colour.yaml';
export const OWNERS = 'owners.yaml';
export const PRODUCTS = 'products.yaml';
