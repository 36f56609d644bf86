import { type ExternalRef, seatKey } from '../../model/external-ref.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { creatingIn } from '../../model/unified-record.ts';
import { isPromised } from '../identify/find-sole.ts';
import type { Bundle } from '../ports.ts';

/**
 * How long the creation that made this record may still be at it, ms; nought when nothing is under way. A creation may be several calls,
 * and who meets the record between two of them would see as lacking, and write again, what is just about to be written. One whose answer
 * was lost is at it no more.
 */
export function creationInFlightMs({ unified }: Bundle, ref: ExternalRef, now: number): number {
  const seat = creatingIn(unified?.seats[seatKey(ref.connection, ref.object)]);
  if (seat === undefined || seat.creating.token === '' || isPromised(seat)) return 0;
  return Math.max(0, seat.creating.until - now);
}

/**
 * What a creation wrote that has not been completed: the record is there and carries the hub's id. While an attempt after the first is
 * under way nobody knows which of them made it.
 */
export function createdWith({ unified }: Bundle, ref: ExternalRef, isStamped: boolean): SourceRecord['intents'] {
  const seat = creatingIn(unified?.seats[seatKey(ref.connection, ref.object)]);
  if (!isStamped || seat === undefined) return {};
  const isUnderWay = seat.creating.token !== '';
  return seat.isUncertain && isUnderWay ? {} : seat.intents;
}
