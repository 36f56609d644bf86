import * as z from 'zod';
import type { JsonObject } from '../wire/wire-result.ts';
import { busNameOf, ENTRIES_MAX, type ReadEntries, type ReadEntry } from './put-events.ts';

/** An event as it arrives at a target, which is how a simulated service hands it in. */
const serviceEventSchema = z.strictObject({
  version: z.literal('0'),
  id: z.string().min(1),
  'detail-type': z.string().min(1).max(128),
  // What PutEvents refuses is all that is taken here, so that nobody comes to use this door for events of their own.
  source: z.string().startsWith('aws.'),
  account: z.string().regex(/^\d{12}$/),
  time: z.iso.datetime(),
  region: z.string().min(1),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
});

/**
 * Reads the events of `PublishServiceEvents`: `{"EventBusName", "Events": […]}`, at most ten.
 *
 * With AWS the services themselves put events on an account's default bus, and nobody else may use a source that begins
 * with `aws.`; PutEvents refuses it here as there. Simulated services need a way, and this is it: whole events, whose id,
 * account, region and time are kept, and only from `aws.` sources.
 */
export function readServiceEvents(input: JsonObject, hasBus: (name: string) => boolean, now: number): ReadEntries {
  const events = Array.isArray(input.Events) ? (input.Events as readonly unknown[]) : [];
  if (events.length === 0 || events.length > ENTRIES_MAX) {
    return { refusal: { code: 'ValidationException', message: `Events must have 1 to ${ENTRIES_MAX} elements.` } };
  }
  const busName = busNameOf(input.EventBusName);
  if (!hasBus(busName)) {
    return { refusal: { code: 'ResourceNotFoundException', message: `Event bus ${busName} does not exist.` } };
  }
  return { entries: events.map((event) => readEvent(event, busName, now)) };
}

function readEvent(value: unknown, busName: string, now: number): ReadEntry {
  const read = serviceEventSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { fault: { code: 'InvalidArgument', message: `${issue?.path.join('.')}: ${issue?.message}` } };
  }
  const { detail } = read.data;
  return {
    busName,
    event: { id: read.data.id, acceptedAt: now, parsed: read.data, detailText: JSON.stringify(detail) },
  };
}
