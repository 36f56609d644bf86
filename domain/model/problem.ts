import type { FaultKind } from './fault.ts';

/** What a person must act on. */
export type ProblemCause =
  | 'unmapped-value'
  | 'refused-value'
  | 'refused-record'
  | 'required-missing'
  | 'duplicate'
  | 'doubtful-match'
  | 'merge-conflict'
  | 'unresolved-reference'
  | 'loop'
  | 'mass-change'
  | 'credential'
  | 'account-changed'
  | 'unreachable'
  | 'gave-up'
  | 'defect';

/** An open question for a person, with the next step in plain words. Holds ids and field names, no values and nothing personal. */
export interface Problem {
  /** Made from connection, record, field and cause, so that the same question is asked once. */
  readonly id: string;
  readonly cause: ProblemCause;
  readonly connection: string;
  readonly object?: string;
  readonly externalId?: string;
  readonly kind?: string;
  readonly unifiedId?: string;
  readonly field?: string;
  readonly faultKind?: FaultKind;
  /** The vendor's code, if one was given. */
  readonly code?: string;
  /** What happened, one sentence. */
  readonly message: string;
  /** What to do first, one sentence. */
  readonly nextStep: string;
  /** Other records concerned, as `connection#object#externalId` or unified ids. */
  readonly candidates?: readonly string[];
  readonly state: 'open' | 'closed';
  readonly openedAt: number;
  readonly closedAt?: number;
  readonly correlationId?: string;
}
