import type { Fault, FaultKind } from './fault.ts';
import { shortHash } from './short-hash.ts';

/** What a person must act on. */
export const PROBLEM_CAUSES = [
  'unmapped-value',
  'refused-value',
  'refused-record',
  'value-taken',
  'required-missing',
  'missing-field',
  'duplicate',
  'doubtful-match',
  'merge-conflict',
  'merge-unfinished',
  'unresolved-reference',
  'not-shown',
  'loop',
  'mass-change',
  'credential',
  'account-changed',
  'unreachable',
  'gave-up',
  'defect',
  'erasure-waits',
  'rate-missing',
  'event',
  'invitation',
] as const;

/** One of {@link PROBLEM_CAUSES}. */
export type ProblemCause = (typeof PROBLEM_CAUSES)[number];

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
  /** What the system, or the hub's own check, said, without what the message puts around it. */
  readonly reason?: string;
  /** Who said so. */
  readonly toldBy?: NonNullable<Fault['toldBy']>;
  /** What to do first, one sentence. */
  readonly nextStep: string;
  /** Other records concerned, as `connection#object#externalId` or unified ids. */
  readonly candidates?: readonly string[];
  /** What the question is about, as a short hash: the same problem about another value is another question. */
  readonly about?: string;
  /** `ignored`: a person said to leave it; it stays so until its cause is another one, or gone. */
  readonly state: 'open' | 'ignored' | 'closed';
  readonly openedAt: number;
  /** When it was last met, ms. */
  readonly raisedAt?: number;
  readonly closedAt?: number;
  readonly ignored?: Ignored;
  readonly correlationId?: string;
}

/** Who said to leave a problem, when (ms) and why, in their own words. */
export interface Ignored {
  readonly at: number;
  readonly by: string;
  /** 1 to {@link REASON_MAX} characters. */
  readonly reason: string;
}

/** Longest reason kept, characters. */
export const REASON_MAX = 500;

/** What tells one cause of a problem from another: while it is the same, an ignored problem stays ignored. */
export function causeOf({ code, message, candidates, about }: Problem): string {
  return shortHash([code ?? '', message, about ?? '', ...(candidates ?? []).toSorted()]);
}
