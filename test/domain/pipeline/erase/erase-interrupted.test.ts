import { describe, expect, test } from 'vitest';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { deliverDue } from '../../../../domain/pipeline/deliver/deliver-due.ts';
import { eraseByPerson } from '../../../../domain/pipeline/erase/erase-by-person.ts';
import { mergeByPerson, unmergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { interruptedHub, Killed, killedHub } from '../../../support/interrupted-hub.ts';
import { MARK, MARKS, markedHub, met } from '../../../support/marked-hub.ts';
import { bundleOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

/** More calls than any step here makes. */
const CALLS_MAX = 600;
const LEASE_MS = 60_000;

function erase(hub: Hub, id: string): Promise<unknown> {
  return eraseByPerson(hub, { kind: 'partner', id, keepIn: [], by: 'officer' });
}

/** Works off what waits with a worker that is killed at a call; what it had in its hands comes again. Answers whether it died. */
async function dieAtWork({ hub, outbox, clock }: SmallHub, at: number): Promise<boolean> {
  clock.now += 10_000;
  const notices = outbox.takeNotices();
  const killed = killedHub(hub, at);
  try {
    await absorbNotices(
      killed,
      notices.map((notice) => ({ notice, isRepeated: false })),
    );
    return false;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    await outbox.notice(
      notices.map((notice) => ({ ...notice, attempts: notice.attempts + 1 })),
      0,
    );
    return true;
  }
}

async function expectErased(small: SmallHub, id: string): Promise<void> {
  expect(small.store.everything()).not.toMatch(MARK);
  expect((await small.store.readBundle('partner', id)).sources).toEqual([]);
  const left = [...(small.systems.one?.all() ?? []), ...(small.systems.two?.all() ?? [])];
  expect(left.filter(({ values }) => MARK.test(JSON.stringify(values)))).toEqual([]);
  expect(await small.store.readErasure('partner', id)).toHaveProperty('doneAt');
}

describe('an erasure that is cut short', () => {
  test('while it is asked for, at any call, is complete when it is asked for again', async () => {
    let kills = 0;
    for (let at = 1; at < CALLS_MAX; at++) {
      const { small, id } = await markedHub();
      const died = await erase(killedHub(small.hub, at), id).then(
        () => false,
        (error: unknown) => error instanceof Killed,
      );
      if (!died) break;
      kills += 1;
      await erase(small.hub, id);
      await small.settle();
      await expectErased(small, id);
    }
    expect(kills).toBeGreaterThan(20);
  });

  test('once its message is queued is completed by that alone', async () => {
    for (let at = 1; at < CALLS_MAX; at++) {
      const { small, id } = await markedHub();
      const died = await erase(killedHub(small.hub, at), id).then(
        () => false,
        (error: unknown) => error instanceof Killed,
      );
      if (!died) break;
      if (small.outbox.nextVisibleAt() === undefined) continue;
      await small.settle();
      await expectErased(small, id);
    }
  });

  test('while its message is worked on, at any call, is completed by the message that comes again', async () => {
    let kills = 0;
    for (let at = 1; at < CALLS_MAX; at++) {
      const { small, id } = await markedHub();
      await erase(small.hub, id);
      if (!(await dieAtWork(small, at))) break;
      kills += 1;
      await small.settle();
      await expectErased(small, id);
    }
    expect(kills).toBeGreaterThan(20);
  });
});

/** A step of the hub in whose middle the record is erased. */
interface Meanwhile {
  readonly what: string;
  prepare(small: SmallHub, known: { readonly id: string; readonly a: string; readonly b: string }): Promise<unknown>;
  work(hub: Hub, small: SmallHub, known: { readonly id: string; readonly prepared: unknown }): Promise<unknown>;
}

async function takeIn(hub: Hub, { outbox }: SmallHub): Promise<void> {
  const received = outbox.takeNotices().map((notice) => ({ notice, isRepeated: false }));
  await absorbNotices(hub, received);
}

async function deliver(hub: Hub, { outbox }: SmallHub, connection: string): Promise<void> {
  const received = outbox.takeDeliveries(connection).map((due) => ({ due, isRepeated: false }));
  await deliverDue(hub, received, LEASE_MS);
}

const STEPS: readonly Meanwhile[] = [
  {
    what: 'an edit is taken in',
    async prepare(small, { a }) {
      small.systems.one?.edit(a, { NOTE: 'marked later' });
      await small.notice('one', [a]);
    },
    work: (hub, small) => takeIn(hub, small),
  },
  {
    what: 'an edit is delivered',
    async prepare(small, { a }) {
      small.systems.one?.edit(a, { NOTE: 'marked later' });
      await small.notice('one', [a]);
      await takeIn(small.hub, small);
    },
    work: (hub, small) => deliver(hub, small, 'two'),
  },
  {
    what: 'a deletion is taken in',
    async prepare(small, { b }) {
      small.systems.two?.remove(b);
      await small.notice('two', [b]);
    },
    work: (hub, small) => takeIn(hub, small),
  },
  {
    what: 'another record is merged into it',
    prepare: async (small) => (await bundleOf(small, 'one', await met(small, 'one', { NAME: 'Globex' }))).id,
    work: (hub, _, { id, prepared }) => mergeByPerson(hub, 'partner', id, String(prepared), 'somebody'),
  },
  {
    what: 'it is merged into another record',
    prepare: async (small) => (await bundleOf(small, 'one', await met(small, 'one', { NAME: 'Globex' }))).id,
    work: (hub, _, { id, prepared }) => mergeByPerson(hub, 'partner', String(prepared), id, 'somebody'),
  },
  {
    what: 'it is taken out of another record again',
    async prepare(small, { id }) {
      const other = (await bundleOf(small, 'one', await met(small, 'one', { NAME: 'Globex' }))).id;
      await mergeByPerson(small.hub, 'partner', other, id, 'somebody');
      await small.settle();
      return `${other}.${id}`;
    },
    work: (hub, _, { prepared }) => unmergeByPerson(hub, String(prepared), 'somebody'),
  },
];

describe('an erasure in the middle of other work', () => {
  test.each(STEPS)('while $what, at any call, is complete in the end', async ({ prepare, work }) => {
    let moments = 0;
    for (let at = 1; at < CALLS_MAX; at++) {
      const { small, ...known } = await markedHub();
      const prepared = await prepare(small, known);
      let isMet = false;
      const hub = interruptedHub(small.hub, async (call) => {
        if (call !== at) return;
        isMet = true;
        await erase(small.hub, known.id);
      });
      await work(hub, small, { id: known.id, prepared });
      if (!isMet) break;
      moments += 1;
      await small.settle();
      // What was merged or parted in that moment may have left it to be asked for once more.
      const stateOf = async () => (await small.store.readBundle('partner', known.id)).unified;
      if ((await stateOf())?.state !== 'erased') {
        await erase(small.hub, known.id);
        await small.settle();
      }
      // Merged on in the meantime, it was erased under the id it had then.
      const under = (await stateOf())?.erased?.under ?? known.id;
      expect.soft(small.store.everything(), `call ${at}`).not.toMatch(MARK);
      expect.soft((await small.store.readErasure('partner', under))?.doneAt, `call ${at}`).toBeDefined();
      expect.soft(small.systems.two?.all().filter(({ values }) => MARK.test(JSON.stringify(values)))).toEqual([]);
    }
    expect(moments).toBeGreaterThan(5);
  });

  test('while it is created in another system, at any call, it is taken back there', async () => {
    let moments = 0;
    for (let at = 1; at < CALLS_MAX; at++) {
      const { small } = await markedHub();
      const fresh = small.systems.one?.create({ NAME: 'Marked Berta', DOMAIN: 'marked-two.example' }) ?? '';
      await small.notice('one', [fresh]);
      await takeIn(small.hub, small);
      const { id } = await bundleOf(small, 'one', fresh);
      let isMet = false;
      const hub = interruptedHub(small.hub, async (call) => {
        if (call !== at) return;
        isMet = true;
        await erase(small.hub, id);
      });
      await deliver(hub, small, 'two');
      if (!isMet) break;
      moments += 1;
      await small.settle();
      const made = small.systems.two?.all().filter(({ values }) => values.HUB_ID === id);
      if (made !== undefined && made.length > 0)
        await small.notice(
          'two',
          made.map((each) => each.id),
        );
      await small.settle();

      expect.soft(small.store.everything(), `call ${at}`).not.toMatch(/marked-two/);
      expect.soft(small.systems.one?.all(), `call ${at}`).toHaveLength(1);
      expect.soft(small.systems.two?.all(), `call ${at}`).toHaveLength(1);
    }
    expect(moments).toBeGreaterThan(5);
  });

  test('while a second worker meets it for the first time as well, at any call, is complete in the end', async () => {
    let moments = 0;
    for (let at = 1; at < CALLS_MAX; at++) {
      const small = await smallHub(['one', 'two']);
      const first = small.systems.one?.create({ ...MARKS, NAME: 'Marked Carla', DOMAIN: 'marked-three.example' }) ?? '';
      await small.notice('one', [first]);
      let isMet = false;
      const hub = interruptedHub(small.hub, async (call) => {
        if (call !== at) return;
        isMet = true;
        // The same webhook came twice; the first one's worker is done, and the record erased, before the second one's goes on.
        await small.notice('one', [first]);
        await small.drain();
        await erase(small.hub, (await bundleOf(small, 'one', first)).id);
        for (const minutes of [1, 2, 3]) {
          small.clock.now += minutes * 60_000;
          await small.drain();
        }
        expect.soft(small.systems.one?.all(), `call ${at}`).toEqual([]);
      });
      await takeIn(hub, small);
      if (!isMet) break;
      moments += 1;
      await small.settle();

      expect.soft(small.store.everything(), `call ${at}`).not.toMatch(MARK);
    }
    expect(moments).toBeGreaterThan(5);
  });

  test('while another system brings it for the first time, at any call, leaves either one record or none', async () => {
    for (let at = 1; at < CALLS_MAX; at++) {
      const { small, id } = await markedHub();
      await erase(small.hub, id);
      await small.settle();
      const first = await met(small, 'one', MARKS);
      const { id: anew } = await bundleOf(small, 'one', first);
      for (const { id: there } of small.systems.two?.all() ?? []) small.systems.two?.remove(there);
      const second = small.systems.two?.create(MARKS) ?? '';
      await small.notice('two', [second]);
      let isMet = false;
      const hub = interruptedHub(small.hub, async (call) => {
        if (call !== at) return;
        isMet = true;
        await erase(small.hub, anew);
      });
      await takeIn(hub, small);
      if (!isMet) break;
      await small.settle();
      const erasure = await small.store.readErasure('partner', anew);
      const isPart = erasure?.refs.includes(`two#thing#${second}`) === true;

      expect.soft(erasure?.doneAt, `call ${at}`).toBeDefined();
      expect.soft(small.systems.two?.all().length, `call ${at}`).toBe(isPart ? 0 : 1);
      if (isPart) expect.soft(small.store.everything(), `call ${at}`).not.toMatch(MARK);
      else expect.soft((await bundleOf(small, 'two', second)).unified?.state, `call ${at}`).toBe('present');
    }
  });
});
