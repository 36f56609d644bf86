import { readAwsAccount } from '../kit/aws/aws-client.ts';
import { AWS_AUTH, authenticateAtAws } from '../kit/aws/aws-session.ts';
import { isExpiredAtAws } from '../kit/aws/fault-of-aws.ts';
import type { Connector } from '../kit/connector.ts';
import { budgets } from './ask.ts';
import { classify } from './classify.ts';
import { eventSource, receiveEvent } from './events.ts';
import { findCreated } from './find-created.ts';
import { openPartnerCentral, type PartnerCentralApi } from './partner-central-api.ts';
import { readInvitations } from './read-invitations.ts';
import { readOpportunities } from './read-opportunities.ts';
import { allInvitations, allOpportunities, sweepAll } from './sweep-all.ts';
import { sweepChanges } from './sweep-changes.ts';
import { sweepInvitations } from './sweep-invitations.ts';
import { writeMax } from './write-each.ts';
import { writeInvitations } from './write-invitations.ts';
import { writeOpportunities } from './write-opportunities.ts';

/** Reads are one call each, at ten a second for all of the hub. */
const readMax = 20;

/**
 * AWS Partner Central: opportunities shared with AWS and invitations to sell together, over the Selling API. What is peculiar is in
 * `BEHAVIOR.md`.
 */
export const awsPartnerCentral: Connector<PartnerCentralApi> = {
  system: 'aws-partner-central',
  auth: AWS_AUTH,
  budgets,
  authenticate: authenticateAtAws,
  open: openPartnerCentral,
  classify,
  isExpired: isExpiredAtAws,
  // Answers say nothing about what is left of a quota.
  usage: () => [],
  account: readAwsAccount,
  events: { sources: [eventSource], receive: receiveEvent },
  objects: {
    Opportunity: {
      readMax,
      writeMax,
      read: readOpportunities,
      write: writeOpportunities,
      find: findCreated,
      changes(call, { mode, ...sweep }) {
        switch (mode) {
          case 'changes':
            return sweepChanges(call, sweep);
          case 'deletions':
            return nothingIsDeleted();
          case 'walk':
          case 'backfill':
            return sweepAll(call, allOpportunities, sweep.position);
        }
      },
    },
    EngagementInvitation: {
      readMax,
      writeMax,
      read: readInvitations,
      write: (call, _hubIdField, items) => writeInvitations(call, items),
      changes(call, { mode, position }) {
        switch (mode) {
          case 'changes':
            return sweepInvitations(call, position);
          case 'deletions':
            return nothingIsDeleted();
          case 'walk':
          case 'backfill':
            return sweepAll(call, allInvitations, position);
        }
      },
    },
  },
};

/** Partner Central deletes nothing: opportunities are closed, invitations run out. */
async function nothingIsDeleted() {
  return { ok: true, value: { ids: [], position: null, hasMore: false } } as const;
}
