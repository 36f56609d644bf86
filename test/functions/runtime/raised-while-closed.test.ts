import { expect, test } from 'vitest';
import type { Problem } from '../../../domain/model/problem.ts';
import type { HubTable } from '../../../functions/runtime/hub-table.ts';
import { problemItems } from '../../../functions/runtime/items/problem-items.ts';
import { startTestTable } from '../../support/hub-table.ts';

const PROBLEM: Problem = {
  id: 'p1',
  cause: 'refused-value',
  connection: 'crm',
  message: 'm',
  nextStep: 'n',
  state: 'open',
  openedAt: 1_000,
};

test('an ignored problem that is closed while it is raised again is open afterwards', async () => {
  const { table, close } = await startTestTable();
  const others = problemItems(table, 90);
  await others.openProblem(PROBLEM);
  await others.ignoreProblem('p1', { at: 2_000, by: 'ann', reason: 'known' });
  let calls = 0;
  const interrupted: HubTable = {
    ...table,
    async update(...change) {
      calls += 1;
      if (calls === 2) await others.closeProblem('p1', 3_000);
      return table.update(...change);
    },
  };

  await problemItems(interrupted, 90).openProblem({ ...PROBLEM, openedAt: 3_000 });

  expect(await others.readProblem('p1')).toMatchObject({ state: 'open', openedAt: 3_000 });
  await close();
});
