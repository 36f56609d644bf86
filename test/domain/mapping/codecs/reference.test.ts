import { describe, expect, test } from 'vitest';
import { referenceTranslator } from '../../../../domain/mapping/codecs/reference.ts';
import { ownerAliases } from '../../../../domain/mapping/owner-aliases.ts';
import { directory } from '../../../mappings/shipped.ts';
import { formOf, sampleField } from './compile-codec.ts';

function references(system: string, isMany: boolean) {
  const field = sampleField({ type: 'reference', kind: 'contact', isMany });
  return referenceTranslator({ form: formOf(system), field, owners: ownerAliases([], system), unlisted: 'hold' });
}

describe('a reference', () => {
  test('passes unchanged, both ways', () => {
    const { readIn, writeOut } = references('hubspot', false);

    expect(readIn('8841002', directory)).toEqual({ ok: true, value: '8841002' });
    expect(readIn(8841002, directory)).toEqual({ ok: true, value: '8841002' });
    expect(writeOut('8841002', directory)).toEqual({ ok: true, value: '8841002' });
  });

  test('to nothing is said in the system’s own way', () => {
    expect(references('hubspot', false).readIn(null, directory)).toEqual({ ok: true, value: null });
    expect(references('hubspot', false).writeOut(null, directory)).toEqual({ ok: true, value: '' });
    expect(references('salesforce', false).writeOut(null, directory)).toEqual({ ok: true, value: null });
  });

  test('that is a list waits', () => {
    expect(references('hubspot', false).readIn(['1', '2'], directory).ok).toBe(false);
  });
});

describe('several references', () => {
  test('are sorted, once each', () => {
    const { readIn, writeOut } = references('salesforce', true);

    expect(readIn(['733', '501', '733'], directory)).toEqual({ ok: true, value: ['501', '733'] });
    expect(writeOut(['733', '501'], directory)).toEqual({ ok: true, value: ['501', '733'] });
    expect(readIn(null, directory)).toEqual({ ok: true, value: [] });
  });

  test('that are one text wait', () => {
    expect(references('salesforce', true).readIn('501', directory).ok).toBe(false);
  });
});
