import type { DeliveryPlan } from '../deliver/plan-delivery.ts';
import { throughOfMapping, throughOfVocabulary } from '../deliver/through-fields.ts';
import { isKind, type Kind } from '../model/kind.ts';
import type { Work } from '../model/notice.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import { type DeliveryTarget, targetsOf } from './connection-scope.ts';
import { type Effects, noteDue } from './effects.ts';
import { inParallel } from './in-parallel.ts';
import type { Borrower, Hub } from './ports.ts';

/** Records told of one change; what borrows beyond that is told by the nightly walk. */
const BORROWERS_MAX = 1_000;

/**
 * Notes on the records that values about to be written stand with, that these records borrow them: before anything is written, so
 * that none is missed when those change or are erased.
 *
 * *Units*: 1 write unit for each delivery that writes such values.
 */
export async function noteBorrowers(
  hub: Hub,
  deliveries: readonly { readonly bundle: Borrower; readonly plan: DeliveryPlan }[],
): Promise<void> {
  const notes = deliveries.flatMap(({ bundle, plan }) => {
    const lenders = new Set(plan.fields.flatMap(({ borrowedFrom }) => borrowedFrom ?? []));
    return [...lenders].map((lender) => ({ lender, borrower: { kind: bundle.kind, id: bundle.id } }));
  });
  await inParallel(notes, async ({ lender, borrower }) => {
    const mark = lender.indexOf('#');
    const kind = lender.slice(0, mark);
    if (isKind(kind)) await hub.store.noteBorrower(kind, lender.slice(mark + 1), borrower);
  });
}

/** Why records that borrow from another one are looked at. */
export interface LoanCause {
  readonly correlationId: string;
  readonly work?: Work;
  /** Fields of the lender whose value moved; absent: any may have. */
  readonly changed?: readonly string[];
}

/**
 * Queues a look at every record that is told to some system with values of this one, where one of those moved.
 *
 * *Units*: 1 read unit per 50 borrowers; none where no connection is told anything of the kind.
 */
export async function tellBorrowers(
  hub: Hub,
  kind: Kind,
  id: string,
  cause: LoanCause,
  effects: Effects,
): Promise<void> {
  const lent = lentBy(hub.vocabularies, kind);
  if (lent.size === 0 || cause.changed?.some((field) => lent.has(field)) === false) return;
  const targets = targetsToldOf(hub, kind);
  if (targets.length === 0) return;
  const { correlationId, work } = cause;
  for (const { kind: borrowing, id: borrower } of await hub.store.readBorrowers(kind, id, BORROWERS_MAX)) {
    for (const { connection, mapping } of targets) {
      if (mapping.kind !== borrowing) continue;
      const about = { connection: connection.id, object: mapping.object, kind: borrowing, id: borrower };
      const due = { schema: 1, ...about, attempts: 0, correlationId } as const;
      noteDue(effects, work === 'backfill' ? { ...due, work } : due);
    }
  }
}

/** What borrowed from a record that was merged borrows from its survivor. */
export async function moveBorrowers(hub: Hub, kind: Kind, loserId: string, survivorId: string): Promise<void> {
  if (lentBy(hub.vocabularies, kind).size === 0) return;
  const borrowers = await hub.store.readBorrowers(kind, loserId, BORROWERS_MAX);
  await inParallel(borrowers, (borrower) => hub.store.noteBorrower(kind, survivorId, borrower));
}

function targetsToldOf(hub: Hub, kind: Kind): readonly DeliveryTarget[] {
  return [...hub.vocabularies.keys()]
    .flatMap((borrowing) => targetsOf(hub, borrowing))
    .filter(({ mapping }) => throughOfMapping(mapping).some(({ through }) => through?.kind === kind));
}

/** Vocabularies do not change, and every change of every record asks. */
const known = new WeakMap<ReadonlyMap<Kind, Vocabulary>, ReadonlyMap<Kind, ReadonlySet<string>>>();

/** The fields of a kind that other kinds have through it. */
function lentBy(vocabularies: ReadonlyMap<Kind, Vocabulary>, kind: Kind): ReadonlySet<string> {
  let lent = known.get(vocabularies);
  if (lent === undefined) {
    const borrowed = [...vocabularies.values()].flatMap(throughOfVocabulary).flatMap(({ through }) => through ?? []);
    const byKind = Map.groupBy(borrowed, (through) => through.kind);
    lent = new Map([...byKind].map(([lender, all]) => [lender, new Set(all.map(({ field }) => field))]));
    known.set(vocabularies, lent);
  }
  return lent.get(kind) ?? NONE;
}

const NONE: ReadonlySet<string> = new Set();
