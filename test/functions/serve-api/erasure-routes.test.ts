import { describe, expect, test } from 'vitest';
import { MARK, markedHub } from '../../support/marked-hub.ts';
import { setConnection } from '../../support/small-hub.ts';
import { servedHub } from './served-hub.ts';

const HOW = ' Name it by its id in the hub, or as a system calls it: <connection>:<object>:<external id>.';

describe('an erasure', () => {
  test('is shown by names and without values, and is not done by looking', async () => {
    const { small, id, a } = await markedHub();
    const { get } = await servedHub(small);

    const { status, body } = await get(`/records/partner/${id}/erasure?keepIn=two`);

    expect(status).toBe(200);
    expect(body).toMatchObject({ id, state: 'present', fields: ['domain', 'name', 'note'] });
    expect(body.systems).toMatchObject([{ connection: 'one', externalId: a, will: 'delete' }, { will: 'keep' }]);
    expect(JSON.stringify(body)).not.toMatch(MARK);
    expect(small.store.everything()).toMatch(MARK);
  });

  test('is done, named by what a system calls the record, and then shown as done', async () => {
    const { small, id, b } = await markedHub();
    const { get, post } = await servedHub(small);

    const { status, body } = await post(`/records/partner/${encodeURIComponent(`two:thing:${b}`)}/erasure`);
    await small.settle();

    expect(status).toBe(202);
    expect(body).toMatchObject({ erasing: id, ids: [id], keepIn: [] });
    expect(small.store.everything()).not.toMatch(MARK);
    expect((await get(`/records/partner/${id}/erasure`)).body).toMatchObject({ state: 'erased', systems: [] });
    expect((await get('/erasures')).body.erasures).toMatchObject([{ id, by: 'local' }]);
    expect((await get(`/records/partner/${id}`)).body).toMatchObject({ state: 'erased', fields: {} });
  });

  test('tells what it waits for', async () => {
    const { small, id } = await markedHub();
    const { get, post } = await servedHub(small);
    await setConnection(small, 'two', ({ releasedAt: _, ...state }) => state);

    await post(`/records/partner/${id}/erasure`);

    const { body } = await get(`/records/partner/${id}/erasure`);
    expect(body.systems).toMatchObject([
      { connection: 'one' },
      { connection: 'two', waits: expect.stringContaining('not released') },
    ]);
  });

  test('that something must be said to first is 409, and nothing is written', async () => {
    const { small, id } = await markedHub();
    const { post } = await servedHub(small, (hub) => ({
      connections: hub.connections.map((each) => (each.id === 'two' ? { ...each, direction: 'in' } : each)),
    }));
    const before = small.store.everything();

    const { status, body } = await post(`/records/partner/${id}/erasure`);

    expect(status).toBe(409);
    expect(body.error).toContain('--keep-in two');
    expect(small.store.everything()).toBe(before);
  });

  test.each([
    ['/records/partner/nowhere/erasure', `There is no partner nowhere.${HOW}`],
    ['/records/company/x/erasure', 'There is no kind company; the kinds are partner, contact, deal, lead, invitation.'],
    ['/records/partner/one:thing:9/erasure', 'The hub has not met thing 9 of one.'],
  ])('of what is not there is 404, in words: %s', async (path, error) => {
    const { get, post } = await servedHub();

    expect(await get(path)).toEqual({ status: 404, body: { error } });
    expect(await post(path)).toEqual({ status: 404, body: { error } });
  });

  test('that is to spare a connection that is not there says which there are, and neither shows nor does anything', async () => {
    const { small, id } = await markedHub();
    const { get, post } = await servedHub(small);
    const before = small.store.everything();
    const path = `/records/partner/${id}/erasure?keepIn=two,nope`;

    expect(await get(path)).toEqual({
      status: 404,
      body: { error: 'There is no connection nope; there are one, two.' },
    });
    expect(await post(path)).toEqual({
      status: 409,
      body: { error: 'There is no connection nope to keep it in; there are one, two.' },
    });
    expect(small.store.everything()).toBe(before);
  });

  test('that spares one which is configured no more, and holds the record, is shown', async () => {
    const { small, id } = await markedHub();
    const { get } = await servedHub(small, (hub) => ({
      connections: hub.connections.filter((each) => each.id === 'one'),
    }));

    const { status, body } = await get(`/records/partner/${id}/erasure?keepIn=two`);

    expect(status).toBe(200);
    expect(body.systems).toMatchObject([{ connection: 'one' }, { connection: 'two', will: 'keep' }]);
  });

  test('of everything on the list can be applied again', async () => {
    const { small, id } = await markedHub();
    const { post } = await servedHub(small);
    await post(`/records/partner/${id}/erasure`);
    await small.settle();

    const { status, body } = await post('/erasures/reapply');

    expect(status).toBe(202);
    expect(body).toEqual({ applied: 1, elsewhere: [] });
  });
});
