import { describe, expect, test } from 'vitest';
import { ATTEMPTS_MAX } from '../../../domain/deliver/retry.ts';
import { OWN_CHECK } from '../../../domain/model/fault.ts';
import type { DeliveryDue } from '../../../domain/model/notice.ts';
import { absorbNotices } from '../../../domain/pipeline/absorb/absorb-notices.ts';
import { deliverDue } from '../../../domain/pipeline/deliver/deliver-due.ts';
import { describeRecord } from '../../../domain/pipeline/describe-record.ts';
import type { Hub } from '../../../domain/pipeline/ports.ts';
import { retryProblem } from '../../../domain/pipeline/problems/retry-problem.ts';
import { reviewProblems } from '../../../domain/pipeline/problems/review-problems.ts';
import { ERROR_MAX } from '../../../domain/pipeline/tell-requests.ts';
import { killedHub } from '../../support/interrupted-hub.ts';
import { bundleOf, problemsOf, type SmallHub, setConnection, smallHub, withPort } from '../../support/small-hub.ts';
import { tellingOf, tinyVocabulary } from '../../support/tiny-mapping.ts';

/** A CRM and a shop. The shop takes what has the stage `second`, whole, and not without a note. */
async function shopHub(): Promise<{ readonly small: SmallHub; ask(values?: Record<string, string>): Promise<string> }> {
  const small = await smallHub(['crm', 'shop'], {
    vocabulary: tellingOf('shop', tinyVocabulary()),
    systemNames: { shop: 'shop' },
    mapping: (connection, mapping) => {
      if (connection !== 'shop') return mapping;
      const fields = mapping.fields.map((line) => (line.field === 'note' ? { ...line, isRequired: true } : line));
      const isSent = (values: Readonly<Record<string, unknown>>): boolean => values.stage === 'second';
      return { ...mapping, fields, isMadeWhole: true, isSent };
    },
  });
  return {
    small,
    async ask(values = {}) {
      const id = small.systems.crm?.create({ NAME: 'Acme', NOTE: 'thirty', STAGE: 'second', ...values }) ?? '';
      await small.notice('crm', [id]);
      return id;
    },
  };
}

async function told(small: SmallHub, id: string): Promise<readonly unknown[]> {
  const { unified } = await bundleOf(small, 'crm', id);
  return [unified?.fields.request?.value ?? null, unified?.fields.flaw?.value ?? null];
}

const CALLS_MAX = 60;

async function edit(small: SmallHub, id: string, values: Record<string, string | null>): Promise<void> {
  small.clock.now += 60_000;
  small.systems.crm?.edit(id, values);
  await small.notice('crm', [id]);
}

describe('what a record says of what was asked for', () => {
  test('what the system refuses stands in the record in its words, with who said so, until a later try succeeds', async () => {
    const { small, ask } = await shopHub();
    small.systems.shop?.failNextWrite(
      { kind: 'rejected', code: 'NO', message: 'Thirty is too many.', fields: ['NOTE'], toldBy: 'change set 7' },
      false,
    );
    const id = await ask();
    await small.settle();

    expect(await told(small, id)).toEqual(['refused', 'Thirty is too many.']);
    const { unified } = await bundleOf(small, 'crm', id);
    const described = await describeRecord(small.hub, 'partner', unified?.id ?? '');
    expect(described?.fields.flaw?.why).toBe('the hub itself decides this field, by what shop, change set 7 says');

    await edit(small, id, { NOTE: 'three' });
    await small.settle();

    expect(await told(small, id)).toEqual(['made', null]);
    expect(small.systems.shop?.all()).toHaveLength(1);
  });

  test('a refusal of the whole record is told as well, and forgotten while a person retries', async () => {
    const { small, ask } = await shopHub();
    small.systems.shop?.failNextWrite(
      { kind: 'rejected', code: 'NO', message: 'Not today.', toldBy: OWN_CHECK },
      false,
    );
    const id = await ask();
    await small.settle();
    expect(await told(small, id)).toEqual(['refused', 'Not today.']);
    const { problems } = await small.store.listProblems({ limit: 10 });

    await retryProblem(small.hub, problems[0]?.id ?? '');
    expect(await told(small, id)).toEqual(['under-way', null]);
    await small.settle();

    expect(await told(small, id)).toEqual(['made', null]);
  });

  test('names what is empty by the words of its name', async () => {
    const { small, ask } = await shopHub();
    const id = await ask({ NOTE: '' });
    await small.settle();

    expect(await told(small, id)).toEqual(['incomplete', 'Not sent: note is empty.']);
    expect(small.systems.shop?.calls.writes).toBe(0);
  });

  test('a value that waits is one problem, and is told as what it is, not as empty', async () => {
    const { small, ask } = await shopHub();
    const id = await ask({ NOTE: '?' });
    await small.settle();

    expect(await told(small, id)).toEqual([
      'incomplete',
      'Not sent: note cannot be used (no lookup lists this value).',
    ]);
    expect(await problemsOf(small)).toEqual(['unmapped-value:note']);
  });

  test('says nothing to who asks for nothing, and nothing any more to who asks no more', async () => {
    const { small, ask } = await shopHub();
    small.systems.shop?.refuse('thirty');
    const id = await ask({ STAGE: 'first' });
    await small.settle();
    expect(await told(small, id)).toEqual([null, null]);

    await edit(small, id, { STAGE: 'second' });
    await small.settle();
    expect(await told(small, id)).toEqual(['refused', 'bad value']);

    await edit(small, id, { STAGE: 'first' });
    await small.settle();
    expect(await told(small, id)).toEqual([null, null]);
  });

  test('waits, and says for what, while the hub may not write there', async () => {
    const { small, ask } = await shopHub();
    await setConnection(small, 'shop', ({ releasedAt: _, ...state }) => state);
    const id = await ask();
    await small.settle();

    expect(await told(small, id)).toEqual([
      'waiting',
      'The hub does not write to shop yet; it goes on by itself when it does.',
    ]);
  });

  test('a refusal of what is made already is told beside it', async () => {
    const { small, ask } = await shopHub();
    const id = await ask();
    await small.settle();
    small.systems.shop?.refuse('ninety');

    await edit(small, id, { NOTE: 'ninety' });
    await small.settle();
    expect(await told(small, id)).toEqual(['made', 'bad value']);

    await edit(small, id, { NOTE: 'nine' });
    await small.settle();
    expect(await told(small, id)).toEqual(['made', null]);
  });

  test('a problem that is about another value by now lends no words', async () => {
    const { small, ask } = await shopHub();
    small.systems.shop?.refuse('thirty');
    const id = await ask();
    await small.settle();
    const { problems } = await small.store.listProblems({ limit: 10 });
    for (const problem of problems) await small.store.openProblem({ ...problem, about: 'another', reason: 'Other.' });

    await edit(small, id, { NAME: 'Acme Ltd' });
    await small.settle();

    expect(await told(small, id)).toEqual(['refused', 'shop refused it; the problems of the hub say why.']);
  });

  test('is told in the end wherever the delivery that was refused is cut short', async () => {
    for (let at = 1; at <= CALLS_MAX; at += 1) {
      const { small, ask } = await shopHub();
      small.systems.shop?.refuse('thirty');
      const id = await ask();
      await absorbNotices(
        small.hub,
        small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false })),
      );
      const dues = small.outbox.takeDeliveries('shop');
      const deliver = (hub: Hub, isRepeated: boolean): Promise<unknown> =>
        deliverDue(
          hub,
          dues.map((due) => ({ due, isRepeated })),
          60_000,
        );
      const isDone = await deliver(killedHub(small.hub, at), false).then(
        () => true,
        () => false,
      );
      if (isDone) {
        expect(at).toBeGreaterThan(5);
        return;
      }
      small.clock.now += 360_000;
      await deliver(small.hub, true);
      await small.settle();

      expect([at, await told(small, id)]).toEqual([at, ['refused', 'bad value']]);
    }
    throw new Error('the delivery took more calls than this test knows');
  });

  test('is one bounded line, whatever the system says', async () => {
    const { small, ask } = await shopHub();
    small.systems.shop?.failNextWrite({ kind: 'rejected', code: 'NO', message: 'No.\n'.repeat(400) }, false);
    const id = await ask();
    await small.settle();

    const [, text] = await told(small, id);
    expect(String(text)).toHaveLength(ERROR_MAX);
    expect(String(text)).not.toContain('\n');
  });
});

describe('what a record says of what the hub has given up for now', () => {
  const DOWN = { kind: 'transient', code: 'UNAVAILABLE', message: 'down' } as const;

  async function givenUp() {
    const { small, ask } = await shopHub();
    const down = withPort(small.hub, 'shop', () => ({
      write: async (_object, _hubIdField, items) => items.map(() => ({ outcome: 'failed', fault: DOWN })),
    }));
    const id = await ask();
    await absorbNotices(
      small.hub,
      small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false })),
    );
    expect(await told(small, id)).toEqual(['under-way', null]);
    const dues = small.outbox.takeDeliveries('shop').map((due) => ({ ...due, attempts: ATTEMPTS_MAX }));
    await deliverDue(
      down,
      dues.map((due) => ({ due, isRepeated: false })),
      60_000,
    );
    return { small, id };
  }

  test('is that nobody is at it, and why', async () => {
    const { small, id } = await givenUp();

    const [state, error] = await told(small, id);
    expect(state).toBe('waiting');
    expect(error).toContain('shop has not taken it for a day');
    // Nothing of it goes out to the shop again by itself.
    expect(small.outbox.waiting.deliveries.filter(({ message }) => message.connection === 'shop')).toEqual([]);
  });

  test('is said a little later when others kept writing the record right then', async () => {
    const { small, ask } = await shopHub();
    let isSent = false;
    const failing = withPort(small.hub, 'shop', () => ({
      write: async (_object, _hubIdField, items) => {
        isSent = true;
        return items.map(() => ({ outcome: 'failed', fault: DOWN }));
      },
    }));
    let refused = 0;
    const store: typeof small.store = {
      ...small.store,
      // The first write after the call ends the claim; those of the telling come too late.
      putUnified: async (record, expected) => {
        if (isSent) refused += 1;
        return refused < 2 || refused > 7 ? small.store.putUnified(record, expected) : false;
      },
    };
    const id = await ask();
    await absorbNotices(
      small.hub,
      small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false })),
    );
    const giveUp = async (dues: readonly DeliveryDue[]): Promise<void> => {
      const last = dues.map((due) => ({ due: { ...due, attempts: ATTEMPTS_MAX }, isRepeated: false }));
      await deliverDue({ ...failing, store }, last, 60_000);
    };

    await giveUp(small.outbox.takeDeliveries('shop'));
    expect(await told(small, id)).toEqual(['under-way', null]);
    small.clock.now += 10_000;
    await giveUp(small.outbox.takeDeliveries('shop'));

    expect((await told(small, id))[0]).toBe('waiting');
    expect(small.outbox.waiting.deliveries.filter(({ message }) => message.connection === 'shop')).toEqual([]);
  });

  test('is over when the next try succeeds', async () => {
    const { small, id } = await givenUp();

    for (let review = 0; review < 3; review++) {
      small.clock.now += 300_000;
      await reviewProblems(small.hub);
      await small.settle();
    }

    expect(await told(small, id)).toEqual(['made', null]);
    expect(await problemsOf(small)).toEqual([]);
  });
});
