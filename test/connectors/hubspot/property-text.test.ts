import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPropertyText, toProperties, toPropertyText } from '../../../connectors/hubspot/property-text.ts';

describe('property values', () => {
  it.each([
    [null, ''],
    ['text', 'text'],
    [true, 'true'],
    [false, 'false'],
    [12.5, '12.5'],
    [['A', 'B'], 'A;B'],
    [[], ''],
  ] as const)('are written as text: %j as %j', (value, text) => {
    expect(toPropertyText(value)).toBe(text);
  });

  it('come back as they were written, and a cleared one as null', () => {
    fc.assert(
      fc.property(fc.option(fc.string({ minLength: 1 })), (value) => {
        expect(fromPropertyText(toPropertyText(value))).toBe(value);
      }),
    );
  });

  it('are cleared by an update, and left out of a creation', () => {
    const values = { name: 'Acme', phone: null, tags: [] as string[] };

    expect(toProperties(values, 'update')).toEqual({ name: 'Acme', phone: '', tags: '' });
    expect(toProperties(values, 'create')).toEqual({ name: 'Acme' });
  });
});
