import type { AuditDifference } from '../../audit/difference.ts';
import { judgeAbsence } from '../../audit/judge-absence.ts';
import { throughOfMapping } from '../../deliver/through-fields.ts';
import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { type ExternalRef, refKey, seatKey } from '../../model/external-ref.ts';
import { isWaiting, type Result, succeed } from '../../model/fault.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { targetsOf } from '../connection-scope.ts';
import { targetReferences } from '../deliver/target-references.ts';
import type { Bundle, ConnectionInfo, Hub } from '../ports.ts';
import { readThrough } from '../read-through.ts';
import { isDeletedElsewhere } from '../settle-record.ts';
import { type AuditContext, isInScope, isOpen } from './audit-context.ts';
import { auditGone } from './audit-gone.ts';

/**
 * Looks from some records of one object at their other seats: whether what the hub believes to be there still is, and what is
 * missing. A walk cannot show either, because it lists what is there. Of several records that could tell, one does: the
 * first by the connections' order whose seat is walked.
 *
 * *Bounds*: one call for 100 to 200 seats, of the cheapest kind: their ids only.
 */
export async function auditElsewhere(
  context: AuditContext,
  bundles: ReadonlyMap<string, Bundle>,
): Promise<Result<AuditedElsewhere>> {
  const gone = await goneElsewhere(context, bundles);
  if (!gone.ok) return gone;
  const { differences, unchecked } = gone.value;
  return succeed({ differences: [...differences, ...(await missingElsewhere(context, bundles))], unchecked });
}

/** What looking at other seats found. */
export interface AuditedElsewhere {
  readonly differences: readonly AuditDifference[];
  /** Connections that could not be asked whether their seats are still there. */
  readonly unchecked: readonly string[];
}

async function goneElsewhere(
  context: AuditContext,
  bundles: ReadonlyMap<string, Bundle>,
): Promise<Result<AuditedElsewhere>> {
  const { hub } = context;
  const believed = [...bundles].flatMap(([externalId, bundle]) =>
    presentOf(bundle)
      .filter((source) => refKey(source) !== refKey({ ...context, externalId }))
      .filter((source) => tells(context, bundle, externalId, (other) => refKey(other) !== refKey(source)))
      .map((source) => ({ bundle, source })),
  );
  const differences: AuditDifference[] = [];
  const unchecked = new Set<string>();
  for (const group of Map.groupBy(believed, ({ source }) => seatKey(source.connection, source.object)).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { connection, object } = first.source;
    // A connection that was taken out of the configuration is nobody's to ask.
    if (hub.mapping(connection, object) === undefined) continue;
    const known = new Map(group.map(({ source, bundle }) => [source.externalId, bundle]));
    const gone = await auditGone({ hub, connection, object }, [...known.keys()], known);
    if (gone.ok) differences.push(...gone.value);
    else if (isWaiting(gone.fault)) return gone;
    // One connection whose access is broken does not keep the others from being audited.
    else unchecked.add(connection);
  }
  return succeed({ differences, unchecked: [...unchecked] });
}

async function missingElsewhere(
  context: AuditContext,
  bundles: ReadonlyMap<string, Bundle>,
): Promise<readonly AuditDifference[]> {
  const { hub, connection, object } = context;
  const kind = hub.mapping(connection, object)?.kind;
  if (kind === undefined) return [];
  const differences: AuditDifference[] = [];
  for (const { connection: target, mapping } of targetsOf(hub, kind)) {
    const lacking = [...bundles].filter(
      ([externalId, bundle]) =>
        tells(context, bundle, externalId, () => true) &&
        // What was deleted there is not made again, and so is not missing.
        !bundle.sources.some(
          ({ connection, object, state }) =>
            connection === target.id && object === mapping.object && state !== 'merged',
        ),
    );
    if (lacking.length > 0) differences.push(...(await judgeLacking(context, target, mapping, lacking)));
  }
  return differences;
}

async function judgeLacking(
  context: AuditContext,
  target: ConnectionInfo,
  mapping: CompiledMapping,
  lacking: readonly (readonly [string, Bundle])[],
): Promise<readonly AuditDifference[]> {
  const { hub } = context;
  const state = await hub.connectionState(target.id);
  const directory = await hub.directory(target.id);
  const referenceTo = await targetReferences(
    { hub, mapping, connection: target.id },
    lacking.map(([, bundle]) => bundle),
  );
  const through = await readThrough(
    hub,
    throughOfMapping(mapping),
    lacking.map(([, bundle]) => bundle),
  );
  return lacking.flatMap(([externalId, bundle]): AuditDifference[] => {
    if (bundle.unified === undefined) return [];
    const reasons = judgeAbsence({
      unified: bundle.unified,
      through: through(bundle.unified),
      seat: bundle.unified.seats[seatKey(target.id, mapping.object)],
      mapping,
      directory,
      referenceTo,
      isDeletedElsewhere: isDeletedElsewhere(bundle, target.id),
      isOpen: isOpen(state) && state.backfilledAt[mapping.object] !== undefined,
      now: hub.now(),
    });
    if (reasons === undefined) return [];
    const { connection, object } = context;
    return [
      {
        what: 'missing',
        connection: target.id,
        object: mapping.object,
        kind: bundle.kind,
        unifiedId: bundle.id,
        elsewhere: { connection, object, externalId },
        reasons,
      },
    ];
  });
}

/** Whether this record is the one that tells: the first present one that is walked, among those that may. */
function tells(
  context: AuditContext,
  bundle: Bundle,
  externalId: string,
  may: (source: ExternalRef) => boolean,
): boolean {
  const teller = presentOf(bundle)
    // What a connection held that was taken out of the configuration is still known, and never walked.
    .filter((source) => context.hub.mapping(source.connection, source.object) !== undefined)
    .filter((source) => may(source) && isInScope(context, source.connection, source.object))
    .sort((a, b) => rankOf(context.hub, a) - rankOf(context.hub, b) || (refKey(a) < refKey(b) ? -1 : 1))[0];
  return teller !== undefined && refKey(teller) === refKey({ ...context, externalId });
}

function presentOf({ sources }: Bundle): readonly SourceRecord[] {
  return sources.filter(({ state }) => state === 'present');
}

function rankOf(hub: Hub, { connection }: ExternalRef): number {
  return hub.connections.findIndex(({ id }) => id === connection);
}
