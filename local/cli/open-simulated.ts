import { callHub, type RemoteOptions } from './api-client.ts';
import { readStatus } from './status.ts';

/**
 * Opens connections that have never been opened: releases both sides, then reads everything they have. For simulated
 * systems only; with real ones a person previews the first sync and releases it.
 */
export async function openSimulated(options: RemoteOptions): Promise<void> {
  const { connections } = await readStatus(options);
  const closed = connections.filter(({ state }) => state === 'reading only');
  for (const { id } of closed) await callHub(options, 'POST', `/api/connections/${id}/release`);
  for (const { id } of closed) await callHub(options, 'POST', `/api/connections/${id}/backfill`, {});
  if (closed.length > 0)
    console.log(
      '  first start: both systems are being read and brought in step (a minute or two; npx hub status shows how far)',
    );
}
