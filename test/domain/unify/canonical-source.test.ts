import { describe, expect, test } from 'vitest';
import type { MappedField } from '../../../domain/mapping/compiled-mapping.ts';
import { canonicalSource, canonicalValue, meansTheSame } from '../../../domain/unify/canonical-source.ts';
import { NOBODY, tinyMapping } from '../../support/tiny-mapping.ts';
import { edited, tinySource, written } from '../../support/tiny-records.ts';

const mapping = tinyMapping('crm');

function line(field: string, change: Partial<MappedField> = {}): MappedField {
  const known = mapping.byField.get(field);
  if (known === undefined) throw new Error(`no line ${field}`);
  return { ...known, ...change };
}

const setOf = (by: 'union' | 'newest'): MappedField =>
  line('parent', { vocabulary: { ...line('parent').vocabulary, isMany: true, survivorship: { by } } });

describe('a source in canonical form', () => {
  test('has its values with their time and origin, under its reference and its connection’s place', () => {
    const source = tinySource({ name: edited(' Acme ', 10), note: written('N', 20) });

    expect(canonicalSource(source, mapping, NOBODY, 3)).toEqual({
      from: 'one#thing#1',
      connection: 'one',
      rank: 3,
      fields: {
        name: { value: 'Acme', at: 10, origin: 'system' },
        note: { value: 'N', at: 20, origin: 'hub' },
      },
    });
  });

  test('tells an emptied field from an unknown one', () => {
    const { fields } = canonicalSource(tinySource({ note: edited('') }), mapping, NOBODY, 0);

    expect(fields.note?.value).toBeNull();
    expect('name' in fields).toBe(false);
  });

  test('leaves out what waits for a person, what no lookup carries, and what the hub only writes', () => {
    const outwards = {
      ...mapping,
      fields: mapping.fields.map((each) => (each.field === 'tier' ? { ...each, flow: 'out' as const } : each)),
    };
    const source = tinySource(
      { name: edited('Acme'), note: edited('?odd'), city: edited('Bonn'), tier: edited('gold') },
      { held: { city: 'frozen: loop' } },
    );

    expect(Object.keys(canonicalSource(source, outwards, NOBODY, 0).fields)).toEqual(['name']);
  });

  test('keeps the story of a set’s elements', () => {
    const elements = { a: { isPresent: false, at: 5, origin: 'system' as const } };
    const source = tinySource({ skills: { ...edited(['b']), elements } });

    expect(canonicalSource(source, mapping, NOBODY, 0).fields.skills).toMatchObject({ value: ['b'], elements });
  });
});

describe('a reference', () => {
  test('becomes the unified id it resolves to', () => {
    expect(canonicalValue(line('parent'), 'crm-1', NOBODY, { 'crm-1': 'U1' })).toBe('U1');
  });

  test('not resolved yet is unknown, not empty', () => {
    expect(canonicalValue(line('parent'), 'crm-1', NOBODY, {})).toBeUndefined();
  });

  test('that is empty is empty', () => {
    expect(canonicalValue(line('parent'), null, NOBODY, {})).toBeNull();
  });

  test('in a set that is merged element by element is there as far as it resolves, once and in order', () => {
    const resolved = { 'crm-1': 'U2', 'crm-2': 'U1', 'crm-3': 'U2' };

    expect(canonicalValue(setOf('union'), ['crm-1', 'crm-2', 'crm-3', 'crm-9'], NOBODY, resolved)).toEqual([
      'U1',
      'U2',
    ]);
  });

  test('in a set that wins as a whole makes the whole unknown while one does not resolve', () => {
    expect(canonicalValue(setOf('newest'), ['crm-1', 'crm-9'], NOBODY, { 'crm-1': 'U1' })).toBeUndefined();
    expect(canonicalValue(setOf('newest'), ['crm-1'], NOBODY, { 'crm-1': 'U1' })).toEqual(['U1']);
  });
});

describe('two values mean the same', () => {
  test.each([
    ['equal in the system’s form, carried or not', '?odd', '?odd', true],
    ['equal in the canonical form', ' Acme', 'Acme ', true],
    ['empty text and nothing', '', null, true],
    ['sets in another order', ['a', 'b'], ['b', 'a'], true],
    ['different texts', 'Acme', 'Acme Ltd', false],
    ['different values that are not carried', '?odd', '?other', false],
  ] as const)('%s', (_name, a, b, isSame) => {
    expect(meansTheSame(line('name'), a, b, NOBODY)).toBe(isSame);
  });
});
