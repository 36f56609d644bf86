import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { FIELDS_KNOWN_MS, type ReadOutcome } from '../../model/snapshot.ts';
import { walkKind } from '../connections/finish-backfill.ts';
import { updateConnection } from '../connections/pause-connection.ts';
import type { Hub } from '../ports.ts';
import { closeProblems, type ProblemDraft, problemId, raiseProblem } from '../problems/raise-problem.ts';

/** An object of a connection, and how it is mapped. */
interface UnseenScope {
  readonly hub: Hub;
  readonly connection: string;
  readonly mapping: CompiledMapping;
}

/**
 * Notes which mapped fields the account does not have, or does not show the hub, as a batch of reads tells it: one problem for
 * the object, whatever the number of records, closed when a read shows all of them. Writes only when that is news. What is shown
 * again is filled by a walk.
 */
export async function noteUnseen(scope: UnseenScope, outcomes: readonly ReadOutcome[]): Promise<void> {
  const snapshots = outcomes.flatMap((outcome) => (outcome.outcome === 'found' ? [outcome.snapshot] : []));
  if (snapshots.length > 0) await settleUnseen(scope, () => snapshots.flatMap(({ unseen = [] }) => unseen));
}

/** Adds what a refused write tells of fields that are not there. */
export async function addUnseen(scope: UnseenScope, unseen: readonly string[]): Promise<void> {
  await settleUnseen(scope, (known) => [...known, ...unseen]);
}

/** Names in one problem; an account that shows none of the mapped fields has a bigger one. */
const NAMES_MAX = 60;

async function settleUnseen(
  { hub, connection, mapping }: UnseenScope,
  decide: (known: readonly string[]) => readonly string[],
): Promise<void> {
  const { object } = mapping;
  const mapped = new Set(mapping.fields.map(({ theirs }) => theirs));
  const nextOf = (known: readonly string[]): readonly string[] =>
    [...new Set(decide(known))].filter((name) => mapped.has(name)).toSorted();
  const known = (await hub.connectionState(connection)).unseen?.[object] ?? [];
  const next = nextOf(known);
  if (isSame(known, next)) return;
  const draft = draftFor(connection, object, next);
  // Told, and walked for, before it counts: a crash in between is made good by the next read, which finds the same news.
  if (next.length > 0) await raiseProblem(hub, draft);
  if (known.some((name) => mapped.has(name) && !next.includes(name))) await walkForShown(hub, connection, object);
  await updateConnection(hub, connection, (state) => {
    const fresh = nextOf(state.unseen?.[object] ?? []);
    return isSame(state.unseen?.[object] ?? [], fresh)
      ? undefined
      : { ...state, unseen: { ...state.unseen, [object]: fresh } };
  });
  if (next.length === 0) await closeProblems(hub, [problemId(draft)]);
}

/**
 * What was entered there while they were hidden moves no stamp now. Another process may think them hidden for a while yet, and say so.
 * Counted when it is asked for: cut short, it is asked for again.
 */
async function walkForShown(hub: Hub, connection: string, object: string): Promise<void> {
  const counted = (by: number): Promise<number> =>
    hub.store.count(`fields-back#${connection}#${object}`, FIELDS_KNOWN_MS, hub.now(), by);
  if ((await counted(0)) > 0) return;
  await walkKind(hub, connection, object, FIELDS_KNOWN_MS);
  await counted(1);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

function draftFor(connection: string, object: string, names: readonly string[]): ProblemDraft {
  const told = names.slice(0, NAMES_MAX).join(', ');
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '';
  return {
    cause: 'missing-field',
    connection,
    object,
    message: `${connection} has no such fields of ${object}, or does not show them to the hub: ${told}${more}.`,
    nextStep: `Add them in ${connection} and let the hub's user see them, or take their lines out of the mapping of ${object}; until then they are neither read nor written, and everything else is.`,
  };
}
