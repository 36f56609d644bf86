import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../../domain/model/journal.ts';
import type { SourceRecord } from '../../../domain/model/source-record.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { SAMPLE_NOW, sampleSource, sampleUnified } from '../../support/sample-records.ts';
import { freshId } from './store-contenders.ts';

/** Half of a surrogate pair, which UTF-8 cannot hold; stored text has U+FFFD in its place. */
const HALF = '\ud83d';
/** Every kind of character that a key or a value may be cut, split or sorted wrongly at. */
const ODD_TEXTS = ['a#b', '##', '~', 'ÿ', '\uffee', '\u{1f642}', 'a\u0000b', 'a b', '"\\\n', '\u{10ffff}', '%23', '='];

/** What every store must do at the edges: odd characters, sizes, order, nothing asked, and clocks that differ. */
export function describeEdges(title: string, store: () => HubStore): void {
  const field = (value: string | readonly string[]) => ({ value, at: SAMPLE_NOW, origin: 'system' as const });
  const bundleOf = async ({ kind, unifiedId }: SourceRecord) => store().readBundle(kind, unifiedId);

  describe(`${title}: odd characters`, () => {
    test.each(ODD_TEXTS)('%j is a key of its own everywhere', async (text) => {
      const id = freshId();
      const name = `${id}${text}`;
      const ref = { connection: 'hubspot', object: 'company', externalId: name };
      const key = { kind: 'partner', type: 'weak-name', value: name } as const;
      const source = sampleSource({ unifiedId: id, externalId: name });

      expect(await store().putRef(ref, 'partner', 'U1', null)).toBe(true);
      expect(await store().readRefs([ref, { ...ref, externalId: id }])).toEqual(
        new Map([[`hubspot#company#${name}`, 'U1']]),
      );
      expect(await store().putKey(key, 'U1', null)).toBe(true);
      expect(await store().readKeys([key, { ...key, value: id }])).toEqual(
        new Map([[`partner#weak-name#${name}`, 'U1']]),
      );
      expect(await store().putSource(source, null)).toBe(true);
      expect((await bundleOf(source)).sources).toEqual([source]);
      expect(await store().swapBudget(name, 1, undefined)).toBe(true);
      expect(await store().readBudget(id)).toBeUndefined();
      expect(await store().trackPage(id, 'company', name, 'add')).toBe(1);
      expect(await store().trackPage(id, 'company', `${name}x`, 'add')).toBe(2);
      expect(await store().trackPage(id, 'company', name, 'remove')).toBe(1);
      await store().putPin('partner', name, 'U1');
      expect(await store().readPin('partner', 'U1', name)).toBe(true);
      expect(await store().readPin('partner', 'U1', id)).toBe(false);
    });

    test.each(ODD_TEXTS)('%j is a value that comes back as it was', async (text) => {
      const fields = { name: field(text), specializations: field([text, `${text}2`]) };
      const source = sampleSource({
        unifiedId: freshId(),
        fields,
        held: { name: `cannot be read: ${text}` },
        refused: { name: text },
        resolved: { [text]: text },
        problems: [text],
      });
      await store().putSource(source, null);

      expect((await bundleOf(source)).sources).toEqual([source]);
    });

    test('half of a surrogate pair is stored as U+FFFD, in keys and values alike, and found by either', async () => {
      const id = freshId();
      const asked = { connection: 'hubspot', object: 'company', externalId: `${id}${HALF}` };
      const key = { kind: 'partner', type: 'weak-name', value: `${id}${HALF}` } as const;
      const source = sampleSource({
        unifiedId: id,
        fields: { name: field(`a${HALF}b`), specializations: field([HALF]) },
      });

      expect(await store().putRef(asked, 'partner', 'U1', null)).toBe(true);
      expect(await store().readRefs([asked])).toEqual(new Map([[`hubspot#company#${id}${HALF}`, 'U1']]));
      expect(await store().readRefs([{ ...asked, externalId: `${id}\ufffd` }])).toEqual(
        new Map([[`hubspot#company#${id}\ufffd`, 'U1']]),
      );
      expect(await store().deleteRef(asked, 'U1')).toBe(true);
      expect(await store().putKey(key, 'U1', null)).toBe(true);
      expect(await store().putKey(key, 'U2', null)).toBe(false);
      expect(await store().readKeys([key])).toEqual(new Map([[`partner#weak-name#${id}${HALF}`, 'U1']]));
      await store().putSource(source, null);
      expect((await bundleOf(source)).sources[0]?.fields).toEqual({
        name: field('a\ufffdb'),
        specializations: field(['\ufffd']),
      });
    });

    test('a key too long for the table is told apart by all of it', async () => {
      const id = freshId();
      const long = `${id}${'é'.repeat(1_500)}`;
      const refs = ['1', '2'].map((end) => ({ connection: 'hubspot', object: 'company', externalId: long + end }));
      for (const [index, ref] of refs.entries()) await store().putRef(ref, 'partner', `U${index}`, null);

      expect([...(await store().readRefs(refs)).values()]).toEqual(['U0', 'U1']);
    });
  });

  describe(`${title}: sizes`, () => {
    test.each([255, 256, 257, 4_096, 131_072])('a value of %d bytes comes back, in every place', async (bytes) => {
      const id = freshId();
      const text = 'v'.repeat(bytes);
      const source = sampleSource({ unifiedId: id, fields: { description: field(text), name: field(text) } });
      const own = { description: { value: `${text}!`, at: SAMPLE_NOW, origin: 'system' as const } };
      const unified = sampleUnified({ id, own });
      await store().putSource(source, null);
      await store().putUnified(unified, null);

      expect(await store().readBundle('partner', id)).toEqual({ kind: 'partner', id, unified, sources: [source] });
      expect((await store().readUnified('partner', [id])).get(id)).toEqual(unified);
    });

    test('the longest text a system allows, 131,072 letters of three bytes, comes back', async () => {
      const source = sampleSource({ unifiedId: freshId(), fields: { description: field('漢'.repeat(131_072)) } });
      await store().putSource(source, null);

      expect((await bundleOf(source)).sources).toEqual([source]);
    });

    test('a value that no item of the table can hold is refused, and nothing is written', async () => {
      const source = sampleSource({ unifiedId: freshId(), fields: { description: field('x'.repeat(410_000)) } });

      await expect(store().putSource(source, null)).rejects.toThrow();
      expect((await bundleOf(source)).sources).toEqual([]);
    });

    test('a merge of two records with the longest texts is remembered', async () => {
      // Pseudo-random letters: nothing in them can be compressed away but the copies.
      const text = incompressible(131_072);
      const sources = ['1', '2'].map((externalId) =>
        sampleSource({ externalId, fields: { description: field(text) } }),
      );
      const unified = sampleUnified();
      const fields = { description: { ...unified.fields.name, value: text } };
      const item = {
        id: freshId(),
        kind: 'partner',
        survivor: { ...unified, fields },
        loser: { ...unified, fields },
        survivorSources: sources,
        loserSources: sources,
        at: SAMPLE_NOW,
        reason: 'same domain',
        state: 'merging',
      } as Parameters<HubStore['putMerge']>[0];

      expect(await store().putMerge(item, 'absent')).toBe(true);
      expect(await store().readMerge(item.id)).toEqual(item);
    });

    test('a record of 200 sources is read whole', async () => {
      const id = freshId();
      const text = 'd'.repeat(9_000);
      const sources = Array.from({ length: 200 }, (_, index) =>
        sampleSource({
          unifiedId: id,
          externalId: String(index).padStart(4, '0'),
          fields: { ...sampleSource().fields, description: field(`${text}${index}`) },
        }),
      );
      await Promise.all(sources.map((source) => store().putSource(source, null)));

      expect((await store().readBundle('partner', id)).sources).toEqual(sources);
    });
  });

  describe(`${title}: order`, () => {
    test('sources come in the order of their addresses, by the letters’ code points', async () => {
      const unifiedId = freshId();
      const ids = ['\u{1f642}', 'b', 'B', '10', '9', 'é', '\uffee', 'a#', 'a'];
      for (const externalId of ids) await store().putSource(sampleSource({ unifiedId, externalId }), null);

      const { sources } = await store().readBundle('partner', unifiedId);

      expect(sources.map(({ externalId }) => externalId)).toEqual([
        '10',
        '9',
        'B',
        'a',
        'a#',
        'b',
        'é',
        '\uffee',
        '\u{1f642}',
      ]);
    });
  });

  describe(`${title}: journals at the edges`, () => {
    const entry = (unifiedId: string, change: Partial<JournalEntry> = {}): JournalEntry => ({
      id: freshId(),
      kind: 'partner',
      unifiedId,
      at: SAMPLE_NOW,
      step: 'changed',
      version: 1,
      changes: {},
      ...change,
    });

    test('an entry that is twice in one call is kept once, as it was the last time', async () => {
      const one = entry(freshId());
      await store().appendJournal([one, entry(freshId()), { ...one, version: 2 }]);

      expect(await store().readJournal('partner', one.unifiedId, 10)).toEqual([{ ...one, version: 2 }]);
    });

    test('entries written in any order are read by their ids; none is read when none is asked for', async () => {
      const unifiedId = freshId();
      const entries = Array.from({ length: 30 }, () => entry(unifiedId));
      await store().appendJournal(entries.toReversed());

      expect(await store().readJournal('partner', unifiedId, 200)).toEqual(entries.toReversed());
      expect(await store().readJournal('partner', unifiedId, 0)).toEqual([]);
    });
  });

  describe(`${title}: connections and windows at the edges`, () => {
    test('everything known of a connection comes back, and what is not known is not there', async () => {
      const whole = {
        connection: freshId(),
        counter: 1,
        connectedAt: SAMPLE_NOW,
        accountId: '12345',
        paused: { at: SAMPLE_NOW, reason: 'mass-change', by: 'hub' as const },
        owners: Object.fromEntries(Array.from({ length: 10_000 }, (_, id) => [String(id), `u${id}@hub.example`])),
        ownersReadAt: SAMPLE_NOW - 1,
        problems: ['p-1', 'p-2'],
        resumedAt: SAMPLE_NOW + 2,
        releasedAt: SAMPLE_NOW + 1,
        backfilledAt: { company: SAMPLE_NOW, deal: 0 },
      };
      const bare = {
        connection: freshId(),
        counter: 1,
        connectedAt: 0,
        owners: {},
        ownersReadAt: 0,
        problems: [],
        backfilledAt: {},
      };
      await store().putConnection(whole, null);
      await store().putConnection(bare, null);

      expect(await store().readConnection(whole.connection)).toEqual(whole);
      expect(await store().readConnection(bare.connection)).toEqual(bare);
    });

    test('workers whose clocks differ count in the window each one’s clock says', async () => {
      const name = freshId();

      expect(await store().count(name, 60_000, 120_000, 1)).toBe(1);
      expect(await store().count(name, 60_000, 119_999, 1)).toBe(1);
      expect(await store().count(name, 60_000, 120_001, 1)).toBe(2);
      expect(await store().count(name, 60_000, 119_998, 5)).toBe(6);
      expect(await store().count(name, 1_000, 120_001, 1)).toBe(1);
      expect(await store().count(name, 60_000, 120_001, 0)).toBe(2);
    });
  });
}

/** Letters without any pattern in them, always the same. */
function incompressible(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return String.fromCharCode(0x4e00 + ((state >>> 16) % 0x5000));
  }).join('');
}
