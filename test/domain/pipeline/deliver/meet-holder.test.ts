import { describe, expect, test } from 'vitest';
import { retryProblem } from '../../../../domain/pipeline/problems/retry-problem.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import { absorbOne, deliver, dueFor } from '../../../support/due-deliveries.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub, withPort } from '../../../support/small-hub.ts';

/** Two companies, one in each system, share a note, which `two` keeps unique. The one in `one` is to be made in `two`. */
async function twoOfOneNote(): Promise<{ small: SmallHub; a: string; b: string; id: string; holderId: string }> {
  const small = await smallHub(['one', 'two'], { directions: { one: 'in' } });
  const b = small.systems.two?.create({ NAME: 'Globex', DOMAIN: 'globex.com', NOTE: 'x' }) ?? '';
  await small.notice('two', [b]);
  await small.settle();
  small.systems.two?.keepUnique('NOTE');
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'x' }) ?? '';
  await absorbOne(small, [a]);
  const { id } = await bundleOf(small, 'one', a);
  return { small, a, b, id, holderId: (await bundleOf(small, 'two', b)).id };
}

async function refused(): ReturnType<typeof twoOfOneNote> {
  const world = await twoOfOneNote();
  await deliver(world.small.hub, dueFor(world.id));
  await world.small.settle();
  return world;
}

describe('a creation that meets another known record with a value that must be unique', () => {
  test('is a question within a minute, which names that record, what it holds and the ways out', async () => {
    const { small, b, id, holderId } = await twoOfOneNote();
    const begun = small.clock.now;

    await deliver(small.hub, dueFor(id));
    await small.settle();

    const [problem, ...others] = (await small.store.listProblems({ limit: 10 })).problems;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ cause: 'value-taken', connection: 'two', unifiedId: id, faultKind: 'conflict' });
    expect(problem?.candidates).toEqual([`two#thing#${b}`]);
    expect(problem?.message).toContain(`thing ${b} there holds the same note`);
    expect(problem?.nextStep).toContain(`npx hub merge partner ${holderId} ${id}`);
    expect(problem?.nextStep).toContain(`npx hub retry ${problem?.id}`);
    expect(small.clock.now - begun).toBeLessThan(60_000);
  });

  test('is not sent again but by the review, once an hour', async () => {
    const { small } = await refused();
    const before = small.systems.two?.calls.writes ?? 0;

    for (let minute = 0; minute < 180; minute += 5) {
      small.clock.now += 300_000;
      await reviewProblems(small.hub);
      await small.settle();
    }

    expect((small.systems.two?.calls.writes ?? 0) - before).toBeLessThanOrEqual(4);
    expect(await problemsOf(small)).toEqual(['value-taken']);
  });

  test('is named in its record, and answered at once by a retry when the value is free', async () => {
    const { small, a, b } = await refused();
    const { unified } = await bundleOf(small, 'one', a);
    const seat = unified?.seats['two#thing'];
    const [problem] = (await small.store.listProblems({ limit: 10 })).problems;
    expect(seat !== undefined && 'creating' in seat ? seat.problems : []).toEqual([problem?.id]);

    small.systems.two?.edit(b, { NOTE: null });
    await retryProblem(small.hub, problem?.id ?? '');
    await small.settle();

    expect(await problemsOf(small)).toEqual([]);
    expect(small.systems.two?.all()).toHaveLength(2);
  });

  test('says what to do where that record was erased', async () => {
    const { small, id, holderId } = await twoOfOneNote();
    const { unified } = await small.store.readBundle('partner', holderId);
    if (unified === undefined) throw new Error('not unified');
    const erased = { at: small.clock.now, under: holderId, refs: [] };
    const next = { ...unified, state: 'erased', fields: {}, seats: {}, keys: [], erased } as const;
    await small.store.putUnified({ ...next, counter: unified.counter + 1 }, unified.counter);

    await deliver(small.hub, dueFor(id));
    await small.settle();

    const [problem] = (await small.store.listProblems({ limit: 10 })).problems;
    expect(problem).toMatchObject({ cause: 'value-taken' });
    expect(problem?.nextStep).toContain('was erased: delete it there');
    expect(problem?.nextStep).not.toContain('npx hub merge');
  });

  test('goes on by itself while that record is only being joined with this one', async () => {
    const { small, id, b, holderId } = await twoOfOneNote();
    const joined = withPort(small.hub, 'two', (port) => ({
      write: async (...call) => {
        await small.store.putRef({ connection: 'two', object: 'thing', externalId: b }, 'partner', id, holderId);
        return port.write(...call);
      },
    }));

    await deliver(joined, dueFor(id, { attempts: 50 }));

    expect(await problemsOf(small)).toEqual([]);
    expect(small.outbox.waiting.deliveries).toHaveLength(1);
  });
});
