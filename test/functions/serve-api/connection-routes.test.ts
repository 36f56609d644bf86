import { describe, expect, test } from 'vitest';
import { fail } from '../../../domain/model/fault.ts';
import { behind } from '../../support/due-deliveries.ts';
import { type SmallHub, setConnection, smallHub, withPort } from '../../support/small-hub.ts';
import { servedHub } from './served-hub.ts';

const stateOf = ({ store }: SmallHub, connection: string) => store.readConnection(connection);
const sweeps = ({ outbox }: SmallHub): string[] =>
  outbox.waiting.sweeps.map(({ message }) => `${message.mode} ${message.connection} ${message.object}`);

test.each(['backfill', 'release', 'pause', 'resume'])('%s of a connection that is not there is 404', async (what) => {
  const { post } = await servedHub();

  expect(await post(`/connections/three/${what}`)).toEqual({
    status: 404,
    body: { error: 'There is no connection three; there are one, two.' },
  });
});

describe('a backfill', () => {
  test('is asked for by object, all of them unless some are named', async () => {
    const { small, post } = await servedHub();

    expect(await post('/connections/one/backfill')).toEqual({ status: 202, body: { backfilling: ['thing'] } });
    expect(await post('/connections/two/backfill', { objects: ['thing'] })).toMatchObject({ status: 202 });

    expect(sweeps(small)).toEqual(['backfill one thing', 'backfill two thing']);
  });

  test('of an object the connection does not have is 400, and nothing is asked for', async () => {
    const { small, post } = await servedHub();

    expect(await post('/connections/one/backfill', { objects: ['thing', 'other'] })).toEqual({
      status: 400,
      body: { error: 'one has no object other; it has thing.' },
    });
    expect(sweeps(small)).toEqual([]);
  });

  test('of a paused connection is 409 until it is resumed, whatever the process takes for granted', async () => {
    const small = await smallHub(['one', 'two']);
    const before = await small.hub.connectionState('one');
    const { post } = await servedHub(small, () => ({ connectionState: async () => before }));
    await post('/connections/one/pause');

    expect(await post('/connections/one/backfill')).toEqual({
      status: 409,
      body: { error: 'one is paused; npx hub resume one first.' },
    });
    expect(sweeps(small)).toEqual([]);

    await post('/connections/one/resume');
    expect((await post('/connections/one/backfill')).status).toBe(202);
  });

  test.each([
    ['is not JSON', '{', /^The body is not JSON/],
    ['names nothing', { objects: [] }, /objects/],
    ['names no texts', { objects: [1] }, /objects/],
    ['is a list', [], /expected object/],
  ])('whose body %s is 400', async (_name, sent, error) => {
    const { post } = await servedHub();
    const { status, body } = await post('/connections/one/backfill', sent);

    expect(status).toBe(400);
    expect(body.error).toMatch(error);
  });
});

describe('a connection', () => {
  test('is released, once, and what was read is looked at again', async () => {
    const small = await smallHub(['one', 'two'], { isOpen: false });
    await setConnection(small, 'one', (state) => ({ ...state, backfilledAt: { thing: 1 } }));
    const { post } = await servedHub(small);

    expect(await post('/connections/one/release')).toEqual({
      status: 200,
      body: { released: 'one', wasReleased: false, isPaused: false },
    });
    const released = await stateOf(small, 'one');
    small.clock.now += 1_000;
    expect((await post('/connections/one/release')).body).toMatchObject({ wasReleased: true });

    expect(released?.releasedAt).toBe(small.clock.now - 1_000);
    expect(await stateOf(small, 'one')).toEqual(released);
    expect(sweeps(small)).toEqual(['walk one thing']);
  });

  test('that is paused says so when it is released', async () => {
    const small = await smallHub(['one', 'two'], { isOpen: false });
    const { post } = await servedHub(small);
    await post('/connections/one/pause');

    expect((await post('/connections/one/release')).body).toMatchObject({ wasReleased: false, isPaused: true });
  });

  test('is paused by a person, and stays paused as it was when it is paused again', async () => {
    const { small, post } = await servedHub();

    expect(await post('/connections/one/pause')).toEqual({ status: 200, body: { paused: 'one' } });
    const paused = await stateOf(small, 'one');
    small.clock.now += 1_000;
    await post('/connections/one/pause');

    expect(paused?.paused).toEqual({ at: small.clock.now - 1_000, reason: 'paused by a person', by: 'person' });
    expect(await stateOf(small, 'one')).toEqual(paused);
  });

  test('is resumed and catches up', async () => {
    const { small, post } = await servedHub();
    await post('/connections/one/pause');

    expect(await post('/connections/one/resume')).toEqual({ status: 200, body: { resumed: 'one', wasPaused: true } });

    expect((await stateOf(small, 'one'))?.paused).toBeUndefined();
    expect(sweeps(small)).toEqual(['walk one thing', 'walk two thing', 'changes one thing', 'deletions one thing']);
  });

  test('is resumed right after it was paused, when the process still takes it for not paused', async () => {
    const small = await smallHub(['one', 'two']);
    const before = await small.hub.connectionState('one');
    const { post } = await servedHub(small, () => ({ connectionState: async () => before }));
    await post('/connections/one/pause');

    expect(await post('/connections/one/resume')).toMatchObject({ body: { wasPaused: true } });

    expect((await stateOf(small, 'one'))?.paused).toBeUndefined();
  });

  test('that is not paused says so, and sweeps nothing', async () => {
    const { small, post } = await servedHub();

    expect(await post('/connections/one/resume')).toEqual({ status: 200, body: { resumed: 'one', wasPaused: false } });

    expect(sweeps(small)).toEqual([]);
  });
});

describe('a preview', () => {
  test('answers what would be written, with the place to go on from', async () => {
    const { small, b } = await behind();
    const { post } = await servedHub(small);

    const { status, body } = await post('/preview', { connection: 'one', object: 'thing' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ seen: 1, unknown: 0, hasMore: false, position: 1 });
    expect(body.records).toMatchObject([
      { connection: 'two', externalId: b, operation: 'update', fields: [{ theirs: 'NAME', after: 'Renamed' }] },
    ]);
    expect((await post('/preview', { connection: 'one', object: 'thing', target: 'one' })).body.records).toEqual([]);
  });

  test('looks at so many records of a page as it is told to', async () => {
    const small = await smallHub(['one', 'two']);
    const ids = ['Acme', 'Globex', 'Initech'].map((name) => small.systems.one?.create({ NAME: name }) ?? '');
    const { post } = await servedHub(small);

    const { body } = await post('/preview', { connection: 'one', object: 'thing', most: 2 });

    expect([ids.length, body.seen, body.unknown]).toEqual([3, 2, 2]);
    expect((await post('/preview', { connection: 'one', object: 'thing', most: 0 })).status).toBe(400);
  });

  test.each([
    ['a connection that is not there', { connection: 'three', object: 'thing' }, 404, /^There is no connection three/],
    [
      'a target that is not there',
      { connection: 'one', object: 'thing', target: 'x' },
      404,
      /^There is no connection x/,
    ],
    ['an object that is not there', { connection: 'one', object: 'other' }, 400, /^one has no object other/],
    ['no object', { connection: 'one' }, 400, /object/],
    ['nothing', undefined, 400, /connection/],
  ])('of %s says so', async (_name, sent, status, error) => {
    const { post } = await servedHub();
    const answer = await post('/preview', sent);

    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatch(error);
  });

  test('of a system that does not answer is 502', async () => {
    const { post } = await servedHub(undefined, (hub) =>
      withPort(hub, 'one', () => ({
        changes: async () => fail({ kind: 'transient', code: '503', message: 'It is down for maintenance.' }),
      })),
    );

    expect(await post('/preview', { connection: 'one', object: 'thing' })).toEqual({
      status: 502,
      body: { error: 'one did not answer: It is down for maintenance.' },
    });
  });

  describe('with another mapping', () => {
    const document = {
      version: 2,
      note: 'Things.',
      hubId: 'HUB_ID',
      fields: [{ hub: 'name', theirs: 'LABEL', flow: 'both', codec: 'text' }],
    };
    const trying = (path: string, tried: unknown) => ({
      connection: 'one',
      object: 'thing',
      mapping: { path, document: tried },
    });
    const asHubspot = async () => {
      const { small } = await behind();
      return servedHub(small, (hub) => ({
        connections: hub.connections.map((info) => ({ ...info, system: 'hubspot' })),
      }));
    };

    test('shows what that one would write', async () => {
      const { post } = await asHubspot();

      const { status, body } = await post('/preview', trying('hubspot/thing.partner.yaml', document));

      expect(status).toBe(200);
      expect(JSON.stringify(body.records)).toContain('"theirs":"LABEL"');
      expect(JSON.stringify(body.records)).not.toContain('"theirs":"NAME"');
    });

    test('that has a mistake is 400, with the file and the reason', async () => {
      const { post } = await asHubspot();
      const wrong = { ...document, fields: [{ ...document.fields[0], hub: 'nam' }] };

      const { status, body } = await post('/preview', trying('hubspot/thing.partner.yaml', wrong));

      expect(status).toBe(400);
      expect(body.error).toMatch(/^hubspot\/thing\.partner\.yaml: .*nam/);
    });

    test('that is none, by its path, is 400', async () => {
      const { post } = await asHubspot();
      const owners = { note: 'Nobody yet.', people: [] };

      const { status, body } = await post('/preview', trying('owners.yaml', owners));

      expect(status).toBe(400);
      expect(body.error).toBe('owners.yaml is not a mapping: mappings lie in <system>/<object>.<kind>.yaml.');
    });
  });
});
