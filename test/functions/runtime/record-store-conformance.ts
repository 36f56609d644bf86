import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../../domain/model/journal.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { SAMPLE_NOW, sampleClaimedSource, sampleSource, sampleUnified } from '../../support/sample-records.ts';
import { contend, freshId, winners } from './store-contenders.ts';

/** What every store must do with references, match keys, records and their journal. */
export function describeRecordStore(title: string, store: () => HubStore): void {
  describe(`${title}: crosswalk and match keys`, () => {
    test('a reference points to what it was put to, and unknown ones are left out', async () => {
      const known = { connection: 'hubspot', object: 'company', externalId: freshId() };
      const unknown = { connection: 'hubspot', object: 'company', externalId: freshId() };

      const isPut = await store().putRef(known, 'partner', 'U1', null);

      expect(isPut).toBe(true);
      expect(await store().readRefs([known, unknown, known])).toEqual(
        new Map([[`hubspot#company#${known.externalId}`, 'U1']]),
      );
    });

    test('a reference is moved and deleted only from where it is expected', async () => {
      const ref = { connection: 'hubspot', object: 'company', externalId: freshId() };
      await store().putRef(ref, 'partner', 'U1', null);

      expect(await store().putRef(ref, 'partner', 'U2', null)).toBe(false);
      expect(await store().putRef(ref, 'partner', 'U2', 'U3')).toBe(false);
      expect(await store().putRef(ref, 'partner', 'U2', 'U1')).toBe(true);
      expect(await store().deleteRef(ref, 'U1')).toBe(false);
      expect(await store().deleteRef(ref, 'U2')).toBe(true);
      expect(await store().readRefs([ref])).toEqual(new Map());
    });

    test('of 50 writers that put one reference at the same time exactly one wins', async () => {
      const ref = { connection: 'hubspot', object: 'company', externalId: freshId() };

      const answers = await contend((contender) => store().putRef(ref, 'partner', `U${contender}`, null));

      expect(winners(answers)).toBe(1);
      const holder = (await store().readRefs([ref])).get(`hubspot#company#${ref.externalId}`);
      expect(holder).toBe(`U${answers.indexOf(true)}`);
    });

    test('250 references are read at once', async () => {
      const refs = Array.from({ length: 250 }, () => ({
        connection: 'hubspot',
        object: 'deal',
        externalId: freshId(),
      }));
      await Promise.all(refs.map((ref) => store().putRef(ref, 'deal', `U-${ref.externalId}`, null)));

      const found = await store().readRefs(refs);

      expect(found.size).toBe(250);
      expect(found.get(`hubspot#deal#${refs[249]?.externalId}`)).toBe(`U-${refs[249]?.externalId}`);
    });

    test('nothing asked is nothing answered', async () => {
      expect(await store().readRefs([])).toEqual(new Map());
      expect(await store().readKeys([])).toEqual(new Map());
      expect(await store().readUnified('partner', [])).toEqual(new Map());
    });

    test('a match key is held by one record of its kind', async () => {
      const key = { kind: 'partner', type: 'domain', value: `${freshId()}.example` } as const;
      const ofAnotherKind = { ...key, kind: 'contact' } as const;

      const answers = await contend((contender) => store().putKey(key, `U${contender}`, null));
      await store().putKey(ofAnotherKind, 'C1', null);

      expect(winners(answers)).toBe(1);
      expect(await store().readKeys([key, ofAnotherKind])).toEqual(
        new Map([
          [`partner#domain#${key.value}`, `U${answers.indexOf(true)}`],
          [`contact#domain#${key.value}`, 'C1'],
        ]),
      );
      expect(await store().deleteKey(key, 'somebody else')).toBe(false);
      expect(await store().deleteKey(key, `U${answers.indexOf(true)}`)).toBe(true);
    });

    test('match keys of any length and script are told apart', async () => {
      const long = 'ß'.repeat(3_000);
      const keys = [long, `${long}!`].map((value) => ({ kind: 'partner', type: 'name', value }) as const);
      await Promise.all(keys.map((key, index) => store().putKey(key, `U${index}`, null)));

      const found = await store().readKeys(keys);

      expect([...found.values()]).toEqual(['U0', 'U1']);
    });
  });

  describe(`${title}: records`, () => {
    test('a bundle is the unified record and all its sources, and nothing of other records', async () => {
      const id = freshId();
      const unified = sampleUnified({ id });
      const sources = [
        sampleSource({ unifiedId: id, connection: 'hubspot', object: 'company', externalId: '1' }),
        sampleClaimedSource(),
      ].map((source) => ({ ...source, unifiedId: id }));
      for (const source of sources) expect(await store().putSource(source, null)).toBe(true);
      expect(await store().putUnified(unified, null)).toBe(true);
      await store().putUnified(sampleUnified({ id: freshId() }), null);

      expect(await store().readBundle('partner', id)).toEqual({ kind: 'partner', id, unified, sources });
    });

    test('a bundle of nothing has no record and no sources', async () => {
      const id = freshId();

      expect(await store().readBundle('deal', id)).toEqual({ kind: 'deal', id, sources: [] });
    });

    test('a bundle whose unified record is not yet written has its sources', async () => {
      const source = sampleSource({ unifiedId: freshId() });
      await store().putSource(source, null);

      const bundle = await store().readBundle('partner', source.unifiedId);

      expect(bundle.unified).toBeUndefined();
      expect(bundle.sources).toEqual([source]);
    });

    test('long values come back, changed or not', async () => {
      const id = freshId();
      const field = (value: string) => ({ value, at: SAMPLE_NOW, origin: 'system' as const });
      const first = sampleSource({ unifiedId: id, fields: { description: field('a'.repeat(5_000)) } });
      const second = {
        ...first,
        counter: 8,
        fields: { description: field('b'.repeat(5_000)), name: field('c'.repeat(900)) },
      };

      await store().putSource(first, null);
      expect((await store().readBundle('partner', id)).sources).toEqual([first]);
      await store().putSource(second, 7);
      expect((await store().readBundle('partner', id)).sources).toEqual([second]);
    });

    test('unified records are read by id, those that are not there left out', async () => {
      const records = [sampleUnified({ id: freshId() }), sampleUnified({ id: freshId(), version: 2 })];
      for (const record of records) await store().putUnified(record, null);

      const found = await store().readUnified('partner', [...records.map(({ id }) => id), freshId()]);

      expect(found).toEqual(new Map(records.map((record) => [record.id, record])));
    });

    test('a record is written only over the counter that was read', async () => {
      const record = sampleUnified({ id: freshId(), counter: 1 });

      expect(await store().putUnified(record, 1)).toBe(false);
      expect(await store().putUnified(record, null)).toBe(true);
      expect(await store().putUnified({ ...record, counter: 2 }, null)).toBe(false);
      expect(await store().putUnified({ ...record, counter: 2 }, 1)).toBe(true);
      expect(await store().putUnified({ ...record, counter: 3, version: 99 }, 1)).toBe(false);
      expect((await store().readUnified('partner', [record.id])).get(record.id)?.counter).toBe(2);
    });

    test('of 50 writers over one counter exactly one wins, and its content is stored', async () => {
      const source = sampleSource({ unifiedId: freshId(), counter: 1 });
      await store().putSource(source, null);

      const answers = await contend((contender) =>
        store().putSource({ ...source, counter: 2, revision: contender }, 1),
      );

      expect(winners(answers)).toBe(1);
      const [stored] = (await store().readBundle('partner', source.unifiedId)).sources;
      expect(stored?.revision).toBe(answers.indexOf(true));
    });

    test('a source record is deleted only at the counter that was read', async () => {
      const source = sampleSource({ unifiedId: freshId(), counter: 4 });
      await store().putSource(source, null);

      expect(await store().deleteSource({ ...source, counter: 3 })).toBe(false);
      expect(await store().deleteSource(source)).toBe(true);
      expect(await store().deleteSource(source)).toBe(false);
      expect((await store().readBundle('partner', source.unifiedId)).sources).toEqual([]);
    });

    test('connections and external ids of any form lie inside their bundle', async () => {
      const unifiedId = freshId();
      const refs = ['a#b', '~', '\u{1f642}', 'ÿ'].map((externalId) => ({ connection: 'zzzz', externalId }));
      for (const ref of refs) await store().putSource(sampleSource({ unifiedId, ...ref }), null);

      const { sources } = await store().readBundle('partner', unifiedId);

      expect(new Set(sources.map(({ externalId }) => externalId))).toEqual(
        new Set(refs.map(({ externalId }) => externalId)),
      );
    });

    test('values of every type come back as they were', async () => {
      const values = ['', null, true, false, 0, -1.5, 1e-300, 1.7e308, 2 ** 53, [], ['a', '']];
      const names = [
        'name',
        'domain',
        'website',
        'phone',
        'industry',
        'type',
        'street',
        'city',
        'region',
        'tier',
        'status',
      ];
      const fields = names.map((name, index) => [
        name,
        { value: values[index] ?? null, at: SAMPLE_NOW, origin: 'system' as const },
      ]);
      const source = sampleSource({ unifiedId: freshId(), fields: Object.fromEntries(fields) });
      await store().putSource(source, null);

      expect((await store().readBundle('partner', source.unifiedId)).sources).toEqual([source]);
    });
  });

  describe(`${title}: journal`, () => {
    const entry = (unifiedId: string, change: Partial<JournalEntry> = {}): JournalEntry => ({
      id: freshId(),
      kind: 'partner',
      unifiedId,
      at: SAMPLE_NOW,
      step: 'changed',
      version: 1,
      changes: { name: [undefined, 'Nordlicht'], tier: ['gold', null], specializations: [null, ['a', 'b']] },
      ...change,
    });

    test('is read newest first, up to the limit', async () => {
      const unifiedId = freshId();
      const entries = Array.from({ length: 60 }, () =>
        entry(unifiedId, { from: 'hubspot#company#1', correlationId: 'c-1' }),
      );
      await store().appendJournal(entries);

      expect(await store().readJournal('partner', unifiedId, 200)).toEqual(entries.toReversed());
      expect(await store().readJournal('partner', unifiedId, 2)).toEqual(entries.slice(-2).reverse());
    });

    test('keeps an entry once that is appended twice, and entries of other records apart', async () => {
      const [one, other] = [entry(freshId()), entry(freshId(), { step: 'held', changes: {} })];
      await store().appendJournal([one, other]);
      await store().appendJournal([one]);

      expect(await store().readJournal('partner', one.unifiedId, 10)).toEqual([one]);
      expect(await store().readJournal('partner', other.unifiedId, 10)).toEqual([other]);
    });

    test('is not part of a bundle', async () => {
      const record = sampleUnified({ id: freshId() });
      await store().putUnified(record, null);
      await store().appendJournal([entry(record.id)]);

      expect(await store().readBundle('partner', record.id)).toMatchObject({ unified: record, sources: [] });
    });
  });
}
