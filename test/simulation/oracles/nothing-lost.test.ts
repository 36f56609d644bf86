import { expect, test } from 'vitest';
import type { Deed } from '../plan/plan.ts';
import { runPlan } from '../run-plan.ts';
import { readSeeds } from '../seeds/seed-file.ts';
import type { EndOfRun } from './end-of-run.ts';
import { nothingLost } from './nothing-lost.ts';

/** The end of a kept plan, of the items that `isLeft` leaves in it. */
async function endOf(name: string, isLeft: (deed: Deed) => boolean = () => true): Promise<EndOfRun> {
  const kept = readSeeds().find(({ file }) => file === `${name}.json`)?.plan;
  if (kept === undefined) throw new Error(`no plan ${name}`);
  const { end } = await runPlan({ ...kept, items: kept.items.filter(({ deed }) => isLeft(deed)) });
  if (end === undefined) throw new Error('the run has no end');
  return end;
}

/** The same, had the hub emptied a lead's partner wherever it stands. */
function withoutPartner(end: EndOfRun, lead: string): EndOfRun {
  const records = [...end.records].map(
    ([system, held]) =>
      [
        system,
        held.map((each) => (each.entity === lead ? { ...each, units: { ...each.units, partner: '' } } : each)),
      ] as const,
  );
  return { ...end, records: new Map(records) };
}

test('a reference to what people deleted in every system is not lost: nothing can say it any more', async () => {
  const end = await endOf('partner-deleted-everywhere');

  expect([...end.records.values()].flat().filter(({ entity, isLive }) => entity === 'P2' && isLive)).toEqual([]);
  expect(nothingLost(end)).toEqual([]);
});

test('a reference to what is left in one system that holds the thing stands there, and is lost if it does not', async () => {
  const end = await endOf('partner-deleted-everywhere', (deed) => deed.do !== 'delete' || deed.system !== 'org-a');

  expect(nothingLost(end)).toEqual([]);
  expect(nothingLost(withoutPartner(end, 'L1'))).toEqual([
    { invariant: 'nothing lost', what: expect.stringContaining('L1.partner is "", but "P2" was entered in portal') },
  ]);
});

test('a company given in the portal to what the hub has made and not read since may count as found there, below an edit elsewhere', async () => {
  expect(nothingLost(await endOf('given-before-first-read'))).toEqual([]);
});

test('a company given so that no edit stands against is lost if it does not stand', async () => {
  const end = await endOf('given-before-first-read', (deed) => deed.do !== 'relate' || deed.system !== 'org-b');

  expect(nothingLost(end)).toEqual([]);
  expect(nothingLost(withoutPartner(end, 'L2'))).toEqual([
    { invariant: 'nothing lost', what: expect.stringContaining('L2.partner is "", but "P2" was entered in portal') },
  ]);
});
