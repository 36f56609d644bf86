import { agree } from './agree.ts';
import { budgetsHold } from './budgets.ts';
import { comeToRest } from './come-to-rest.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';
import { erasedStaysErased } from './erased-stays-erased.ts';
import { everywhere } from './everywhere.ts';
import { foundBelowEdits } from './found-below-edits.ts';
import { noDuplicates } from './no-duplicates.ts';
import { noSilence } from './no-silence.ts';
import { nothingLost } from './nothing-lost.ts';
import { oneWriter } from './one-writer.ts';

export type { Violation } from './end-of-run.ts';

/**
 * The judges of a run, for the invariants 1 to 5 and 8 of every plan. Invariants 6 and 7 have runs of their own
 * (`order-of-events.ts`, `merge-and-back.ts`).
 */
export const ORACLES: readonly ((end: EndOfRun) => readonly Violation[] | Promise<readonly Violation[]>)[] = [
  comeToRest,
  oneWriter,
  noDuplicates,
  agree,
  everywhere,
  nothingLost,
  foundBelowEdits,
  noSilence,
  budgetsHold,
  erasedStaysErased,
];
