import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import { readAwsAccount } from '../kit/aws/aws-client.ts';
import { AWS_AUTH, authenticateAtAws } from '../kit/aws/aws-session.ts';
import { isExpiredAtAws } from '../kit/aws/fault-of-aws.ts';
import type { Connector, ObjectConnector } from '../kit/connector.ts';
import { classify } from './classify.ts';
import { type MarketplaceApi, openMarketplace } from './marketplace-api.ts';
import { budgets } from './operations.ts';
import { readMax as agreementsMax, readAgreements } from './read-agreements.ts';
import { readMax as offersMax, readOffers } from './read-offers.ts';
import { eventSources, receiveEvent } from './receive-event.ts';
import { sweepAgreementChanges, sweepAllAgreements } from './sweep-agreements.ts';
import { noDeletions } from './sweep-list.ts';
import { sweepAllOffers, sweepOfferChanges } from './sweep-offers.ts';
import { findOffers, writeMax, writeOffers } from './write-offers.ts';

const Offer: ObjectConnector<MarketplaceApi> = {
  readMax: offersMax,
  writeMax,
  read: (call, ids, fields) => readOffers(call, ids, fields),
  write: (call, _hubIdField, items) => writeOffers(call, items),
  find: (call, _hubIdField, unifiedIds) => findOffers(call, unifiedIds),
  async changes(call, sweep) {
    switch (sweep.mode) {
      case 'changes':
        return sweepOfferChanges(call, sweep);
      case 'deletions':
        return noDeletions;
      case 'walk':
      case 'backfill':
        return sweepAllOffers(call, sweep);
    }
  },
};

const Agreement: ObjectConnector<MarketplaceApi> = {
  readMax: agreementsMax,
  writeMax: agreementsMax,
  read: (call, ids, fields) => readAgreements(call, ids, fields),
  write: async (_call, _hubIdField, items) => items.map(refuseWrite),
  async changes(call, sweep) {
    switch (sweep.mode) {
      case 'changes':
        return sweepAgreementChanges(call, sweep);
      case 'deletions':
        return noDeletions;
      case 'walk':
      case 'backfill':
        return sweepAllAgreements(call, sweep);
    }
  },
};

/** AWS Marketplace as a seller sees it: private offers, both ways, and agreements. What is peculiar is in `BEHAVIOR.md`. */
export const awsMarketplace: Connector<MarketplaceApi> = {
  system: 'aws-marketplace',
  auth: AWS_AUTH,
  budgets,
  authenticate: authenticateAtAws,
  open: openMarketplace,
  classify,
  isExpired: isExpiredAtAws,
  usage: () => [],
  account: readAwsAccount,
  events: { sources: eventSources, receive: receiveEvent },
  objects: { Offer, Agreement },
};

function refuseWrite({ values }: WriteItem): WriteOutcome {
  return {
    outcome: 'failed',
    fault: {
      kind: 'rejected',
      code: 'AGREEMENT_NOT_OURS',
      message: 'An agreement on AWS Marketplace is between buyer and seller; the hub only reads it.',
      fields: Object.keys(values),
    },
  };
}
