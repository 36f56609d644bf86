import { expect, test } from 'vitest';
import { makePlan } from '../plan/make-plan.ts';
import { Chronicle } from './chronicle.ts';
import { salesforceVendor } from './salesforce-vendor.ts';

test('a record that was deleted comes back when somebody restores it, and not whenever somebody looks', async () => {
  const org = salesforceVendor('org-a', '00DAa0000000001', makePlan('chronicle').setup, () => 1_000);
  const chronicle = new Chronicle();
  const note = (at: number): void => void chronicle.note(org, 'person', at);

  const id = (await org.create('lead', 'L1', {}, undefined)) ?? '';
  note(1);
  await org.remove('lead', id);
  note(2);
  await org.create('lead', 'L2', {}, undefined);
  note(3);
  await org.restore('lead', id);
  note(4);

  expect(chronicle.changes.map(({ at, entity, event }) => [at, entity, event])).toEqual([
    [1, 'L1', 'made'],
    [2, 'L1', 'gone'],
    [3, 'L2', 'made'],
    [4, 'L1', 'back'],
  ]);
});
