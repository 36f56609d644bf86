import { describe, expect, test } from 'vitest';
import type { Problem, ProblemCause } from '../../../../domain/model/problem.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { retryProblems } from '../../../../domain/pipeline/problems/find-problems.ts';
import { ignoreProblem } from '../../../../domain/pipeline/problems/ignore-problem.ts';
import { closeProblems, raiseProblem } from '../../../../domain/pipeline/problems/raise-problem.ts';
import { retryProblem } from '../../../../domain/pipeline/problems/retry-problem.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import {
  bundleOf,
  pairedHub,
  problemsOf,
  type SmallHub,
  setConnection,
  smallHub,
  withPort,
} from '../../../support/small-hub.ts';

const REVIEW_EVERY_MS = 300_000;

/** The hub while `one` answers for every record that it cannot be read. */
function failingReads({ hub }: SmallHub): Hub {
  const fault = { kind: 'defect', code: 'CONNECTOR_THREW', message: 'not foreseen' } as const;
  return withPort(hub, 'one', () => ({
    read: async (_object, ids) => ({ ok: true, value: ids.map(() => ({ outcome: 'failed', fault })) }),
  }));
}

async function absorb(hub: Hub, id: string): Promise<void> {
  const notice = { schema: 1, connection: 'one', object: 'thing', ids: [id], attempts: 0, correlationId: 'c' } as const;
  await absorbNotices(hub, [{ notice: { ...notice, reason: 'webhook' }, isRepeated: false }]);
}

/** The hub while somebody else always writes the unified record and its sources first. */
function contended({ hub, store }: SmallHub): Hub {
  return { ...hub, store: { ...store, putSource: async () => false, putUnified: async () => false } };
}

describe('the review of problems', () => {
  test('does not take an earlier reading for the end of a failure that came after it', async () => {
    const { small, a } = await pairedHub();
    await absorb(failingReads(small), a);
    small.clock.now += 10_000;
    small.systems.one?.edit(a, { NOTE: 'read in between' });
    await absorb(small.hub, a);
    small.clock.now += 10_000;
    await absorb(failingReads(small), a);
    expect(await problemsOf(small)).toEqual(['defect']);

    small.clock.now += REVIEW_EVERY_MS;
    expect(await reviewProblems(small.hub)).toEqual({ 'ask-read': 1 });

    expect(await problemsOf(small)).toEqual(['defect']);
  });

  test('goes on behind a problem that it cannot judge', async () => {
    const { small, a } = await pairedHub();
    // As a newer version of the hub may raise it while this one still runs.
    const cause = 'of-a-newer-version' as ProblemCause;
    const about = { connection: 'one', object: 'thing', externalId: a, message: 'm', nextStep: 'n' };
    await raiseProblem(small.hub, { ...about, cause });
    await raiseProblem(small.hub, { ...about, cause: 'unmapped-value', field: 'note' });

    small.clock.now += REVIEW_EVERY_MS;
    await reviewProblems(small.hub);

    expect(await problemsOf(small)).toEqual([cause]);
  });
});

test('a review that fails at one problem closes the others, goes on behind it, and fails', async () => {
  const { small, a, b } = await pairedHub();
  for (const [connection, externalId] of [
    ['one', a],
    ['two', b],
  ] as const) {
    const about = { connection, object: 'thing', externalId, message: 'm', nextStep: 'n', field: 'note' };
    await raiseProblem(small.hub, { ...about, cause: 'unmapped-value' });
  }
  const directory = async (connection: string) => {
    if (connection === 'one') throw new Error('a defect');
    return small.hub.directory(connection);
  };

  small.clock.now += REVIEW_EVERY_MS;
  const broken = { ...small.hub, directory };
  await expect(reviewProblems(broken)).rejects.toThrow('a defect');

  expect((await small.store.listProblems({ limit: 9 })).problems.map(({ connection }) => connection)).toEqual(['one']);
  expect(await reviewProblems(broken)).toEqual({});
});

describe('a retry that finds the record being written', () => {
  async function withProblem(): Promise<{ small: SmallHub; problem: Problem }> {
    const { small, a } = await pairedHub();
    small.systems.two?.refuse('bad');
    small.systems.one?.edit(a, { NOTE: 'bad word' });
    await small.notice('one', [a]);
    await small.settle();
    const [problem] = (await small.store.listProblems({ limit: 1 })).problems;
    if (problem === undefined) throw new Error('nothing was refused');
    return { small, problem };
  }

  test('leaves a closed problem closed', async () => {
    const { small, problem } = await withProblem();
    await closeProblems(small.hub, [problem.id]);

    expect(await retryProblem(contended(small), problem.id)).toBe('contended');

    expect(await problemsOf(small)).toEqual([]);
  });

  test('leaves an ignored problem ignored', async () => {
    const { small, problem } = await withProblem();
    await ignoreProblem(small.hub, problem.id, { by: 'ann', reason: 'known' });

    expect(await retryProblem(contended(small), problem.id)).toBe('contended');

    expect((await small.store.readProblem(problem.id))?.ignored).toMatchObject({ by: 'ann', reason: 'known' });
  });
});

test('a merge does not ask again what was answered before', async () => {
  const small = await smallHub(['one']);
  const ids: string[] = [];
  for (const name of ['Acme', 'Globex', 'Initech']) {
    const external = small.systems.one?.create({ NAME: name }) ?? '';
    await small.notice('one', [external]);
    await small.settle();
    ids.push((await bundleOf(small, 'one', external)).id);
  }
  const [one = '', two = '', three = ''] = ids;
  const question = { cause: 'doubtful-match', connection: 'hub', kind: 'partner', unifiedId: one } as const;
  const id = await raiseProblem(small.hub, { ...question, message: 'm', nextStep: 'n', candidates: [one, two, three] });
  await closeProblems(small.hub, [id]);

  expect(await mergeByPerson(small.hub, 'partner', one, two, 'ann')).toBe('done');

  expect((await small.store.readProblem(id))?.state).toBe('closed');
});

describe('a pause', () => {
  const paused = { at: 1, reason: 'More than 500 records were deleted.', by: 'hub' } as const;
  const about = { connection: 'one', message: 'm', nextStep: 'n' } as const;

  test('outlives a retry of the connection’s other problems', async () => {
    const small = await smallHub(['one']);
    const id = await raiseProblem(small.hub, { ...about, cause: 'unreachable' });
    await setConnection(small, 'one', (state) => ({ ...state, paused, problems: [id] }));

    expect(await retryProblem(small.hub, id)).toBe('queued');

    expect((await small.store.readConnection('one'))?.paused).toEqual(paused);
    expect(small.outbox.waiting.sweeps.map(({ message }) => message.mode)).toEqual(['changes']);
  });

  test('ends with a retry of many only when its cause is named', async () => {
    const small = await smallHub(['one']);
    const id = await raiseProblem(small.hub, { ...about, cause: 'mass-change' });
    await setConnection(small, 'one', (state) => ({ ...state, paused, problems: [id] }));

    expect(await retryProblems(small.hub, { connection: 'one' }, undefined)).toMatchObject({ retried: 0, pauses: 1 });
    expect((await small.store.readConnection('one'))?.paused).toEqual(paused);

    expect(await retryProblems(small.hub, { cause: 'mass-change' }, undefined)).toMatchObject({ retried: 1 });
    expect((await small.store.readConnection('one'))?.paused).toBeUndefined();
  });
});
