import { describe, expect, test } from 'vitest';
import type { Erasure } from '../../../domain/model/erasure.ts';
import type { MergeItem } from '../../../domain/model/journal.ts';
import type { Problem } from '../../../domain/model/problem.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { SAMPLE_NOW, sampleSource, sampleUnified } from '../../support/sample-records.ts';
import { contend, freshId, winners } from './store-contenders.ts';

/** What every store must do for an erasure. */
export function describeErasureStore(title: string, store: () => HubStore): void {
  describe(`${title}: what is kept beside a record`, () => {
    test('keys are noted for one record, once, however often', async () => {
      const id = freshId();
      const other = freshId();
      const keys = ['weak-name:anna|berg', 'email:anna@berg.example', 'weak-phone:\\+49'];

      await store().noteKeys('contact', id, []);
      await store().noteKeys('contact', id, keys);
      await store().noteKeys('contact', id, keys.toReversed());
      await store().noteKeys('contact', id, ['weak-name:berg']);

      expect(await store().readNotedKeys('contact', id)).toEqual([...keys, 'weak-name:berg'].sort());
      expect(await store().readNotedKeys('contact', other)).toEqual([]);
      expect(await store().readNotedKeys('partner', id)).toEqual([]);
    });

    test('borrowers are noted for one record, once, however often, and read up to a limit', async () => {
      const [id, other] = [freshId(), freshId()];
      const [first, second] = [{ kind: 'deal', id: '01A' } as const, { kind: 'deal', id: '01B' } as const];

      for (const borrower of [second, first, second]) await store().noteBorrower('partner', id, borrower);

      expect(await store().readBorrowers('partner', id, 10)).toEqual([first, second]);
      expect(await store().readBorrowers('partner', id, 1)).toEqual([first]);
      expect(await store().readBorrowers('partner', other, 10)).toEqual([]);
      expect(await store().readBorrowers('deal', id, 10)).toEqual([]);
      expect(await store().readBundle('partner', id)).toEqual({ kind: 'partner', id, sources: [] });
    });

    test('journal entries of a time are forgotten, both ends included, and no others', async () => {
      const id = freshId();
      const at = (moment: number) => ({
        id: `01J${String(moment).padStart(23, '0')}`,
        kind: 'partner' as const,
        unifiedId: id,
        at: moment,
        step: 'changed' as const,
        version: 1,
        changes: {},
      });
      await store().appendJournal([10, 20, 30, 40].map(at));

      await store().forgetJournal('partner', id, 20, 30);

      expect((await store().readJournal('partner', id, 10)).map((entry) => entry.at)).toEqual([40, 10]);
    });

    test('forgetting the history leaves the record and its sources, and other records', async () => {
      const [id, other] = [freshId(), freshId()];
      const entry = { id: '01J', kind: 'partner', at: 1, step: 'changed', version: 1, changes: {} } as const;
      await store().appendJournal(
        Array.from({ length: 450 }, (_, index) => ({
          ...entry,
          id: `01J${String(index).padStart(23, '0')}`,
          unifiedId: id,
        })),
      );
      await store().appendJournal([{ ...entry, unifiedId: other }]);
      await store().noteKeys('partner', id, ['domain:x']);
      await store().noteBorrower('partner', id, { kind: 'deal', id: other });
      await store().putMerge(merge(id, other), 'absent');
      const record = sampleUnified({ id, counter: 1 });
      const source = sampleSource({ unifiedId: id, counter: 1 });
      await store().putUnified(record, null);
      await store().putSource(source, null);

      await store().forgetHistory('partner', id);

      expect(await store().readJournal('partner', id, 200)).toEqual([]);
      expect(await store().readNotedKeys('partner', id)).toEqual([]);
      expect(await store().readBorrowers('partner', id, 10)).toEqual([]);
      expect(await store().readMergesOf('partner', id)).toEqual([]);
      expect(await store().readBundle('partner', id)).toEqual({
        kind: 'partner',
        id,
        unified: record,
        sources: [source],
      });
      expect(await store().readJournal('partner', other, 10)).toHaveLength(1);
      expect(await store().readMergesOf('partner', other)).toEqual([`${id}.${other}`]);
    });

    test('a tombstone and an emptied source record come back as they were put', async () => {
      const id = freshId();
      const refs = ['hubspot#contact#7', 'salesforce#Contact#0|03#x'];
      const tombstone = sampleUnified({ id, counter: 1, state: 'erased', fields: {}, own: {}, keys: [], seats: {} });
      const record = { ...tombstone, erased: { at: SAMPLE_NOW, under: freshId(), refs } };
      const shell = sampleSource({ unifiedId: id, counter: 1, state: 'erased', fields: {} });

      await store().putUnified(record, null);
      await store().putSource(shell, null);

      expect(await store().readBundle('partner', id)).toMatchObject({ unified: record, sources: [shell] });
    });
  });

  describe(`${title}: merges and problems`, () => {
    test('a merge is named by both its records until it is deleted', async () => {
      const [survivor, loser] = [freshId(), freshId()];
      const item = merge(survivor, loser);
      await store().putMerge(item, 'absent');
      await store().putMerge({ ...item, state: 'merged' }, 'present');

      expect(await store().readMergesOf('partner', survivor)).toEqual([item.id]);
      expect(await store().readMergesOf('partner', loser)).toEqual([item.id]);
      await store().deleteMerge('partner', item.id);
      await store().deleteMerge('partner', item.id);
      expect(await store().readMerge(item.id)).toBeUndefined();
      expect(await store().readMergesOf('partner', survivor)).toEqual([]);
      expect(await store().readMergesOf('partner', loser)).toEqual([]);
      expect(await store().putMerge(item, 'present')).toBe(false);
      expect(await store().readMergesOf('partner', survivor)).toEqual([]);
    });

    test('problems are deleted open and closed, and others stay', async () => {
      const [open, closed, other] = [problem(), problem(), problem()];
      for (const each of [open, closed, other]) await store().openProblem(each);
      await store().closeProblem(closed.id, SAMPLE_NOW);

      await store().deleteProblems([open.id, closed.id, freshId()]);
      await store().deleteProblems([]);

      expect(await store().readProblem(open.id)).toBeUndefined();
      expect(await store().readProblem(closed.id)).toBeUndefined();
      expect(await store().readProblem(other.id)).toMatchObject({ state: 'open' });
    });
  });

  describe(`${title}: the list of erasures`, () => {
    test('an erasure is written from where it is expected, by one of many', async () => {
      const erasure = erasureOf(freshId());

      expect(await store().readErasure('contact', erasure.id)).toBeUndefined();
      expect(winners(await contend(() => store().putErasure(erasure, null)))).toBe(1);
      expect(await store().readErasure('contact', erasure.id)).toEqual(erasure);
      const done = { ...erasure, doneAt: SAMPLE_NOW, counter: 2 };
      expect(await store().putErasure(done, 7)).toBe(false);
      expect(await store().putErasure(done, 1)).toBe(true);
      expect(await store().readErasure('contact', erasure.id)).toEqual(done);
      expect(await store().readErasure('partner', erasure.id)).toBeUndefined();
    });

    test('all of them are listed, page by page', async () => {
      const ids = Array.from({ length: 5 }, () => freshId()).sort();
      for (const id of ids) await store().putErasure(erasureOf(id), null);

      const listed: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < 200; page += 1) {
        const answer = await store().listErasures({ limit: 2, ...(after === undefined ? {} : { after }) });
        expect(answer.erasures.length).toBeLessThanOrEqual(2);
        listed.push(...answer.erasures.map(({ id }) => id));
        after = answer.next;
        if (after === undefined) break;
      }

      expect(listed.filter((id) => ids.includes(id))).toEqual(ids);
      expect(new Set(listed).size).toBe(listed.length);
    });
  });
}

function erasureOf(id: string): Erasure {
  const refs = [`hubspot#contact#${id}`];
  return { kind: 'contact', id, ids: [id], refs, keepIn: ['salesforce'], at: SAMPLE_NOW, by: 'officer', counter: 1 };
}

function merge(survivorId: string, loserId: string): MergeItem {
  return {
    id: `${survivorId}.${loserId}`,
    kind: 'partner',
    survivor: sampleUnified({ id: survivorId }),
    loser: sampleUnified({ id: loserId }),
    survivorSources: [],
    loserSources: [],
    at: SAMPLE_NOW,
    reason: 'test',
    state: 'merging',
  };
}

function problem(): Problem {
  return {
    id: freshId(),
    cause: 'duplicate',
    connection: 'hubspot',
    message: 'Twice.',
    nextStep: 'Merge.',
    state: 'open',
    openedAt: SAMPLE_NOW,
  };
}
