import { callHub, type RemoteOptions } from './api-client.ts';
import { CliFault } from './cli-fault.ts';

/** Accepts an invitation to sell together. What it becomes is a deal, as soon as its system has made one of it. */
export async function accept(invitation: string, options: RemoteOptions): Promise<void> {
  await decide(invitation, { decision: 'accept' }, options);
  console.log(
    `The invitation ${invitation} is being accepted. To see what becomes of it: npx hub record invitation ${invitation}`,
  );
}

/** Declines an invitation; its sender is told the reason. */
export async function decline(
  invitation: string,
  options: RemoteOptions & { readonly reason?: string },
): Promise<void> {
  const reason = options.reason?.trim() ?? '';
  if (reason === '') throw new CliFault('Say why with --reason: whoever sent the invitation is told.');
  await decide(invitation, { decision: 'reject', decisionReason: reason }, options);
  console.log(`The invitation ${invitation} is being declined.`);
}

async function decide(id: string, values: Readonly<Record<string, string>>, options: RemoteOptions): Promise<void> {
  await callHub(options, 'POST', `/api/records/invitation/${encodeURIComponent(id)}/decision`, { values });
}
