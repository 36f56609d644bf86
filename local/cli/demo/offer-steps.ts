import type { DescribedRecord } from '../../../domain/pipeline/describe-record.ts';
import { knows } from './both-crms.ts';
import type { DemoStep } from './demo-steps.ts';
import type { DemoWorld } from './demo-world.ts';
import { BUYER, dayIn, PRODUCT, type Story, seconds } from './marketplace-story.ts';
import { check, until } from './teller.ts';

const DEAL_NAME = 'Nordlicht – analytics, three years';

/** Somebody asks for an offer that AWS refuses. */
export function refused(story: Story): DemoStep {
  return {
    title:
      '2. In HubSpot somebody asks for a private offer of a deal, with two payments on one day. AWS refuses it, and the deal says why.',
    async play(world, tell) {
      story.companyId = await world.hubspot.create('companies', {
        name: 'Nordlicht AG',
        domain: 'nordlicht.example',
        website: 'https://www.nordlicht.example',
        industry: 'COMPUTER_SOFTWARE',
        country: 'Germany',
        zip: '10115',
      });
      story.dealId = await world.hubspot.create('deals', {
        dealname: DEAL_NAME,
        pipeline: 'default',
        dealstage: 'qualifiedtobuy',
        amount: '48000.50',
        deal_currency_code: 'EUR',
        closedate: `${dayIn(20)}T00:00:00.000Z`,
        aws_product_id: PRODUCT,
        aws_dimension: 'platform',
        aws_buyer_account: BUYER,
        contract_months: '36',
        aws_payment_schedule: `${dayIn(10)} 24000; ${dayIn(10)} 24000.50`,
        aws_offer_expiry: dayIn(30),
        aws_offer_requested: 'true',
      });
      const { value, tookMs } = await until('both CRMs say why there is no offer', () => flawOf(world, story), 300_000);
      tell(
        `   after ${seconds(tookMs)} (what is under way at AWS is looked at again every half minute), both CRMs: ${value}`,
      );
      const record = await world.call<DescribedRecord>('GET', `/api/records/deal?ref=hubspot:deal:${story.dealId}`);
      tell(`   who says so: ${record.fields.offerError?.why}`);
      const sets = await world.aws.marketplace('changeSets');
      return (
        check(value.includes('There can be one charge on each day'), "it is AWS's own reason") +
        check(record.fields.offerError?.why.includes(`change set ${sets[0]?.id}`) === true, 'its change set is named')
      );
    },
  };
}

/** What both CRMs say is wrong, once they say the same. */
async function flawOf(world: DemoWorld, { dealId }: Story): Promise<string | undefined> {
  const [row] = await world.salesforce.query(
    `SELECT AWS_Offer_Request__c, AWS_Offer_Error__c FROM Opportunity WHERE Name = '${DEAL_NAME}'`,
  );
  const deal = await world.hubspot.read('deals', dealId, ['aws_offer_request', 'aws_offer_error']);
  const isSaid = deal.aws_offer_request === 'refused' && row?.AWS_Offer_Request__c === 'Refused';
  return isSaid && deal.aws_offer_error && deal.aws_offer_error === row.AWS_Offer_Error__c
    ? deal.aws_offer_error
    : undefined;
}

/** The deal is mended, and offered. */
export function offered(story: Story): DemoStep {
  return {
    title: '3. The second payment gets a day of its own. The offer is made and released on the marketplace, once.',
    async play(world, tell) {
      await world.hubspot.edit('deals', story.dealId, {
        aws_payment_schedule: `${dayIn(10)} 24000; ${dayIn(100)} 24000.50`,
      });
      const made = await until('the offer is released', () => releasedOffer(world), 120_000);
      story.offerId = made.value;
      tell(
        `   ${story.offerId} is released to ${BUYER} after ${seconds(made.tookMs)} (three change sets' worth of waiting at AWS included)`,
      );
      const inBoth = await until('both CRMs know the offer', () => knows(world, 'Offer_Id', story.offerId), 60_000);
      tell(`   HubSpot: ${inBoth.value.deal}`);
      tell(`   Salesforce: ${inBoth.value.opportunity}`);
      const deal = await world.hubspot.read('deals', story.dealId, ['aws_offer_request', 'aws_offer_error']);
      const sets = await world.aws.marketplace('changeSets');
      const offers = (await world.aws.marketplace('offers')).filter(({ id }) => String(id) === story.offerId);
      return (
        check(sets.length === 2, 'one change set was started for the mended deal, and no other') +
        check(offers.length === 1, 'there is one private offer') +
        check(deal.aws_offer_request === 'made' && !deal.aws_offer_error, 'the deal says so, and its error is gone') +
        check(inBoth.value.deal.includes('decisionmakerboughtin'), 'the deal has moved to business validation')
      );
    },
  };
}

async function releasedOffer(world: DemoWorld): Promise<string | undefined> {
  const offers = await world.aws.marketplace('offers');
  const offer = offers.find(({ state, id }) => state === 'Released' && !String(id).startsWith('offer-public'));
  return offer === undefined ? undefined : String(offer.id);
}
