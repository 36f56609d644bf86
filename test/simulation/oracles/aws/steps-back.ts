import type { EndOfRun, Violation } from '../end-of-run.ts';
import { lastWords } from '../nothing-lost.ts';
import { told } from './aws-end.ts';

/**
 * What AWS said of a deal before people set its stage does not count again: a deal whose agreement was accepted, and that people put
 * into another stage since, is not won in the end. Not asked where the agreement came to something else later, and where nobody can
 * tell which of people's words was the last.
 */
export function stepsBack(end: EndOfRun): readonly Violation[] {
  const { agreements, deals } = end.aws;
  return deals.flatMap((deal) => {
    const id = told(deal, 'AWS_Agreement_Id__c', 'aws_agreement_id');
    const agreement = agreements.find((each) => each.id === id);
    const stage = told(deal, 'StageName', 'dealstage');
    if (agreement === undefined || deal.entity === '' || !WON.includes(stage)) return [];
    const { standing, isUndecided } = lastWords(end, deal.entity, 'stage');
    const isSetSince = standing.length > 0 && standing.every(({ lower }) => lower > agreement.acceptedAt);
    if (isUndecided || !isSetSince || standing.some(({ value }) => value === 'won')) return [];
    const what = `${deal.entity} is ${stage} in ${deal.system} by agreement ${id}, though people said "${standing[0]?.value}" after it`;
    return [{ invariant: 'nothing lost', what }];
  });
}

const WON = ['Closed Won', 'closedwon'];
