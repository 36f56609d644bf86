import { setTimeout as sleep } from 'node:timers/promises';
import { callHub, type RemoteOptions } from './api-client.ts';
import { CliFault } from './cli-fault.ts';
import { type HubStatus, readConnections, readStatus } from './status.ts';

const POLL_MS = 1_000;
/** A day: as long as a large account behind its daily limit may take. */
const POLLS_MAX = 86_400;
/** The hub tells of a pause, and of its end, some seconds late. */
const PAUSED_POLLS_MAX = 10;

/** Starts a backfill and shows its progress until every object has been read and taken in; of all connections, those that can be read. */
export async function backfill(
  connection: string | undefined,
  options: RemoteOptions & { readonly object?: string },
): Promise<void> {
  const chosen = await readConnections(options, connection);
  const wanted = new Map<string, readonly string[]>();
  const refusals: string[] = [];
  for (const { id } of chosen) {
    const body = options.object === undefined ? {} : { objects: [options.object] };
    const path = `/api/connections/${encodeURIComponent(id)}/backfill`;
    try {
      const { backfilling } = await callHub<{ backfilling: string[] }>(options, 'POST', path, body);
      wanted.set(id, backfilling);
    } catch (error) {
      // One that is paused, or has no such object, keeps none of the others from being read.
      if (!(error instanceof CliFault)) throw error;
      refusals.push(error.message);
    }
  }
  if (wanted.size === 0) throw new CliFault(refusals.join('\n'));
  for (const refusal of refusals) console.log(refusal);
  await watch(options, wanted, earlierPasses(chosen));
  console.log(`${refusals.length > 0 ? 'Everything else' : 'Everything'} has been read and taken in.`);
}

/** Passes that had ended before this one was asked for; a pass under way is joined, and its end is ours. */
function earlierPasses(connections: HubStatus['connections']): ReadonlySet<string> {
  const passes = connections.flatMap(({ id, objects }) =>
    Object.entries(objects).flatMap(([object, { sweeps }]) =>
      sweeps.backfill?.finished === true ? [`${id}#${object}#${sweeps.backfill.startedAt}`] : [],
    ),
  );
  return new Set(passes);
}

/** Prints one line a second until all objects are through; on a terminal the line is rewritten. */
async function watch(
  options: RemoteOptions,
  wanted: ReadonlyMap<string, readonly string[]>,
  earlier: ReadonlySet<string>,
): Promise<void> {
  let last = '';
  let pausedPolls = 0;
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const { connections } = await readStatus(options);
    const parts: string[] = [];
    let isDone = true;
    let paused: string | undefined;
    for (const { id, state, objects } of connections) {
      for (const object of wanted.get(id) ?? []) {
        const sweep = objects[object]?.sweeps.backfill;
        const isThrough = sweep?.finished === true && !earlier.has(`${id}#${object}#${sweep.startedAt}`);
        if (!isThrough || objects[object]?.backfilled !== true) {
          isDone = false;
          if (state === 'paused') paused = id;
        }
        parts.push(`${id} ${object} ${sweep?.seen ?? 0}${isThrough ? ' read' : ' …'}`);
      }
    }
    pausedPolls = paused === undefined ? 0 : pausedPolls + 1;
    if (pausedPolls > PAUSED_POLLS_MAX) {
      if (process.stdout.isTTY) process.stdout.write('\n');
      throw new CliFault(`${paused} is paused, and its backfill waits; npx hub resume ${paused} first.`);
    }
    const line = parts.join(' | ');
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${line}`);
    else if (line !== last) console.log(line);
    last = line;
    if (isDone) {
      if (process.stdout.isTTY) process.stdout.write('\n');
      return;
    }
    await sleep(POLL_MS);
  }
  throw new CliFault('The backfill did not end in a day; `npx hub status` tells where it stands.');
}
