import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import { type Result, succeed } from '../../model/fault.ts';
import type { ReadOutcome, Snapshot } from '../../model/snapshot.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import type { Bundle, Hub, SystemPort } from '../ports.ts';
import { type AbsorbBatch, absorbGone } from './absorb-record.ts';
import { idsIn } from './resolve-references.ts';

/** A record that was referred to and is not any more, as the mapping names it. */
export interface DroppedReference {
  readonly object: string;
  readonly externalId: string;
}

/**
 * References that a record held when it was last read and holds no more: every element that left a set, and a single one only
 * when nothing took its place, because pointing elsewhere is an edit.
 */
export function droppedReferences(
  mapping: CompiledMapping,
  source: SourceRecord,
  snapshot: Snapshot,
): readonly DroppedReference[] {
  return mapping.fields.flatMap((line) => {
    const seen = snapshot.values[line.theirs];
    if (line.referenceTo === undefined || line.flow === 'out' || seen === undefined) return [];
    const { object } = line.referenceTo;
    const left = idsIn(seen);
    if (!line.vocabulary.isMany && left.length > 0) return [];
    const before = idsIn(source.fields[line.field]?.value);
    return before.filter((id) => !left.includes(id)).map((externalId) => ({ object, externalId }));
  });
}

/** What a pass over a batch of records has read. */
export interface PassRead {
  readonly system: SystemPort;
  readonly outcomes: readonly ReadOutcome[];
  /** What is stored of each record asked for, in the order of the outcomes. */
  readonly bundles: readonly (Bundle | undefined)[];
  readonly batch: Omit<AbsorbBatch, 'lost'>;
}

/**
 * Of the references dropped since these records were last read, those whose target the system says it deleted, as
 * `object#external id`. A system empties references to what it deletes by itself; that is no edit, and other systems still have
 * what it deleted. The deletion is taken in at once, so that nothing is made to refer to it again. *Bounds*: no call when nothing was
 * dropped, else one read for each object referred to.
 */
export async function lostReferences(hub: Hub, read: PassRead): Promise<Result<ReadonlySet<string>>> {
  const { connection } = read.system;
  const lost = new Set<string>();
  for (const [object, targets] of Map.groupBy(droppedIn(read), (target) => target.object)) {
    const mapping = hub.mapping(connection, object);
    if (mapping === undefined) continue;
    const ids = [...new Set(targets.map(({ externalId }) => externalId))];
    const answer = await read.system.read(object, ids, [mapping.hubIdField]);
    if (!answer.ok) return answer;
    for (const [index, outcome] of answer.value.entries()) {
      const externalId = ids[index];
      const isGone = outcome.outcome === 'deleted' && outcome.mergedInto === undefined;
      if (!isGone || externalId === undefined) continue;
      lost.add(`${object}#${externalId}`);
      await takeInDeletion(hub, { ...read.batch, mapping, lost }, { connection, object, externalId });
    }
  }
  return succeed(lost);
}

function droppedIn({ system, outcomes, bundles, batch }: PassRead): readonly DroppedReference[] {
  return outcomes.flatMap((outcome, index) => {
    if (outcome.outcome !== 'found') return [];
    const { object } = batch.mapping;
    const key = refKey({ connection: system.connection, object, externalId: outcome.snapshot.externalId });
    const source = bundles[index]?.sources.find((each) => refKey(each) === key);
    return source === undefined ? [] : droppedReferences(batch.mapping, source, outcome.snapshot);
  });
}

/** Whoever overtakes this has looked at the record, too. */
async function takeInDeletion(hub: Hub, batch: AbsorbBatch, ref: ExternalRef): Promise<void> {
  const unifiedId = (await hub.store.readRefs([ref])).get(refKey(ref));
  const known = unifiedId === undefined ? undefined : await hub.store.readBundle(batch.mapping.kind, unifiedId);
  await absorbGone(hub, batch, ref, undefined, known);
}
