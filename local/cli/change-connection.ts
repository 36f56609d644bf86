import { callHub, type RemoteOptions } from './api-client.ts';

/** What the hub answers; what does not concern the change is left out. */
interface Changed {
  readonly wasPaused?: boolean;
  readonly wasReleased?: boolean;
  readonly isPaused?: boolean;
}

/** Releases, pauses or resumes a connection. */
export async function changeConnection(
  change: 'release' | 'pause' | 'resume',
  connection: string,
  options: RemoteOptions,
): Promise<void> {
  const path = `/api/connections/${encodeURIComponent(connection)}/${change}`;
  console.log(`${connection}: ${sayDone(change, connection, await callHub<Changed>(options, 'POST', path))}`);
}

function sayDone(change: 'release' | 'pause' | 'resume', connection: string, changed: Changed): string {
  const { wasPaused = true, wasReleased = false, isPaused = false } = changed;
  if (change === 'pause') return 'Nothing is read from it or written to it until it is resumed.';
  if (change === 'resume') {
    return wasPaused ? 'The hub catches up by sweeping it.' : 'It was not paused, so there was nothing to do.';
  }
  const release = wasReleased ? 'It was released already' : 'It is released';
  if (isPaused) {
    return `${release}, but paused: nothing is read from it or written to it until npx hub resume ${connection}.`;
  }
  if (wasReleased) return `${release}, so there was nothing to do.`;
  return 'The hub writes to it from now on; what it lacks is on its way.';
}
