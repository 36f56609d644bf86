import type { Plan } from '../plan/plan.ts';
import { agree } from './agree.ts';
import { asksFirst, asksOnce } from './asks-first.ts';
import { AWS_ORACLES } from './aws/aws-oracles.ts';
import { budgetsHold } from './budgets.ts';
import { comeToRest } from './come-to-rest.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';
import { erasedStaysErased } from './erased-stays-erased.ts';
import { everywhere } from './everywhere.ts';
import { foundBelowEdits } from './found-below-edits.ts';
import { madeOne } from './made-one.ts';
import { mergeAndBack } from './merge-and-back.ts';
import { neverBack } from './never-back.ts';
import { noDuplicates } from './no-duplicates.ts';
import { noSilence } from './no-silence.ts';
import { nothingLost } from './nothing-lost.ts';
import { nothingOnItsWay } from './nothing-on-its-way.ts';
import { oneWriter } from './one-writer.ts';

export type { Violation } from './end-of-run.ts';

/** The judges of a run, for every invariant but the sixth, which has runs of its own (`order-of-events.ts`). */
export const ORACLES: readonly ((end: EndOfRun) => readonly Violation[] | Promise<readonly Violation[]>)[] = [
  comeToRest,
  oneWriter,
  noDuplicates,
  agree,
  everywhere,
  nothingLost,
  foundBelowEdits,
  mergeAndBack,
  noSilence,
  budgetsHold,
  erasedStaysErased,
  nothingOnItsWay,
  asksFirst,
  asksOnce,
  neverBack,
  madeOne,
];

/** The judges of a plan: a world with AWS accounts has its own. */
export function oraclesOf(plan: Plan): typeof ORACLES {
  return plan.aws === undefined ? ORACLES : AWS_ORACLES;
}
