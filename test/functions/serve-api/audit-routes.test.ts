import { describe, expect, test } from 'vitest';
import { fail } from '../../../domain/model/fault.ts';
import { behind } from '../../support/due-deliveries.ts';
import { pairedHub, withPort } from '../../support/small-hub.ts';
import { servedHub } from './served-hub.ts';

describe('a page of an audit', () => {
  test('answers what differs and the place to go on from, which is taken back as it was', async () => {
    const { small, b, id } = await behind();
    const { post } = await servedHub(small);

    const first = await post('/audit', { connection: 'two', object: 'thing' });
    const again = await post('/audit', { connection: 'two', object: 'thing', cursor: first.body.cursor });

    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ looked: 1, same: 0, hasMore: false, queued: { notices: 0, deliveries: 0 } });
    expect(first.body.differences).toEqual([
      {
        what: 'differs',
        connection: 'two',
        object: 'thing',
        externalId: b,
        kind: 'partner',
        unifiedId: id,
        reasons: { name: 'behind' },
      },
    ]);
    expect(again).toMatchObject({ status: 200, body: { looked: 0, hasMore: false } });
  });

  test('goes on in the middle of a window', async () => {
    const { small } = await pairedHub();
    const { post } = await servedHub(small);
    const side = { count: 4, hash: '00000000000000ff' };
    const window = {
      connection: 'two',
      object: 'thing',
      first: 'f',
      last: 'l',
      mappingVersion: 1,
      there: side,
      known: side,
    };
    const cursor = { phase: 'records', listed: [], hasMore: false, window };

    const { body } = await post('/audit', { connection: 'two', object: 'thing', cursor });

    expect(body.windows).toEqual([window]);
  });

  test('queues repairs only when asked', async () => {
    const { small } = await behind();
    const { post } = await servedHub(small);

    await post('/audit', { connection: 'two', object: 'thing' });
    expect(small.outbox.waiting.deliveries).toHaveLength(0);
    const { body } = await post('/audit', { connection: 'two', object: 'thing', repair: true });

    expect(body.queued).toEqual({ notices: 0, deliveries: 1 });
    expect(small.outbox.waiting.deliveries).toHaveLength(1);
  });

  test('looks at single records once more', async () => {
    const { small, b } = await behind();
    const { post } = await servedHub(small);

    const { body } = await post('/audit', { connection: 'two', object: 'thing', again: { ids: [b], look: 'own' } });

    expect(body).toMatchObject({ looked: 1, hasMore: false, differences: [{ externalId: b }] });
  });

  test.each([
    ['a connection that is not there', { connection: 'three', object: 'thing' }, 404, /^There is no connection three/],
    ['an object that is not there', { connection: 'one', object: 'other' }, 400, /^one has no object other/],
    ['a cursor that is none', { connection: 'one', object: 'thing', cursor: { phase: 'x' } }, 400, /phase/],
    ['no records', { connection: 'one', object: 'thing', again: { ids: [], look: 'own' } }, 400, /ids/],
    ['nothing', undefined, 400, /connection/],
  ])('of %s says so', async (_name, sent, status, error) => {
    const { post } = await servedHub();
    const answer = await post('/audit', sent);

    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatch(error);
  });

  test('of a system whose access is wrong is 502', async () => {
    const { post } = await servedHub(undefined, (hub) =>
      withPort(hub, 'one', () => ({
        changes: async () => fail({ kind: 'credential', code: '401', message: 'The access was revoked.' }),
      })),
    );

    expect(await post('/audit', { connection: 'one', object: 'thing' })).toEqual({
      status: 502,
      body: { error: 'one did not answer: The access was revoked.' },
    });
  });
});
