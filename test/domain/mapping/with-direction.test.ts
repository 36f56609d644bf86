import { describe, expect, test } from 'vitest';
import { withDirection } from '../../../domain/mapping/with-direction.ts';
import type { SystemValue } from '../../../domain/model/value.ts';
import { NOBODY, tinyMapping } from '../../support/tiny-mapping.ts';

const mapping = tinyMapping('crm');

describe('a mapping in one direction', () => {
  test('outwards brings nothing in, and still reads every field to compare with', () => {
    const out = withDirection(mapping, 'out');

    expect(out.fields.map(({ flow }) => flow)).toEqual(mapping.fields.map(() => 'out'));
    expect(out.theirFields).toEqual(mapping.theirFields);
  });

  test('inwards writes nothing', () => {
    expect(withDirection(mapping, 'in').fields.every(({ flow }) => flow === 'in')).toBe(true);
  });

  test('drops the lines that only go the other way', () => {
    const [first, ...others] = mapping.fields;
    if (first === undefined) throw new Error('the tiny mapping has lines');
    const mixed = { ...mapping, fields: [{ ...first, flow: 'in' as const }, ...others] };

    expect(withDirection(mixed, 'out').byField.has(first.field)).toBe(false);
    expect(withDirection(mixed, 'both')).toBe(mixed);
  });

  test('outwards still reads in which state the system takes no edits, and makes nothing else of it', () => {
    const [first, ...others] = mapping.fields;
    if (first === undefined) throw new Error('the tiny mapping has lines');
    const wait = { theirs: first.theirs, readAs: first.field, fields: new Set(['note']), isWhole: false, note: '' };
    const waits = [{ ...wait, isMetBy: (value: SystemValue) => value === 'locked' }];
    const out = withDirection({ ...mapping, fields: [{ ...first, flow: 'in' }, ...others], waits }, 'out');
    const line = out.byField.get(first.field);

    expect(line?.flow).toBe('in');
    expect(line?.readIn('locked', NOBODY)).toMatchObject({ ok: false, isIgnored: true });
  });
});
