import type { DescribedRecord } from '../../../domain/pipeline/describe-record.ts';
import { type Both, dealNamed, knows } from './both-crms.ts';
import type { DemoStep } from './demo-steps.ts';
import type { DemoWorld } from './demo-world.ts';
import { BUYER, DAY_MS, type Story, seconds } from './marketplace-story.ts';
import { offered, refused } from './offer-steps.ts';
import { check, until } from './teller.ts';

/** The marketplace and co-selling, from a deal to its renewal and from a shared opportunity to an invitation. Played once. */
export function marketplaceSteps(): readonly DemoStep[] {
  const story: Story = {
    companyId: '',
    dealId: '',
    offerId: '',
    agreementId: '',
    coSellDealId: '',
    opportunityId: '',
  };
  return [
    opened(),
    refused(story),
    offered(story),
    accepted(story),
    amended(story),
    renewed(story),
    shared(story),
    reviewed(story),
    invited(),
    strange(),
  ];
}

function opened(): DemoStep {
  return {
    title: '1. Two CRMs and an AWS account that sells are connected, read and released.',
    async play(world, tell) {
      const { connections } = await world.call<{ connections: { id: string }[] }>('GET', '/api/status');
      for (const { id } of connections) await world.call('POST', `/api/connections/${id}/release`);
      for (const { id } of connections) await world.call('POST', `/api/connections/${id}/backfill`, {});
      const { tookMs } = await until('all have been read', () => isRead(world), 120_000, 500);
      tell(`   ${connections.map(({ id }) => id).join(', ')}: read after ${seconds(tookMs)}`);
      return check(connections.length === 4, 'there are four connections');
    },
  };
}

async function isRead(world: DemoWorld): Promise<true | undefined> {
  const { connections } = await world.call<Status>('GET', '/api/status');
  const objects = connections.flatMap((connection) => Object.values(connection.objects));
  return objects.length > 0 && objects.every(({ backfilled }) => backfilled) ? true : undefined;
}

interface Status {
  readonly connections: readonly {
    readonly objects: Readonly<Record<string, { readonly backfilled: boolean }>>;
  }[];
}

function accepted(story: Story): DemoStep {
  return {
    title: '4. The buyer accepts. The deal is closed-won in both CRMs, with amount, currency, buyer and agreement.',
    async play(world, tell) {
      const callsBefore = await world.aws.calls();
      await world.aws.accept(story.offerId, BUYER);
      const agreement = (await world.aws.marketplace('agreements')).at(-1);
      story.agreementId = String(agreement?.id);
      const won = await until('both CRMs have the agreement', () => wonIn(world, story.agreementId), 120_000);
      tell(`   in both after ${seconds(won.tookMs)}, for ${(await world.aws.calls()) - callsBefore} calls to AWS`);
      tell(`   HubSpot: ${won.value.deal}`);
      tell(`   Salesforce: ${won.value.opportunity}`);
      const record = await dealOf(world, story.dealId);
      tell(`   why it is won: ${record.fields.stage?.from}: ${record.fields.stage?.why}`);
      return (
        check(won.value.deal.includes('48000.5') && won.value.deal.includes('EUR'), 'HubSpot has amount and currency') +
        check(won.value.deal.includes(BUYER), 'HubSpot has the buyer') +
        check(won.value.opportunity.includes('48000.5'), 'Salesforce has the amount') +
        check(record.fields.stage?.from.startsWith('aws-marketplace#Agreement') === true, 'the agreement won the deal')
      );
    },
  };
}

async function wonIn(world: DemoWorld, agreementId: string): Promise<Both | undefined> {
  const both = await knows(world, 'Agreement_Id', agreementId);
  return both?.deal.includes('closedwon') && both.opportunity.includes('Closed Won') ? both : undefined;
}

function amended(story: Story): DemoStep {
  return {
    title: '5. The agreement is amended: the amount follows in both CRMs.',
    async play(world, tell) {
      await world.aws.amend(story.agreementId, '12000.25');
      const both = await until(
        'the amount follows',
        async () => {
          const known = await knows(world, 'Agreement_Id', story.agreementId);
          return known?.deal.includes('60000.75') && known.opportunity.includes('60000.75') ? known : undefined;
        },
        120_000,
      );
      tell(`   60,000.75 in both after ${seconds(both.tookMs)}`);
      return check(both.value.deal.includes('closedwon'), 'the deal is still won');
    },
  };
}

function renewed(story: Story): DemoStep {
  return {
    title: '6. The agreement is renewed: that is a new deal, linked to the old one.',
    async play(world, tell) {
      await world.aws.renew(story.agreementId, 5);
      const next = (await world.aws.marketplace('agreements')).find(({ id }) => String(id) !== story.agreementId);
      const renewal = String(next?.id);
      const both = await until('both CRMs have the renewal', () => wonIn(world, renewal), 120_000);
      tell(`   ${renewal} after ${seconds(both.tookMs)}: ${both.value.deal}`);
      const { value: record } = await until('the renewal is linked', async () => {
        const found = await world
          .call<DescribedRecord>('GET', `/api/records/deal?ref=aws-marketplace:Agreement:${renewal}`)
          .catch(() => undefined);
        return found?.fields.predecessor?.value ? found : undefined;
      });
      const old = await dealOf(world, story.dealId);
      return (
        check(record.id !== old.id, 'the renewal is a deal of its own') +
        check(record.fields.predecessor?.value === old.id, 'it is linked to the deal it renews') +
        check(
          old.fields.agreementStatus?.value === 'renewed' && old.fields.stage?.value === 'won',
          'the old deal stays won',
        )
      );
    },
  };
}

function shared(story: Story): DemoStep {
  return {
    title: '7. Another deal is shared with AWS: an opportunity in Partner Central, handed over for review.',
    async play(world, tell) {
      const [account] = await world.salesforce.query("SELECT Id FROM Account WHERE Name = 'Nordlicht AG'");
      story.coSellDealId = await world.salesforce.create('Opportunity', {
        Name: 'Nordlicht – data platform',
        AccountId: account?.Id,
        StageName: 'Qualification',
        Type: 'New Customer',
        CloseDate: new Date(Date.now() + 60 * DAY_MS).toISOString().slice(0, 10),
        Amount: 90000,
        CurrencyIsoCode: 'EUR',
        Contract_Months__c: 12,
        AWS_Co_Sell_Solution__c: 'S-0010001',
        AWS_Co_Sell_Needs__c: 'Deal Support',
        AWS_Co_Sell_Delivery__c: 'SaaS or PaaS',
        AWS_Co_Sell_Use_Case__c: 'Analytics',
        AWS_Co_Sell_Problem__c: 'Reports of the whole group take a night, and nobody trusts them in the morning.',
        AWS_Co_Sell_Requested__c: true,
      });
      const { value, tookMs } = await until('AWS has the opportunity', () => submitted(world), 120_000, 250);
      story.opportunityId = value;
      tell(`   ${story.opportunityId} is submitted after ${seconds(tookMs)} (AWS takes one write a second)`);
      const known = await until('both CRMs know it', () => knows(world, 'Co_Sell_Id', story.opportunityId), 60_000);
      tell(`   HubSpot: ${known.value.deal}`);
      return check((await world.aws.opportunities()).length === 1, 'AWS has one opportunity, and no second one');
    },
  };
}

async function submitted(world: DemoWorld): Promise<string | undefined> {
  const [opportunity] = await world.aws.opportunities();
  return opportunity !== undefined && reviewOf(opportunity) === 'Submitted' ? String(opportunity.id) : undefined;
}

function reviewOf({ review }: Readonly<Record<string, unknown>>): string {
  // The simulator's own record of an opportunity.
  return (review as { readonly status: string } | undefined)?.status ?? '';
}

function reviewed(story: Story): DemoStep {
  return {
    title: '8. While AWS reviews, edits wait beside the record; with the approval they go out.',
    async play(world, tell) {
      await world.aws.review(story.opportunityId, 'In review');
      await until('the review shows', () => coSellStatus(world, story.coSellDealId, 'in-review'), 60_000);
      await world.salesforce.edit('Opportunity', story.coSellDealId, { NextStep: 'Workshop in Berlin' });
      const waits = await until('the edit waits', async () => {
        const record = await opportunityRecord(world, story.coSellDealId);
        return record.waiting.find(({ fields }) => fields.includes('nextStep'));
      });
      tell(`   ${waits.value.connection}: ${waits.value.fields.join(', ')} wait: ${waits.value.note}`);
      const before = JSON.stringify(await world.aws.opportunities());
      await world.aws.review(story.opportunityId, 'Approved');
      const out = await until(
        'what waited goes out',
        async () => (JSON.stringify(await world.aws.opportunities()).includes('Workshop in Berlin') ? true : undefined),
        60_000,
      );
      tell(`   approved; the edit is with AWS after ${seconds(out.tookMs)}`);
      return check(!before.includes('Workshop in Berlin'), 'nothing was sent while AWS reviewed');
    },
  };
}

async function coSellStatus(world: DemoWorld, id: string, status: string): Promise<true | undefined> {
  const record = await opportunityRecord(world, id);
  return record.fields.coSellStatus?.value === status ? true : undefined;
}

function invited(): DemoStep {
  return {
    title: '9. AWS invites to sell together. The invitation waits for a person; accepted, it is a deal in both CRMs.',
    async play(world, tell) {
      await world.aws.refer({
        Customer: {
          Account: {
            CompanyName: 'Havelwerke GmbH',
            WebsiteUrl: 'https://havelwerke.example',
            Industry: 'Manufacturing',
            Address: { CountryCode: 'DE', PostalCode: '14467' },
          },
        },
        Project: {
          Title: 'Havelwerke – plant data',
          CustomerBusinessProblem: 'Plants in four places, and no picture of them all.',
          CustomerUseCase: 'Analytics',
          DeliveryModels: ['SaaS or PaaS'],
          ExpectedCustomerSpend: [
            { Amount: '2500.00', CurrencyCode: 'EUR', Frequency: 'Monthly', TargetCompany: 'AWS' },
          ],
        },
        LifeCycle: {
          Stage: 'Qualified',
          TargetCloseDate: new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10),
        },
      });
      const { value: problem } = await until(
        'a person is asked',
        async () => {
          const { problems } = await world.call<{ problems: Question[] }>('GET', '/api/problems?cause=invitation');
          return problems[0];
        },
        60_000,
      );
      tell(`   ${problem.message} ${problem.nextStep}`);
      const deals = await world.hubspot.find('deals', 'dealname', 'Havelwerke – plant data');
      await world.call('POST', `/api/records/invitation/${problem.unifiedId}/decision`, {
        values: { decision: 'accept' },
      });
      const both = await until('it is a deal in both', () => dealNamed(world, 'Havelwerke – plant data'), 120_000, 250);
      tell(`   accepted; a deal in both CRMs after ${seconds(both.tookMs)}`);
      const open = await world.call<{ problems: Question[] }>('GET', '/api/problems?cause=invitation');
      return (
        check(deals === undefined, 'nothing was accepted before a person said so') +
        check(open.problems.length === 0, 'the question is closed')
      );
    },
  };
}

interface Question {
  readonly unifiedId: string;
  readonly message: string;
  readonly nextStep: string;
}

function strange(): DemoStep {
  return {
    title: '10. What no record stands behind is kept and shown: AWS holds back a payment.',
    async play(world, tell) {
      await world.aws.pauseDisbursement();
      const { value } = await until(
        'the event is kept',
        async () => {
          const { events } = await world.call<{ events: KeptEvent[] }>('GET', '/api/events');
          return events[0];
        },
        60_000,
      );
      tell(`   ${value.detailType}: ${value.message}`);
      tell(`   ${value.nextStep ?? ''}`);
      return check(value.detailType === 'Disbursement Paused', 'the event is there');
    },
  };
}

interface KeptEvent {
  readonly detailType: string;
  readonly message: string;
  readonly nextStep?: string;
}

function dealOf(world: DemoWorld, dealId: string): Promise<DescribedRecord> {
  return world.call<DescribedRecord>('GET', `/api/records/deal?ref=hubspot:deal:${dealId}`);
}

function opportunityRecord(world: DemoWorld, id: string): Promise<DescribedRecord> {
  return world.call<DescribedRecord>('GET', `/api/records/deal?ref=salesforce:Opportunity:${id}`);
}
