import { describe, expect, test } from 'vitest';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { keepApart } from '../../../../domain/pipeline/identify/decide-likeness.ts';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { interruptedHub, killedHub } from '../../../support/interrupted-hub.ts';
import { bundleOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

/** More calls than taking in a record takes. */
const CALLS_MAX = 100;

async function meet(small: SmallHub, connection: string, values: Record<string, string>): Promise<string> {
  const id = small.systems[connection]?.create(values) ?? '';
  await small.notice(connection, [id]);
  await small.settle();
  return id;
}

async function taken(small: SmallHub, connection: string, id: string) {
  await small.notice(connection, [id]);
  return small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false }));
}

/**
 * An established company, two others by quite other names, and two more records of the established one, each by the name of one of the
 * others: each of them brings a likeness to light when it is linked.
 */
async function world() {
  const small = await smallHub(['one', 'two', 'three'], { isOpen: false });
  const established = await meet(small, 'one', { NAME: 'Nordlicht', DOMAIN: 'nordlicht.com' });
  const quarry = await meet(small, 'one', { NAME: 'Quarry Robotics' });
  const seewind = await meet(small, 'one', { NAME: 'Seewind Logistik' });
  const first = small.systems.two?.create({ NAME: 'Quarry Robotics', DOMAIN: 'nordlicht.com' }) ?? '';
  const second = small.systems.three?.create({ NAME: 'Seewind Logistik', DOMAIN: 'nordlicht.com' }) ?? '';
  const ids = await Promise.all(
    [established, quarry, seewind].map(async (id) => (await bundleOf(small, 'one', id)).id),
  );
  return { small, first, second, ids };
}

async function asked({ store }: SmallHub): Promise<readonly string[]> {
  const { problems } = await store.listProblems({ limit: 10 });
  return [...new Set(problems.flatMap(({ candidates = [] }) => candidates))].sort();
}

test('two records that bring another likeness to light each, in the same moment, are asked about both', async () => {
  let moments = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    const { small, first, second, ids } = await world();
    const received = await taken(small, 'two', first);
    let isMet = false;
    const hub = interruptedHub(small.hub, async (call) => {
      if (call !== at) return;
      isMet = true;
      await absorbNotices(small.hub, await taken(small, 'three', second));
    });
    await absorbNotices(hub, received);
    if (!isMet) break;
    moments += 1;

    expect.soft(await asked(small), `call ${at}`).toEqual(ids.toSorted());
  }
  expect(moments).toBeGreaterThan(5);
});

test('a likeness that a linked record brings to light is asked about, wherever its taking in was cut short', async () => {
  let moments = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    const { small, first, ids } = await world();
    const received = await taken(small, 'two', first);
    const end = await absorbNotices(killedHub(small.hub, at), received).catch(() => 'killed');
    if (end !== 'killed') break;
    moments += 1;
    small.clock.now += 120_000;

    await absorbNotices(
      small.hub,
      received.map(({ notice }) => ({ notice, isRepeated: true })),
    );
    await small.settle();

    expect.soft(await asked(small), `call ${at}`).toEqual(ids.slice(0, 2).toSorted());
  }
  expect(moments).toBeGreaterThan(5);
});

describe('an answer to the question about one likeness, while another comes to light,', () => {
  async function answered(
    from: number,
    answer: (hub: Hub, ids: readonly string[], question: string) => Promise<unknown>,
  ): Promise<number> {
    let moments = 0;
    for (let at = from; at < CALLS_MAX; at++) {
      const { small, first, second, ids } = await world();
      await absorbNotices(small.hub, await taken(small, 'two', first));
      await small.settle();
      const [question] = (await small.store.listProblems({ limit: 1 })).problems;
      let isMet = false;
      const hub = interruptedHub(small.hub, async (call) => {
        if (call !== at) return;
        isMet = true;
        await absorbNotices(small.hub, await taken(small, 'three', second));
      });
      await answer(hub, ids, question?.id ?? '');
      if (!isMet) break;
      moments += 1;

      expect.soft(await asked(small), `call ${at}`).toContain(ids[2]);
    }
    return moments;
  }

  test('leaves that one open where the two are kept apart', async () => {
    // The first call reads the question: what is in it by then is answered.
    expect(await answered(2, (hub, _ids, question) => keepApart(hub, question))).toBeGreaterThan(5);
  });

  test('leaves that one open where the two are merged', async () => {
    const merge = (hub: Hub, [established = '', quarry = '']: readonly string[]) =>
      mergeByPerson(hub, 'partner', established, quarry, 'ann');

    expect(await answered(1, merge)).toBeGreaterThan(5);
  });
});
