import { expect, test } from 'vitest';
import { runPlan } from '../run-plan.ts';
import { readSeeds } from '../seeds/seed-file.ts';
import type { EndOfRun } from './end-of-run.ts';
import { nothingLost } from './nothing-lost.ts';

const KEPT = readSeeds().find(({ file }) => file === 'partner-deleted-everywhere.json')?.plan;

/** A lead is given a partner, which people then delete in the systems that the plan names. */
async function endOf(isDeletedEverywhere: boolean): Promise<EndOfRun> {
  if (KEPT === undefined) throw new Error('no plan partner-deleted-everywhere.json');
  const items = KEPT.items.filter(({ deed }) => isDeletedEverywhere || deed.do !== 'delete' || deed.system !== 'org-a');
  const { end } = await runPlan({ ...KEPT, items });
  if (end === undefined) throw new Error('the run has no end');
  return end;
}

/** The same, had the hub emptied the lead's partner wherever it stands. */
function withoutPartner(end: EndOfRun): EndOfRun {
  const records = [...end.records].map(
    ([system, held]) =>
      [
        system,
        held.map((each) => (each.entity === 'L1' ? { ...each, units: { ...each.units, partner: '' } } : each)),
      ] as const,
  );
  return { ...end, records: new Map(records) };
}

test('a reference to what people deleted in every system is not lost: nothing can say it any more', async () => {
  const end = await endOf(true);

  expect([...end.records.values()].flat().filter(({ entity, isLive }) => entity === 'P2' && isLive)).toEqual([]);
  expect(nothingLost(end)).toEqual([]);
});

test('a reference to what is left in one system that holds the thing stands there, and is lost if it does not', async () => {
  const end = await endOf(false);

  expect(nothingLost(end)).toEqual([]);
  expect(nothingLost(withoutPartner(end))).toEqual([
    { invariant: 'nothing lost', what: expect.stringContaining('L1.partner is "", but "P2" was entered in portal') },
  ]);
});
