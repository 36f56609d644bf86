import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../domain/model/problem.ts';
import { bundleOf, pairedHub, problemsOf, type SmallHub, smallHub } from '../../support/small-hub.ts';
import { tinyVocabulary } from '../../support/tiny-mapping.ts';
import { servedHub } from './served-hub.ts';

function problem(id: string, change: Partial<Problem> = {}): Problem {
  return {
    id,
    cause: 'refused-value',
    connection: 'one',
    object: 'thing',
    externalId: `one-${id}`,
    kind: 'partner',
    message: 'one refused it.',
    nextStep: 'Correct it.',
    state: 'open',
    openedAt: 1_700_000_000_000,
    ...change,
  };
}

async function withProblems(...problems: readonly Problem[]): Promise<SmallHub> {
  const small = await smallHub(['one', 'two']);
  for (const each of problems) await small.store.openProblem(each);
  return small;
}

describe('the list of problems', () => {
  test('tells open ones, oldest first, page by page', async () => {
    const small = await withProblems(
      problem('c', { openedAt: 3_000 }),
      problem('a', { openedAt: 1_000 }),
      problem('b', { openedAt: 2_000 }),
    );
    const { get } = await servedHub(small);

    const first = await get('/problems?limit=2');
    const second = await get(`/problems?limit=2&after=${encodeURIComponent(String(first.body.next))}`);

    expect(first.status).toBe(200);
    expect(first.body.problems).toMatchObject([
      { id: 'a', openedAt: '1970-01-01T00:00:01.000Z', nextStep: 'Correct it.' },
      { id: 'b' },
    ]);
    expect(second.body).toMatchObject({ problems: [{ id: 'c' }] });
    expect('next' in second.body).toBe(false);
  });

  test('says what people call the records, which no problem holds itself', async () => {
    const small = await smallHub(['one', 'two'], { vocabulary: { ...tinyVocabulary(), called: ['name', 'city'] } });
    const ids = [
      small.systems.one?.create({ NAME: 'Nordlicht', CITY: 'Kiel' }) ?? '',
      small.systems.one?.create({ NAME: 'Havelwerke' }) ?? '',
    ];
    await small.notice('one', ids);
    await small.settle();
    const [first, second] = await Promise.all(ids.map((id) => bundleOf(small, 'one', id)));
    const candidates = [first?.id ?? '', `one#thing#${ids[1]}`, 'gone'];
    await small.store.openProblem(problem('a', { openedAt: 1, externalId: ids[0] ?? '', candidates }));
    await small.store.openProblem(problem('b', { openedAt: 2, externalId: 'nobody', unifiedId: second?.id ?? '' }));
    await small.store.openProblem(problem('c', { openedAt: 3, externalId: 'unknown' }));
    const { get } = await servedHub(small);

    const { body } = await get('/problems');

    const one = { kind: 'partner', id: first?.id, name: 'Nordlicht Kiel' };
    const other = { kind: 'partner', id: second?.id, name: 'Havelwerke' };
    expect(body.problems).toMatchObject([
      {
        id: 'a',
        record: one,
        others: { [first?.id ?? '']: one, [`one#thing#${ids[1]}`]: other, gone: { id: 'gone' } },
      },
      { id: 'b', record: other },
      { id: 'c', others: {} },
    ]);
    expect(JSON.stringify(await small.store.readProblem('a'))).not.toContain('Nordlicht');
  });

  test('says which value no lookup lists', async () => {
    const { small, a } = await pairedHub();
    small.systems.one?.edit(a, { NOTE: '?Sun & Wind' });
    await small.notice('one', [a]);
    await small.settle();
    await small.store.openProblem(problem('z', { openedAt: 1_900_000_000_000 }));
    const { get } = await servedHub(small);

    const { body } = await get('/problems');

    expect(body.problems).toMatchObject([{ cause: 'unmapped-value', value: '?Sun & Wind' }, { id: 'z' }]);
    expect(JSON.stringify(body).match(/"value"/g)).toHaveLength(1);
  });

  test('names the causes there are to who asks for another', async () => {
    const { get } = await servedHub();

    const { status, body } = await get('/problems?cause=nonsense');

    expect(status).toBe(400);
    expect(body.error).toMatch(
      /^cause: there is none called "nonsense"\. There are unmapped-value, refused-value, .*, invitation; or a kind of fault: throttled, .*\.$/,
    );
  });

  test('is of fifty unless asked otherwise', async () => {
    const many = Array.from({ length: 51 }, (_, index) => problem(`p${index}`, { openedAt: index }));
    const { get } = await servedHub(await withProblems(...many));

    expect((await get('/problems')).body.problems).toHaveLength(50);
  });

  test.each(['0', '201', '1.5', 'all', '-1'])('is not of %s', async (limit) => {
    const { get } = await servedHub();

    expect(await get(`/problems?limit=${limit}`)).toEqual({
      status: 400,
      body: { error: 'limit is a whole number from 1 to 200.' },
    });
  });
});

describe('some of the problems', () => {
  const many = [
    problem('a', { openedAt: 1, connection: 'two' }),
    problem('b', { openedAt: 2, faultKind: 'rejected' }),
    problem('c', { openedAt: 3, cause: 'loop' }),
    problem('d', { openedAt: 4, faultKind: 'rejected' }),
    problem('e', { openedAt: 5, faultKind: 'rejected', cause: 'refused-record' }),
  ];
  const ids = ({ body }: { readonly body: Record<string, unknown> }): unknown =>
    // The API's own answer.
    (body.problems as readonly { id: string }[]).map(({ id }) => id);

  test('are found by cause, kind of fault and connection, over any pages', async () => {
    const { get } = await servedHub(await withProblems(...many));

    expect(ids(await get('/problems?cause=refused-value'))).toEqual(['a', 'b', 'd']);
    expect(ids(await get('/problems?cause=rejected'))).toEqual(['b', 'd', 'e']);
    expect(ids(await get('/problems?cause=refused-value&connection=one'))).toEqual(['b', 'd']);
    const first = await get('/problems?cause=rejected&limit=1');
    expect(ids(first)).toEqual(['b']);
    const rest = `/problems?cause=rejected&limit=200&after=${encodeURIComponent(String(first.body.next))}`;
    expect(ids(await get(rest))).toEqual(['d', 'e']);
    expect((await get('/problems?cause=nonsense')).status).toBe(400);
  });

  test('are counted by cause and connection, the most first', async () => {
    const small = await withProblems(...many);
    await small.store.ignoreProblem('c', { at: 1, by: 'x', reason: 'y' });
    const { get } = await servedHub(small);

    expect((await get('/problems/summary')).body).toMatchObject({
      groups: [
        { cause: 'refused-value', connection: 'one', count: 2, oldestAt: '1970-01-01T00:00:00.002Z' },
        { cause: 'refused-value', connection: 'two', count: 1 },
        { cause: 'refused-record', connection: 'one', count: 1 },
      ],
      isMore: false,
      ignored: 1,
    });
  });

  test('of a connection that is not there are 404, with those there are', async () => {
    const { get, post } = await servedHub(await withProblems(...many));
    const answer = { status: 404, body: { error: 'There is no connection nope; there are one, two.' } };

    expect(await get('/problems?connection=nope')).toEqual(answer);
    expect(await get('/problems/summary?connection=nope')).toEqual(answer);
    expect(await post('/problems/retry', { connection: 'nope' })).toEqual(answer);
  });

  test('are found of the hub itself, and of a connection that is configured no more as long as some are left', async () => {
    const small = await withProblems(problem('h', { connection: 'hub' }), problem('g', { connection: 'gone' }));
    const { get } = await servedHub(small);

    expect(ids(await get('/problems?connection=hub'))).toEqual(['h']);
    expect(ids(await get('/problems?connection=gone'))).toEqual(['g']);
    await small.store.closeProblem('h', 1);
    await small.store.closeProblem('g', 1);
    expect((await get('/problems?connection=hub')).status).toBe(200);
    expect((await get('/problems?connection=gone')).status).toBe(404);
  });

  test('are tried again together, and not more than once', async () => {
    const small = await withProblems(...many, problem('f', { openedAt: 1_900_000_000_000, faultKind: 'rejected' }));
    const { post } = await servedHub(small);

    const answer = await post('/problems/retry', { cause: 'rejected' });

    expect(answer).toEqual({ status: 202, body: { before: small.clock.now, retried: 3, busy: 0, pauses: 0 } });
    expect(small.outbox.takeNotices().flatMap((notice) => notice.ids)).toEqual(['one-b', 'one-d', 'one-e']);
    expect((await small.store.listProblems({ limit: 9 })).problems.map(({ id }) => id)).toEqual(['a', 'c', 'f']);
    expect((await post('/problems/retry', {})).status).toBe(400);
  });
});

describe('the retry of a problem', () => {
  test('queues its record and is accepted', async () => {
    const small = await withProblems(problem('a'));
    const { post } = await servedHub(small);

    expect(await post('/problems/a/retry')).toEqual({ status: 202, body: { retried: 'a' } });

    expect(small.outbox.takeNotices()).toMatchObject([{ ids: ['one-a'], reason: 'retry' }]);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('that nobody knows is 404', async () => {
    const { post } = await servedHub();

    expect(await post('/problems/x/retry')).toEqual({ status: 404, body: { error: 'There is no problem x.' } });
  });

  test('that meets somebody else’s write is 409 and stays open', async () => {
    const small = await smallHub(['one', 'two']);
    small.systems.one?.create({ NAME: 'Acme' });
    await small.notice('one', ['one-1']);
    await small.settle();
    await small.store.openProblem(problem('1'));
    const { post } = await servedHub(small, ({ store }) => ({ store: { ...store, putSource: async () => false } }));

    expect(await post('/problems/1/retry')).toEqual({
      status: 409,
      body: { error: 'The record is being written just now; try again.' },
    });
    expect(await problemsOf(small)).toEqual(['refused-value']);
  });
});

describe('ignoring a problem', () => {
  async function doubtful(): Promise<SmallHub> {
    const small = await smallHub(['one', 'two']);
    for (const connection of ['one', 'two']) {
      const id = small.systems[connection]?.create({ NAME: 'Quarry Robotics' }) ?? '';
      await small.notice(connection, [id]);
      await small.settle();
    }
    return small;
  }

  const onlyProblem = async ({ store }: SmallHub): Promise<string> =>
    (await store.listProblems({ limit: 1 })).problems[0]?.id ?? '';

  test('keeps the two of a likeness apart', async () => {
    const small = await doubtful();
    const id = await onlyProblem(small);
    const { post } = await servedHub(small);

    expect((await post(`/problems/${id}/ignore`)).status).toBe(400);
    expect(await problemsOf(small)).toEqual(['doubtful-match']);
    const answer = await post(`/problems/${id}/ignore`, { reason: 'Two towns.' });
    expect(answer).toEqual({ status: 200, body: { ignored: id, keptApart: true } });
    expect(await problemsOf(small)).toEqual([]);
  });

  test('that meets somebody else’s write is 409', async () => {
    const small = await doubtful();
    const { post } = await servedHub(small, ({ store }) => ({ store: { ...store, putUnified: async () => false } }));

    const path = `/problems/${await onlyProblem(small)}/ignore`;
    expect((await post(path, { reason: 'Two towns.' })).status).toBe(409);
    expect(await problemsOf(small)).toEqual(['doubtful-match']);
  });

  test('of any other kind needs a reason, which is kept with who gave it', async () => {
    const small = await withProblems(problem('a', { unifiedId: 'u1' }));
    const { get, post } = await servedHub(small);

    expect((await post('/problems/a/ignore')).status).toBe(400);
    expect((await post('/problems/a/ignore', { reason: ' ' })).status).toBe(400);
    expect((await post('/problems/a/ignore', { reason: 'Known.' })).body).toEqual({ ignored: 'a', keptApart: false });
    expect((await post('/problems/a/ignore', { reason: 'Known.' })).status).toBe(409);

    expect((await get('/problems')).body.problems).toEqual([]);
    expect((await get('/problems?state=ignored')).body.problems).toMatchObject([
      { id: 'a', state: 'ignored', ignored: { by: 'local', reason: 'Known.', at: '2023-11-14T22:13:20.000Z' } },
    ]);
    expect(await small.store.readJournal('partner', 'u1', 10)).toMatchObject([
      { step: 'ignored', by: 'local', note: 'refused-value at one: Known.' },
    ]);
  });

  test('that answered a question says with what when it is to be taken back, and what says otherwise', async () => {
    const small = await doubtful();
    const id = await onlyProblem(small);
    const [own, other] = (await small.store.readProblem(id))?.candidates ?? [];
    const { get, post } = await servedHub(small);
    expect(await post(`/problems/${id}/attend`)).toEqual({
      status: 409,
      body: { error: `The problem ${id} is not ignored.` },
    });
    await post(`/problems/${id}/ignore`, { reason: 'Two towns.' });

    expect(await post(`/problems/${id}/attend`)).toEqual({
      status: 409,
      body: {
        error: `The problem ${id} was answered with: they are not the same. If they are after all: npx hub merge partner ${other} ${own}`,
      },
    });

    // What it says is true.
    expect((await post(`/records/partner/${other}/merge?other=${own}`)).status).toBe(200);
    expect((await get(`/records/partner/${own}`)).body).toMatchObject({ mergedInto: other });
  });

  test('that is closed by now is not taken back', async () => {
    const small = await withProblems(problem('a', { candidates: ['u1', 'u2'] }));
    await small.store.closeProblem('a', 1);
    const { post } = await servedHub(small);

    expect(await post('/problems/a/attend')).toEqual({
      status: 409,
      body: { error: 'The problem a is not open (any more).' },
    });
  });

  test('can be taken back, once', async () => {
    const small = await withProblems(problem('a', { unifiedId: 'u1' }));
    const { post } = await servedHub(small);
    await post('/problems/a/ignore', { reason: 'Known.' });

    expect((await post('/problems/a/attend')).body).toEqual({ attended: 'a' });
    expect((await post('/problems/a/attend')).status).toBe(409);

    expect(await problemsOf(small)).toEqual(['refused-value']);
    expect((await small.store.readJournal('partner', 'u1', 10)).map(({ step }) => step)).toEqual([
      'attended',
      'ignored',
    ]);
  });

  test('that nobody knows is 404', async () => {
    const { post } = await servedHub();

    expect((await post('/problems/x/ignore')).status).toBe(404);
  });
});
