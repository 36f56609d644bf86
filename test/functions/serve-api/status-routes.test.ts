import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { setConnection, smallHub } from '../../support/small-hub.ts';
import { servedHub } from './served-hub.ts';

const sqs = mockClient(SQSClient);
beforeEach(() => {
  sqs.reset();
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} });
});

test('the status tells of connections, sweeps and objects', async () => {
  const small = await smallHub(['one', 'two', 'three'], { directions: { two: 'out' } });
  await setConnection(small, 'two', (state) => ({
    ...state,
    paused: { at: 1, reason: 'More than 500 records were deleted.', by: 'hub' },
    problems: ['p1'],
    accountId: '42',
  }));
  await setConnection(small, 'three', ({ releasedAt: _gone, ...state }) => ({ ...state, backfilledAt: {} }));
  await small.outbox.sweep([{ schema: 1, connection: 'one', object: 'thing', mode: 'walk', attempts: 0 }], 0);
  small.systems.one?.create({ NAME: 'Acme' });
  await small.drain();
  const { get } = await servedHub(small);

  const { status, body } = await get('/status');

  expect(status).toBe(200);
  expect(body).toMatchObject({
    stage: 'test',
    openProblems: 0,
    openProblemsAreMore: false,
    now: new Date(small.clock.now).toISOString(),
    connections: [
      {
        id: 'one',
        state: 'kept in step',
        direction: 'both',
        objects: {
          thing: {
            kind: 'partner',
            backfilled: true,
            sweeps: { walk: { seen: 1, finished: true, startedAt: new Date(small.clock.now).toISOString() } },
          },
        },
      },
      {
        id: 'two',
        state: 'paused',
        paused: 'More than 500 records were deleted.',
        direction: 'out',
        problems: ['p1'],
        accountId: '42',
      },
      { id: 'three', state: 'reading only', objects: { thing: { backfilled: false, sweeps: {} } } },
    ],
  });
});

test('a released connection that is not read to its end yet is not said to be in step', async () => {
  const small = await smallHub(['one']);
  await setConnection(small, 'one', (state) => ({ ...state, backfilledAt: {} }));
  const { get } = await servedHub(small);

  expect((await get('/status')).body).toMatchObject({
    connections: [{ state: 'being read for the first time', objects: { thing: { backfilled: false } } }],
  });
});

test('the status tells of each connection what is used and left of its day', async () => {
  const budget = { connection: 'two', budget: 'daily', used: 5, left: 95, spentAt: 0 };
  const { get } = await servedHub(await smallHub(['one', 'two']), undefined, [budget]);

  const { connections } = (await get('/status')).body;

  expect(connections).toMatchObject([
    { id: 'one', budgets: [] },
    { id: 'two', budgets: [{ budget: 'daily', used: 5, left: 95, spentAt: '1970-01-01T00:00:00.000Z' }] },
  ]);
});

test('the status counts what waits in every queue, dead letters too', async () => {
  sqs.on(GetQueueAttributesCommand, { QueueUrl: 'https://sqs.example/outbound-two' }).resolves({
    Attributes: {
      ApproximateNumberOfMessages: '7',
      ApproximateNumberOfMessagesNotVisible: '2',
      ApproximateNumberOfMessagesDelayed: '5',
    },
  });
  const { get } = await servedHub();

  const { queues } = (await get('/status')).body;

  expect(Object.keys(queues ?? {})).toEqual([
    'inbound',
    'sweep',
    'outbound-one',
    'outbound-two',
    'inbound (dead letters)',
    'sweep (dead letters)',
    'outbound-two (dead letters)',
    'outbound-gone (dead letters)',
  ]);
  expect(queues).toMatchObject({
    'outbound-two': { ready: 7, inFlight: 2, delayed: 5 },
    inbound: { ready: 0, inFlight: 0, delayed: 0 },
  });
});

test('the status counts open problems up to two hundred and says when there are more', async () => {
  const small = await smallHub(['one']);
  for (let number = 0; number < 201; number++) {
    const draft = { cause: 'loop', connection: 'one', message: 'x', nextStep: 'y', state: 'open' } as const;
    await small.store.openProblem({ ...draft, id: `p${number}`, openedAt: number });
  }
  const { get } = await servedHub(small);

  expect((await get('/status')).body).toMatchObject({ openProblems: 200, openProblemsAreMore: true });
});
