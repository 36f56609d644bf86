import type { AwsEvent } from '../../../local/simulators/aws/aws-event.ts';
import {
  openPartnerCentralAccount,
  type PartnerCentralAccount,
} from '../../../local/simulators/aws-partner-central/start-aws-partner-central-simulator.ts';
import type { HttpAnswer, HttpRequest } from '../../../local/simulators/shared/http-server.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { SeededRandom } from '../engine/seeded-random.ts';
import { SELLER, soonOnly } from './marketplace-place.ts';
import type { Place } from './vendor.ts';

/** The catalog of these worlds. */
export const CATALOG = 'AWS';

/** A write to an opportunity that AWS had under review. */
export interface UntimelyWrite {
  readonly operation: string;
  readonly opportunityId: string;
  readonly at: number;
  /** When the review began, ms. */
  readonly reviewedSince: number;
}

/** How the simulated Partner Central is a part of the world. */
export interface PartnerCentralPlace extends Place {
  readonly account: PartnerCentralAccount;
  readonly untimelyWrites: readonly UntimelyWrite[];
}

const EDITS = /^(?:UpdateOpportunity|AssociateOpportunity|DisassociateOpportunity|AssignOpportunity)$/;

/** A simulated Partner Central account, its API called as a function, on the world's clock. */
export function partnerCentralPlace(
  scheduler: Scheduler,
  random: SeededRandom,
  publish: (event: AwsEvent) => void,
): PartnerCentralPlace {
  const now = (): number => scheduler.now;
  const account = openPartnerCentralAccount(
    {
      accountId: SELLER,
      now,
      setTimer: soonOnly(scheduler),
      taskMs: random.chance(0.4) ? 0 : random.between(1, 60) * 1_000,
      stampDigits: random.pick([3, 9]),
      publish,
    },
    { refuseConnections: () => undefined },
  );
  const untimelyWrites: UntimelyWrite[] = [];
  const reviewedSince = new Map<string, number>();

  function noteReviews(): void {
    for (const { id, review } of account.admin.opportunities()) {
      const isUnderReview = review.status === 'Submitted' || review.status === 'In review';
      if (!isUnderReview) reviewedSince.delete(id);
      else if (!reviewedSince.has(id)) reviewedSince.set(id, now());
    }
  }

  async function handle(request: HttpRequest): Promise<HttpAnswer> {
    noteReviews();
    const operation =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    const [opportunityId] = /O\d{1,19}/.exec(Buffer.from(request.body).toString()) ?? [];
    const since = opportunityId === undefined ? undefined : reviewedSince.get(opportunityId);
    if (EDITS.test(operation) && opportunityId !== undefined && since !== undefined)
      untimelyWrites.push({ operation, opportunityId, at: now(), reviewedSince: since });
    const answer = await account.handle(request);
    noteReviews();
    return answer;
  }

  return {
    id: 'partner-central',
    host: 'partner-central.example',
    account,
    untimelyWrites,
    now,
    handle,
    addFault: (fault) => account.admin.faults.add(fault),
    clearFaults: () => account.admin.faults.clear(),
    // Keys do not expire.
    expireSessions: () => undefined,
    close: () => account.close(),
  };
}
