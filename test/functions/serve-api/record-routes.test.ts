import { describe, expect, test } from 'vitest';
import { bundleOf, pairedHub, type SmallHub, smallHub } from '../../support/small-hub.ts';
import { servedHub } from './served-hub.ts';

const HOW = ' Name it by its id in the hub, or as a system calls it: <connection>:<object>:<external id>.';

describe('a record', () => {
  test('is found by its id, by what a system calls it, and by a key, with its provenance and journal', async () => {
    const { small, a, b } = await pairedHub();
    const { get } = await servedHub(small);
    const { id } = await bundleOf(small, 'one', a);

    const byId = await get(`/records/partner/${id}`);

    expect(byId.status).toBe(200);
    expect(byId.body).toMatchObject({
      id,
      kind: 'partner',
      fields: { name: { value: 'Acme', from: `one#thing#${a}` } },
      seats: { 'one#thing': a, 'two#thing': b },
    });
    expect(byId.body.journal).toHaveLength(1);
    expect(await get(`/records/partner?ref=two:thing:${b}`)).toEqual(byId);
    // As the hub itself shows it.
    expect(await get(`/records/partner?ref=${encodeURIComponent(`one#thing#${a}`)}`)).toEqual(byId);
    expect(await get('/records/partner?key=domain:acme.com')).toEqual(byId);
  });

  test.each([
    ['/records/partner/nowhere', `There is no partner nowhere.${HOW}`],
    ['/records/company/x', 'There is no kind company; the kinds are partner, contact, deal, lead, invitation.'],
    [
      '/records/company?key=domain:a',
      'There is no kind company; the kinds are partner, contact, deal, lead, invitation.',
    ],
    ['/records/partner?ref=one:thing:9', 'The hub has not met thing 9 of one.'],
    ['/records/partner?ref=three:thing:9', 'There is no connection three; there are one, two.'],
    ['/records/partner?ref=one:other:9', 'one has no object other; it has thing.'],
    ['/records/partner?ref=one:thing:arn:aws:9', 'The hub has not met thing arn:aws:9 of one.'],
    ['/records/partner?key=domain:nobody.com', 'No partner holds the key domain:nobody.com.'],
  ])('that is not there is 404, in words: %s', async (path, error) => {
    const { get } = await servedHub();

    expect(await get(path)).toEqual({ status: 404, body: { error } });
  });

  test('of another kind than was said is told by its own', async () => {
    const { small, a } = await pairedHub();
    const { get, post } = await servedHub(small);

    expect(await get(`/records/contact?ref=one:thing:${a}`)).toEqual({
      status: 404,
      body: { error: `thing ${a} is a partner, no contact: npx hub record partner one:thing:${a}` },
    });
    expect(await post(`/records/contact/one:thing:${a}/erasure`)).toEqual({
      status: 404,
      body: { error: `thing ${a} is a partner, no contact: npx hub erase partner one:thing:${a}` },
    });
  });

  test.each([
    ['/records/partner', /^Say which record/],
    ['/records/partner?ref=one:thing', /^one:thing is not <connection>:<object>:<externalId>/],
    ['/records/partner?ref=one:thing:', /^one:thing: is not/],
    ['/records/partner?key=acme.com', /^acme.com is not <type>:<value>/],
    ['/records/partner?key=:acme.com', /^:acme.com is not/],
  ])('asked for in a form nobody understands is 400: %s', async (path, error) => {
    const { get } = await servedHub();
    const { status, body } = await get(path);

    expect(status).toBe(400);
    expect(body.error).toMatch(error);
  });
});

describe('a merge', () => {
  async function strangers(): Promise<{ small: SmallHub; first: string; second: string }> {
    const small = await smallHub(['one']);
    const [a = '', b = ''] = ['Acme', 'Globex'].map((name) => small.systems.one?.create({ NAME: name }) ?? '');
    await small.notice('one', [a, b]);
    await small.settle();
    return { small, first: (await bundleOf(small, 'one', a)).id, second: (await bundleOf(small, 'one', b)).id };
  }

  test('by a person makes one of two, and can be undone by the name it answers', async () => {
    const { small, first, second } = await strangers();
    const { get, post } = await servedHub(small);

    const shown = await get(`/records/partner/${first}/merge?other=${second}`);
    expect(shown.body.fields).toEqual([{ id: second, field: 'name', before: 'Globex', after: 'Acme' }]);
    expect((await get(`/records/partner/${second}`)).body.state).toBe('present');

    const merged = await post(`/records/partner/${first}/merge?other=${second}`);

    const remarks = [expect.stringContaining('Merge the two in one;')];
    expect(shown.body.remarks).toEqual(remarks);
    expect(merged).toEqual({ status: 200, body: { merge: `${first}.${second}`, remarks } });
    expect((await get(`/records/partner/${second}`)).body).toMatchObject({ state: 'merged', mergedInto: first });
    small.clock.now += 60_000;
    expect((await get(`/merges/${merged.body.merge}/unmerge`)).body.fields).toEqual([
      { id: second, field: 'name', before: 'Acme', after: 'Globex' },
    ]);
    expect(await post(`/merges/${merged.body.merge}/unmerge`)).toEqual({
      status: 200,
      body: { unmerged: merged.body.merge, remarks: [] },
    });
    expect((await get(`/records/partner/${second}`)).body).toMatchObject({
      state: 'present',
      fields: { name: { value: 'Globex' } },
    });
  });

  test('tells the world once it is written', async () => {
    const { small, first, second } = await strangers();
    const { post } = await servedHub(small);
    small.outbox.takeChanged();

    await post(`/records/partner/${first}/merge?other=${second}`);
    expect(small.outbox.takeChanged().map(({ id }) => id)).toEqual([first]);
    await post(`/merges/${first}.${second}/unmerge`);

    expect(small.outbox.takeChanged().map(({ id }) => id)).toEqual([first, second]);
  });

  test.each([
    ['one that is not there', (first: string) => `/records/partner/${first}/merge?other=nowhere`],
    ['nobody', (first: string) => `/records/partner/${first}/merge`],
    ['itself', (first: string) => `/records/partner/${first}/merge?other=${first}`],
    ['one of another kind', (first: string) => `/records/contact/${first}/merge?other=x`],
  ])('with %s is 404', async (_name, path) => {
    const { small, first } = await strangers();
    const { post } = await servedHub(small);

    expect((await post(path(first))).status).toBe(404);
  });

  test('that meets somebody else’s write is 409', async () => {
    const { small, first, second } = await strangers();
    const { post } = await servedHub(small, ({ store }) => ({ store: { ...store, putUnified: async () => false } }));

    expect(await post(`/records/partner/${first}/merge?other=${second}`)).toEqual({
      status: 409,
      body: { error: 'One of the records is being written just now; try again.' },
    });
  });

  test('that nobody knows cannot be undone', async () => {
    const { post } = await servedHub();
    const { status, body } = await post('/merges/a.b/unmerge');

    expect(status).toBe(409);
    expect(body.error).toMatch(/^There is no merge a\.b to undo/);
  });
});
