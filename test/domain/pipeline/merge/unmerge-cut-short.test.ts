import { expect, test } from 'vitest';
import { mergeByPerson, unmergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import { mergeIdOf } from '../../../../domain/pipeline/merge/merge-records.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import { interruptedHub, Killed, killedHub } from '../../../support/interrupted-hub.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

/** More calls than the undoing of a merge takes. */
const CALLS_MAX = 200;

/** Three companies, one in each system, the second merged into the first. */
async function merged() {
  const small = await smallHub(['one', 'two', 'three'], { isOpen: false });
  const take = async (connection: string, NAME: string): Promise<string> => {
    const id = small.systems[connection]?.create({ NAME, DOMAIN: `${NAME.toLowerCase()}.com` }) ?? '';
    await small.notice(connection, [id]);
    await small.settle();
    return (await bundleOf(small, connection, id)).id;
  };
  const first = await take('one', 'Acme');
  const second = await take('two', 'Globex');
  const third = await take('three', 'Initech');
  expect(await mergeByPerson(small.hub, 'partner', first, second, 'ann')).toBe('done');
  small.clock.now += 60_000;
  const edit = async (connection: string, values: Record<string, string>): Promise<void> => {
    const { id = '' } = small.systems[connection]?.all()[0] ?? {};
    small.systems[connection]?.edit(id, values);
    await small.notice(connection, [id]);
    await small.settle();
  };
  return { small, first, second, third, mergeId: mergeIdOf(first, second), edit };
}

async function reviews({ hub, clock, settle }: SmallHub): Promise<void> {
  for (let review = 0; review < 3; review++) {
    clock.now += 300_000;
    await reviewProblems(hub);
    await settle();
  }
}

/** Where each company's record of its system is, as the connections of what each unified record holds. */
async function placed({ store }: SmallHub, ids: readonly string[]): Promise<readonly string[]> {
  const bundles = await Promise.all(ids.map((id) => store.readBundle('partner', id)));
  return bundles.map(({ sources }) => sources.map(({ connection }) => connection).join());
}

test('the undoing of a merge that is cut short is finished, also when its survivor is merged on at once', async () => {
  let moments = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    const { small, first, second, third, mergeId } = await merged();
    const end = await unmergeByPerson(killedHub(small.hub, at), mergeId, 'ann').catch(() => 'killed' as const);
    if (end !== 'killed') break;
    moments += 1;
    const begun = await small.store.readProblem((await small.store.listProblems({ limit: 1 })).problems[0]?.id ?? '');
    let merging = await mergeByPerson(small.hub, 'partner', third, first, 'bob');
    await reviews(small);
    if (merging === 'contended') merging = await mergeByPerson(small.hub, 'partner', third, first, 'bob');
    await reviews(small);

    expect.soft(await problemsOf(small), `call ${at}`).toEqual([]);
    expect.soft(merging, `call ${at}`).toBe('done');
    const whole = ['', '', 'one,three,two'];
    const apart = ['', 'two', 'one,three'];
    const places = await placed(small, [first, second, third]);
    // Before the undoing has written anything it may not have begun.
    expect.soft([whole, apart], `call ${at}`).toContainEqual(places);
    if (begun !== undefined && merging === 'done') expect.soft(places[0], `call ${at}`).toBe('');
  }
  expect(moments).toBeGreaterThan(20);
});

test('a merge that meets the undoing of another one at any call leaves every record in one place', async () => {
  let moments = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    for (const until of [4, 8, 12, 16, 20, 24, 28, 32, 36, 40]) {
      const { small, first, second, third, mergeId } = await merged();
      let isMet = false;
      const undoing = killedHub(small.hub, until);
      const hub = interruptedHub(small.hub, async (call) => {
        if (call !== at) return;
        isMet = true;
        await unmergeByPerson(undoing, mergeId, 'ann').catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
      });
      const merging = await mergeByPerson(hub, 'partner', third, first, 'bob');
      if (!isMet) break;
      moments += 1;
      await reviews(small);
      if (merging === 'contended') await mergeByPerson(small.hub, 'partner', third, first, 'bob');
      await reviews(small);

      const places = await placed(small, [first, second, third]);
      expect.soft(await problemsOf(small), `calls ${at}, ${until}`).toEqual([]);
      expect
        .soft(
          [
            ['', '', 'one,three,two'],
            ['', 'two', 'one,three'],
          ],
          `calls ${at}, ${until}`,
        )
        .toContainEqual(places);
      const states = await small.store.readUnified('partner', [first, second, third]);
      const isApart = places[1] === 'two';
      expect.soft(states.get(second)?.state, `calls ${at}, ${until}`).toBe(isApart ? 'present' : 'merged');
    }
  }
  expect(moments).toBeGreaterThan(50);
});

test('the undoing of a merge that meets an edit keeps nobody from merging the two on, also when it is not asked for again', async () => {
  let contended = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    const { small, first, third, mergeId, edit } = await merged();
    let isMet = false;
    const hub = interruptedHub(small.hub, async (call) => {
      if (call !== at) return;
      isMet = true;
      await edit('one', { NOTE: 'edited' });
    });
    const { end } = await unmergeByPerson(hub, mergeId, 'ann');
    if (!isMet) break;
    if (end === 'contended') contended += 1;
    await reviews(small);

    const moment = `call ${at}, ${end}`;
    expect.soft(await mergeByPerson(small.hub, 'partner', third, first, 'bob'), moment).toBe('done');
    expect.soft(await problemsOf(small), moment).toEqual([]);
  }
  expect(contended).toBeGreaterThan(0);
});

/*
 * ann:  undoes ─ notes that it begins ──────────────────────────── notes it with the survivor ?
 * bob:                                   merges the survivor on
 */
test('of a survivor that is merged on just as the undoing begins nothing is kept that stops later merges', async () => {
  let moments = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    const { small, first, second, third, mergeId } = await merged();
    let merging: string | undefined;
    const hub = interruptedHub(small.hub, async (call) => {
      if (call === at) merging = await mergeByPerson(small.hub, 'partner', third, first, 'bob');
    });
    await unmergeByPerson(hub, mergeId, 'ann');
    if (merging === undefined) break;
    moments += 1;
    await reviews(small);
    if (merging !== 'done') continue;

    const moment = `call ${at}`;
    expect.soft((await small.store.readMerge(mergeId))?.state, moment).not.toBe('unmerging');
    expect.soft((await unmergeByPerson(small.hub, mergeIdOf(third, first), 'ann')).end, moment).toBe('done');
    expect.soft((await unmergeByPerson(small.hub, mergeId, 'ann')).end, moment).toMatch(/done|unknown/);
    expect.soft(await placed(small, [first, second, third]), moment).toEqual(['one', 'two', 'three']);
    expect.soft(await problemsOf(small), moment).toEqual([]);
  }
  expect(moments).toBeGreaterThan(20);
});
