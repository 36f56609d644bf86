import type { Family } from '../plan/directed-plan.ts';
import { AWS_MUTATIONS } from './aws-mutations.ts';
import { IDENTITY_MUTATIONS } from './identity-mutations.ts';

/** A deliberate mistake in the hub: texts of a source file and what takes their place. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  /** Each must stand in the file exactly once; a mutation that no longer applies fails. */
  readonly patches: readonly (readonly [from: string, to: string])[];
  /** The family of worlds that must notice it; absent: whatever the seeds draw. */
  readonly family?: Family;
  /** How many seeds it may take at least: what shows in a moment of few calls is rare. */
  readonly seeds?: number;
}

/** Whether every text still stands in the file exactly once. */
export function applies({ patches }: Mutation, text: string): boolean {
  return patches.every(([from]) => text.split(from).length === 2);
}

const one = (name: string, file: string, from: string, to: string, family?: Family, seeds?: number): Mutation => ({
  name,
  file,
  patches: [[from, to]],
  ...(family === undefined ? {} : { family }),
  ...(seeds === undefined ? {} : { seeds }),
});

const ABSORB = 'domain/absorb/absorb-snapshot.ts';
const CLAIM = 'domain/pipeline/deliver/claim-delivery.ts';
const COMPLETE = 'domain/pipeline/deliver/complete-delivery.ts';
const SETTLE = 'domain/pipeline/settle-record.ts';
const PUT_UNIFIED =
  '    if (next.isMoved && !(await hub.store.putUnified(next.record, read.unified?.counter ?? null))) continue;';
const NOTE_DUE = 'for (const { connection, object } of await connectionsBehind(hub, bundle, seating)) {';

/** Rules of the hub, each broken in turn: the simulation must notice every one. */
export const MUTATIONS: readonly Mutation[] = [
  one(
    'drop the claim',
    CLAIM,
    'Math.max(0, (source?.claim?.until ?? 0) - now)',
    'Math.max(0, Math.min(0, now - (source?.claim?.until ?? 0)))',
  ),
  one(
    'drop the intents',
    ABSORB,
    'if (intent?.hash === intentHash(line, seen, directory)) {',
    'if (intent?.hash === "") {',
  ),
  one(
    'drop the echo rule',
    ABSORB,
    'if (stored !== undefined && meansTheSame(line, stored.value, seen, directory)) {',
    'if (stored !== undefined && stored.origin !== "hub" && meansTheSame(line, stored.value, seen, directory)) {',
  ),
  one('queue a delivery only when the version rises', SETTLE, NOTE_DUE, `if (next.isChanged) ${NOTE_DUE}`),
  one(
    'ignore the counter of the record',
    'local/memory/memory-store.ts',
    'if ((items.get(name)?.counter ?? null) !== expected) return false;',
    'if (!items.has(name) !== (expected === null)) return false;',
  ),
  {
    name: 'publish before the write',
    file: SETTLE,
    patches: [
      [
        PUT_UNIFIED,
        `    if (next.isMoved) {
      const early = await connectionsBehind(hub, { ...read, unified: next.record }, seating);
      const { correlationId } = cause;
      await hub.outbox.deliver(early.map((to) => ({ schema: 1, ...to, kind, id, attempts: 0, correlationId })));
    }
${PUT_UNIFIED}`,
      ],
      [NOTE_DUE, `if (!next.isMoved) ${NOTE_DUE}`],
    ],
  },
  one(
    'sweep HubSpot without an overlap',
    'connectors/hubspot/change-cursor.ts',
    'export const overlapMs = 300_000;',
    'export const overlapMs = 0;',
  ),
  one(
    'order by time alone',
    'domain/unify/candidate.ts',
    "  if (a.origin !== b.origin) return a.origin === 'system' ? -1 : 1;\n  const byTime = a.origin === 'system' ? b.at - a.at : 0;",
    '  const byTime = b.at - a.at;',
  ),
  one(
    'create under a new id each time',
    'domain/pipeline/deliver/deliver-due.ts',
    '    unifiedId: bundle.id,',
    '    unifiedId: source === undefined ? batch.hub.newId() : bundle.id,',
  ),
  one(
    'release the claim after an answer was lost',
    COMPLETE,
    '  if (isUncertain) {\n    // The claim',
    "  if (isUncertain) await releaseClaim(batch, delivery, 'closes-intents');\n  if (isUncertain) {\n    // The claim",
    'repeated',
  ),
  one(
    'close the intents of a write that must wait',
    'domain/pipeline/deliver/release-claim.ts',
    '({ claim: _claim, ...source }) => source);',
    '({ claim: _claim, ...source }) => ({ ...source, intents: {} }));',
  ),
  one(
    'a write is declared before its record is read once more',
    'domain/pipeline/deliver/deliver-due.ts',
    `const refreshed = await refreshBeforeWrite(batch, leaveClaimed(batch, planned.filter(isUpdate)));
  const updates = await claimAll(batch, refreshed, leaseMs);`,
    `const claimed = await claimAll(batch, leaveClaimed(batch, planned.filter(isUpdate)), leaseMs);
  const updates = (await refreshBeforeWrite(batch, claimed)).filter(({ claim }) => claim !== undefined);`,
  ),
  one(
    'what an earlier attempt at a creation may have done is forgotten',
    'domain/pipeline/deliver/release-claim.ts',
    'isUncertain: seat.isUncertain ||',
    'isUncertain:',
    'repeated',
  ),
  one(
    'a repeated creation notes what it would write before it has looked',
    CLAIM,
    'intents: isUncertain ? earlier.intents : {',
    'intents: {',
    'repeated',
  ),
  one(
    'an edit need not beat what it replaces',
    ABSORB,
    'Math.max(stamped, notBefore, newestOf(line, stored, input) + 1)',
    'Math.max(stamped, notBefore)',
  ),
  one(
    'an edit beats its own field only, not its group',
    ABSORB,
    '  if (group === undefined) return stored.at;',
    '  if (group !== "") return stored.at;',
  ),
  one(
    'do not settle when nothing changed',
    'domain/pipeline/absorb/absorb-record.ts',
    '  let current = bundle;\n  if (isWritten) {',
    "  let current = bundle;\n  if (!isWritten && unresolved.length === 0) return { end: 'unchanged' };\n  if (isWritten) {",
  ),
  one(
    'do not read once more before writing',
    'domain/pipeline/deliver/deliver-due.ts',
    'const refreshed = await refreshBeforeWrite(batch, leaveClaimed(batch, planned.filter(isUpdate)));',
    'void refreshBeforeWrite;\n  const refreshed = leaveClaimed(batch, planned.filter(isUpdate));',
  ),
  one(
    'write the former value over an edit that is being taken in',
    'domain/pipeline/deliver/deliver-due.ts',
    '  return plan.fields.some(({ line }) => source?.fields[line.field]?.origin === ',
    '  return plan.fields.length < 0 && plan.fields.some(({ line }) => source?.fields[line.field]?.origin === ',
    'contention',
  ),
  one(
    'an empty reference is no different from a filled one',
    SETTLE,
    'referenceTo: (unifiedId) => ({ id: unifiedId }),',
    "referenceTo: () => ({ id: '' }),",
  ),
  one(
    'refer to what was deleted',
    'domain/pipeline/deliver/target-references.ts',
    "seat.isGone === true ? 'never' : { id: seat.externalId }",
    '{ id: seat.externalId }',
  ),
  one(
    'a reference emptied by a deletion is an edit',
    ABSORB,
    'if (referenceTo === undefined || stored === undefined || lost === undefined) return undefined;',
    'if (referenceTo === undefined || stored === undefined || lost !== null) return undefined;',
  ),
  one(
    'what a made record shows first was found',
    ABSORB,
    'return source.readAt === NEVER_READ && ',
    'return source.readAt < NEVER_READ && ',
  ),
  one(
    'an edit is not dated after its read began',
    ABSORB,
    'Math.min(modifiedAt, input.answeredAt);',
    'Math.min(modifiedAt, input.readAt);',
    'slow-reads',
  ),
  one(
    'the undoing of a merge decides anew what it brings back',
    'domain/unify/plan-unmerge.ts',
    'held.at + 1 : 0;',
    'held.at + 1 : Number.MAX_SAFE_INTEGER;',
  ),
  one(
    'the undoing of a merge leaves what the hub wrote over',
    'domain/unify/plan-unmerge.ts',
    'for (const name of overwritten(sources, before, vocabulary)) {',
    'for (const name of overwritten(sources.slice(sources.length), before, vocabulary)) {',
    'undone',
  ),
  one(
    'an older snapshot is believed',
    ABSORB,
    'if (input.isKnown && snapshot.modifiedAt < source.revision) return unchanged(input);',
    '',
    'behind',
  ),
  one(
    'what a source said that went away is not kept',
    'domain/unify/unify-record.ts',
    'const kept = { ...adoptOrphans(stored, input), ...input.set };',
    'void adoptOrphans;\n  const kept = { ...stored?.own, ...input.set };',
  ),
  {
    name: 'an erasure leaves the claims of seats',
    file: 'domain/pipeline/erase/erase-record.ts',
    patches: [['if (!(await claimAll(hub, scope))) continue;', 'void claimAll;']],
  },
  {
    name: 'an erasure waits for nobody who is writing',
    file: 'domain/pipeline/erase/erase-record.ts',
    patches: [['if (waitMs > 0) return', 'if (waitMs > Number.MAX_VALUE) return']],
    family: 'erased',
    seeds: 150,
  },
  one(
    'what lies beneath a forward move is not kept',
    'domain/unify/unify-record.ts',
    'const own = ownBeneath(input.vocabulary, input.canonical, adopted, fields);',
    'void ownBeneath;\n  const own = adopted;',
    'set-back',
  ),
  one(
    'what a write without an answer had left of a set is forgotten',
    ABSORB,
    'return hasArrived || !isKnown ?',
    'return hasArrived && !hasArrived && isKnown ?',
    'put-back',
  ),
  one(
    'a lead keeps two companies',
    'connectors/hubspot/write-associations.ts',
    'mayBeCrowded(field)) await withdrawFromCrowds(call, type, field, group);',
    'mayBeCrowded(field)) void withdrawFromCrowds;',
    'crowded',
    120,
  ),
  one(
    'what was written by half is taken for written',
    'domain/absorb/half-written.ts',
    'if (isSent && isLeft) values',
    "if (isSent && isLeft && line.field === '') values",
    'crowded',
  ),
  one(
    'of a record that its system does not show nobody is asked',
    'domain/pipeline/absorb/not-shown.ts',
    "if (source?.state !== 'present') return",
    "if (source?.state !== 'present' || batch.notice.attempts >= 0) return",
    'hidden',
  ),
  one(
    'what is known of the fields of an org is never forgotten',
    'connectors/salesforce/visible-fields.ts',
    'known === undefined || known.until <= this.#now() ? undefined',
    'known === undefined || known.until <= Math.min(0, this.#now()) ? undefined',
    'hidden',
  ),
  one(
    'what changed in a field while it was hidden counts as changed since',
    ABSORB,
    'const wasSeen = source.unseen?.includes(line.field) !== true;',
    'const wasSeen = true;',
  ),
  one(
    'a record that its system does not show counts as deleted',
    'domain/pipeline/absorb/absorb-notices.ts',
    'return absorbMissing(hub, batch, ref, known);',
    'void absorbMissing;\n      return absorbGone(hub, batch, ref, undefined, known);',
    'hidden',
  ),
  one(
    'an edit that meets a delivery is taken in at once',
    'domain/pipeline/absorb/absorb-record.ts',
    'return Object.keys(intents).some((field) => isOpen(field) && ',
    "return Object.keys(intents).some((field) => isOpen(field) && field === '' && ",
    'on-top',
  ),
  one(
    'a write that is seen to have arrived is not taken in before its answer',
    'domain/pipeline/absorb/absorb-record.ts',
    'intents[field] !== undefined && source.intents[field] !== undefined;',
    'intents[field] !== undefined;',
    'on-top',
  ),
  one(
    'what a refused creation met is not taken in',
    'domain/pipeline/deliver/meet-holder.ts',
    '    lookAgain(batch, ref, due.correlationId);\n',
    '',
  ),
  one(
    'a release sets its mark before it asks for its walks',
    'domain/pipeline/connections/finish-backfill.ts',
    `  for (const object of objects) await walkKind(hub, connection, object);
  const opened = await open();`,
    `  const opened = await open();
  for (const object of objects) await walkKind(hub, connection, object);`,
    'interrupted',
    100,
  ),
  one(
    'what AWS takes back is not kept',
    'domain/unify/unify-record.ts',
    'const isKept = isTold && source?.moves !== undefined && isTakenBack(vocabulary, field, source, told);',
    'void isTakenBack;\n    const isKept = false;',
    'set-back',
  ),
  one(
    'what another worker has met since it was read is taken in as it was read',
    'domain/pipeline/absorb/absorb-record.ts',
    'if (stored?.counter !== sourceOf(known, ref)?.counter)',
    'if (stored?.counter === Number.POSITIVE_INFINITY)',
  ),
  one(
    'what a worker writes after its lease is not looked at',
    'domain/pipeline/deliver/note-late-write.ts',
    'if (plan.fields.length === 0) return 0;',
    'if (plan.fields.length >= 0) return 0;',
    'frozen',
    100,
  ),
  one(
    'what a write left in a record that is deleted is forgotten',
    'domain/pipeline/absorb/absorb-record.ts',
    'intents: isDeletion ? stored.intents : {},',
    'intents: {},',
  ),
  one(
    'what was given up in a merge goes on competing',
    'domain/pipeline/absorb/absorb-merge.ts',
    '    keptRef: refKey(survivor),\n',
    '',
    'united',
  ),
  one(
    'a merge in a system is taken for a deletion',
    'domain/pipeline/absorb/absorb-notices.ts',
    'if (outcome.mergedInto !== undefined) return absorbMerge(',
    'if (outcome.mergedInto === id) return absorbMerge(',
    'united',
  ),
  {
    name: 'a connection is resumed before its walks are asked for',
    file: 'domain/pipeline/problems/retry-problem.ts',
    patches: [
      ['walkAndOpen(hub, connection, objectsOf(hub, connection), () =>', 'walkAndOpen(hub, connection, [], () =>'],
      [
        "  // Spares waiting for the schedule's.",
        '  for (const object of objectsOf(hub, connection)) await walkKind(hub, connection, object);',
      ],
    ],
    family: 'interrupted',
    seeds: 200,
  },
  one(
    'a write that meets a deleted reference is tried again at once',
    COMPLETE,
    "if (fault.kind === 'missing') lookAtReferences(batch, delivery);",
    `void lookAtReferences;
  if (fault.kind === 'missing' && source !== undefined) {
    lookAgain(batch, source, due.correlationId);
    return 'missing';
  }`,
  ),
  ...IDENTITY_MUTATIONS,
  ...AWS_MUTATIONS,
];
