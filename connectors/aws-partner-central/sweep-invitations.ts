import { type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import { asText } from './json.ts';
import { listPage } from './list-page.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { readPendingPosition } from './sweep-position.ts';

/**
 * One page of the invitations that may have changed since the last pass.
 *
 * Invitations bear no change time. What can change in one is that it is answered or runs out, so a pass reads those that wait for an
 * answer and tells of the ones that are new, and of the ones that waited when it last looked and wait no more. An invitation that comes
 * and goes between two passes is found by the nightly walk, if no event told of it. *Bounds*: 100 ids a page and one call; remembers 2,000.
 */
export async function sweepInvitations(call: Call<PartnerCentralApi>, stored: unknown): Promise<Result<ChangesPage>> {
  const { pending, found, token } = readPendingPosition(stored);
  const page = await listPage(call, waiting, token);
  if (!page.ok) return page;
  if (page.value === 'lost') return succeed({ ids: [], position: { pending, found: [] }, hasMore: false });
  const { rows, next } = page.value;
  const here = rows.map(({ Id }) => asText(Id)).filter((id) => id !== undefined);
  const known = new Set(pending);
  const fresh = here.filter((id) => !known.has(id));
  const now = [...new Set([...found, ...here])].slice(0, rememberedMax);
  if (next !== undefined) {
    return succeed({ ids: fresh, position: { pending, found: now, token: next }, hasMore: true });
  }
  const still = new Set(now);
  const gone = pending.filter((id) => !still.has(id));
  return succeed({ ids: [...fresh, ...gone], position: { pending: now, found: [] }, hasMore: false });
}

const rememberedMax = 2_000;

const waiting = {
  operation: 'ListEngagementInvitations',
  rows: 'EngagementInvitationSummaries',
  input: {
    ParticipantType: 'RECEIVER',
    Status: ['PENDING'],
    Sort: { SortBy: 'InvitationDate', SortOrder: 'ASCENDING' },
  },
} as const;
