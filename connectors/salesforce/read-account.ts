import { fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { recordIdOf } from './record-id.ts';
import { type Row, runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { soql } from './soql.ts';

/**
 * The org's id and its users.
 *
 * *Shape*: user id → e-mail in lower case. Inactive users are in it, because records still belong to them; but not one whose
 * e-mail an active user has, so that an e-mail leads to the user who can be given records. Guests and portal users own no
 * pipeline and are left out. *Bounds*: 10,000 users, active ones first.
 */
export async function readAccount(
  call: Call<SalesforceApi>,
): Promise<Result<{ readonly accountId: string; readonly owners: Readonly<Record<string, string>> }>> {
  const accountId = await readOrganizationId(call);
  if (!accountId.ok) return accountId;
  const users = await runQuery(call, { route: 'User.list', withDeleted: false, rowsMax: usersMax }, () => {
    return soql`SELECT Id, Email, IsActive FROM User WHERE UserType = 'Standard' ORDER BY IsActive DESC, Id LIMIT ${usersMax}`;
  });
  if (!users.ok) return users;
  const owners: Record<string, string> = {};
  const activeEmails = new Set<string>();
  for (const { Id: id, Email: email, IsActive: isActive } of users.value) {
    const userId = typeof id === 'string' ? recordIdOf(id) : undefined;
    if (userId === undefined || typeof email !== 'string') continue;
    const address = email.trim().toLowerCase();
    if (isActive === true) activeEmails.add(address);
    else if (activeEmails.has(address)) continue;
    owners[userId] = address;
  }
  return succeed({ accountId: accountId.value, owners });
}

const usersMax = 10_000;

/**
 * The list of resources names the session's identity address, `…/id/<org>/<user>`; unlike the Organization object it needs no
 * permission of its own.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_discoveryresource.htm
 */
async function readOrganizationId(call: Call<SalesforceApi>): Promise<Result<string>> {
  const identity = await call({ route: 'resources', isRepeatable: true, budgets: ['daily'] }, async (api, signal) => {
    const body = await api.request({ method: 'GET', path: '/' }, signal);
    return typeof body === 'object' && body !== null ? (body as Row).identity : undefined;
  });
  if (!identity.ok) return identity;
  const organization = typeof identity.value === 'string' ? /\/id\/(\w{15,18})\//.exec(identity.value)?.[1] : undefined;
  const id = recordIdOf(organization ?? '');
  if (id !== undefined) return succeed(id);
  return fail({ kind: 'defect', code: 'BAD_ANSWER', message: 'Salesforce did not name the org behind the session.' });
}
