import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { refKey } from '../../model/external-ref.ts';
import { type Result, succeed } from '../../model/fault.ts';
import { type PreviewedRecord, previewRecord } from '../deliver/preview-delivery.ts';
import { inParallel } from '../in-parallel.ts';
import type { Hub } from '../ports.ts';

/** What to preview. */
export interface PreviewRequest {
  /** Only what would be written to this connection. */
  readonly target: string | undefined;
  /** Look through the records of this connection and object… */
  readonly connection: string;
  readonly object: string;
  /** …from this place on, as the last page answered. */
  readonly position: unknown;
  /** Look at so many records of the page, and pass over its others; at all of them when undefined. */
  readonly most: number | undefined;
  /** A mapping to try instead of the one in force. */
  readonly replace: CompiledMapping | undefined;
}

/** One page of a preview. */
export interface PreviewPage {
  readonly records: readonly PreviewedRecord[];
  /** Records looked at. */
  readonly seen: number;
  /** Records the hub has not taken in yet, so that nothing can be said of them. */
  readonly unknown: number;
  readonly position: unknown;
  readonly hasMore: boolean;
}

/** Takes one page of a connection's records, as a walk would, and says what the hub would write for each. Writes nothing. */
export async function previewConnection(hub: Hub, request: PreviewRequest): Promise<Result<PreviewPage>> {
  const { connection, object } = request;
  const system = await hub.system(connection);
  if (!system.ok) return system;
  const mapping = hub.mapping(connection, object);
  if (mapping === undefined) throw new Error(`${connection} has no mapping for ${object}`);
  const page = await system.value.changes(object, 'walk', request.position ?? undefined, 0);
  if (!page.ok) return page;
  const refs = page.value.ids.slice(0, request.most).map((externalId) => ({ connection, object, externalId }));
  const known = await hub.store.readRefs(refs);
  const ids = [...new Set(known.values())];
  const previews = await inParallel(ids, async (id) =>
    previewRecord(hub, await hub.store.readBundle(mapping.kind, id), request.target, request.replace),
  );
  return succeed({
    records: previews.flat(),
    seen: refs.length,
    unknown: refs.filter((ref) => !known.has(refKey(ref))).length,
    position: page.value.position,
    hasMore: page.value.hasMore,
  });
}
