import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Origin } from '../../../domain/model/source-record.ts';
import type { CanonicalField, CanonicalSource } from '../../../domain/unify/canonical-source.ts';
import { unifyFields } from '../../../domain/unify/unify-fields.ts';
import { tinyVocabulary } from '../../support/tiny-mapping.ts';

const vocabulary = tinyVocabulary();

function source(connection: string, rank: number, fields: Record<string, CanonicalField>): CanonicalSource {
  return { from: `${connection}#thing#1`, connection, rank, fields };
}

function text(value: string | null, at: number, origin: Origin = 'system'): CanonicalField {
  return { value, at, origin };
}

describe('one value wins', () => {
  test('the newest edit wins and says so', () => {
    const unified = unifyFields(
      vocabulary,
      [source('one', 0, { name: text('Old', 10) }), source('two', 1, { name: text('New', 20) })],
      {},
    );

    expect(unified.name).toEqual({ value: 'New', at: 20, from: 'two#thing#1', origin: 'system', rule: 'newest' });
  });

  test('what the hub wrote never competes, however new', () => {
    const unified = unifyFields(
      vocabulary,
      [source('one', 0, { name: text('Person', 10) }), source('two', 1, { name: text('Hub', 99, 'hub') })],
      {},
    );

    expect(unified.name?.value).toBe('Person');
  });

  test('an old edit beats anything that was only found', () => {
    const unified = unifyFields(
      vocabulary,
      [source('one', 0, { name: text('Found', 99, 'found') }), source('two', 1, { name: text('Edited', 1) })],
      {},
    );

    expect(unified.name?.value).toBe('Edited');
  });

  test('among found values the order of the connections decides, not the time', () => {
    const unified = unifyFields(
      vocabulary,
      [source('one', 0, { name: text('First', 1, 'found') }), source('two', 1, { name: text('Later', 99, 'found') })],
      {},
    );

    expect(unified.name).toMatchObject({ value: 'First', rule: 'found-order' });
  });

  test('a cleared field wins like any edit, and nothing found is no candidate', () => {
    const cleared = unifyFields(
      vocabulary,
      [source('one', 0, { name: text('Acme', 10) }), source('two', 1, { name: text(null, 20) })],
      {},
    );
    const neverHeld = unifyFields(
      vocabulary,
      [source('one', 0, { name: text(null, 99, 'found') }), source('two', 1, { name: text('Acme', 1, 'found') })],
      {},
    );

    expect(cleared.name?.value).toBeNull();
    expect(neverHeld.name?.value).toBe('Acme');
  });

  test('the connection with authority wins over a newer edit elsewhere, but not with an empty value', () => {
    const withValue = unifyFields(
      vocabulary,
      [source('one', 0, { tier: text('gold', 1) }), source('two', 1, { tier: text('silver', 9) })],
      {},
    );
    const empty = unifyFields(
      vocabulary,
      [source('one', 0, { tier: text(null, 1) }), source('two', 1, { tier: text('silver', 9) })],
      {},
    );

    expect(withValue.tier).toMatchObject({ value: 'gold', rule: 'authority' });
    expect(empty.tier?.value).toBe('silver');
  });

  test('the fields of a group come from one source, also those the hub wrote there', () => {
    const unified = unifyFields(
      vocabulary,
      [
        source('one', 0, { street: text('1 Old St', 10), city: text('Oldtown', 10) }),
        source('two', 1, { street: text('2 New St', 20), city: text('Oldtown', 10, 'hub') }),
      ],
      {},
    );

    expect(unified.street).toMatchObject({ value: '2 New St', from: 'two#thing#1' });
    expect(unified.city).toMatchObject({ value: 'Oldtown', from: 'two#thing#1' });
  });

  test('sets merge element by element, removals too', () => {
    const unified = unifyFields(
      vocabulary,
      [
        source('one', 0, {
          skills: {
            value: ['cloud', 'data'],
            at: 10,
            origin: 'system',
            elements: {
              cloud: { isPresent: true, at: 10, origin: 'system' },
              data: { isPresent: true, at: 10, origin: 'system' },
            },
          },
        }),
        source('two', 1, {
          skills: {
            value: ['retail'],
            at: 30,
            origin: 'system',
            elements: {
              data: { isPresent: false, at: 20, origin: 'system' },
              retail: { isPresent: true, at: 30, origin: 'system' },
            },
          },
        }),
      ],
      {},
    );

    expect(unified.skills).toMatchObject({ value: ['cloud', 'retail'], rule: 'union' });
  });
});

const origin = fc.constantFrom<Origin>('system', 'hub', 'found');
const scalar = fc.record({
  value: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null }),
  at: fc.integer({ min: 0, max: 5 }),
  origin,
});
const set = fc
  .dictionary(
    fc.constantFrom('p', 'q', 'r'),
    fc.record({ isPresent: fc.boolean(), at: fc.integer({ min: 0, max: 5 }), origin }),
  )
  .map(
    (elements): CanonicalField => ({
      value: Object.keys(elements).filter((key) => elements[key]?.isPresent),
      at: 3,
      origin: 'system',
      elements,
    }),
  );
const fields = fc
  .record({ name: scalar, tier: scalar, street: scalar, city: scalar, note: scalar, skills: set }, { requiredKeys: [] })
  .map(
    (record): Record<string, CanonicalField> =>
      Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)),
  );
const sources = fc
  .array(fields, { minLength: 1, maxLength: 4 })
  .map((all) => all.map((each, index) => source(['one', 'two', 'three', 'four'][index] ?? 'five', index, each)));

describe('laws of the merge', () => {
  test('any order of the sources gives the same record', () => {
    fc.assert(
      fc.property(sources, fc.infiniteStream(fc.nat()), (all, picks) => {
        const shuffled = [...all];
        for (let i = shuffled.length - 1; i > 0; i--) {
          const j = (picks.next().value ?? 0) % (i + 1);
          [shuffled[i], shuffled[j]] = [shuffled[j] as CanonicalSource, shuffled[i] as CanonicalSource];
        }
        expect(unifyFields(vocabulary, shuffled, {})).toEqual(unifyFields(vocabulary, all, {}));
      }),
    );
  });

  test('any repetition of a source gives the same record', () => {
    fc.assert(
      fc.property(sources, fc.nat(), (all, pick) => {
        const again = all[pick % all.length] as CanonicalSource;
        const once = unifyFields(vocabulary, all, {});
        const twice = unifyFields(vocabulary, [...all, again], {});
        const valuesOf = (unified: typeof once): unknown =>
          Object.entries(unified).map(([name, { value, at, from }]) => [name, value, at, from]);
        expect(valuesOf(twice)).toEqual(valuesOf(once));
      }),
    );
  });

  test('a source whose every value the hub wrote changes nothing', () => {
    fc.assert(
      fc.property(sources, fields, (all, extra) => {
        const silent = Object.fromEntries(
          Object.entries(extra).map(([name, value]) => [
            name,
            {
              ...value,
              origin: 'hub' as const,
              ...(value.elements === undefined
                ? {}
                : {
                    elements: Object.fromEntries(
                      Object.entries(value.elements).map(([key, story]) => [key, { ...story, origin: 'hub' as const }]),
                    ),
                  }),
            },
          ]),
        );
        expect(unifyFields(vocabulary, [...all, source('zero', 9, silent)], {})).toEqual(
          unifyFields(vocabulary, all, {}),
        );
      }),
    );
  });
});
