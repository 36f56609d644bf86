import { describe, expect, test } from 'vitest';
import { auditAll, inShort } from '../../../support/audited-hub.ts';
import { absorbOne, behind, sourceIn } from '../../../support/due-deliveries.ts';
import { pairedHub, type SmallHub } from '../../../support/small-hub.ts';

const found = async ({ hub }: SmallHub): Promise<readonly string[]> => inShort((await auditAll(hub)).differences);

describe('a repair', () => {
  test('queues what the hub has not taken in and what it has not written, and the next audit finds nothing', async () => {
    const { small, a } = await behind();
    await small.notice('one', [a]);
    small.outbox.takeNotices();
    const c = small.systems.two?.create({ NAME: 'New', DOMAIN: 'new.com' }) ?? '';
    const d = small.systems.one?.create({ NAME: 'Late', DOMAIN: 'late.com' }) ?? '';
    await absorbOne(small, [d]);

    const audit = await auditAll(small.hub, ['one', 'two'], true);

    expect(audit.queued).toEqual({ notices: 1, deliveries: 2 });
    expect(small.outbox.waiting.notices.map(({ message }) => [message.ids, message.reason])).toEqual([[[c], 'audit']]);
    await small.settle();
    expect(await found(small)).toEqual([]);
    expect(small.systems.one?.all()).toHaveLength(3);
    expect(small.systems.two?.all()).toHaveLength(3);
  });

  test('of a lost deletion takes it in', async () => {
    const { small, b } = await pairedHub();
    small.systems.two?.remove(b);

    await auditAll(small.hub, ['two'], true);
    await small.settle();

    expect((await sourceIn(small, 'two', b)).state).toBe('deleted');
    expect(await found(small)).toEqual([]);
  });

  test('leaves to people what waits for them', async () => {
    const { small, a } = await pairedHub();
    small.systems.one?.edit(a, { NOTE: '?unlisted' });
    await small.notice('one', [a]);
    await small.settle();

    expect((await auditAll(small.hub, ['one', 'two'], true)).queued).toEqual({ notices: 0, deliveries: 0 });
    expect(small.outbox.nextVisibleAt()).toBeUndefined();
  });
});
