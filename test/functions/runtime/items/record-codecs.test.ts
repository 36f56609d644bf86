import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemBytes } from '../../../../functions/runtime/items/attribute.ts';
import { fieldTags } from '../../../../functions/runtime/items/field-tags.ts';
import { decodeSource, encodeSource, longValuesOfSource } from '../../../../functions/runtime/items/source-codec.ts';
import {
  decodeUnified,
  encodeUnified,
  longValuesOfUnified,
} from '../../../../functions/runtime/items/unified-codec.ts';
import { arbitrarySource, arbitraryUnified } from '../../../support/arbitrary-records.ts';
import { sampleClaimedSource, sampleSource, sampleUnified } from '../../../support/sample-records.ts';
import { sampleVocabulary } from '../../../support/sample-vocabulary.ts';

const tags = fieldTags(sampleVocabulary('partner'));

describe('a source record as an item', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(arbitrarySource, (source) => {
        const { item, long } = encodeSource(source, tags);

        expect(decodeSource(item, tags, long)).toEqual(source);
      }),
      { numRuns: 500 },
    );
  });

  test('is the same item however often it is encoded', () => {
    fc.assert(
      fc.property(arbitrarySource, (source) => {
        const once = encodeSource(source, tags);

        expect(encodeSource(decodeSource(once.item, tags, once.long), tags)).toEqual(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('of 20 fields with its claim and an intent for each is less than 1 KB', () => {
    expect(itemBytes(encodeSource(sampleClaimedSource(), tags).item)).toBeLessThan(1_024);
  });

  test('keeps a value over 256 bytes apart, by the hash of its content', () => {
    const description = 'ß'.repeat(129);
    const source = sampleSource({ fields: { description: { value: description, at: 1, origin: 'system' } } });

    const { item, long } = encodeSource(source, tags);

    expect([...long.values()]).toEqual([{ S: description }]);
    expect(longValuesOfSource(item)).toEqual([...long.keys()]);
    expect(itemBytes(item)).toBeLessThan(256);
  });

  test('keeps a value of 256 bytes in place', () => {
    const source = sampleSource({ fields: { description: { value: 'x'.repeat(256), at: 1, origin: 'system' } } });

    expect(encodeSource(source, tags).long.size).toBe(0);
  });

  test('cannot be read without its long values', () => {
    const source = sampleSource({ fields: { description: { value: 'x'.repeat(300), at: 1, origin: 'system' } } });

    const { item } = encodeSource(source, tags);

    expect(() => decodeSource(item, tags, new Map())).toThrow(/not in the table/);
  });

  test('leaves out a field that has left the vocabulary and keeps the rest', () => {
    const source = sampleSource();
    const { item } = encodeSource(source, tags);
    const { tier: _, ...rest } = source.fields;
    const vocabulary = sampleVocabulary('partner');
    const fewer = fieldTags({
      ...vocabulary,
      fields: new Map([...vocabulary.fields].filter(([field]) => field !== 'tier')),
    });

    expect(decodeSource(item, fewer, new Map()).fields).toEqual(rest);
  });

  test('of an origin that only a newer version knows is refused, not guessed', () => {
    const { item } = encodeSource(sampleSource(), tags);

    expect(() => decodeSource({ ...item, m: { S: 'nQ0' } }, tags, new Map())).toThrow(/the code Q/);
  });
});

describe('a unified record as an item', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(arbitraryUnified, (record) => {
        const { item, long } = encodeUnified(record, tags);

        expect(decodeUnified(item, tags, long)).toEqual(record);
      }),
      { numRuns: 500 },
    );
  });

  test('names every long value it refers to', () => {
    fc.assert(
      fc.property(arbitraryUnified, (record) => {
        const { item, long } = encodeUnified(record, tags);

        expect(new Set(longValuesOfUnified(item))).toEqual(new Set(long.keys()));
      }),
    );
  });

  test('of 20 fields from two sources is less than 1 KB', () => {
    expect(itemBytes(encodeUnified(sampleUnified(), tags).item)).toBeLessThan(1_024);
  });

  test('of 20 fields, four of them as long as an item takes them, is less than 2 KB', () => {
    const record = sampleUnified();
    const long = (field: string) => ({ ...record.fields[field], value: 'x'.repeat(256) });
    const fields = {
      description: long('description'),
      street: long('street'),
      name: long('name'),
      website: long('website'),
    };

    // The samples have these fields, which the type of a record by name cannot say.
    const item = encodeUnified({ ...record, fields: { ...record.fields, ...fields } } as typeof record, tags).item;

    expect(itemBytes(item)).toBeLessThan(2_048);
  });
});
