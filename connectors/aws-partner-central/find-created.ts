import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { asText } from './json.ts';
import { listPage } from './list-page.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';

/**
 * Looks for opportunities that earlier creations may have made, by the hub's id in them.
 *
 * AWS cannot search by that id, so the newest opportunities are looked through. *Shape*: AWS's ids by unified id; what is not among them is
 * left out. *Bounds*: 10 pages of 100. One that is older, or that a list does not show yet, is not found; then the token of the repeated
 * creation keeps AWS from making another.
 */
export async function findCreated(
  call: Call<PartnerCentralApi>,
  hubIdField: string,
  unifiedIds: readonly string[],
): Promise<Result<ReadonlyMap<string, string>>> {
  const wanted = new Set(unifiedIds);
  const found = new Map<string, string>();
  let token: string | undefined;
  for (let pages = 0; pages < pagesMax && found.size < wanted.size; pages += 1) {
    const page = await listPage(call, newest, token);
    if (!page.ok) return page;
    if (page.value === 'lost') break;
    for (const row of page.value.rows) {
      const unifiedId = asText(row[hubIdField]);
      const id = asText(row.Id);
      if (unifiedId !== undefined && id !== undefined && wanted.has(unifiedId)) found.set(unifiedId, id);
    }
    token = page.value.next;
    if (token === undefined) break;
  }
  return succeed(found);
}

const pagesMax = 10;
const newest = {
  operation: 'ListOpportunities',
  rows: 'OpportunitySummaries',
  input: { Sort: { SortBy: 'CreatedDate', SortOrder: 'DESCENDING' } },
} as const;
