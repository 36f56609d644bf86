import { describe, expect, test } from 'vitest';
import { fail } from '../../../../domain/model/fault.ts';
import { absorbOne, deliver, dueFor, waitingDues } from '../../../support/due-deliveries.ts';
import { bundleOf, smallHub, withPort } from '../../../support/small-hub.ts';

/** A company that a person has just made in `one`, about to be made in `two`. */
async function onItsWay(domain = 'acme.com') {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: domain }) ?? '';
  await absorbOne(small, [a]);
  return { small, a, id: (await bundleOf(small, 'one', a)).id };
}

describe('a creation', () => {
  test('gives way to the same record, made there by a person whom the hub has not heard of', async () => {
    const { small, a, id } = await onItsWay();
    const b = small.systems.two?.create({ NAME: 'ACME Inc.', DOMAIN: 'acme.com' }) ?? '';

    expect(await deliver(small.hub, dueFor(id))).toEqual({ 'nothing-to-do-or-waits': 1 });
    await small.settle();

    expect(small.systems.two?.all().map((record) => record.id)).toEqual([b]);
    expect((await bundleOf(small, 'two', b)).id).toBe(id);
    expect((await bundleOf(small, 'one', a)).id).toBe(id);
  });

  test('gives way to its own twin only', async () => {
    const { small, id } = await onItsWay();
    small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'other.com' });

    expect(await deliver(small.hub, dueFor(id))).toEqual({ created: 1 });
  });

  test('does not give way to a record that is known already, whosever it is', async () => {
    const { small, id } = await onItsWay();
    const b = small.systems.two?.create({ NAME: 'Beta', DOMAIN: 'beta.com' }) ?? '';
    await small.notice('two', [b]);
    await small.drain();
    // The hub has not read this edit, by which it would come to be the twin.
    small.systems.two?.edit(b, { DOMAIN: 'acme.com', HUB_ID: null });
    small.outbox.takeDeliveries('two');

    expect(await deliver(small.hub, dueFor(id))).toEqual({ created: 1 });
  });

  test('gives way to a newcomer also where an older record, known already, gives the same key', async () => {
    const { small, id } = await onItsWay();
    const b = small.systems.two?.create({ NAME: 'Beta', DOMAIN: 'beta.com' }) ?? '';
    await small.notice('two', [b]);
    await small.drain();
    small.systems.two?.edit(b, { DOMAIN: 'acme.com', HUB_ID: null });
    small.systems.two?.create({ NAME: 'ACME Inc.', DOMAIN: 'acme.com' });
    small.outbox.takeDeliveries('two');

    expect(await deliver(small.hub, dueFor(id))).toEqual({ 'nothing-to-do-or-waits': 1 });
  });

  test('gives way to a record that is just being taken in as this very one', async () => {
    const { small, id } = await onItsWay();
    const b = small.systems.two?.create({ NAME: 'ACME Inc.', DOMAIN: 'acme.com' }) ?? '';
    // The crosswalk comes first; its source record is not written yet.
    await small.hub.store.putRef({ connection: 'two', object: 'thing', externalId: b }, 'partner', id, null);

    expect(await deliver(small.hub, dueFor(id))).toEqual({ 'nothing-to-do-or-waits': 1 });
    await small.settle();

    expect(small.systems.two?.all().map((record) => record.id)).toEqual([b]);
  });

  test('is made at last when its twin cannot be taken in', async () => {
    const { small, id } = await onItsWay();
    small.systems.two?.create({ NAME: 'ACME Inc.', DOMAIN: 'acme.com' });
    const reports = [];

    for (let gaveWay = 0; gaveWay < 4; gaveWay++) {
      small.outbox.takeNotices();
      reports.push(await deliver(small.hub, dueFor(id, { attempts: 5, gaveWay })));
    }

    expect(reports.map((report) => report.created ?? 0)).toEqual([0, 0, 0, 1]);
    expect(waitingDues(small).slice(0, 3)).toMatchObject([{ gaveWay: 1 }, { gaveWay: 2 }, { gaveWay: 3 }]);
  });

  test('is not held up by a system that does not answer, nor asked for in a backfill', async () => {
    const { small, id } = await onItsWay();
    small.systems.two?.create({ NAME: 'ACME Inc.', DOMAIN: 'acme.com' });
    let asked = 0;
    const silent = withPort(small.hub, 'two', () => ({
      newcomers: async () => {
        asked++;
        return fail({ kind: 'throttled', code: '429', message: 'slow down' });
      },
    }));

    expect(await deliver(silent, dueFor(id, { work: 'backfill' }))).toEqual({ created: 1 });
    expect(asked).toBe(0);

    const other = await onItsWay();
    const deaf = withPort(other.small.hub, 'two', () => ({
      newcomers: async () => fail({ kind: 'throttled', code: '429', message: 'slow down' }),
    }));
    expect(await deliver(deaf, dueFor(other.id))).toEqual({ created: 1 });
  });

  test('of what nothing identifies asks nothing', async () => {
    const { small, id } = await onItsWay('');
    small.systems.two?.create({ NAME: 'Acme' });
    const before = small.systems.two?.calls.reads;

    expect(await deliver(small.hub, dueFor(id))).toEqual({ created: 1 });
    expect(small.systems.two?.calls.reads).toBe(before);
  });
});
