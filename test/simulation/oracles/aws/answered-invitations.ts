import type { EndOfRun, Violation } from '../end-of-run.ts';
import { told } from './aws-end.ts';

/**
 * An invitation is answered as somebody decided, and by nobody else: undecided it waits, and is an open question. One that was accepted
 * is a deal in every CRM.
 */
export function answeredInvitations({ aws, problems, systems }: EndOfRun): readonly Violation[] {
  return aws.invitations
    .filter(({ participant }) => participant === 'RECEIVER')
    .flatMap(({ status, opportunityId }): readonly Violation[] => {
      const referred = aws.opportunities.find(({ id }) => id === opportunityId);
      const entity = (referred?.fields.Project?.Title ?? '').replace('referral ', '');
      const decision = aws.decided.get(entity);
      const should = decision === undefined ? 'PENDING' : decision === 'accept' ? 'ACCEPTED' : 'REJECTED';
      if (status !== should)
        return [{ invariant: 'no silent failure', what: `the invitation ${entity} is ${status} instead of ${should}` }];
      if (status === 'PENDING') {
        const isAsked = problems.some(({ cause }) => cause === 'invitation');
        return isAsked
          ? []
          : [{ invariant: 'no silent failure', what: `nobody is asked about the invitation ${entity}` }];
      }
      return systems.flatMap((system) => {
        const deals = aws.deals.filter(
          (deal) => deal.system === system && told(deal, 'AWS_Co_Sell_Id__c', 'aws_co_sell_id') === opportunityId,
        );
        const wanted = status === 'ACCEPTED' ? 1 : 0;
        if (deals.length === wanted) return [];
        return [
          { invariant: 'convergence', what: `${deals.length} deals in ${system} of the ${status} referral ${entity}` },
        ];
      });
    });
}
