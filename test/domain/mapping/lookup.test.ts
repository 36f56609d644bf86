import { describe, expect, test } from 'vitest';
import { compileLookup, lookupTranslator } from '../../../domain/mapping/lookup.ts';
import { directory } from '../../mappings/shipped.ts';
import { colourLookup, formOf } from './codecs/compile-codec.ts';

describe('a lookup', () => {
  test('reads many values as one, in any case, and writes one', () => {
    const { readIn, writeOut } = lookupTranslator(colourLookup(), formOf('salesforce'));

    expect(readIn('Crimson', directory)).toEqual({ ok: true, value: 'red' });
    expect(readIn(' RED ', directory)).toEqual({ ok: true, value: 'red' });
    expect(writeOut('red', directory)).toEqual({ ok: true, value: 'Red' });
  });

  test('says nothing in the system’s own way', () => {
    const { readIn, writeOut } = lookupTranslator(colourLookup(), formOf('hubspot'));

    expect(readIn('', directory)).toEqual({ ok: true, value: null });
    expect(readIn('  ', directory)).toEqual({ ok: true, value: null });
    expect(writeOut(null, directory)).toEqual({ ok: true, value: '' });
  });

  test.each([
    ['hold', { ok: false, reason: expect.any(String) }],
    ['ignore', { ok: false, reason: expect.any(String), isIgnored: true }],
    ['blue', { ok: true, value: 'blue' }],
  ])('does with unlisted values as it is told: %s', (unlisted, answer) => {
    expect(colourLookup(unlisted).readIn('Mauve')).toEqual(answer);
  });

  test('leaves alone what the system has no value for, and holds what nobody knows', () => {
    const { writeOut } = lookupTranslator(colourLookup(), formOf('salesforce'));

    expect(writeOut('grey', directory)).toEqual({ ok: false, reason: expect.any(String), isIgnored: true });
    expect(writeOut('mauve', directory)).toEqual({ ok: false, reason: expect.any(String) });
    expect(writeOut(true, directory)).toEqual({ ok: false, reason: expect.any(String) });
    expect(lookupTranslator(colourLookup(), formOf('salesforce')).readIn(['Red'], directory).ok).toBe(false);
  });

  test('may go by numbers and yes or no', () => {
    const lookup = compileLookup('level', new Map([['high', { in: [1, true], out: { value: 1 } }]]), 'hold');

    expect(lookup.readIn('1')).toEqual({ ok: true, value: 'high' });
    expect(lookup.readIn('true')).toEqual({ ok: true, value: 'high' });
    expect(lookup.writeOut('high')).toEqual({ ok: true, value: 1 });
  });
});
