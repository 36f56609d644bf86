import type { StoredEvent } from '../../domain/model/vendor-event.ts';
import { callHub, type RemoteOptions } from './api-client.ts';

/** What `GET /api/events` answers. */
interface EventsPage {
  readonly events: readonly StoredEvent[];
  readonly next?: string;
}

const PAGES_MAX = 100;

/** Prints the events that the hub keeps as they came, newest first. *Bounds*: at most `limit`, 50 unless said. */
export async function listEvents(options: RemoteOptions & { readonly limit?: string }): Promise<void> {
  const limit = Math.max(1, Number(options.limit ?? 50) || 50);
  const events: StoredEvent[] = [];
  let before: string | undefined;
  for (let page = 1; page <= PAGES_MAX && events.length < limit; page += 1) {
    const path = before === undefined ? '/api/events' : `/api/events?before=${encodeURIComponent(before)}`;
    const answer = await callHub<EventsPage>(options, 'GET', path);
    events.push(...answer.events);
    before = answer.next;
    if (before === undefined) break;
  }
  if (events.length === 0) {
    console.log('No events are kept: every event so far had a record behind it, or was not for this hub.');
    return;
  }
  for (const event of events.slice(0, limit)) console.log(describeEvent(event));
  if (events.length > limit || before !== undefined) console.log(`There are more; ask for them with --limit.`);
}

/** One event for a person. */
function describeEvent({ time, connection, detailType, why, message, nextStep, facts, id }: StoredEvent): string {
  const told = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return [
    `${time}  ${connection}  ${detailType}  (${WHY[why] ?? why})`,
    `  ${message}`,
    ...(told.length === 0 ? [] : [`  ${told.join(', ')}`]),
    ...(nextStep === undefined ? [] : [`  → ${nextStep}`]),
    `  event ${id}`,
  ].join('\n');
}

const WHY: Readonly<Record<string, string>> = {
  'no-record': 'nothing to read behind it',
  'unknown-type': 'a type this version does not know',
  'unknown-schema': 'a schema this version does not know',
  malformed: 'not in the form its type has',
};
