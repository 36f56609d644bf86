import type { AuditDifference } from '../../audit/difference.ts';
import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { refKey, seatKey } from '../../model/external-ref.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { inParallel } from '../in-parallel.ts';
import type { Bundle, ConnectionState, Hub, SystemPort } from '../ports.ts';

/** The object that is audited. */
export interface AuditedObject {
  readonly hub: Hub;
  readonly connection: string;
  readonly object: string;
}

/** An object that is walked, as part of an audit. */
export interface AuditContext extends AuditedObject {
  readonly system: SystemPort;
  /** Seats (`connection#object`) that are walked by the same audit; `undefined` for all. */
  readonly scope: ReadonlySet<string> | undefined;
}

/** Whether a seat is walked by this audit. */
export function isInScope({ scope }: Pick<AuditContext, 'scope'>, connection: string, object: string): boolean {
  return scope === undefined || scope.has(seatKey(connection, object));
}

/** The mapping of the object audited. *Faults*: one without a mapping is refused by the route, so this is a defect. */
export function mappingOf({ hub, connection, object }: AuditedObject): CompiledMapping {
  const mapping = hub.mapping(connection, object);
  if (mapping === undefined) throw new Error(`${connection} has no mapping for ${object}`);
  return mapping;
}

/** Whether the hub may write to a connection. */
export function isOpen({ releasedAt, paused }: ConnectionState): boolean {
  return releasedAt !== undefined && paused === undefined;
}

const MERGES_MAX = 5;

/** The unified records behind some external ids, by external id; those nobody knows are left out. */
export async function readBundles(
  audited: AuditedObject,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Bundle>> {
  const { hub, connection, object } = audited;
  const { kind } = mappingOf(audited);
  const unifiedIds = await hub.store.readRefs(ids.map((externalId) => ({ connection, object, externalId })));
  const known = ids.flatMap((externalId) => {
    const unifiedId = unifiedIds.get(refKey({ connection, object, externalId }));
    return unifiedId === undefined ? [] : [{ externalId, unifiedId }];
  });
  const bundles = await inParallel(known, async ({ externalId, unifiedId }) => {
    let bundle = await hub.store.readBundle(kind, unifiedId);
    // The crosswalk is put right by the next absorb; until then the record is the survivor's all the same.
    for (let step = 0; step < MERGES_MAX && bundle.unified?.mergedInto !== undefined; step++) {
      bundle = await hub.store.readBundle(kind, bundle.unified.mergedInto);
    }
    return [externalId, bundle] as const;
  });
  return new Map(bundles);
}

/** The record's own source, if the hub believes that it is there. */
export function sourceOf(
  { connection, object }: AuditedObject,
  bundle: Bundle | undefined,
  externalId: string,
): SourceRecord | undefined {
  return bundle?.sources.find(
    (source) =>
      source.connection === connection &&
      source.object === object &&
      source.externalId === externalId &&
      source.state === 'present',
  );
}

/** What names a record in a difference. */
export function aboutOf(
  audited: AuditedObject,
  externalId: string,
  bundle: Bundle | undefined,
): Pick<AuditDifference, 'connection' | 'object' | 'externalId' | 'kind' | 'unifiedId'> {
  const { connection, object } = audited;
  const kind = bundle?.kind ?? mappingOf(audited).kind;
  return { connection, object, externalId, kind, ...(bundle === undefined ? {} : { unifiedId: bundle.id }) };
}
