import { refKey } from '../model/external-ref.ts';
import type { MergeItem } from '../model/journal.ts';
import type { SourceElement, SourceField, SourceRecord } from '../model/source-record.ts';
import type { OwnField, Seat, UnifiedRecord } from '../model/unified-record.ts';
import { isSameValue } from '../model/value.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import { mergeOwn } from './merge-own.ts';

/** What un-merging writes. */
export interface UnmergePlan {
  readonly survivor: UnifiedRecord;
  readonly loser: UnifiedRecord;
  /** Source records now under the survivor that go back to the loser. */
  readonly sourcesBack: readonly SourceRecord[];
  /** Source records that stay and whose set elements must be put right. */
  readonly sourcesChanged: readonly SourceRecord[];
}

/**
 * Plans the way back from a merge. Source records are facts about the systems and go back as they are now; what the two
 * records held before comes back as the hub's own values with their old times, so that it wins over everything the hub
 * itself wrote since, and loses to what a person changed since. What a system held nothing of before, and the hub filled
 * in since, is emptied again.
 */
export function planUnmerge(
  item: MergeItem,
  now: { readonly unified?: UnifiedRecord; readonly sources: readonly SourceRecord[] },
  vocabulary: Vocabulary,
): UnmergePlan {
  const loserRefs = new Set(item.loserSources.map(refKey));
  const before = new Map([...item.survivorSources, ...item.loserSources].map((source) => [refKey(source), source]));
  const current = now.sources.map((source) => {
    const then = before.get(refKey(source));
    return then === undefined ? source : withElementsAsBefore(source, then);
  });
  const back = current.filter((source) => loserRefs.has(refKey(source)));
  const stay = current.filter((source) => !loserRefs.has(refKey(source)));
  const own = ownSince(item, now.unified, loserRefs);
  return {
    survivor: {
      ...withoutDoubt(item.survivor, item.loser.id),
      ...(now.unified === undefined ? {} : { changedAt: now.unified.changedAt }),
      own: mergeOwn(ownAsBefore(item.survivor, stay, before, vocabulary), own.survivor),
      seats: seatsOf(item.survivor, now.unified, loserRefs, item.loser.id),
    },
    loser: {
      ...withoutDoubt(item.loser, item.survivor.id),
      own: mergeOwn(ownAsBefore(item.loser, back, before, vocabulary), own.loser),
    },
    sourcesBack: back,
    sourcesChanged: stay.filter((source) => !now.sources.includes(source)),
  };
}

/**
 * What the hub came to hold by itself while the two were one (values adopted from a source that went away, those of a third record
 * merged in): each goes to the record whose source it came from, otherwise it stays.
 */
function ownSince(
  item: MergeItem,
  now: UnifiedRecord | undefined,
  loserRefs: ReadonlySet<string>,
): { readonly survivor: Readonly<Record<string, OwnField>>; readonly loser: Readonly<Record<string, OwnField>> } {
  const survivor: Record<string, OwnField> = {};
  const loser: Record<string, OwnField> = {};
  for (const [name, field] of Object.entries(now?.own ?? {})) {
    const isOld = [item.survivor.own[name], item.loser.own[name]].some(
      (old) => old !== undefined && old.at === field.at && isSameValue(old.value, field.value),
    );
    if (!isOld) (loserRefs.has(field.from ?? '') ? loser : survivor)[name] = field;
  }
  return { survivor, loser };
}

/** Seats as they are now, without those of sources that go back (or went, at an earlier try); there, whoever sat before. */
function seatsOf(
  before: UnifiedRecord,
  now: UnifiedRecord | undefined,
  loserRefs: ReadonlySet<string>,
  loserId: string,
): Readonly<Record<string, Seat>> {
  const isGoing = (key: string, seat: Seat): boolean =>
    'externalId' in seat && loserRefs.has(`${key}#${seat.externalId}`);
  const stays = Object.entries(now?.seats ?? {})
    .filter(([key, seat]) => !isGoing(key, seat))
    .map(([key, seat]) => [key, withoutLoser(seat, loserId)] as const);
  return { ...before.seats, ...Object.fromEntries(stays) };
}

/** What the loser's own creations made is the loser's to look for again. */
function withoutLoser(seat: Seat, loserId: string): Seat {
  if (!('creating' in seat) || seat.alsoUnder === undefined) return seat;
  const { alsoUnder, ...rest } = seat;
  const left = alsoUnder.filter((id) => id !== loserId);
  return left.length === 0 ? rest : { ...rest, alsoUnder: left };
}

/** A person has answered the doubt about the other one now. */
function withoutDoubt({ doubts = [], ...sure }: UnifiedRecord, otherId: string): UnifiedRecord {
  const left = doubts.filter((doubt) => doubt !== otherId);
  return left.length === 0 ? sure : { ...sure, doubts: left };
}

/**
 * All values of a record as the hub's own. Where the hub wrote over a field since the merge, its old value (or nothing) counts as
 * entered when it was: it wins over what the hub wrote and over what was found, and loses to every edit of its own systems that is newer,
 * also one made before the merge and seen only since. A group comes back as a whole.
 */
function ownAsBefore(
  record: UnifiedRecord,
  sources: readonly SourceRecord[],
  before: ReadonlyMap<string, SourceRecord>,
  vocabulary: Vocabulary,
): Readonly<Record<string, OwnField>> {
  const own: Record<string, OwnField> = { ...record.own };
  for (const [name, { value, at, origin, from }] of Object.entries(record.fields)) {
    own[name] = from === 'hub' ? (record.own[name] ?? { value, at, origin }) : { value, at, origin, from };
  }
  for (const name of overwritten(sources, before, vocabulary)) {
    const held = record.fields[name];
    // Newer than what its own source still holds of the group; what was found, and nothing, lose to any edit, however slow its clock.
    const at = held?.origin === 'system' ? held.at + 1 : 0;
    own[name] = {
      value: held?.value ?? null,
      at,
      origin: 'system',
      ...(held === undefined ? {} : { from: held.from }),
    };
  }
  return own;
}

/** Fields the hub wrote over since the merge, with the other members of their groups. */
function overwritten(
  sources: readonly SourceRecord[],
  before: ReadonlyMap<string, SourceRecord>,
  vocabulary: Vocabulary,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const source of sources) {
    const then = before.get(refKey(source));
    for (const [name, field] of Object.entries(source.fields)) {
      // What stands with another record was never this one's.
      if (vocabulary.fields.get(name)?.through !== undefined) continue;
      const isOurs = field.origin === 'hub' && field.elements === undefined;
      if (isOurs && !isSameValue(field.value, then?.fields[name]?.value ?? null)) names.add(name);
    }
  }
  const groups = new Set([...names].map((name) => vocabulary.fields.get(name)?.group));
  for (const field of vocabulary.fields.values()) {
    if (field.group !== undefined && groups.has(field.group)) names.add(field.name);
  }
  return names;
}

/**
 * Elements of a set that the hub added or removed since the merge are, for survivorship, as they were before it, and since when they were:
 * an edit in another of the record's systems that was seen only since is newer.
 */
function withElementsAsBefore(source: SourceRecord, then: SourceRecord): SourceRecord {
  const fields: Record<string, SourceField> = { ...source.fields };
  for (const [name, field] of Object.entries(source.fields)) {
    if (field.elements === undefined) continue;
    const elements: Record<string, SourceElement> = { ...field.elements };
    for (const [element, story] of Object.entries(field.elements)) {
      if (story.origin !== 'hub') continue;
      const former = then.fields[name]?.elements?.[element];
      const wasPresent = former?.isPresent === true;
      if (story.isPresent === wasPresent) continue;
      elements[element] = { isPresent: wasPresent, at: former?.origin === 'system' ? former.at : 0, origin: 'system' };
    }
    if (JSON.stringify(elements) !== JSON.stringify(field.elements)) fields[name] = { ...field, elements };
  }
  const isSame = Object.entries(fields).every(([name, field]) => source.fields[name] === field);
  return isSame ? source : { ...source, fields };
}
