import * as z from 'zod';
import { KINDS } from '../model/kind.ts';
import type { FieldType, KeyRecipe, SoleRecipe } from '../model/vocabulary.ts';
import { CODECS } from './codecs/codec-catalogue.ts';
import { suggestion } from './suggestion.ts';

const FIELD_TYPES = [
  'text',
  'long-text',
  'email',
  'phone',
  'domain',
  'url',
  'country',
  'currency',
  'decimal',
  'integer',
  'date',
  'instant',
  'boolean',
  'choice',
  'owner',
  'reference',
] as const satisfies readonly FieldType[];

const KEY_RECIPES = [
  'domain',
  'email',
  'tax-id',
  'registration-id',
  'offer-id',
  'agreement-id',
  'co-sell-id',
  'company-name',
  'person-name',
  'phone',
  'address',
  'birth-date',
  'identifier',
] as const satisfies readonly KeyRecipe[];

const SOLE_RECIPES = ['buyer-product'] as const satisfies readonly SoleRecipe[];

const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name in camelCase');
const choice = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be in lower case, with hyphens');
const note = z.string().min(1).describe('What people should know; it is shown wherever the field is.');
const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number or a yes/no');
const systemValue = z.union([scalar, z.null(), z.array(z.string())], 'must be a single value, null or a list of texts');
const hubValue = z.union(
  [z.string(), z.boolean(), z.null(), z.array(z.string())],
  'must be a text (numbers are texts in the hub: "12.5"), a yes/no, null or a list of texts',
);

/** A choice among names; another name is answered with the nearest one. */
function oneOf<const Names extends readonly [string, ...string[]]>(what: string, names: Names) {
  return z.enum(names, {
    error: ({ input }) =>
      typeof input === 'string' ? `no ${what} is called "${input}"${suggestion(input, names)}` : undefined,
  });
}

const vocabularyField = z.strictObject({
  name: fieldName.describe('The name of the field in the hub.'),
  tag: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,3}$/, 'must be one to four lower-case letters and digits')
    .describe('The short name in storage. Never change one, never give one to another field.'),
  type: oneOf('type', FIELD_TYPES).describe('What the field holds.'),
  many: z.literal(true).optional().describe('The field holds a set of such values.'),
  choices: z.array(choice).min(1).optional().describe('For choices: the values allowed.'),
  ends: z
    .array(choice)
    .min(1)
    .optional()
    .describe('For choices in an order: those that end it. From one of them to another is no move forward.'),
  to: oneOf('kind', KINDS).optional().describe('For references: the kind referred to.'),
  through: z
    .string()
    .regex(
      /^[a-z][A-Za-z0-9]*\.[a-z][A-Za-z0-9]*$/,
      'must be a reference of this kind and a field of the kind referred to',
    )
    .optional()
    .describe(
      'The field of the record referred to whose value this is, as reference.field. It is only written to systems.',
    ),
  region: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a country code in capitals')
    .optional()
    .describe('For phones: the country national numbers are read in. Without it they stay as typed.'),
  survivorship: z
    .union(
      [
        z.enum(['newest', 'union', 'hub']),
        z.strictObject({
          authority: z.array(z.string()).min(1).describe('Connection ids; the first that has a value wins.'),
        }),
      ],
      'must be newest, union, hub or { authority: [connections] }',
    )
    .optional()
    .describe('How one value wins when systems differ: newest (the default), union (sets), hub, or an authority.'),
  group: z.string().min(1).optional().describe('Fields of one group only make sense together and win together.'),
  personal: z.literal(true).optional().describe('The field tells about a person.'),
  note,
});

const keyRule = z.strictObject({
  key: oneOf('key', KEY_RECIPES).describe('How the key is made.'),
  of: z.array(fieldName).min(1).describe('The fields it is made of.'),
});

const condition = z
  .union(
    [z.enum(['present', 'absent']), z.array(scalar).min(1), z.strictObject({ not: z.array(scalar).min(1) })],
    'must be present, absent, a list of values or { not: [values] }',
  )
  .describe('present, absent, a list of values allowed, or { not: [values] }.');

const soleRule = z.strictObject({
  key: oneOf('key', SOLE_RECIPES).describe('How the key is made.'),
  of: z.array(fieldName).min(1).describe('The fields it is made of.'),
  spokenFor: z
    .array(fieldName)
    .min(1)
    .describe('A record with a value in one of these has found its counterpart: it is not looked for any more.'),
  seekers: z
    .record(z.string().regex(/^[^/]+\/[^/]+$/, 'must be <system>/<object>'), z.record(fieldName, condition))
    .describe('Objects whose new records look for the one open record they belong to, each under these conditions.'),
});

/** What `vocabulary/<kind>.yaml` says. */
export const vocabularyDocument = z.strictObject({
  note,
  called: z
    .array(fieldName)
    .min(1)
    .optional()
    .describe('The fields by whose values, in this order, people call a record in a list.'),
  fields: z.array(vocabularyField).min(1),
  exchange: z
    .strictObject({
      amount: fieldName.describe('The amount; a decimal.'),
      currency: fieldName.describe('Its currency.'),
      rate: fieldName.describe("Where the hub keeps the rate of the amount's day; a decimal of the hub's own."),
      day: fieldName.describe("Where it keeps the day the rate was published; a date of the hub's own."),
      into: fieldName.describe("Where it keeps the reporting currency; of the hub's own."),
    })
    .optional()
    .describe('The money of a record, and where the hub keeps beside it what it was worth in the reporting currency.'),
  requests: z
    .array(
      z.strictObject({
        of: z
          .string()
          .regex(/^[^/]+\/[^/]+$/, 'must be <system>/<object>')
          .describe("What is asked for: an object of a system whose mapping's filter says who asks."),
        state: fieldName.describe("Where the hub keeps how far that is; a choice of the hub's own."),
        error: fieldName.describe("Where it keeps, in words, why it goes no further; a long text of the hub's own."),
      }),
    )
    .min(1)
    .optional()
    .describe(
      'What people ask a system to make of a record, and where the record itself tells them what became of it.',
    ),
  retiredTags: z.array(z.string()).optional().describe('Tags of fields that are gone; they are never used again.'),
  decisions: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(80).describe('What the rule is called; a record it decided names it.'),
        when: z.lazy(() => z.record(fieldName, condition)).describe('All conditions must hold.'),
        set: z.record(fieldName, hubValue).describe('The fields it sets; their survivorship is hub.'),
      }),
    )
    .optional()
    .describe('What the hub decides by itself: the first rule that holds, and only what is undecided.'),
  identity: z
    .strictObject({
      keys: z.array(keyRule).min(1).describe('By what records are recognised as the same.'),
      sole: z
        .array(soleRule)
        .min(1)
        .optional()
        .describe(
          'By what a new record finds the one open record it belongs to; where there are several, a person says.',
        ),
      releasedBy: z
        .record(fieldName, z.array(choice).min(1))
        .refine((rules) => Object.keys(rules).length === 1, 'must name one field')
        .optional()
        .describe('End states: records in one of them give up their keys.'),
    })
    .optional(),
});

const line = z.strictObject({
  hub: fieldName.describe('The field in the hub.'),
  theirs: z.string().min(1).describe('The field in the system.'),
  flow: oneOf('flow', ['both', 'in', 'out']).describe('Which way values go, seen from the hub.'),
  codec: oneOf('codec', CODECS.map(({ name }) => name) as [string, ...string[]])
    .optional()
    .describe(`How values are carried over.\n${CODECS.map((codec) => `${codec.name}: ${codec.note}`).join('\n')}`),
  lookup: z.string().min(1).optional().describe('The table in lookups/ by which values are carried over.'),
  reference: z
    .string()
    .min(1)
    .optional()
    .describe('For references: the object whose ids the field in the system holds.'),
  unlisted: z
    .string()
    .optional()
    .describe(
      'For lookups and owners: what happens to a value nobody listed: hold (it waits for a person; the default), ignore, or, for lookups, the hub value it is read as. Line items with it (hold or ignore) are read by the names in products.yaml.',
    ),
  required: z.literal(true).optional().describe('The system takes no record without it.'),
  keepsValue: z
    .literal(true)
    .optional()
    .describe('The system keeps its value when the hub has none: the hub never empties the field there.'),
  note: note.optional(),
});

const wait = z.strictObject({
  theirs: z.string().min(1).describe('The field of the system that says so; a line of this mapping must read it.'),
  is: z.array(scalar).min(1).describe('Its values during which the system takes no edits.'),
  fields: z.array(fieldName).min(1).optional().describe('The hub fields that wait then; all of them when left out.'),
  note,
});

const example = z.strictObject({
  note,
  direction: z
    .enum(['both', 'in', 'out'])
    .optional()
    .describe('Which way the example is checked; both is the default.'),
  owners: z
    .record(z.string(), z.string())
    .optional()
    .describe('The users of the example: their ids and e-mail addresses.'),
  theirs: z.record(z.string(), systemValue).describe('What the system holds.'),
  hub: z.record(fieldName, hubValue).describe('What the hub makes of it, and back.'),
  holds: z.array(fieldName).optional().describe('Fields that wait, or are left alone, when read.'),
});

/** What `<system>/<object>.<kind>.yaml` says. */
export const mappingDocument = z.strictObject({
  version: z.int().min(1).describe('Raise it with every change.'),
  note,
  hubId: z.string().min(1).describe("The system's field that keeps the hub's id; it must be unique there."),
  onDelete: oneOf('way', ['keep', 'archive', 'delete'])
    .optional()
    .describe('What happens here when the record is deleted in another system; keep is the default.'),
  whole: z
    .literal(true)
    .optional()
    .describe(
      'A record is created here with everything the hub has for it, or not at all: one value that waits or was refused stops it.',
    ),
  filter: z
    .record(fieldName, condition)
    .optional()
    .describe('Which records the hub creates here, by hub fields; all conditions must hold.'),
  take: z
    .record(z.string(), condition)
    .optional()
    .describe('Which records the hub takes in, by fields of the system; all conditions must hold.'),
  waits: z
    .array(wait)
    .min(1)
    .optional()
    .describe(
      'States of the record there in which the system takes no edits: what differs goes out once they are over.',
    ),
  fields: z.array(line).min(1),
  examples: z.array(example).optional(),
});

const cell = z.union(
  [
    scalar,
    z.strictObject({
      in: z.array(scalar).min(1).optional().describe('The values there that are read as this one.'),
      out: scalar.optional().describe('The value there that this one is written as; it must be in the list.'),
      unwritten: z
        .enum(['hold', 'ignore'])
        .optional()
        .describe('Instead of out, where the system has no such value: hold it for a person or ignore it.'),
      written: scalar
        .optional()
        .describe('Instead of out, for lines that only go out: the nearest value there, which is read as another one.'),
    }),
  ],
  'must be a value, or in, out, unwritten and written',
);

const moves = z.strictObject({
  forward: z
    .array(z.string())
    .min(1)
    .describe("Systems whose values only move the field forward, in the order of the field's choices."),
  back: z
    .array(choice)
    .min(1)
    .optional()
    .describe('Values that these systems may set at any time, also when that takes the field back.'),
});

/** What `lookups/<name>.yaml` says. */
export const lookupDocument = z.strictObject({
  note,
  moves: moves.optional().describe('Which systems may only move the field forward.'),
  values: z
    .record(choice, z.record(z.string(), cell))
    .describe('One row for each hub value, one column for each system.'),
});

/** What `owners.yaml` says. */
export const ownersDocument = z.strictObject({
  note,
  people: z.array(
    z
      .object({ email: z.email().describe('The address the person is known by in the hub.') })
      .catchall(z.email())
      .describe('Under the name of each system: the address the person has there.'),
  ),
});

/** What `products.yaml` says. */
export const productsDocument = z.strictObject({
  note,
  products: z.array(
    z
      .object({
        code: z
          .string()
          .min(1)
          .max(255)
          .describe('The code of the product (or its name, where it has none) as the CRMs have it.'),
      })
      .catchall(z.string().min(1).max(255))
      .describe('Under the name of each system: what the product is called there.'),
  ),
});

export type VocabularyDocument = z.infer<typeof vocabularyDocument>;
export type MappingDocument = z.infer<typeof mappingDocument>;
export type MappingLine = z.infer<typeof line>;
export type MappingWait = z.infer<typeof wait>;
export type MappingExample = z.infer<typeof example>;
export type LookupDocument = z.infer<typeof lookupDocument>;
export type ProductsDocument = z.infer<typeof productsDocument>;
export type OwnersDocument = z.infer<typeof ownersDocument>;
export type Condition = z.infer<typeof condition>;
