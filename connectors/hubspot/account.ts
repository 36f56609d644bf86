import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import type { HubspotApi } from './api.ts';
import { callBudgets } from './rate-limits.ts';

/**
 * The account's id (HubSpot's portal id) and its owners: owner id → e-mail in lower case.
 *
 * An owner's id is not the user's id: `hubspot_owner_id` holds the former. Deactivated owners are left out, so that an e-mail
 * address leads to one owner only; owners without an address (queues) likewise. *Bounds*: 100 pages of 100.
 */
export async function readAccount(
  call: Call<HubspotApi>,
): Promise<Result<{ readonly accountId: string; readonly owners: Readonly<Record<string, string>> }>> {
  const accountId = await call({ route: 'account.details', isRepeatable: true, budgets: callBudgets }, (api, signal) =>
    api.accountId(signal),
  );
  if (!accountId.ok) return accountId;

  const owners: Record<string, string> = {};
  let after: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const from = after;
    const answer = await call({ route: 'owners.list', isRepeatable: true, budgets: callBudgets }, (api, signal) =>
      api.owners(from, signal),
    );
    if (!answer.ok) return answer;
    for (const { id, email } of answer.value.results) if (email) owners[id] = email.toLowerCase();
    after = answer.value.after;
    if (after === undefined) break;
  }
  return succeed({ accountId: accountId.value, owners });
}

const pagesMax = 100;
