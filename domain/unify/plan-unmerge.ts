import { refKey } from '../model/external-ref.ts';
import type { MergeItem } from '../model/journal.ts';
import type { SourceRecord } from '../model/source-record.ts';
import type { OwnField, UnifiedRecord } from '../model/unified-record.ts';

/** What un-merging writes. */
export interface UnmergePlan {
  readonly survivor: UnifiedRecord;
  readonly loser: UnifiedRecord;
  /** Source records now under the survivor that go back to the loser, as they are now. */
  readonly sourcesBack: readonly SourceRecord[];
}

/**
 * Plans the way back from a merge. Source records are facts about the systems and go back as they are now; what the two
 * records held before comes back as the hub's own values with their old times, so that it wins over everything the hub
 * itself wrote since, and loses to what a person changed since.
 */
export function planUnmerge(
  item: MergeItem,
  now: { readonly unified?: UnifiedRecord; readonly sources: readonly SourceRecord[] },
): UnmergePlan {
  const loserRefs = new Set(item.loserSources.map(refKey));
  const sourcesBack = now.sources.filter((source) => loserRefs.has(refKey(source)));
  return {
    survivor: { ...item.survivor, ...unchanging(now.unified), own: asOwn(item.survivor) },
    loser: { ...item.loser, state: item.loser.state, own: asOwn(item.loser) },
    sourcesBack,
  };
}

/** What a record of today keeps whatever its content becomes. */
function unchanging(unified: UnifiedRecord | undefined): Partial<UnifiedRecord> {
  return unified === undefined ? {} : { createdAt: unified.createdAt, changedAt: unified.changedAt };
}

/** All values of a record as the hub's own; a set keeps its own elements with it. */
function asOwn(record: UnifiedRecord): Readonly<Record<string, OwnField>> {
  const own: Record<string, OwnField> = {};
  for (const [name, { value, at, origin, from }] of Object.entries(record.fields)) {
    own[name] = from === 'hub' ? (record.own[name] ?? { value, at, origin }) : { value, at, origin, from };
  }
  return { ...record.own, ...own };
}
