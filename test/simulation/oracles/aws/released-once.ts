import { buyerOf } from '../../plan/aws-deeds.ts';
import type { EndOfRun, Violation } from '../end-of-run.ts';
import { hindrances, told } from './aws-end.ts';

/**
 * An offer is made and released once for a deal that asked for it: two offers would bind the seller twice. Judged by what the change
 * sets did and for which buyer, each deal having one of its own. And it is released, unless somebody was told why not, or the deal got one that
 * people had made for its buyer before the hub began.
 */
export function releasedOnce({ aws, plan, problems }: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  const byHub = aws.changeSets.filter(({ id }) => !aws.byHand.has(id));
  const asked = new Set(
    plan.items.flatMap(({ deed }) =>
      deed.do === 'enter' && deed.hubspot.aws_offer_requested === 'true' ? [deed.entity] : [],
    ),
  );
  const released = byHub.filter(
    ({ status, changes }) => status === 'SUCCEEDED' && changes.some(({ changeType }) => changeType === 'ReleaseOffer'),
  );
  const buyerFor = ({ changes }: (typeof released)[number]): string =>
    JSON.stringify(changes.find(({ changeType }) => changeType === 'UpdateTargeting')?.details ?? '');
  for (const entity of asked) {
    const own = released.filter((changeSet) => buyerFor(changeSet).includes(buyerOf(entity)));
    if (own.length > 1)
      violations.push({ invariant: 'no duplicate', what: `${own.length} change sets released an offer for ${entity}` });
    const isEntered = aws.deals.some(
      (deal) => deal.entity === entity && told(deal, 'AWS_Offer_Requested__c', 'aws_offer_requested') === 'true',
    );
    const offerIds = aws.deals
      .filter((deal) => deal.entity === entity)
      .map((deal) => told(deal, 'AWS_Offer_Id__c', 'aws_offer_id'));
    const isGiven = aws.offers.some(({ id }) => offerIds.includes(id));
    if (own.length === 0 && isEntered && !isGiven && hindrances(problems).length === 0)
      violations.push({ invariant: 'convergence', what: `no offer was released for ${entity}, which asked for one` });
  }
  const stray = released.filter(
    (changeSet) => ![...asked].some((entity) => buyerFor(changeSet).includes(buyerOf(entity))),
  );
  if (stray.length > 0)
    violations.push({
      invariant: 'no duplicate',
      what: `an offer was released that no deal asked for: ${stray[0]?.name}`,
    });
  return violations;
}
