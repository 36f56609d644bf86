import type { EndOfRun, Violation } from '../end-of-run.ts';
import { told } from './aws-end.ts';

/** Every private offer that was released, by the hub or by hand, is one deal in every CRM. */
export function offeredDeals({ aws, systems }: EndOfRun): readonly Violation[] {
  const released = aws.offers.filter(({ state, positiveTargeting }) => state === 'Released' && positiveTargeting);
  return released.flatMap(({ id, name }) =>
    systems.flatMap((system) => {
      const own = aws.deals.filter(
        (deal) => deal.system === system && told(deal, 'AWS_Offer_Id__c', 'aws_offer_id') === id,
      );
      const invariant = own.length > 1 ? 'no duplicate' : 'convergence';
      return own.length === 1
        ? []
        : [{ invariant, what: `${own.length} deals in ${system} have the offer ${id}, ${name}` }];
    }),
  );
}
