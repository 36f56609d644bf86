import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import { createOpportunity } from './create-opportunity.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { opportunityProbe } from './read-opportunities.ts';
import { updateOpportunity } from './update-opportunity.ts';
import { writeEach } from './write-each.ts';

/** Writes opportunities one by one: at one write a second there is nothing to be gained by doing several at once. */
export function writeOpportunities(
  call: Call<PartnerCentralApi>,
  hubIdField: string,
  items: readonly WriteItem[],
): Promise<readonly WriteOutcome[]> {
  return writeEach(call, items, opportunityProbe, (watched, item) => {
    switch (item.operation) {
      case 'create':
        return createOpportunity(watched, hubIdField, item);
      case 'update':
        return updateOpportunity(watched, item);
      case 'delete':
        return Promise.resolve({ outcome: 'failed', fault: cannotDelete });
    }
  });
}

const cannotDelete: Fault = {
  kind: 'rejected',
  code: 'CANNOT_DELETE',
  message: 'AWS Partner Central deletes no opportunities; close it as lost there, or ask AWS Partner Support.',
};
