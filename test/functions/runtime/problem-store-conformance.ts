import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../domain/model/problem.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { SAMPLE_NOW } from '../../support/sample-records.ts';
import { contend, freshId, winners } from './store-contenders.ts';

/** What every store must do with problems. */
export function describeProblemStore(title: string, store: () => HubStore): void {
  describe(`${title}: problems`, () => {
    const problem = (change: Partial<Problem> = {}): Problem => ({
      id: freshId(),
      cause: 'refused-value',
      connection: 'hubspot',
      object: 'company',
      externalId: '1',
      field: 'tier',
      message: 'HubSpot does not take this tier.',
      nextStep: 'Add the tier to the property or change the mapping.',
      candidates: ['salesforce#Account#1'],
      state: 'open',
      openedAt: SAMPLE_NOW,
      ...change,
    });

    test('opened again stays open since its first opening and tells the newest', async () => {
      const first = problem();
      await store().openProblem(first);
      await store().openProblem({ ...first, openedAt: SAMPLE_NOW + 1, message: 'Still not.' });

      expect(await store().readProblem(first.id)).toEqual({ ...first, message: 'Still not.' });
    });

    test('closed stays closed at its first closing and leaves the list; opened again it is a new one', async () => {
      const one = problem({ openedAt: SAMPLE_NOW - 999 });
      await store().openProblem(one);
      await store().closeProblem(one.id, SAMPLE_NOW);
      await store().closeProblem(one.id, SAMPLE_NOW + 5);

      expect(await store().readProblem(one.id)).toEqual({ ...one, state: 'closed', closedAt: SAMPLE_NOW });
      expect((await listAll(store())).map(({ id }) => id)).not.toContain(one.id);

      await store().openProblem({ ...one, openedAt: SAMPLE_NOW + 9 });
      expect(await store().readProblem(one.id)).toEqual({ ...one, openedAt: SAMPLE_NOW + 9 });
      expect((await listAll(store())).map(({ id }) => id)).toContain(one.id);
    });

    test('to be opened as it was read is left alone by whoever comes second', async () => {
      const one = problem({ raisedAt: SAMPLE_NOW });
      const grown = (...candidates: readonly string[]): Problem => ({ ...one, candidates });

      expect(winners(await contend(() => store().openProblem(grown('a'), null)))).toBe(1);
      const read = await store().readProblem(one.id);
      expect(winners(await contend(() => store().openProblem(grown('a', 'c'), read)))).toBe(1);
      expect(await store().openProblem(grown('a', 'd'), read)).toBe(false);

      expect(await store().readProblem(one.id)).toEqual(grown('a', 'c'));
    });

    test('to be opened as it was read is not when it was closed since, and is when it was read closed', async () => {
      const one = problem({ raisedAt: SAMPLE_NOW });
      await store().openProblem(one);
      const open = await store().readProblem(one.id);
      await store().closeProblem(one.id, SAMPLE_NOW + 1);
      const closed = await store().readProblem(one.id);

      expect(await store().openProblem({ ...one, raisedAt: SAMPLE_NOW + 2 }, open)).toBe(false);
      expect(await store().openProblem({ ...one, raisedAt: SAMPLE_NOW + 2 }, closed)).toBe(true);

      expect(await store().readProblem(one.id)).toMatchObject({ state: 'open', raisedAt: SAMPLE_NOW + 2 });
    });

    test('that was never opened is neither there nor closed into being', async () => {
      const id = freshId();
      await store().closeProblem(id, SAMPLE_NOW);

      expect(await store().readProblem(id)).toBeUndefined();
    });

    test('read and raised again since stays open; not raised again it closes', async () => {
      const one = problem({ raisedAt: SAMPLE_NOW });
      await store().openProblem(one);
      const read = await store().readProblem(one.id);
      await store().openProblem({ ...one, raisedAt: SAMPLE_NOW + 1 });

      await store().closeProblem(one.id, SAMPLE_NOW + 2, read);
      const still = await store().readProblem(one.id);
      await store().closeProblem(one.id, SAMPLE_NOW + 3, still);

      expect(still).toMatchObject({ state: 'open', raisedAt: SAMPLE_NOW + 1 });
      expect(await store().readProblem(one.id)).toMatchObject({ state: 'closed', closedAt: SAMPLE_NOW + 3 });
    });

    const ignored = { at: SAMPLE_NOW + 1, by: 'an administrator', reason: 'The tier is on its way out.' };

    test('ignored leaves the list of open ones, stays ignored while raised for the same cause, and can be taken back', async () => {
      const one = problem({ raisedAt: SAMPLE_NOW });
      await store().openProblem(one);

      expect(await store().ignoreProblem(one.id, ignored)).toBe(true);
      expect(await store().ignoreProblem(one.id, ignored)).toBe(false);
      await store().openProblem({ ...one, openedAt: SAMPLE_NOW + 9, raisedAt: SAMPLE_NOW + 9 });

      const kept = { ...one, state: 'ignored', ignored, raisedAt: SAMPLE_NOW + 9 };
      expect(await store().readProblem(one.id)).toEqual(kept);
      expect((await listAll(store())).map(({ id }) => id)).not.toContain(one.id);
      const { problems } = await store().listProblems({ limit: 200, state: 'ignored' });
      expect(problems.filter(({ id }) => id === one.id)).toEqual([kept]);

      expect(await store().ignoreProblem(one.id, undefined)).toBe(true);
      expect(await store().ignoreProblem(one.id, undefined)).toBe(false);
      expect(await store().readProblem(one.id)).toEqual({ ...one, raisedAt: SAMPLE_NOW + 9 });
      expect((await listAll(store())).map(({ id }) => id)).toContain(one.id);
    });

    test.each([
      ['another code', { code: 'OTHER' }],
      ['another value', { about: 'h2' }],
      ['another text', { message: 'Something else.' }],
      ['other records', { candidates: ['salesforce#Account#2'] }],
    ])('ignored opens again for %s', async (_, change) => {
      const one = problem({ about: 'h1' });
      await store().openProblem(one);
      await store().ignoreProblem(one.id, ignored);

      await store().openProblem({ ...one, ...change });

      expect(await store().readProblem(one.id)).toEqual({ ...one, ...change });
      const { problems } = await store().listProblems({ limit: 200, state: 'ignored' });
      expect(problems.map(({ id }) => id)).not.toContain(one.id);
    });

    test('ignored closes when its cause is gone, and is not ignored when it comes again', async () => {
      const one = problem();
      await store().openProblem(one);
      await store().ignoreProblem(one.id, ignored);

      await store().closeProblem(one.id, SAMPLE_NOW + 5);
      expect(await store().readProblem(one.id)).toEqual({ ...one, state: 'closed', closedAt: SAMPLE_NOW + 5 });
      expect(await store().ignoreProblem(one.id, ignored)).toBe(false);

      await store().openProblem(one);
      expect(await store().readProblem(one.id)).toEqual(one);
    });

    test('that nobody knows cannot be ignored', async () => {
      expect(await store().ignoreProblem(freshId(), ignored)).toBe(false);
    });

    test('are listed oldest first, each once, over any pages', async () => {
      const opened = Array.from({ length: 45 }, (_, index) => problem({ openedAt: 1_000 + ((index * 7) % 45) }));
      await Promise.all(opened.map((each) => store().openProblem(each)));

      for (const limit of [1, 7, 200]) {
        const listed = (await listAll(store(), limit)).filter(({ openedAt }) => openedAt < 2_000);
        expect(listed).toEqual(opened.toSorted((a, b) => a.openedAt - b.openedAt));
      }
      await Promise.all(opened.map(({ id }) => store().closeProblem(id, SAMPLE_NOW)));
    });
  });
}

/** Every open problem, page by page; at most 100 pages. */
async function listAll(store: HubStore, limit = 50): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  let after: string | undefined;
  for (let page = 0; page < 100; page += 1) {
    const answer = await store.listProblems({ limit, ...(after === undefined ? {} : { after }) });
    problems.push(...answer.problems);
    after = answer.next;
    if (after === undefined) return problems;
  }
  throw new Error('The list of problems does not end.');
}
