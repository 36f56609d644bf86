import { refKey, seatKey } from '../model/external-ref.ts';
import type { SourceRecord } from '../model/source-record.ts';
import type { Seat, UnifiedRecord } from '../model/unified-record.ts';

/** Who sits where, and who does not. */
export interface Seating {
  readonly seats: Readonly<Record<string, Seat>>;
  /** Sources that contribute: present and seated. */
  readonly seated: readonly SourceRecord[];
  /** Present records of a connection whose seat another record holds; they contribute and receive nothing. */
  readonly shadows: readonly SourceRecord[];
  /** When a create in flight keeps a present record waiting: the end of its lease, ms. */
  readonly waitsUntil?: number;
}

/**
 * Gives every present source its seat, one per connection and object: first come stays; a seat whose record is gone is
 * free; a create in flight keeps its seat until its lease lapses, unless the record carries the hub's own id and so is
 * what that create made (`stamped`, its `connection#object#externalId`).
 */
export function assignSeats(
  unified: UnifiedRecord | undefined,
  sources: readonly SourceRecord[],
  now: number,
  stamped: string | undefined,
): Seating {
  const seats: Record<string, Seat> = { ...unified?.seats };
  const present = sources
    .filter(({ state }) => state === 'present')
    .sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  const isPresent = (key: string, externalId: string): boolean =>
    present.some((source) => seatKey(source.connection, source.object) === key && source.externalId === externalId);
  let waitsUntil: number | undefined;
  for (const source of present) {
    const key = seatKey(source.connection, source.object);
    const seat = seats[key];
    if (seat !== undefined && 'externalId' in seat) {
      if (!isPresent(key, seat.externalId)) seats[key] = { externalId: source.externalId };
    } else if (seat === undefined || seat.creating.until <= now || refKey(source) === stamped) {
      seats[key] = { externalId: source.externalId };
    } else {
      waitsUntil = Math.max(waitsUntil ?? 0, seat.creating.until);
    }
  }
  for (const [key, seat] of Object.entries(seats)) {
    if ('externalId' in seat) seats[key] = asFound(seat.externalId, isDeleted(sources, key, seat.externalId));
  }
  const isSeated = (source: SourceRecord): boolean => {
    const seat = seats[seatKey(source.connection, source.object)];
    return seat !== undefined && 'externalId' in seat && seat.externalId === source.externalId;
  };
  const waits = (source: SourceRecord): boolean => {
    const seat = seats[seatKey(source.connection, source.object)];
    return seat !== undefined && 'creating' in seat;
  };
  const seated = present.filter(isSeated);
  const shadows = present.filter((source) => !isSeated(source) && !waits(source));
  return waitsUntil === undefined ? { seats, seated, shadows } : { seats, seated, shadows, waitsUntil };
}

function asFound(externalId: string, isGone: boolean): Seat {
  return isGone ? { externalId, isGone } : { externalId };
}

function isDeleted(sources: readonly SourceRecord[], key: string, externalId: string): boolean {
  return sources.some(
    (source) =>
      source.state === 'deleted' &&
      source.externalId === externalId &&
      seatKey(source.connection, source.object) === key,
  );
}
