import type { SeededRandom } from '../engine/seeded-random.ts';
import { type AwsDeed, problemOf } from './aws-deeds.ts';
import { hardships } from './aws-hardships.ts';
import { type AwsDraft, create, mishaps, money, note, plainSetup, stageItem } from './marketplace-plan.ts';
import { type Plan, type PlanItem, SYSTEM_IDS, type SystemId } from './plan.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * Deals are shared with AWS, which reviews them while people go on editing; AWS refers opportunities of its own, and people accept or
 * decline some of the invitations.
 */
export function coSellPlan({ random, setup, temper, seed, isCalm }: AwsDraft): Plan {
  const home = random.pick(SYSTEM_IDS);
  const items: PlanItem[] = [
    { at: 0, deed: create('partner', 'P1', home) },
    { at: 10 * SECOND_MS, deed: customer('P1', home) },
  ];
  const deals = Array.from({ length: random.between(1, 3) }, (_, index) => `D${index + 1}`);
  for (const entity of deals) items.push(...lifeOf(random.fork(entity), entity));
  for (const entity of ['I1', 'I2'].slice(0, random.between(0, 2))) {
    const at = random.between(1, 20) * MINUTE_MS;
    items.push({ at, deed: { do: 'refer', entity } });
    const decision = random.pick(['accept', 'accept', 'reject', 'none'] as const);
    if (decision !== 'none')
      items.push({ at: at + random.between(10, 600) * SECOND_MS, deed: { do: 'decide', entity, decision } });
  }
  for (const what of ['unknown-type', 'unknown-version', 'other-account'] as const)
    if (random.chance(0.4))
      items.push({ at: random.between(1, 30) * MINUTE_MS, deed: { do: 'odd-event', what, from: 'partner-central' } });
  if (!isCalm) items.push(...mishaps(random.fork('mishaps'), items, 'partner-central'));
  const byHand = random.fork('by hand');
  for (const entity of ['A1', 'A2'].slice(0, byHand.between(0, 2)))
    items.push({
      at: byHand.between(2, 25) * MINUTE_MS,
      deed: { do: 'opportunity-by-hand', entity, isSold: byHand.chance(0.5) },
    });
  if (!isCalm) items.push(...hardships(random.fork('hardships'), items, 'partner-central'));
  return {
    seed,
    temper,
    setup: plainSetup(setup),
    aws: ['partner-central'],
    items: items.toSorted((a, b) => a.at - b.at),
  };
}

/** Many deals are shared within the same minute: each takes three of the one write a second that AWS allows, and waits for the others. */
export function sharedAtOncePlan({ random, setup, temper, seed }: AwsDraft): Plan {
  const home = random.pick(SYSTEM_IDS);
  const items: PlanItem[] = [
    { at: 0, deed: create('partner', 'P1', home) },
    { at: 10 * SECOND_MS, deed: customer('P1', home) },
  ];
  for (let number = 1; number <= random.between(6, 10); number++) {
    const entity = `D${number}`;
    items.push({ at: MINUTE_MS, deed: create('deal', entity, home, 'P1') });
    const at = 5 * MINUTE_MS + random.between(0, 30) * SECOND_MS;
    items.push({ at, deed: share(entity, home, 1_000 + number) });
  }
  return {
    seed,
    // Waiting for their turn takes deliveries many calls to the table: with one in a hundred failing, five runs in a row would.
    temper: { ...temper, awsOutage: temper.awsOutage / 4 },
    setup: plainSetup(setup),
    aws: ['partner-central'],
    items: items.toSorted((a, b) => a.at - b.at),
  };
}

function lifeOf(random: SeededRandom, entity: string): PlanItem[] {
  const home = random.pick(SYSTEM_IDS);
  const items: PlanItem[] = [{ at: MINUTE_MS, deed: create('deal', entity, home, 'P1') }];
  const amount = 1_000 + random.between(0, 9_000);
  let at = random.between(2, 8) * MINUTE_MS;
  items.push({ at, deed: share(entity, home, amount) });
  // Somebody else has seen the deal in another system, and shares it as well.
  if (random.chance(0.4))
    items.push({
      at: at + random.between(0, 6) * 20 * SECOND_MS,
      deed: share(entity, random.pick(SYSTEM_IDS), amount),
    });
  for (let turn = 0; turn < 4; turn++)
    items.push(note(random, at + random.between(-60, 1_200) * SECOND_MS, entity, random.pick(SYSTEM_IDS)));
  for (let turn = 1; turn <= random.between(0, 2); turn++)
    items.push({
      at: at + random.between(0, 900) * SECOND_MS,
      deed: money(entity, random.pick(SYSTEM_IDS), amount + turn),
    });
  if (random.chance(0.5)) items.push(stageItem(random, at + random.between(0, 900) * SECOND_MS, entity));
  at += random.between(0, 8) * MINUTE_MS;
  if (random.chance(0.7)) items.push({ at, deed: { do: 'review', entity, status: 'In review' } });
  at += random.between(10, 480) * SECOND_MS;
  const status = random.pick(['Approved', 'Approved', 'Approved', 'Action Required', 'Rejected', 'none'] as const);
  if (status === 'none') return items;
  items.push({ at, deed: { do: 'review', entity, status } });
  if (status === 'Approved' && random.chance(0.4)) {
    const stage = random.pick(['Qualified', 'Business Validation'] as const);
    items.push({ at: at + random.between(10, 480) * SECOND_MS, deed: { do: 'aws-stage', entity, stage } });
  }
  return items;
}

export function customer(entity: string, system: SystemId): AwsDeed {
  return {
    do: 'enter',
    entity,
    system,
    salesforce: { Industry: 'Banking', BillingCountry: 'Germany', BillingPostalCode: '20095' },
    hubspot: { industry: 'BANKING', country: 'Germany', zip: '20095', website: 'https://www.p1-simulated.com' },
  };
}

export function share(entity: string, system: SystemId, amount: number): AwsDeed {
  return {
    do: 'enter',
    entity,
    system,
    salesforce: {
      AWS_Co_Sell_Requested__c: true,
      AWS_Co_Sell_Solution__c: 'S-0010001',
      AWS_Co_Sell_Needs__c: 'Deal Support',
      AWS_Co_Sell_Use_Case__c: 'Database',
      AWS_Co_Sell_Problem__c: problemOf(entity),
      AWS_Co_Sell_Delivery__c: 'SaaS or PaaS',
      Type: 'New Customer',
      Contract_Months__c: 12,
      CloseDate: '2027-12-31',
      Amount: amount,
      CurrencyIsoCode: 'USD',
    },
    hubspot: {
      aws_co_sell_requested: 'true',
      aws_co_sell_solution: 'S-0010001',
      aws_co_sell_needs: 'deal-support',
      aws_co_sell_use_case: 'Database',
      aws_co_sell_problem: problemOf(entity),
      aws_co_sell_delivery: 'saas-or-paas',
      dealtype: 'newbusiness',
      contract_months: '12',
      closedate: '2027-12-31T00:00:00.000Z',
      amount: String(amount),
      deal_currency_code: 'USD',
    },
  };
}
