import { describe, expect, test } from 'vitest';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { retryProblem } from '../../../../domain/pipeline/problems/retry-problem.ts';
import { killedHub } from '../../../support/interrupted-hub.ts';
import { received } from '../../../support/meet-at-once.ts';
import { pairedHub, problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

async function edit(small: SmallHub, id: string, values: Record<string, string>): Promise<void> {
  small.clock.now += 5_000;
  small.systems.one?.edit(id, values);
  await small.notice('one', [id]);
  await small.settle();
}

/** An edit that waits for a field of `two` to be there, which it is again; another record of `two` is about to be read. */
async function shownAgain() {
  const { small, a, b } = await pairedHub();
  const other = small.systems.one?.create({ NAME: 'Beta', DOMAIN: 'beta.com' }) ?? '';
  await small.notice('one', [other]);
  await small.settle();
  const there = small.systems.two?.all().find(({ values }) => values.NAME === 'Beta')?.id ?? '';
  small.systems.two?.lack(['NOTE']);
  await small.notice('two', [b, there]);
  await edit(small, a, { NOTE: 'a' });
  small.systems.two?.lack([]);
  await small.notice('two', [there]);
  return { small, b };
}

describe('fields that an account does not have', () => {
  test('are told once for all records, and everything else goes on', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.two?.lack(['NOTE']);
    const other = small.systems.one?.create({ NAME: 'Beta', DOMAIN: 'beta.com', NOTE: 'b' }) ?? '';
    await small.notice('one', [other]);
    await small.notice('two', [b]);
    await small.settle();

    await edit(small, a, { NOTE: 'a', TIER: 'gold' });

    expect(await problemsOf(small)).toEqual(['missing-field']);
    expect(small.systems.two?.read(b)).toMatchObject({ TIER: 'gold' });
    expect(small.systems.two?.all().map(({ values }) => values.NAME)).toEqual(['Acme', 'Beta']);
  });

  test('hold up no record that is made before any was read', async () => {
    const small = await smallHub(['one', 'two']);
    small.systems.two?.lack(['NOTE', 'TIER']);
    const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'a', TIER: 'gold' }) ?? '';

    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.all().map(({ values }) => values.NAME)).toEqual(['Acme']);
    expect(await problemsOf(small)).toEqual(['missing-field']);
  });

  test('and that the mapping does not name refuse the record, since leaving them out would change nothing', async () => {
    const small = await smallHub(['one', 'two']);
    const unseen = ['HUB_ID'];
    small.systems.two?.failNextWrite(
      { kind: 'rejected', code: 'NO_FIELD', message: 'no such field', fields: unseen, unseen },
      false,
    );
    const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';

    await small.notice('one', [a]);
    await small.settle();

    expect(await problemsOf(small)).toEqual(['refused-record']);
  });

  test('are not sought again with every delivery', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.two?.lack(['NOTE']);
    await small.notice('two', [b]);
    await small.settle();
    const before = small.systems.two?.calls.writes;

    await edit(small, a, { NOTE: 'a' });

    expect(small.systems.two?.calls.writes).toBe(before);
  });

  test('are filled once they are there and somebody retries', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.two?.lack(['NOTE']);
    await small.notice('two', [b]);
    await edit(small, a, { NOTE: 'a' });
    const { problems } = await small.store.listProblems({ limit: 10 });

    small.systems.two?.lack([]);
    await retryProblem(small.hub, problems[0]?.id ?? '');
    await small.settle();

    expect(small.systems.two?.read(b).NOTE).toBe('a');
    expect(await problemsOf(small)).toEqual([]);
  });

  test('are filled once they are there and any record is read', async () => {
    const { small, b } = await shownAgain();

    await small.settle();

    expect(small.systems.two?.read(b).NOTE).toBe('a');
    expect(await problemsOf(small)).toEqual([]);
  });

  test('are filled wherever the read that shows them again is cut short', async () => {
    let moments = 0;
    for (let at = 1; at < 100; at++) {
      const { small, b } = await shownAgain();
      const message = received(small);
      const end = await absorbNotices(killedHub(small.hub, at), message).catch(() => 'killed');
      if (end !== 'killed') break;
      moments += 1;

      await absorbNotices(
        small.hub,
        message.map(({ notice }) => ({ notice, isRepeated: true })),
      );
      await small.settle();

      expect.soft(small.systems.two?.read(b).NOTE, `call ${at}`).toBe('a');
    }
    expect(moments).toBeGreaterThan(8);
  });

  test('are told again when a retry does not find them', async () => {
    const { small, b } = await pairedHub();
    small.systems.two?.lack(['NOTE']);
    await small.notice('two', [b]);
    await small.settle();
    const { problems } = await small.store.listProblems({ limit: 10 });

    await retryProblem(small.hub, problems[0]?.id ?? '');
    await small.settle();

    expect(await problemsOf(small)).toEqual(['missing-field']);
  });
});
