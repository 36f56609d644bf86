import { describe, expect, test } from 'vitest';
import type { DeliveryDue, Notice } from '../../../domain/model/notice.ts';
import { type Effects, noEffects, noteDue, sendEffects } from '../../../domain/pipeline/effects.ts';
import type { Hub } from '../../../domain/pipeline/ports.ts';
import { dueFor } from '../../support/due-deliveries.ts';
import { smallHub } from '../../support/small-hub.ts';

function notice(id: string): Notice {
  return {
    schema: 1,
    connection: 'one',
    object: 'thing',
    ids: [id],
    reason: 'delivery',
    attempts: 0,
    correlationId: 'c',
  };
}

function everything(): Effects {
  const effects = noEffects();
  effects.journal.push({ id: 'J', kind: 'partner', unifiedId: 'U', at: 1, step: 'created', version: 1, changes: {} });
  effects.changed.push({ schema: 1, kind: 'partner', id: 'U', version: 1, fields: ['name'] });
  noteDue(effects, dueFor('U'));
  effects.dueLater.push({ due: dueFor('V'), delayMs: 1_000 });
  effects.notices.push({ notice: notice('a'), delayMs: 0 });
  return effects;
}

type Call = readonly [what: string, ids: readonly string[], delayMs?: number];

/** A hub that notes what is sent, in order, and can refuse one kind of it. */
async function noting(refuse?: string): Promise<{ hub: Hub; calls: Call[] }> {
  const { hub } = await smallHub(['one', 'two']);
  const calls: Call[] = [];
  const take = async (...call: Call): Promise<void> => {
    if (call[0] === refuse) throw new Error(`${refuse} was not accepted`);
    calls.push(call);
  };
  const idsOf = (dues: readonly DeliveryDue[]): string[] => dues.map(({ id }) => id);
  return {
    calls,
    hub: {
      ...hub,
      store: {
        ...hub.store,
        appendJournal: (entries) =>
          take(
            'journal',
            entries.map(({ id }) => id),
          ),
      },
      outbox: {
        changed: (events) =>
          take(
            'changed',
            events.map(({ id }) => id),
          ),
        deliver: (dues) => take('deliver', idsOf(dues)),
        deliverLater: (dues, delayMs) => take('deliverLater', idsOf(dues), delayMs),
        notice: (notices, delayMs) =>
          take(
            'notice',
            notices.flatMap(({ ids }) => [...ids]),
            delayMs,
          ),
        sweep: () => take('sweep', []),
      },
    },
  };
}

describe('what a step tells others', () => {
  test('leaves in order: history, the world, then the hub’s own queues', async () => {
    const { hub, calls } = await noting();

    await sendEffects(hub, everything());

    expect(calls).toEqual([
      ['journal', ['J']],
      ['changed', ['U']],
      ['deliver', ['U']],
      ['deliverLater', ['V'], 1_000],
      ['notice', ['a'], 0],
    ]);
  });

  test('is nothing when nothing happened: no empty calls', async () => {
    const { hub, calls } = await noting();

    await sendEffects(hub, noEffects());

    expect(calls).toEqual([]);
  });

  test.each(['journal', 'changed', 'deliver', 'deliverLater', 'notice'])(
    'is not acknowledged when its %s was not accepted',
    async (what) => {
      const { hub } = await noting(what);

      await expect(sendEffects(hub, everything())).rejects.toThrow(`${what} was not accepted`);
    },
  );

  test('about one record and connection is told once, the latest of it', async () => {
    const { hub } = await noting();
    const effects = noEffects();
    noteDue(effects, dueFor('U', { attempts: 5 }));
    noteDue(effects, dueFor('U', { attempts: 0 }));
    noteDue(effects, dueFor('U', { connection: 'one' }));
    noteDue(effects, dueFor('U', { kind: 'contact' }));
    await sendEffects(hub, effects);

    expect([...effects.due.values()].map(({ connection, kind, attempts }) => [connection, kind, attempts])).toEqual([
      ['two', 'partner', 0],
      ['one', 'partner', 0],
      ['two', 'contact', 0],
    ]);
  });

  test('leaves together when it waits about as long, never earlier than it should', async () => {
    const { hub, calls } = await noting();
    const effects = noEffects();
    for (const [id, delayMs] of [
      ['a', 1],
      ['b', 900],
      ['c', 1_001],
      ['d', 0],
    ] as const) {
      effects.notices.push({ notice: notice(id), delayMs });
      effects.dueLater.push({ due: dueFor(id.toUpperCase()), delayMs });
    }

    await sendEffects(hub, effects);

    expect(calls).toEqual([
      ['deliverLater', ['A', 'B'], 1_000],
      ['deliverLater', ['C'], 2_000],
      ['deliverLater', ['D'], 0],
      ['notice', ['a', 'b'], 1_000],
      ['notice', ['c'], 2_000],
      ['notice', ['d'], 0],
    ]);
  });
});
