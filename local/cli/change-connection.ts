import { callHub, type RemoteOptions } from './api-client.ts';

const DONE = {
  release: 'The hub writes to it from now on; what it lacks is on its way.',
  pause: 'Nothing is read from it or written to it until it is resumed.',
  resume: 'The hub catches up by sweeping it.',
} as const;

/** Releases, pauses or resumes a connection. */
export async function changeConnection(
  change: keyof typeof DONE,
  connection: string,
  options: RemoteOptions,
): Promise<void> {
  const path = `/api/connections/${encodeURIComponent(connection)}/${change}`;
  const { wasPaused = true } = await callHub<{ wasPaused?: boolean }>(options, 'POST', path);
  console.log(`${connection}: ${wasPaused ? DONE[change] : 'It was not paused, so there was nothing to do.'}`);
}
