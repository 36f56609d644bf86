import type { DemoWorld } from './demo-world.ts';

/** What HubSpot's deals are asked for. */
const DEAL = [
  'dealname',
  'dealstage',
  'amount',
  'deal_currency_code',
  'aws_buyer_account',
  'aws_offer_id',
  'aws_offer_state',
  'aws_agreement_id',
  'aws_agreement_status',
  'aws_co_sell_id',
  'aws_co_sell_status',
  'hs_next_step',
] as const;
const OPPORTUNITY =
  'SELECT Id, Name, StageName, Amount, CurrencyIsoCode, AWS_Buyer_Account__c, AWS_Offer_Id__c, AWS_Offer_State__c, AWS_Agreement_Id__c, AWS_Agreement_Status__c, AWS_Co_Sell_Id__c, AWS_Co_Sell_Status__c FROM Opportunity';

/** One deal as both CRMs show it. */
export interface Both {
  readonly deal: string;
  readonly opportunity: string;
}

/** The deal with this id of AWS's, in both CRMs. */
export async function knows(world: DemoWorld, field: string, value: string): Promise<Both | undefined> {
  const id = await world.hubspot.find('deals', `aws_${field.toLowerCase()}`, value);
  const [row] = await world.salesforce.query(`${OPPORTUNITY} WHERE AWS_${field}__c = '${value}'`);
  if (id === undefined || row === undefined) return undefined;
  const deal = await world.hubspot.read('deals', id, DEAL);
  return {
    deal: shown(DEAL.map((name) => deal[name])),
    opportunity: shown(Object.entries(row).map(([, held]) => held)),
  };
}

function shown(values: readonly unknown[]): string {
  const texts = values.filter(
    (value) => value !== null && value !== undefined && value !== '' && typeof value !== 'object',
  );
  return texts.join(' · ');
}

/** Whether one deal of this name is in both CRMs. */
export async function dealNamed(world: DemoWorld, name: string): Promise<true | undefined> {
  const deal = await world.hubspot.find('deals', 'dealname', name);
  const rows = await world.salesforce.query(`SELECT Id FROM Opportunity WHERE Name = '${name}'`);
  return deal !== undefined && rows.length === 1 ? true : undefined;
}
