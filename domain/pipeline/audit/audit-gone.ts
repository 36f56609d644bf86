import type { AuditDifference, AuditReason } from '../../audit/difference.ts';
import { type Result, succeed } from '../../model/fault.ts';
import type { ReadOutcome } from '../../model/snapshot.ts';
import { type SourceRecord, WHOLE } from '../../model/source-record.ts';
import type { Bundle } from '../ports.ts';
import { type AuditedObject, aboutOf, mappingOf, readBundles, sourceOf } from './audit-context.ts';

/**
 * Of these records, those that the hub believes to be there and that their system no longer has. Records the hub does not
 * believe to be there cost no call; the others one for 100 to 200, of the cheapest kind: their ids only.
 */
export async function auditGone(
  audited: AuditedObject,
  ids: readonly string[],
  known?: ReadonlyMap<string, Bundle>,
): Promise<Result<readonly AuditDifference[]>> {
  const { hub, connection, object } = audited;
  const bundles = known ?? (await readBundles(audited, ids));
  const believed = ids.filter((id) => sourceOf(audited, bundles.get(id), id) !== undefined);
  if (believed.length === 0) return succeed([]);
  const system = await hub.system(connection);
  if (!system.ok) return system;
  const read = await system.value.read(object, believed, [mappingOf(audited).hubIdField], 'backfill');
  if (!read.ok) return read;
  return succeed(
    believed.flatMap((id, index) => {
      const outcome = read.value[index];
      if (outcome?.outcome === 'found' && outcome.snapshot.externalId === id) return [];
      const bundle = bundles.get(id);
      const difference = absentOrUnreadable(audited, id, outcome, bundle, sourceOf(audited, bundle, id));
      // What cannot be read is told by its own walk, which meets it too.
      return difference?.what === 'gone' ? [difference] : [];
    }),
  );
}

/** A record that the system did not answer with; `undefined` when the hub believes nothing else. */
export function absentOrUnreadable(
  audited: AuditedObject,
  id: string,
  outcome: ReadOutcome | undefined,
  bundle: Bundle | undefined,
  source: SourceRecord | undefined,
): AuditDifference | undefined {
  const about = aboutOf(audited, id, bundle);
  if (outcome?.outcome === 'failed') return { ...about, what: 'differs', reasons: { [WHOLE]: 'unreadable' } };
  if (source === undefined) return undefined;
  const reason: AuditReason = outcome?.outcome === 'missing' ? 'not-shown' : 'not-absorbed';
  return { ...about, what: 'gone', reasons: { [WHOLE]: reason } };
}
