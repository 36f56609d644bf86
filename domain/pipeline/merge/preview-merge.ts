import type { Kind } from '../../model/kind.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import { isSameValue, type Value } from '../../model/value.ts';
import { type PreviewedRecord, previewRecord } from '../deliver/preview-delivery.ts';
import { dryHub } from '../dry-store.ts';
import { noEffects } from '../effects.ts';
import type { Hub } from '../ports.ts';
import { inWords } from '../problems/report-shadow.ts';
import { mergeRecords } from './merge-records.ts';
import { remarkOf, unmergeRecords } from './unmerge-records.ts';

/** One field of one record that would change. */
export interface MergedField {
  readonly id: string;
  readonly field: string;
  readonly before: Value;
  readonly after: Value;
}

/** What a merge, or undoing one, would do. */
export interface MergePreview {
  readonly kind: Kind;
  /** Unified values that would change, by record. */
  readonly fields: readonly MergedField[];
  /** What would be written to the systems then. */
  readonly writes: readonly PreviewedRecord[];
  /** What a person would have to do afterwards, in words. */
  readonly remarks: readonly string[];
}

/** How a preview ended; the words are those of what is previewed. */
export type PreviewEnd =
  | { readonly end: 'done'; readonly preview: MergePreview }
  | { readonly end: 'unknown' | 'contended' };

/** Says what merging two records would do, and writes nothing. */
export async function previewMerge(hub: Hub, kind: Kind, survivorId: string, loserId: string): Promise<PreviewEnd> {
  const before = await hub.store.readUnified(kind, [survivorId, loserId]);
  const isMergeable = [survivorId, loserId].every((id) => before.get(id)?.mergedInto === undefined && before.has(id));
  if (!isMergeable || survivorId === loserId) return { end: 'unknown' };
  const dry = dryHub(hub);
  const request = { kind, survivorId, loserId, reason: 'preview', correlationId: 'preview', effects: noEffects() };
  if (!(await mergeRecords(dry.hub, request))) return { end: 'contended' };
  const after = await dry.hub.store.readBundle(kind, survivorId);
  return {
    end: 'done',
    preview: {
      kind,
      // Both ids stand for the one record then.
      fields: [survivorId, loserId].flatMap((id) => changesOf(id, before.get(id), after.unified)),
      writes: await previewRecord(dry.hub, after, undefined, undefined),
      remarks: [...dry.opened.values()].map(inWords),
    },
  };
}

/** Says what undoing a merge would do, and writes nothing. */
export async function previewUnmerge(hub: Hub, mergeId: string): Promise<PreviewEnd> {
  const item = await hub.store.readMerge(mergeId);
  if (item === undefined) return { end: 'unknown' };
  const { kind } = item;
  const ids = [item.survivor.id, item.loser.id];
  const merged = (await hub.store.readBundle(kind, item.survivor.id)).unified;
  const dry = dryHub(hub);
  const answer = await unmergeRecords(dry.hub, { mergeId, correlationId: 'preview' });
  if (answer.end !== 'done') return answer;
  const fields: MergedField[] = [];
  const writes: PreviewedRecord[] = [];
  for (const id of ids) {
    const after = await dry.hub.store.readBundle(kind, id);
    fields.push(...changesOf(id, merged, after.unified));
    writes.push(...(await previewRecord(dry.hub, after, undefined, undefined)));
  }
  return { end: 'done', preview: { kind, fields, writes, remarks: answer.goneInSystems.map(remarkOf) } };
}

function changesOf(id: string, before: UnifiedRecord | undefined, after: UnifiedRecord | undefined): MergedField[] {
  const names = new Set([...Object.keys(before?.fields ?? {}), ...Object.keys(after?.fields ?? {})]);
  return [...names].flatMap((field) => {
    const [was, is] = [before?.fields[field]?.value ?? null, after?.fields[field]?.value ?? null];
    return isSameValue(was, is) ? [] : [{ id, field, before: was, after: is }];
  });
}
