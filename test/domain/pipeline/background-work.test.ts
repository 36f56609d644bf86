import { expect, test } from 'vitest';
import type { Notice, Work } from '../../../domain/model/notice.ts';
import { absorbNotices } from '../../../domain/pipeline/absorb/absorb-notices.ts';
import { deliverDue } from '../../../domain/pipeline/deliver/deliver-due.ts';
import { noEffects, noteDue } from '../../../domain/pipeline/effects.ts';
import type { Hub } from '../../../domain/pipeline/ports.ts';
import { dueFor, LEASE_MS } from '../../support/due-deliveries.ts';
import { pairedHub, type SmallHub, smallHub, withPort } from '../../support/small-hub.ts';

/** The hub, with how urgent every read and write of its systems was said to be, in order. */
function listening(small: SmallHub): { readonly hub: Hub; readonly heard: string[] } {
  const heard: string[] = [];
  let { hub } = small;
  for (const { id } of small.hub.connections) {
    hub = withPort(hub, id, (port) => ({
      read: (object, ids, fields, work?: Work) => {
        heard.push(`${id} read ${work}`);
        return port.read(object, ids, fields, work);
      },
      write: (object, hubIdField, items, work?: Work) => {
        heard.push(`${id} write ${work}`);
        return port.write(object, hubIdField, items, work);
      },
    }));
  }
  return { hub, heard };
}

function noticeOf(ids: readonly string[], reason: Notice['reason']): Notice {
  return { schema: 1, connection: 'one', object: 'thing', ids, reason, attempts: 0, correlationId: 'c' };
}

async function pass(small: SmallHub, hub: Hub, notices: readonly Notice[]): Promise<void> {
  await absorbNotices(
    hub,
    notices.map((notice) => ({ notice, isRepeated: false })),
  );
  const dues = small.outbox.takeDeliveries('two');
  await deliverDue(
    hub,
    dues.map((due) => ({ due, isRepeated: false })),
    LEASE_MS,
  );
}

test.each([
  ['webhook', 'live'],
  ['sweep', 'live'],
  ['retry', 'live'],
  ['backfill', 'backfill'],
  ['walk', 'backfill'],
  ['audit', 'backfill'],
] as const)('what a %s brings is read and delivered as %s work', async (reason, work) => {
  const { small, a } = await pairedHub();
  small.systems.one?.edit(a, { NAME: 'Renamed' });
  const { hub, heard } = listening(small);

  await pass(small, hub, [noticeOf([a], reason)]);

  expect(heard).toEqual([`one read ${work}`, `two read ${work}`, `two write ${work}`]);
});

test('what somebody changed goes before what a backfill brings, whatever came first', async () => {
  const small = await smallHub(['one', 'two']);
  const old = small.systems.one?.create({ NAME: 'Old', DOMAIN: 'old.com' }) ?? '';
  const fresh = small.systems.one?.create({ NAME: 'Fresh', DOMAIN: 'fresh.com' }) ?? '';
  const { hub, heard } = listening(small);

  await pass(small, hub, [noticeOf([old], 'backfill'), noticeOf([fresh], 'webhook')]);

  expect(heard).toEqual(['one read live', 'one read backfill', 'two write live', 'two write backfill']);
});

test('a delivery that is noted twice is as urgent as the more urgent note', () => {
  const effects = noEffects();

  noteDue(effects, dueFor('r1'));
  noteDue(effects, dueFor('r1', { work: 'backfill' }));
  noteDue(effects, dueFor('r2', { work: 'backfill' }));
  noteDue(effects, dueFor('r2'));
  noteDue(effects, dueFor('r3', { work: 'backfill' }));

  expect([...effects.due.values()].map(({ work = 'live' }) => work)).toEqual(['live', 'live', 'backfill']);
});
