import type { AuditDifference } from '../../audit/difference.ts';
import { type Judgement, judgeRecord } from '../../audit/judge-record.ts';
import { hashOf, type WindowEntry } from '../../audit/window.ts';
import { throughOfMapping } from '../../deliver/through-fields.ts';
import type { CompiledMapping, Directory } from '../../mapping/compiled-mapping.ts';
import { type Result, succeed } from '../../model/fault.ts';
import type { ReadOutcome, Snapshot } from '../../model/snapshot.ts';
import { type SourceRecord, WHOLE } from '../../model/source-record.ts';
import { assignSeats } from '../../unify/assign-seats.ts';
import { readReferences, referencesOf, resolveReferences } from '../absorb/resolve-references.ts';
import type { ReferenceLookup } from '../deliver/delivery-batch.ts';
import { targetReferences } from '../deliver/target-references.ts';
import type { Bundle, ConnectionState } from '../ports.ts';
import { readThrough, type ThroughLookup } from '../read-through.ts';
import { isDeletedElsewhere, isSettled } from '../settle-record.ts';
import { type AuditContext, aboutOf, isOpen, mappingOf, readBundles, sourceOf } from './audit-context.ts';
import { absentOrUnreadable } from './audit-gone.ts';

/** What looking at some records of one object found. */
export interface AuditedRecords {
  readonly looked: number;
  readonly leftOut: number;
  readonly same: number;
  readonly differences: readonly AuditDifference[];
  /** In the order asked for. */
  readonly entries: readonly WindowEntry[];
  /** The unified records behind the ids asked for, by external id. */
  readonly bundles: ReadonlyMap<string, Bundle>;
}

/** Looks at records of one object: what their system shows beside what the hub keeps. One full read. */
export async function auditRecords(context: AuditContext, ids: readonly string[]): Promise<Result<AuditedRecords>> {
  const { hub, connection, object, system } = context;
  const mapping = mappingOf(context);
  // The hub first and the system second: what is taken in meanwhile then shows as not yet taken in, never as an old answer.
  const bundles = await readBundles(context, ids);
  const read = await system.read(object, ids, mapping.theirFields, 'backfill');
  if (!read.ok) return read;
  const snapshots = read.value.flatMap((outcome) => (outcome.outcome === 'found' ? [outcome.snapshot] : []));
  const references = snapshots.flatMap((snapshot) => referencesOf(connection, mapping, snapshot));
  const judge: JudgeContext = {
    ...context,
    mapping,
    directory: await hub.directory(connection),
    state: await hub.connectionState(connection),
    crosswalk: await readReferences(hub, references),
    bundles,
    through: await readThrough(hub, throughOfMapping(mapping), [...bundles.values()]),
  };
  return succeed(await judgeAll(judge, ids, read.value));
}

interface JudgeContext extends AuditContext {
  readonly mapping: CompiledMapping;
  readonly directory: Directory;
  readonly state: ConnectionState;
  readonly crosswalk: ReadonlyMap<string, string>;
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly through: ThroughLookup;
}

async function judgeAll(
  context: JudgeContext,
  ids: readonly string[],
  outcomes: readonly ReadOutcome[],
): Promise<AuditedRecords> {
  const differences: AuditDifference[] = [];
  const entries: WindowEntry[] = [];
  let same = 0;
  let leftOut = 0;
  const lookups = await lookupsNeeded(context, ids, outcomes);
  for (const [index, id] of ids.entries()) {
    const outcome = outcomes[index];
    const bundle = context.bundles.get(id);
    const source = sourceOf(context, bundle, id);
    if (outcome?.outcome !== 'found' || outcome.snapshot.externalId !== id) {
      const difference = absentOrUnreadable(context, id, outcome, bundle, source);
      if (difference !== undefined) differences.push(difference);
      continue;
    }
    if (bundle?.unified === undefined || source === undefined) {
      if (bundle === undefined && !context.mapping.isTaken(outcome.snapshot.values)) {
        leftOut += 1;
        continue;
      }
      differences.push({ ...aboutOf(context, id, bundle), what: 'unknown', reasons: { [WHOLE]: 'not-absorbed' } });
      entries.push({ externalId: id, there: hashOf([id, outcome.snapshot.values]) });
      continue;
    }
    const judgement = await judgeOne(context, outcome.snapshot, bundle, source, lookups);
    entries.push({ externalId: id, there: judgement.there, known: judgement.known });
    if (Object.keys(judgement.reasons).length === 0) same += 1;
    else differences.push({ ...aboutOf(context, id, bundle), what: 'differs', reasons: judgement.reasons });
  }
  return { looked: ids.length, leftOut, same, differences, entries, bundles: context.bundles };
}

async function judgeOne(
  context: JudgeContext,
  snapshot: Snapshot,
  bundle: Bundle,
  source: SourceRecord,
  referenceTo: ReferenceLookup,
): Promise<Judgement> {
  const { hub, connection, mapping, directory, state } = context;
  const { unified } = bundle;
  if (unified === undefined) throw new Error(`${bundle.kind} ${bundle.id} has no unified record to judge by`);
  const { seated } = assignSeats(unified, bundle.sources, hub.now(), undefined);
  return judgeRecord({
    snapshot,
    unified,
    through: context.through(unified),
    source,
    isSeated: seated.includes(source),
    isSettled: await isSettled(hub, bundle),
    mapping,
    directory,
    resolved: resolveReferences(referencesOf(connection, mapping, snapshot), context.crosswalk).resolved,
    referenceTo,
    isDeletedElsewhere: isDeletedElsewhere(bundle, connection),
    isOpen: isOpen(state),
    now: hub.now(),
  });
}

/**
 * What the system calls the records referred to. Looked up only for the records whose references are not plainly the same
 * by the crosswalk, which are few.
 */
async function lookupsNeeded(
  context: JudgeContext,
  ids: readonly string[],
  outcomes: readonly ReadOutcome[],
): Promise<ReferenceLookup> {
  const { mapping, crosswalk, connection } = context;
  const lines = mapping.fields.filter((line) => line.referenceTo !== undefined && line.flow !== 'in');
  const doubtful = ids.flatMap((id, index) => {
    const outcome = outcomes[index];
    const bundle = context.bundles.get(id);
    if (outcome?.outcome !== 'found' || bundle?.unified === undefined) return [];
    const { resolved } = resolveReferences(referencesOf(connection, mapping, outcome.snapshot), crosswalk);
    const isPlain = lines.every((line) => {
      const expected = bundle.unified?.fields[line.field]?.value;
      const seen = outcome.snapshot.values[line.theirs];
      return (
        isEmptyOr(expected) ||
        JSON.stringify(
          asIds(seen)
            .map((each) => resolved[each])
            .sort(),
        ) === JSON.stringify([...asIds(expected)].sort())
      );
    });
    return isPlain ? [] : [bundle];
  });
  return targetReferences(context, doubtful);
}

function isEmptyOr(value: unknown): boolean {
  return value === undefined || value === null;
}

function asIds(value: unknown): readonly string[] {
  if (typeof value === 'string' && value !== '') return [value];
  return Array.isArray(value) ? value : [];
}
