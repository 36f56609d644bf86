import * as fc from 'fast-check';
import { KINDS } from '../../domain/model/kind.ts';
import type { SourceField, SourceRecord } from '../../domain/model/source-record.ts';
import type { OwnField, Seat, UnifiedField, UnifiedRecord } from '../../domain/model/unified-record.ts';
import { SAMPLE_FIELDS } from './sample-vocabulary.ts';

/** Any text there can be, with what packing has to escape made likely. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('|', '\\', '\n', ' ', 'a', '#') }),
);
const longText = fc.string({ unit: 'grapheme', minLength: 250, maxLength: 600 });
const time = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
const id = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/);
const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,29}$/);
const count = fc.nat();
const value = fc.oneof(text, longText, fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 4 }));
// JSON has no negative zero, so neither have the systems' answers.
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((double) => (Object.is(double, -0) ? 0 : double));
const field = fc.constantFrom(...SAMPLE_FIELDS.map(([fieldName]) => fieldName));
const origin = fc.constantFrom('system' as const, 'hub' as const, 'found' as const);
const foreignOrigin = fc.constantFrom('system' as const, 'found' as const);
const byField = <T>(of: fc.Arbitrary<T>) =>
  fc.dictionary(fc.oneof(field, fc.constant('*')), of, { noNullPrototype: true });
const byText = <T>(of: fc.Arbitrary<T>) => fc.dictionary(text, of, { maxKeys: 4, noNullPrototype: true });
const claim = fc.record({ token: text, until: time });
const intents = byField(
  fc.record(
    { hash: text, at: time, elements: fc.array(text, { maxLength: 3 }) },
    { requiredKeys: ['hash', 'at'], noNullPrototype: true },
  ),
);
const optional = { noNullPrototype: true } as const;

const sourceField: fc.Arbitrary<SourceField> = fc.record(
  {
    value: fc.oneof(value, number),
    at: time,
    origin,
    elements: byText(fc.record({ isPresent: fc.boolean(), at: time, origin })),
  },
  { ...optional, requiredKeys: ['value', 'at', 'origin'] },
);

/** Any source record the types allow. */
export const arbitrarySource: fc.Arbitrary<SourceRecord> = fc.record(
  {
    kind: fc.constantFrom(...KINDS),
    unifiedId: id,
    connection: name,
    object: name,
    externalId: fc.oneof(name, fc.constant('a#b')),
    state: fc.constantFrom('present' as const, 'deleted' as const, 'merged' as const),
    counter: count,
    revision: time,
    readAt: time,
    fields: byField(sourceField),
    unseen: fc.uniqueArray(field, { minLength: 1, maxLength: 3 }),
    resolved: byText(id),
    claim,
    intents,
    refused: byField(text),
    held: byField(text),
    tallies: byField(fc.record({ since: time, count })),
    problems: fc.array(text, { maxLength: 3 }),
    mergedInto: text,
    mappingVersion: count,
  },
  {
    ...optional,
    requiredKeys: [
      'kind',
      'unifiedId',
      'connection',
      'object',
      'externalId',
      'state',
      'counter',
      'revision',
      'readAt',
      'fields',
      'resolved',
      'intents',
      'refused',
      'held',
      'tallies',
      'problems',
      'mappingVersion',
    ],
  },
);

const unifiedField: fc.Arbitrary<UnifiedField> = fc.record({
  value,
  at: time,
  from: text,
  origin: foreignOrigin,
  rule: fc.constantFrom('only', 'newest', 'authority', 'union', 'hub', 'found-order', 'tie-order', 'forward'),
});

const ownField: fc.Arbitrary<OwnField> = fc.record(
  { value, at: time, origin: foreignOrigin, from: text },
  { ...optional, requiredKeys: ['value', 'at', 'origin'] },
);

const seat: fc.Arbitrary<Seat> = fc.oneof(
  fc.record(
    { externalId: text, isGone: fc.constant(true as const) },
    { requiredKeys: ['externalId'], noNullPrototype: true },
  ),
  fc.record(
    {
      creating: claim,
      intents,
      refused: byField(text),
      isUncertain: fc.boolean(),
      problems: fc.array(text, { maxLength: 3 }),
      alsoUnder: fc.array(text, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['creating', 'intents', 'refused', 'isUncertain', 'problems'], noNullPrototype: true },
  ),
);

/** Any unified record the types allow. */
export const arbitraryUnified: fc.Arbitrary<UnifiedRecord> = fc.record(
  {
    kind: fc.constantFrom(...KINDS),
    id,
    state: fc.constantFrom('present' as const, 'deleted' as const, 'merged' as const),
    version: count,
    counter: count,
    createdAt: time,
    changedAt: time,
    fields: byField(unifiedField),
    seats: fc.dictionary(
      fc.tuple(name, name).map((parts) => parts.join('#')),
      seat,
      { maxKeys: 3, noNullPrototype: true },
    ),
    own: byField(ownField),
    keys: fc.array(text, { maxLength: 3 }),
    mergedInto: text,
  },
  {
    ...optional,
    requiredKeys: [
      'kind',
      'id',
      'state',
      'version',
      'counter',
      'createdAt',
      'changedAt',
      'fields',
      'seats',
      'own',
      'keys',
    ],
  },
);
