import { expect, onTestFinished, test } from 'vitest';
import { startHttpServer } from '../../../../local/simulators/shared/http-server.ts';
import { WebhookSender, type WebhookSenderOptions } from '../../../../local/simulators/shared/webhook-sender.ts';

interface Target {
  readonly bodies: string[];
  /** Statuses of the next answers, then 200. */
  readonly statuses: number[];
}

async function open(options: Partial<WebhookSenderOptions<string>> = {}, answer = 'ok') {
  const target: Target = { bodies: [], statuses: [] };
  const server = await startHttpServer({
    handle({ body }) {
      target.bodies.push(body.toString());
      return { status: target.statuses.shift() ?? 200, body: answer };
    },
  });
  const attempts: number[] = [];
  const sender = new WebhookSender<string>({
    lingerMs: 1,
    backOffMs: () => 1,
    post(events, attempt) {
      attempts.push(attempt);
      return { url: server.url, headers: {}, body: events.join(',') };
    },
    ...options,
  });
  onTestFinished(async () => {
    sender.close();
    await server.close();
  });
  return { sender, target, attempts, server };
}

test('events sent close together travel in one post', async () => {
  const { sender, target } = await open();

  sender.send(['a']);
  sender.send(['b', 'c']);
  await sender.idle();

  expect(target.bodies).toEqual(['a,b,c']);
});

test('a batch is no larger than allowed and holds one key only', async () => {
  const { sender, target } = await open({ batchSizeMax: 2, batchKey: (event) => event.charAt(0), concurrencyMax: 1 });

  sender.send(['a1', 'a2', 'a3', 'b1', 'a4']);
  await sender.idle();

  expect(target.bodies).toEqual(['a1,a2', 'a3', 'b1', 'a4']);
});

test('no more posts are in flight than allowed', async () => {
  const firstArrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const holding = await startHttpServer({
    async handle() {
      firstArrived.resolve();
      await released.promise;
      return { status: 200 };
    },
  });
  onTestFinished(() => holding.close());
  const post = (events: readonly string[]) => ({ url: holding.url, headers: {}, body: events.join() });
  const { sender } = await open({ batchSizeMax: 1, concurrencyMax: 3, post });

  sender.send(Array.from({ length: 20 }, (_, index) => String(index)));
  await firstArrived.promise;
  expect(sender.statistics()).toMatchObject({ posts: 3, waiting: 17 });
  released.resolve();
  await sender.idle();

  expect(sender.statistics()).toMatchObject({ posts: 20, taken: 20 });
});

test('a post is repeated until it is taken, each attempt built anew', async () => {
  const { sender, target, attempts } = await open();
  target.statuses.push(500, 302);

  sender.send(['a']);
  await sender.idle();

  expect(attempts).toEqual([1, 2, 3]);
  expect(sender.statistics()).toMatchObject({
    queued: 1,
    taken: 1,
    posts: 3,
    failedPosts: 2,
    abandoned: 0,
    waiting: 0,
  });
});

test('it gives up after the last attempt', async () => {
  const { sender, attempts, server } = await open({ attemptsMax: 2 });
  await server.close();

  sender.send(['a', 'b']);
  await sender.idle();

  expect(attempts).toEqual([1, 2]);
  expect(sender.statistics()).toMatchObject({ taken: 0, failedPosts: 2, abandoned: 2 });
});

test('what counts as taken can depend on the answer', async () => {
  const { sender } = await open({ attemptsMax: 1, isTaken: (_status, body) => body.includes('<Ack>true</Ack>') });

  sender.send(['a']);
  await sender.idle();

  expect(sender.statistics()).toMatchObject({ taken: 0, abandoned: 1 });
});

test('a target that does not answer in time counts as failed', async () => {
  const silent = await startHttpServer({ handle: () => new Promise(() => undefined) });
  const { sender } = await open({
    attemptsMax: 1,
    timeoutMs: 20,
    post: () => ({ url: silent.url, headers: {}, body: '' }),
  });

  sender.send(['a']);
  await sender.idle();
  await silent.close();

  expect(sender.statistics()).toMatchObject({ failedPosts: 1, abandoned: 1 });
});

test('without a target events are dropped', async () => {
  const { sender, target } = await open({ post: () => undefined });

  sender.send(['a', 'b']);
  await sender.idle();

  expect(target.bodies).toEqual([]);
  expect(sender.statistics()).toMatchObject({ dropped: 2, posts: 0 });
});

test('a full queue refuses events and counts them', async () => {
  const { sender, target } = await open({ queueLengthMax: 2 });

  sender.send(['a', 'b', 'c']);
  await sender.idle();

  expect(target.bodies).toEqual(['a,b']);
  expect(sender.statistics()).toMatchObject({ overflowed: 1, taken: 2 });
});

test('a dropped event is never sent', async () => {
  const { sender, target } = await open();
  sender.misbehave({ drop: { every: 2 } });

  sender.send(['a', 'b', 'c', 'd']);
  await sender.idle();

  expect(target.bodies).toEqual(['a,c']);
});

test('a doubled event comes again in a later post', async () => {
  const { sender, target } = await open();
  sender.misbehave({ duplicate: { every: 1, count: 2 } });

  sender.send(['a', 'b', 'c']);
  await sender.idle();

  expect(target.bodies.sort()).toEqual(['a,b', 'a,b,c']);
});

test('a reordered event comes after the one that follows it, or late when none does', async () => {
  const { sender, target } = await open();
  sender.misbehave({ reorder: { every: 2 } });

  sender.send(['a', 'b', 'c', 'd']);
  await sender.idle();

  expect(target.bodies).toEqual(['a,c,b,d']);
  expect(sender.statistics()).toMatchObject({ reordered: 2, taken: 4 });
});

test('what is left out of a misbehaviour goes right again', async () => {
  const { sender, target } = await open();
  sender.misbehave({ drop: { every: 1 } });
  sender.misbehave({});

  sender.send(['a']);
  await sender.idle();

  expect(target.bodies).toEqual(['a']);
});

test('a paused sender holds everything until it goes on', async () => {
  const { sender, target } = await open();
  sender.pause();
  sender.send(['a']);
  sender.send(['b']);
  expect(sender.statistics().waiting).toBe(2);

  sender.resume();
  await sender.idle();

  expect(target.bodies).toEqual(['a,b']);
});

test('a closed sender forgets what waits, and whoever waits for idle goes on', async () => {
  const { sender, target } = await open({ lingerMs: 60_000 });
  sender.send(['a']);
  const idle = sender.idle();

  sender.close();
  await idle;
  sender.send(['b']);

  expect(target.bodies).toEqual([]);
  expect(sender.statistics().waiting).toBe(0);
});
