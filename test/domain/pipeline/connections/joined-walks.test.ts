import { expect, test } from 'vitest';
import { succeed } from '../../../../domain/model/fault.ts';
import type { SweepRequest } from '../../../../domain/model/notice.ts';
import { sweepConnection } from '../../../../domain/pipeline/connections/sweep-connection.ts';
import type { Hub, SystemPort } from '../../../../domain/pipeline/ports.ts';
import { type SmallHub, smallHub, withPort } from '../../../support/small-hub.ts';

const always = (): boolean => true;
const PAGES = ['r0', 'r1', 'r2'];

/** A hub whose `one` lists one record a page. */
function listing(small: SmallHub): Hub {
  const changes: SystemPort['changes'] = async (_object, _mode, position) => {
    const number = typeof position === 'number' ? position : 0;
    return succeed({ ids: PAGES.slice(number, number + 1), position: number + 1, hasMore: number + 1 < PAGES.length });
  };
  return withPort(small.hub, 'one', () => ({ changes }));
}

/** A walk asked for a minute before the one that is answered, which has read its first page. */
async function begunWalk(): Promise<{ small: SmallHub; hub: Hub; early: SweepRequest; later: SweepRequest }> {
  const small = await smallHub(['one']);
  const hub = listing(small);
  const request = { schema: 1, connection: 'one', object: 'thing', mode: 'walk', attempts: 0 } as const;
  const early = { ...request, askedAt: small.clock.now };
  let steps = 0;
  await sweepConnection(hub, early, () => ++steps <= 1);
  small.outbox.takeSweeps();
  small.outbox.takeNotices();
  small.clock.now += 60_000;
  return { small, hub, early, later: { ...request, askedAt: small.clock.now } };
}

const waitingIds = ({ outbox }: SmallHub): string[] =>
  outbox.waiting.notices.flatMap(({ message }) => [...message.ids]);
const waitingSweeps = ({ outbox }: SmallHub): SweepRequest[] => outbox.waiting.sweeps.map(({ message }) => message);

test('a walk that goes on with one begun before it was asked for is followed by a whole one', async () => {
  const { small, hub, later } = await begunWalk();

  expect(await sweepConnection(hub, later, always)).toEqual({ end: 'goes-on', ids: 2 });

  expect(waitingSweeps(small)).toEqual([later]);
  small.outbox.takeSweeps();
  small.outbox.takeNotices();
  expect(await sweepConnection(hub, later, always)).toEqual({ end: 'finished', ids: 3 });
  expect(waitingIds(small)).toEqual(PAGES);
  expect(waitingSweeps(small)).toEqual([]);
});

test('a walk that is overtaken by one begun before it was asked for comes back', async () => {
  const { small, hub, early, later } = await begunWalk();
  const slow = withPort(hub, 'one', (port) => ({
    changes: async (...asked) => {
      const answer = await port.changes(...asked);
      await sweepConnection(hub, early, always);
      return answer;
    },
  }));

  expect(await sweepConnection(slow, later, always)).toEqual({ end: 'goes-on', ids: 0 });

  expect(waitingSweeps(small)).toEqual([later]);
});

test('a walk whose worker has a clock somewhat behind the queue is not done twice', async () => {
  const { small, hub } = await begunWalk();
  const request = { schema: 1, connection: 'one', object: 'thing', mode: 'walk', attempts: 0 } as const;
  await sweepConnection(hub, request, always);

  const ahead = { ...request, askedAt: small.clock.now + 500 };
  expect(await sweepConnection(hub, ahead, always)).toEqual({ end: 'finished', ids: 3 });

  expect(waitingSweeps(small)).toEqual([]);
});
