import { type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import { asText, type Json } from './json.ts';
import { listPage } from './list-page.ts';
import type { OperationName } from './operations.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { readWalkPosition } from './sweep-position.ts';

/** A list of everything, in an order that changes of the records do not disturb. */
export interface WholeList {
  readonly operation: OperationName;
  readonly rows: string;
  readonly input: Json;
}

/** All opportunities of the catalog. */
export const allOpportunities: WholeList = {
  operation: 'ListOpportunities',
  rows: 'OpportunitySummaries',
  input: { Sort: { SortBy: 'CreatedDate', SortOrder: 'ASCENDING' } },
};

/** All invitations the partner received. */
export const allInvitations: WholeList = {
  operation: 'ListEngagementInvitations',
  rows: 'EngagementInvitationSummaries',
  input: { ParticipantType: 'RECEIVER', Sort: { SortBy: 'InvitationDate', SortOrder: 'ASCENDING' } },
};

/** One page of a walk over all records; begun anew when AWS no longer knows where it stood. *Bounds*: 100 ids, one call. */
export async function sweepAll(
  call: Call<PartnerCentralApi>,
  list: WholeList,
  stored: unknown,
): Promise<Result<ChangesPage>> {
  const page = await listPage(call, list, readWalkPosition(stored).token);
  if (!page.ok) return page;
  if (page.value === 'lost') return succeed({ ids: [], position: {}, hasMore: true });
  const { rows, next } = page.value;
  const ids = rows.map(({ Id }) => asText(Id)).filter((id) => id !== undefined);
  return succeed({ ids, position: next === undefined ? {} : { token: next }, hasMore: next !== undefined });
}
