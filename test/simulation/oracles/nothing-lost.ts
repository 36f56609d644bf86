import { FIELDS } from '../people/fields.ts';
import type { SystemId } from '../plan/plan.ts';
import type { Change } from '../world/chronicle.ts';
import { byEntity, holdersOf, isIn } from './agree.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/** A value that a person entered somewhere, and within which instants the hub may believe it was entered. */
interface Edit {
  readonly change: Change;
  readonly value: string;
  /** The edit whose value this one replaced, if the hub had brought it there. */
  readonly over: Edit | undefined;
  /** Earliest and latest time the hub can give it, by DESIGN section 4: stamps are the system's, of the whole record, in whole seconds. */
  readonly lower: number;
  readonly upper: number;
  /** It may be lost without anybody's fault: see {@link isExcused}. */
  readonly isExcused: boolean;
  /** It may count as found, and rank below every other: see {@link mayBeFound}. */
  readonly mayBeFound: boolean;
  /** What stood there when the hub first saw it, where that was another value already: see {@link becameUnseen}. */
  readonly became: string | undefined;
}

/**
 * Invariant 3: what people entered last is what there is, or was beaten by the rule (the newest wins, as far as the systems' clocks
 * tell). Judged from the journal of people's edits and the final states alone.
 *
 * An edit counts as beaten only by one that is newer by every reading of the clocks, or that was entered on top of it. Where the
 * clocks leave it open, either may stand.
 */
export function nothingLost(end: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [entity, records] of byEntity(end)) {
    const units = new Set(records.flatMap(([, record]) => Object.keys(record.units)));
    for (const unit of units) {
      const final = holdersOf(end, records, unit)[0]?.[1];
      if (final === undefined) continue;
      const { standing, isUndecided } = lastWords(end, entity, unit);
      if (isUndecided) continue;
      if (standing.some(({ value, became }) => value === final || became === final)) continue;
      // Where the partner is in none of the systems that hold the thing (people deleted it in all), nothing can refer to it.
      const isSayable = (partner: string): boolean => records.some(([system]) => isIn(end, system, partner));
      if (unit === 'partner' && final === '' && standing.some(({ value }) => !isSayable(value))) continue;
      violations.push({
        invariant: 'nothing lost',
        what: `${entity}.${unit} is "${final}", but ${standing.map(tell).join(' or ')}`,
      });
    }
  }
  return violations;
}

/** What people said last of a unit of a thing, by every reading of the clocks that leaves it open; and whether any of it must be in the end. */
export function lastWords(
  end: EndOfRun,
  entity: string,
  unit: string,
): { readonly standing: readonly Edit[]; readonly isUndecided: boolean } {
  const changes = end.changes.filter((change) => change.entity === entity);
  const edits = editsOf(end, changes, unit);
  const standing = edits.filter(
    (edit) => !edits.some((other) => !other.isExcused && !other.mayBeFound && isBeaten(edit, other)),
  );
  // Nothing was said, or all of it may be lost.
  const isUndecided =
    edits.every(({ isExcused }) => isExcused) ||
    (unit === 'partner' && edits.some(({ value }) => wasRestored(end, value)));
  return { standing, isUndecided };
}

/** A partner that was deleted and came back: what its system had emptied meanwhile looks like emptied by hand. */
function wasRestored(end: EndOfRun, partner: string): boolean {
  return end.changes.some(({ entity, event }) => entity === partner && event === 'back');
}

function tell({ change, value, lower, upper }: Edit): string {
  const spread = upper === lower ? '' : `..+${upper - lower}`;
  return `"${value}" was entered in ${change.system} at ${change.at} (seen as ${lower}${spread})`;
}

function isBeaten(edit: Edit, by: Edit): boolean {
  if (edit === by) return false;
  const isSamePlace = by.change.system === edit.change.system && by.change.id === edit.change.id;
  if (isSamePlace) return by.change.serial > edit.change.serial;
  for (let known: Edit | undefined = by.over; known !== undefined; known = known.over) if (known === edit) return true;
  return by.lower > edit.upper;
}

function editsOf(end: EndOfRun, changes: readonly Change[], unit: string): readonly Edit[] {
  const edits: Edit[] = [];
  for (const [place, change] of changes.entries()) {
    const moved = change.units[unit];
    if (change.by !== 'person' || moved === undefined || change.event === 'gone' || change.event === 'back') continue;
    const [before, value = ''] = moved;
    if (before === undefined && isNothing(value)) continue;
    // Nobody empties it in this world: systems do, when the partner is deleted there.
    if (unit === 'partner' && value === '') continue;
    const later = changes.slice(place + 1);
    const over = before === undefined ? undefined : broughtBy(changes.slice(0, place), edits, change, unit, before);
    const touches = touchesUntilNext(later, change, unit);
    edits.push({
      change,
      value,
      over,
      lower: Math.max(Math.min(change.stamp, change.at), over === undefined ? 0 : over.lower + 1),
      upper: Math.max(change.stamp, change.at, ...touches, over === undefined ? 0 : over.upper + 1),
      isExcused: isExcused(end, changes, later, change, unit, value),
      mayBeFound: mayBeFound(end, changes, change, unit),
      became: becameUnseen(end, later, change, unit, value),
    });
  }
  return edits.map((edit, place) => ({
    ...edit,
    isExcused: edit.isExcused || isPassedBy(end, edit, edits.slice(place + 1)),
  }));
}

/** Whether people replaced it before the hub looked, by one that may be lost: the hub could not know of either. */
function isPassedBy(end: EndOfRun, { change }: Edit, later: readonly Edit[]): boolean {
  const next = later.find((edit) => isSameRecord(edit.change, change));
  if (next === undefined || isRead(end, change, change.at, next.change.at)) return false;
  return next.isExcused || isPassedBy(end, next, later.slice(later.indexOf(next) + 1));
}

function isNothing(value: string): boolean {
  return value === 'false' || value.replaceAll(' | ', '').trim() === '';
}

/** The edit whose value stood there before, when it was the hub that had put it there. */
function broughtBy(
  earlier: readonly Change[],
  edits: readonly Edit[],
  change: Change,
  unit: string,
  before: string,
): Edit | undefined {
  const put = earlier.findLast((each) => isSameRecord(each, change) && each.units[unit] !== undefined);
  if (put?.by !== 'hub') return undefined;
  return edits.findLast((edit) => edit.value === before && edit.change.serial < put.serial);
}

/**
 * The portal gives records companies by itself, and stamps no association: given to a record that the hub had made and not read since, a
 * company looks like what was there at first.
 */
function mayBeFound(end: EndOfRun, all: readonly Change[], change: Change, unit: string): boolean {
  if (unit !== 'partner' || change.system !== ('portal' satisfies SystemId)) return false;
  const made = all.find((each) => isSameRecord(each, change) && each.event === 'made');
  return made?.by === 'hub' && !isRead(end, change, made.at, change.at);
}

/** Modification times that the record had, from after the change to before the unit changed again. */
function touchesUntilNext(later: readonly Change[], change: Change, unit: string): readonly number[] {
  const own = later.filter((each) => isSameRecord(each, change));
  const next = own.findIndex((each) => each.event === 'changed' && each.units[unit] !== undefined);
  return (next === -1 ? own : own.slice(0, next)).map(({ stamp }) => stamp);
}

/**
 * What may be lost: an edit that the hub's write met between its last read and itself (the systems offer no conditional write); one that
 * sets back what the hub had written over, where the hub never learnt that its write was done (nothing seems to have changed then), and where nothing
 * else of a set shows it; one that sets back what people had changed since the hub looked; one on a record that was deleted or merged away afterwards; one on the second record of a thing; one in
 * a system that was not connected when it was made, or is not any more; a field emptied, or a reference emptied by its system,
 * before the hub had read what stood there.
 */
function isExcused(
  end: EndOfRun,
  all: readonly Change[],
  later: readonly Change[],
  change: Change,
  unit: string,
  value: string,
): boolean {
  const own = later.filter((each) => isSameRecord(each, change));
  const next = own.find((each) => each.event === 'changed' && each.units[unit] !== undefined);
  if (isOverwrittenUnseen(next, change, unit, value)) return true;
  if (isBeatenWhileMerged(end, change, own, unit)) return true;
  if (isSetBackUnseen(end, all, change, unit, value) || isRoundTripUnseen(end, all, change, unit, value)) return true;
  if (isGoneBeforeRead(end, all, change, value) || isEmptiedBeforeRead(end, change, unit, next)) return true;
  if (own.some(({ event }) => event === 'gone')) return true;
  if (hasDouble(all, change)) return true;
  return !isConnected(end, change);
}

/**
 * What became of an edit before the hub could see it: a write of the hub that was under way put its own part of a group beside it,
 * or the system emptied the reference because its target was deleted there.
 */
function becameUnseen(
  end: EndOfRun,
  later: readonly Change[],
  change: Change,
  unit: string,
  value: string,
): string | undefined {
  const next = later.find(
    (each) => isSameRecord(each, change) && each.event === 'changed' && each.units[unit] !== undefined,
  );
  const isUnseen = isOverwrittenUnseen(next, change, unit, value) || isEmptiedBeforeRead(end, change, unit, next);
  return isUnseen ? next?.units[unit]?.[1] : undefined;
}

/**
 * A write of the hub met it, made after the process had last looked. One that writes without a look (a first creation has nothing to
 * look at) knows what the hub knew when it was asked to: what is older than that it should have met.
 */
export function isOverwrittenUnseen(next: Change | undefined, change: Change, unit: string, value: string): boolean {
  if (next?.by !== 'hub' || next.units[unit]?.[0] !== value) return false;
  const readAt = isBehindLink(change, unit) ? next.lastLinkReadAt : next.lastReadAt;
  return Math.max(readAt ?? 0, next.call?.invocation?.begunAt ?? 0) < change.at;
}

/** What was read less than this before a merge may have been taken in after it had begun. */
const TAKING_IN_MS = 60_000;

/**
 * The hub wrote over it while its thing was merged with another one: an edit of the other was newer. Undoing the merge gives back what
 * the hub knew before it and what still stands in a system, not what lost in between.
 */
function isBeatenWhileMerged(end: EndOfRun, change: Change, own: readonly Change[], unit: string): boolean {
  return end.merges.some(
    ({ entities, mergedAt, unmergedAt = end.endedAt }) =>
      entities.includes(change.entity) &&
      own.some(
        ({ by, units, at }) => by === 'hub' && units[unit] !== undefined && at >= mergedAt && at <= unmergedAt,
      ) &&
      !isRead(end, change, change.at, mergedAt - TAKING_IN_MS),
  );
}

/** What is read after the record's own values: its partner, and in HubSpot the person of a lead. */
function isBehindLink({ kind, system }: Change, unit: string): boolean {
  if (unit === 'partner') return true;
  const field = FIELDS[kind].find(({ name, group }) => name === unit || group === unit);
  return system === 'portal' && field?.hubspot?.startsWith('contact.') === true;
}

function isSetBackUnseen(end: EndOfRun, all: readonly Change[], change: Change, unit: string, value: string): boolean {
  const put = all.findLast(
    (each) => each.serial < change.serial && isSameRecord(each, change) && each.units[unit] !== undefined,
  );
  if (put?.by !== 'hub' || put.units[unit]?.[0] !== value) return false;
  if (isWriteKnown(end, put, change)) return false;
  // Who had asked before the write was made goes by what was known then. What that brings is not taken in, but looked for once more.
  if (readsOf(end, change, put.at, change.at).some(({ sentAt }) => sentAt > put.at)) return false;
  return !isShownByElements(end, all, put, unit);
}

/**
 * Of a set, what else the write did to it shows that it arrived, where it was still to be seen when the hub looked next: an element
 * that the write brought or took away, and that people did not change meanwhile, nor before it unread.
 */
function isShownByElements(end: EndOfRun, all: readonly Change[], put: Change, unit: string): boolean {
  const [field, element] = unit.split(':');
  if (element === undefined) return false;
  return Object.keys(put.units).some((other) => {
    if (other === unit || other.split(':')[0] !== field) return false;
    const own = all.filter((each) => isSameRecord(each, put) && each.units[other] !== undefined);
    const before = own.findLast(({ serial }) => serial < put.serial);
    const next = own.find(({ serial }) => serial > put.serial);
    const wasKnown = before?.by !== 'person' || isRead(end, put, before.at, put.at);
    return wasKnown && (next === undefined || next.by === 'hub');
  });
}

/** Whether the hub had the answer to its write, or to the same write made again before the next change, and was not stopped before it could note it. */
function isWriteKnown({ calls }: EndOfRun, put: Change, next: Change): boolean {
  return calls.some(
    (call) =>
      call.isWrite &&
      call.system === put.system &&
      call.path === put.call?.path &&
      call.body === put.call.body &&
      call.at >= put.at &&
      call.at < next.at &&
      call.answeredAt !== undefined &&
      call.invocation?.isSound === true,
  );
}

/**
 * People changed a value and changed it back, and the hub looked at neither: it finds what it knew, and what is equal to what is
 * stored is no edit (DESIGN section 4). Only if the hub had read or written that value before the first of the two.
 */
function isRoundTripUnseen(
  end: EndOfRun,
  all: readonly Change[],
  change: Change,
  unit: string,
  value: string,
): boolean {
  const earlier = all.filter(
    (each) => each.serial < change.serial && isSameRecord(each, change) && each.units[unit] !== undefined,
  );
  const away = earlier.findLastIndex(({ units }) => units[unit]?.[0] === value);
  const [left, put] = [earlier[away], earlier[away - 1]];
  if (left === undefined || put === undefined || earlier.slice(away).some(({ by }) => by !== 'person')) return false;
  const isKnown = put.by === 'hub' || isRead(end, change, put.at, left.at);
  return isKnown && !isRead(end, change, left.at, change.at);
}

/**
 * Emptied (or taken out of a set) before the hub had ever read or written the record: it cannot tell that from a field nobody ever
 * filled, and nothing at first sight is no candidate (DESIGN section 4).
 */
export function isGoneBeforeRead(end: EndOfRun, all: readonly Change[], change: Change, value: string): boolean {
  if (!isNothing(value)) return false;
  const isWritten = all.some((each) => each.by === 'hub' && each.serial < change.serial && isSameRecord(each, change));
  return !isWritten && !isRead(end, change, 0, change.at);
}

/** A reference that its system emptied, because the target was deleted there, before the hub could read it. */
function isEmptiedBeforeRead(end: EndOfRun, change: Change, unit: string, next: Change | undefined): boolean {
  return unit === 'partner' && next?.units[unit]?.[1] === '' && !isRead(end, change, change.at, next.at);
}

/** Whether the hub read the record by its id and was answered, between two instants. */
function isRead(end: EndOfRun, record: Change, from: number, to: number): boolean {
  return readsOf(end, record, from, to).length > 0;
}

function readsOf(end: EndOfRun, { system, id }: Change, from: number, to: number): EndOfRun['calls'] {
  return end.calls.filter(
    (call) =>
      call.system === system &&
      call.at > from &&
      call.at < to &&
      !call.isWrite &&
      call.status >= 200 &&
      call.status < 300 &&
      `${call.path} ${call.body}`.includes(id),
  );
}

function hasDouble(all: readonly Change[], { system, id }: Change): boolean {
  return all.some((each) => each.system === system && each.id !== id && each.event === 'made');
}

function isConnected(end: EndOfRun, change: Change): boolean {
  const released = end.releasedAt[change.system];
  if (!end.systems.includes(change.system) || released === undefined) return false;
  // What was there before the hub came was found, and found values rank below every edit.
  if (released > 0 && change.at < released) return false;
  const remap = end.plan.items.some(({ deed }) => deed.do === 'remap');
  return !(remap && change.system === ('portal' satisfies SystemId) && change.units.phone !== undefined);
}

function isSameRecord(a: Change, b: Change): boolean {
  return a.system === b.system && a.id === b.id && a.kind === b.kind;
}
