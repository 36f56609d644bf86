import type { JsonObject } from './pattern/pattern-fault.ts';

/**
 * An event on a bus.
 *
 * Shape: `detailText` is the detail exactly as its sender wrote it, which is what targets receive: numbers keep their
 * digits. `parsed` is the whole event with the detail parsed, for patterns and paths.
 */
export interface BusEvent {
  readonly id: string;
  readonly parsed: JsonObject;
  readonly detailText: string;
  /** When the bus took the event, in milliseconds since the epoch. */
  readonly acceptedAt: number;
}

/** The event as its targets receive it. */
export function eventText(event: BusEvent): string {
  const envelope = envelopeText(event);
  return `${envelope.slice(0, -1)},"detail":${event.detailText}}`;
}

/** The event without its detail. */
export function envelopeText(event: BusEvent): string {
  const { detail: _detail, ...envelope } = event.parsed;
  return JSON.stringify(envelope);
}
