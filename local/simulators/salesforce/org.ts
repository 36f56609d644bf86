import type { FaultPlan } from '../shared/fault-plan.ts';
import type { IdSource } from './ids.ts';
import type { DuplicateRule } from './records/duplicate-rules.ts';
import type { OrgSchema } from './schema/org-schema.ts';
import type { RecordStore } from './store/record-store.ts';

/** One simulated org: what its records are checked against, where they are, and what was asked of it. */
export interface Org {
  /** 18 characters. */
  readonly id: string;
  readonly schema: OrgSchema;
  readonly store: RecordStore;
  readonly ids: IdSource;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly faults: FaultPlan;
  /** Active currencies, the corporate one first. */
  readonly currencies: readonly string[];
  /** Rules in force; replaced as a whole. */
  duplicateRules: readonly DuplicateRule[];
}
