import type { EndOfRun, Violation } from '../end-of-run.ts';
import { told } from './aws-end.ts';

/** An opportunity that people made at Partner Central is one deal in every CRM, called what they called it. */
export function handmadeOpportunities({ aws, systems }: EndOfRun): readonly Violation[] {
  const made = aws.opportunities.filter(
    ({ origin, fields }) => origin === 'Partner Referral' && !fields.PartnerOpportunityIdentifier,
  );
  return made.flatMap(({ id, fields }) =>
    systems.flatMap((system): readonly Violation[] => {
      const own = aws.deals.filter(
        (deal) => deal.system === system && told(deal, 'AWS_Co_Sell_Id__c', 'aws_co_sell_id') === id,
      );
      const title = fields.Project?.Title ?? '';
      const [deal] = own;
      if (deal === undefined || own.length > 1) {
        const invariant = own.length > 1 ? 'no duplicate' : 'convergence';
        return [{ invariant, what: `${own.length} deals in ${system} of ${title}, made at Partner Central` }];
      }
      const name = told(deal, 'Name', 'dealname');
      return name === title
        ? []
        : [{ invariant: 'convergence', what: `${title}, made at Partner Central, is called ${name} in ${system}` }];
    }),
  );
}
