import { describe, expect, test } from 'vitest';
import type { CompiledMapping, MappedField } from '../../../../domain/mapping/compiled-mapping.ts';
import { raiseProblem } from '../../../../domain/pipeline/problems/raise-problem.ts';
import { resumeConnection, retryProblem } from '../../../../domain/pipeline/problems/retry-problem.ts';
import { sourceIn } from '../../../support/due-deliveries.ts';
import { bundleOf, pairedHub, problemsOf, type SmallHub, setConnection, smallHub } from '../../../support/small-hub.ts';

async function onlyProblem({ store }: SmallHub): Promise<string> {
  const { problems } = await store.listProblems({ limit: 10 });
  expect(problems).toHaveLength(1);
  return problems[0]?.id ?? '';
}

/** A pair whose `two` refuses the note that `one` holds. */
async function refusing(): Promise<{ small: SmallHub; a: string; b: string; problem: string }> {
  const { small, a, b } = await pairedHub();
  small.systems.two?.refuse('bad');
  small.systems.one?.edit(a, { NOTE: 'bad word' });
  await small.notice('one', [a]);
  await small.settle();
  return { small, a, b, problem: await onlyProblem(small) };
}

/** A pair of whose `one` no lookup lists the note, until `list` is called. */
async function holding(): Promise<{ small: SmallHub; a: string; b: string; list: () => void }> {
  let isListed = false;
  const mapping = (_connection: string, whole: CompiledMapping): CompiledMapping => {
    const fields = whole.fields.map((line): MappedField => {
      if (line.field !== 'note') return line;
      const carry: MappedField['readIn'] = (value, directory) =>
        isListed ? { ok: true, value: String(value) } : line.readIn(value, directory);
      return {
        ...line,
        readIn: carry,
        writeOut: (value, directory) => (isListed ? { ok: true, value } : line.writeOut(value, directory)),
      };
    });
    return { ...whole, fields, byField: new Map(fields.map((line) => [line.field, line])) };
  };
  const { small, a, b } = await pairedHub({ mapping });
  small.systems.one?.edit(a, { NOTE: '?odd' });
  await small.notice('one', [a]);
  await small.settle();
  return {
    small,
    a,
    b,
    list: () => {
      isListed = true;
    },
  };
}

describe('the retry of a problem', () => {
  test('sends a refused value again; when it is refused again, the same problem is open again', async () => {
    const { small, problem } = await refusing();
    const writes = small.systems.two?.calls.writes ?? 0;

    expect(await retryProblem(small.hub, problem)).toBe('queued');
    expect(await problemsOf(small)).toEqual([]);
    await small.settle();

    expect(small.systems.two?.calls.writes).toBe(writes + 1);
    expect(await onlyProblem(small)).toBe(problem);
  });

  test('forgets what was refused of that field, and of no other', async () => {
    const { small, b, problem } = await refusing();
    const source = await sourceIn(small, 'two', b);
    const refused = { ...source.refused, city: 'hash' };
    await small.store.putSource({ ...source, refused, counter: source.counter + 1 }, source.counter);

    await retryProblem(small.hub, problem);

    expect((await sourceIn(small, 'two', b)).refused).toEqual({ city: 'hash' });
    expect((await sourceIn(small, 'two', b)).problems).toEqual([]);
  });

  test('reads the record there once more', async () => {
    const { small, b, problem } = await refusing();

    await retryProblem(small.hub, problem);

    const notices = small.outbox.waiting.notices.map(({ message }) => message);
    expect(notices).toMatchObject([{ connection: 'two', ids: [b], reason: 'retry' }]);
  });

  test('of a creation refused as a whole sends it again', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    small.systems.two?.failNextWrite({ kind: 'rejected', code: 'DUPLICATE_RULE', message: 'no' }, false);
    await small.notice('one', [a]);
    await small.settle();
    expect(small.systems.two?.all()).toEqual([]);

    expect(await retryProblem(small.hub, await onlyProblem(small))).toBe('queued');
    await small.settle();

    expect(small.systems.two?.all()).toHaveLength(1);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('thaws a field that the loop guard froze, and the guard begins to count anew', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { TIER: 'gold' });
    await small.notice('one', [a]);
    await small.settle();
    for (let round = 0; round < 21; round++) {
      small.clock.now += 60_000;
      small.systems.two?.edit(b, { TIER: 'bronze' });
      await small.notice('two', [b]);
      await small.settle();
    }
    expect(small.systems.two?.read(b).TIER).toBe('bronze');

    expect(await retryProblem(small.hub, await onlyProblem(small))).toBe('queued');
    await small.settle();

    expect(small.systems.two?.read(b).TIER).toBe('gold');
    expect((await sourceIn(small, 'two', b)).tallies.tier?.count).toBe(1);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('of a value that is still not listed leaves it open, also once the record was read, and writes nothing over it', async () => {
    const { small, a } = await holding();
    const source = await sourceIn(small, 'one', a);

    expect(await retryProblem(small.hub, await onlyProblem(small))).toBe('queued');
    expect(await problemsOf(small)).toEqual(['unmapped-value:note']);
    await small.settle();

    expect(await problemsOf(small)).toEqual(['unmapped-value:note']);
    expect((await sourceIn(small, 'one', a)).held).toEqual(source.held);
    expect((await sourceIn(small, 'one', a)).problems).toEqual([await onlyProblem(small)]);
    expect(small.systems.one?.read(a).NOTE).toBe('?odd');
  });

  test('of a value that is listed by now closes it, and the value goes on', async () => {
    const { small, a, b, list } = await holding();
    list();

    expect(await retryProblem(small.hub, await onlyProblem(small))).toBe('queued');
    await small.settle();

    expect(await problemsOf(small)).toEqual([]);
    expect((await sourceIn(small, 'one', a)).held).toEqual({});
    expect(small.systems.two?.read(b).NOTE).toBe('?odd');
  });

  test('of a connection that does not answer leaves it open until it does', async () => {
    const small = await smallHub(['one']);
    const draft = { cause: 'unreachable', connection: 'one', message: 'x', nextStep: 'y' } as const;
    const id = await raiseProblem(small.hub, draft);
    await setConnection(small, 'one', (state) => ({ ...state, problems: [id] }));

    expect(await retryProblem(small.hub, id)).toBe('queued');
    expect(await problemsOf(small)).toEqual(['unreachable']);
    await small.settle();

    expect(await problemsOf(small)).toEqual([]);
  });

  test('that is cut short keeps it open', async () => {
    const { small, problem } = await refusing();
    const cut = async (): Promise<never> => {
      throw new Error('killed');
    };
    const killed = { ...small.hub, store: { ...small.store, readBundle: cut } };

    await expect(retryProblem(killed, problem)).rejects.toThrow('killed');

    expect(await problemsOf(small)).toEqual(['refused-value:note']);
  });

  test('of a record the hub has not taken in asks for the record', async () => {
    const small = await smallHub(['one']);
    const id = await raiseProblem(small.hub, {
      cause: 'refused-record',
      connection: 'one',
      object: 'thing',
      externalId: 'one-7',
      kind: 'partner',
      message: 'x',
      nextStep: 'y',
    });

    expect(await retryProblem(small.hub, id)).toBe('queued');

    expect(small.outbox.takeNotices()).toMatchObject([{ connection: 'one', ids: ['one-7'], reason: 'retry' }]);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('that meets somebody else’s write changes nothing and says so', async () => {
    const { small, b, problem } = await refusing();
    const stale = { ...small.hub, store: { ...small.store, putSource: async () => false } };

    expect(await retryProblem(stale, problem)).toBe('contended');

    expect(await problemsOf(small)).toEqual(['refused-value:note']);
    expect(Object.keys((await sourceIn(small, 'two', b)).refused)).toEqual(['note']);
  });

  test('of one that nobody knows says so', async () => {
    const small = await smallHub(['one']);

    expect(await retryProblem(small.hub, 'nowhere')).toBe('unknown-problem');
  });
});

const sweepsOf = ({ outbox }: SmallHub): string[] =>
  outbox.waiting.sweeps.map(({ message }) => `${message.connection} ${message.mode}`);

describe('resuming a connection', () => {
  const paused = { at: 1, reason: 'More than 500 records were deleted.', by: 'hub' } as const;

  test('ends its pause, answers why it was paused and nothing else, and asks for everything that may have been missed', async () => {
    const small = await smallHub(['one', 'two']);
    const about = { cause: 'mass-change', connection: 'one', message: 'm', nextStep: 'n' } as const;
    const p = await raiseProblem(small.hub, about);
    const c = await raiseProblem(small.hub, { ...about, cause: 'credential' });
    await setConnection(small, 'one', (state) => ({ ...state, paused, problems: [p, c] }));

    await resumeConnection(small.hub, 'one');

    expect((await small.store.readConnection('one'))?.paused).toBeUndefined();
    expect((await small.store.readConnection('one'))?.problems).toEqual([c]);
    expect(await problemsOf(small)).toEqual(['credential']);
    expect(sweepsOf(small)).toEqual(['one walk', 'two walk', 'one changes', 'one deletions']);
  });

  test('that is cut short before all is asked for leaves it paused, and can be asked for again', async () => {
    const small = await smallHub(['one', 'two']);
    await setConnection(small, 'one', (state) => ({ ...state, paused }));
    const failing: SmallHub['hub'] = {
      ...small.hub,
      outbox: {
        ...small.outbox,
        sweep: async (requests, delayMs) => {
          if (requests.some(({ connection }) => connection === 'two')) throw new Error('the queue does not answer');
          await small.outbox.sweep(requests, delayMs);
        },
      },
    };

    await expect(resumeConnection(failing, 'one')).rejects.toThrow('does not answer');
    expect((await small.store.readConnection('one'))?.paused).toEqual(paused);
    await resumeConnection(small.hub, 'one');

    expect((await small.store.readConnection('one'))?.paused).toBeUndefined();
    expect(sweepsOf(small)).toContain('two walk');
  });

  test('is what retrying its problem does', async () => {
    const small = await smallHub(['one']);
    const draft = { cause: 'mass-change', connection: 'one', message: 'x', nextStep: 'y' } as const;
    const id = await raiseProblem(small.hub, draft);
    await setConnection(small, 'one', (state) => ({ ...state, paused, problems: [id] }));

    expect(await retryProblem(small.hub, id)).toBe('queued');

    expect((await small.store.readConnection('one'))?.paused).toBeUndefined();
    expect(await problemsOf(small)).toEqual([]);
  });

  test('catches up in both directions', async () => {
    const { small, a, b } = await pairedHub();
    await setConnection(small, 'two', (state) => ({ ...state, paused }));
    small.systems.one?.edit(a, { NAME: 'Renamed meanwhile' });
    small.systems.two?.edit(b, { NOTE: 'noted meanwhile' });
    await small.notice('one', [a]);
    await small.notice('two', [b]);
    await small.settle();
    expect(small.systems.two?.read(b).NAME).toBe('Acme');
    expect((await bundleOf(small, 'one', a)).unified?.fields.note).toBeUndefined();

    await resumeConnection(small.hub, 'two');
    await small.settle();

    expect(small.systems.two?.read(b).NAME).toBe('Renamed meanwhile');
    expect(small.systems.one?.read(a).NOTE).toBe('noted meanwhile');
  });
});
