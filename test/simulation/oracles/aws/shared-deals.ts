import type { Opportunity } from '../../../../local/simulators/aws-partner-central/records.ts';
import { problemOf } from '../../plan/aws-deeds.ts';
import type { EndOfRun, Violation } from '../end-of-run.ts';
import { hindrances, type RawDeal, told } from './aws-end.ts';

/** Review states in which AWS takes the edits that these worlds make. */
const OPEN = ['Approved', 'Pending Submission'];

/**
 * A deal that is shared is one opportunity at AWS, and it is handed over; what people said of it while AWS reviewed it is there once AWS
 * has approved it. In the end its stage is the same everywhere.
 */
export function sharedDeals(end: EndOfRun): readonly Violation[] {
  const { aws, plan, problems } = end;
  const shared = new Set(
    plan.items.flatMap(({ deed }) =>
      deed.do === 'enter' && deed.hubspot.aws_co_sell_requested === 'true' ? [deed.entity] : [],
    ),
  );
  const own = aws.opportunities.filter(({ origin }) => origin === 'Partner Referral');
  const violations: Violation[] = [];
  for (const entity of shared) {
    const made = own.filter(({ fields }) => fields.Project?.CustomerBusinessProblem === problemOf(entity));
    const deals = aws.deals.filter((deal) => deal.entity === entity);
    const [opportunity] = made;
    if (made.length > 1)
      violations.push({ invariant: 'no duplicate', what: `${made.length} opportunities stand for ${entity}` });
    const isEntered = deals.some((deal) => told(deal, 'AWS_Co_Sell_Requested__c', 'aws_co_sell_requested') === 'true');
    if (opportunity === undefined) {
      if (isEntered && hindrances(problems).length === 0)
        violations.push({ invariant: 'convergence', what: `${entity} was shared and is no opportunity` });
      continue;
    }
    if (isEntered && opportunity.review.status === 'Pending Submission')
      violations.push({ invariant: 'convergence', what: `${entity} was never handed over to AWS` });
    for (const deal of deals) violations.push(...differences(deal, opportunity));
  }
  return violations;
}

function differences(deal: RawDeal, { id, review, fields }: Opportunity): readonly Violation[] {
  const flaws: string[] = [];
  const expect = (name: string, atAws: string, inCrm: string): void => {
    if (atAws !== inCrm) flaws.push(`${name} is ${atAws || 'empty'} at AWS and ${inCrm || 'empty'} in ${deal.system}`);
  };
  expect('its id', id, told(deal, 'AWS_Co_Sell_Id__c', 'aws_co_sell_id'));
  const status = told(deal, 'AWS_Co_Sell_Status__c', 'aws_co_sell_status');
  expect('the review', review.status.replace(/[ -]/g, '').toLowerCase(), status.replace(/[ -]/g, '').toLowerCase());
  if (OPEN.includes(review.status)) {
    const [spend] = (fields.Project?.ExpectedCustomerSpend ?? []).filter(
      ({ TargetCompany }) => TargetCompany === 'Self',
    );
    expect('the next step', (fields.LifeCycle?.NextSteps ?? '').trim(), told(deal, 'NextStep', 'hs_next_step').trim());
    expect('the amount', String(Number(spend?.Amount)), String(Number(told(deal, 'Amount', 'amount'))));
    const stages = STAGES[fields.LifeCycle?.Stage ?? ''] ?? [];
    if (!stages.includes(told(deal, 'StageName', 'dealstage')))
      flaws.push(
        `the stage is ${fields.LifeCycle?.Stage} at AWS and ${told(deal, 'StageName', 'dealstage')} in ${deal.system}`,
      );
  }
  return flaws.map((flaw) => ({ invariant: 'convergence', what: `${deal.entity}, ${id} (${review.status}): ${flaw}` }));
}

/** What the CRMs call AWS's stages; written down by hand. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  Prospect: ['Prospecting', 'appointmentscheduled'],
  Qualified: ['Qualification', 'qualifiedtobuy'],
  'Technical Validation': ['Needs Analysis', 'Value Proposition', 'presentationscheduled'],
  'Business Validation': ['Proposal/Price Quote', 'decisionmakerboughtin'],
  Committed: ['Negotiation/Review', 'contractsent'],
};
