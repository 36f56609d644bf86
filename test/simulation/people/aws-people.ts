import { creationOf, readDraft } from '../../../connectors/aws-marketplace/offer-changes.ts';
import { decideByPerson } from '../../../domain/pipeline/decide-by-person.ts';
import type { AwsEvent } from '../../../local/simulators/aws/aws-event.ts';
import type { Agreement, ChangeSet, Offer } from '../../../local/simulators/aws-marketplace/records.ts';
import { SAMPLE_PRODUCT_ID } from '../../../local/simulators/aws-marketplace/sample-products.ts';
import type { Opportunity } from '../../../local/simulators/aws-partner-central/records.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import { AwsOutage, type HubFleet } from '../hub/hub-fleet.ts';
import type { SimulatedRuntime } from '../hub/hub-runtime.ts';
import { type AwsDeed, buyerOf, problemOf } from '../plan/aws-deeds.ts';
import type { SystemId } from '../plan/plan.ts';
import type { AwsBus } from '../world/aws-bus.ts';
import type { Chronicle } from '../world/chronicle.ts';
import { type MarketplacePlace, SELLER } from '../world/marketplace-place.ts';
import { CATALOG, type PartnerCentralPlace } from '../world/partner-central-place.ts';
import { requestOf, type Vendor } from '../world/vendor.ts';

/** What they work with. */
export interface AwsPeopleOptions {
  readonly vendors: ReadonlyMap<SystemId, Vendor>;
  readonly chronicle: Chronicle;
  readonly scheduler: Scheduler;
  readonly bus: AwsBus;
  readonly marketplace: MarketplacePlace | undefined;
  readonly partnerCentral: PartnerCentralPlace | undefined;
  readonly fleet: () => HubFleet;
  /** When people stop looking whether they can do what they mean to, ms. */
  readonly until: number;
}

const LOOK_AGAIN_MS = 60_000;

/** Buyers, sellers and AWS itself: what they do at AWS, and what sellers type into their CRM for it. */
export class AwsPeople {
  /** Change sets that a person started. */
  readonly byHand = new Set<string>();
  /** What somebody decided about invitations, by the name of what was referred. */
  readonly decided = new Map<string, 'accept' | 'reject'>();
  readonly #options: AwsPeopleOptions;
  #odd = 0;

  constructor(options: AwsPeopleOptions) {
    this.#options = options;
  }

  /** Does a deed; where it cannot be done yet (no offer to accept), looks again every minute. */
  async perform(deed: AwsDeed): Promise<void> {
    const { scheduler, until } = this.#options;
    if ((await this.#act(deed)) || scheduler.now + LOOK_AGAIN_MS > until) return;
    scheduler.at(scheduler.now + LOOK_AGAIN_MS, `${deed.do} again`, () => void this.perform(deed));
  }

  /** Answers whether it was done. */
  async #act(deed: AwsDeed): Promise<boolean> {
    switch (deed.do) {
      case 'enter':
        return this.#enter(deed);
      case 'offer-by-hand':
        return this.#offer(deed);
      case 'type-offer': {
        const offer = this.#offerFor(deed.offerOf);
        if (offer === undefined) return false;
        const { entity, system } = deed;
        const [salesforce, hubspot] = [{ AWS_Offer_Id__c: offer.id }, { aws_offer_id: offer.id }];
        return this.#enter({ do: 'enter', entity, system, salesforce, hubspot });
      }
      case 'opportunity-by-hand':
        return this.#makeOpportunity(deed.entity, deed.isSold);
      case 'odd-event':
        this.#options.bus.publish(this.#oddEvent(deed), true);
        return true;
      case 'accept': {
        const offer = this.#offerFor(deed.entity);
        const buyer = { buyerAccountId: buyerOf(deed.entity), autoRenew: true };
        return offer !== undefined && this.#market.admin.accept(offer.id, buyer).ok;
      }
      case 'amend':
        return this.#onAgreement(deed.entity, (id) => this.#market.admin.amend(id, { addedValue: deed.added }).ok);
      case 'renew':
        return this.#onAgreement(deed.entity, (id) => this.#market.admin.renew(id, deed.percent).ok);
      case 'cancel':
        return this.#onAgreement(deed.entity, (id) => this.#market.admin.end(id, 'CANCELLED').ok);
      case 'invoice':
        return this.#onAgreement(deed.entity, (id) => this.#market.admin.invoiceNext(id).ok);
      case 'review': {
        const opportunity = this.#opportunity(deed.entity);
        const { id: opportunityId = '' } = opportunity ?? {};
        return this.#selling.admin.review({ opportunityId, status: deed.status }).ok;
      }
      case 'aws-stage': {
        const opportunity = this.#opportunity(deed.entity);
        if (opportunity?.review.status !== 'Approved') return false;
        return this.#selling.admin.edit({ opportunityId: opportunity.id, lifeCycle: { Stage: deed.stage } }).ok;
      }
      case 'refer':
        return this.#refer(deed.entity);
      case 'decide':
        return this.#decide(deed.entity, deed.decision);
      case 'fail-change-set': {
        const running = this.#records<ChangeSet>('changeSets').find(({ endedAt }) => endedAt === undefined);
        return running !== undefined && this.#market.admin.failChangeSet(running.id).ok;
      }
    }
  }

  async #enter({ entity, system, salesforce, hubspot }: Extract<AwsDeed, { do: 'enter' }>): Promise<boolean> {
    const { vendors, chronicle, scheduler } = this.#options;
    const vendor = vendors.get(system);
    const kind = entity.startsWith('P') ? 'partner' : 'deal';
    const record = vendor?.records(kind).find((each) => each.isLive && each.entity === entity);
    if (vendor === undefined || record === undefined) return false;
    await vendor.edit(kind, record.id, vendor.system === 'salesforce' ? salesforce : hubspot);
    chronicle.note(vendor, 'person', scheduler.now);
    return true;
  }

  #refer(entity: string): boolean {
    const fields = {
      Project: { Title: `referral ${entity}`, CustomerBusinessProblem: problemOf(entity) },
      Customer: { Account: { CompanyName: `company of ${entity}` } },
      LifeCycle: { Stage: 'Prospect', TargetCloseDate: '2027-11-30' },
    };
    // The schema takes what AWS takes of a referral; the rest of its fields may be absent.
    return this.#selling.admin.sendReferral({ catalog: CATALOG, fields: fields as never }).ok;
  }

  /** Somebody reads the open questions of the hub, finds the invitation and decides, if it is there by now. */
  async #decide(entity: string, decision: 'accept' | 'reject'): Promise<boolean> {
    const act = async ({ hub }: SimulatedRuntime): Promise<boolean> => {
      const { problems } = await hub.store.listProblems({ limit: 200 });
      for (const { cause, unifiedId = '' } of problems) {
        if (cause !== 'invitation') continue;
        const { unified } = await hub.store.readBundle('invitation', unifiedId);
        if (unified?.fields.title?.value !== `referral ${entity}`) continue;
        // Whatever becomes of the call, from here on the decision may be made.
        this.decided.set(entity, decision);
        const { end } = await decideByPerson(hub, {
          kind: 'invitation',
          id: unifiedId,
          values: { decision },
          by: 'somebody',
        });
        return end !== 'contended';
      }
      return false;
    };
    try {
      return await this.#options.fleet().asPerson(act);
    } catch (error) {
      if (error instanceof AwsOutage) return false;
      throw error;
    }
  }

  #opportunity(entity: string): Opportunity | undefined {
    return this.#selling.admin
      .opportunities()
      .find(({ fields }) => fields.Project?.CustomerBusinessProblem === problemOf(entity));
  }

  get #selling(): PartnerCentralPlace['account'] {
    const { partnerCentral } = this.#options;
    if (partnerCentral === undefined) throw new Error('this world has no Partner Central');
    return partnerCentral.account;
  }

  #onAgreement(entity: string, act: (id: string) => boolean): boolean {
    const active = this.#records<Agreement>('agreements').filter(
      ({ acceptorId, status }) => acceptorId === buyerOf(entity) && status === 'ACTIVE',
    );
    const newest = active.at(-1);
    return newest !== undefined && act(newest.id);
  }

  /** The private offer that is out to the buyer of that name. */
  #offerFor(entity: string): Offer | undefined {
    return this.#records<Offer>('offers').find(
      ({ state, positiveTargeting }) =>
        state === 'Released' && positiveTargeting?.BuyerAccounts?.includes(buyerOf(entity)),
    );
  }

  /** Somebody types an opportunity into Partner Central; its customer's problem is what it is known by there. */
  async #makeOpportunity(entity: string, isSold: boolean): Promise<boolean> {
    const made = await this.#askSelling('CreateOpportunity', {
      ClientToken: `by-hand-${entity}`,
      Origin: 'Partner Referral',
      OpportunityType: 'Net New Business',
      Customer: { Account: { CompanyName: `company of ${entity}`, Industry: 'Retail' } },
      Project: { Title: `opportunity ${entity}`, CustomerBusinessProblem: problemOf(entity) },
      LifeCycle: { Stage: 'Prospect', TargetCloseDate: '2027-11-30' },
    });
    if (made === undefined) return false;
    if (isSold)
      await this.#askSelling('AssociateOpportunity', {
        OpportunityIdentifier: made.Id,
        RelatedEntityType: 'Solutions',
        RelatedEntityIdentifier: 'S-0010001',
      });
    return true;
  }

  async #askSelling(operation: string, input: object): Promise<{ readonly Id?: string } | undefined> {
    const { partnerCentral } = this.#options;
    if (partnerCentral === undefined) throw new Error('this world has no Partner Central');
    const headers = {
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDPERSON/20270301/us-east-1/partnercentral-selling/aws4_request, SignedHeaders=host, Signature=made-up',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSPartnerCentralSelling.${operation}`,
    };
    const body = { Catalog: CATALOG, ...input };
    const answer = await partnerCentral.handle(requestOf('POST', partnerCentral.host, '/', headers, body));
    if (answer === 'cut-connection' || answer.status !== 200) return undefined;
    return JSON.parse(answer.body ?? '{}') as { readonly Id?: string };
  }

  async #offer({ entity, amount, also }: Extract<AwsDeed, { do: 'offer-by-hand' }>): Promise<boolean> {
    const buyers = also === undefined ? buyerOf(entity) : `${buyerOf(entity)}, ${buyerOf(also)}`;
    const draft = readDraft({
      Name: `offer ${entity}`,
      ProductId: SAMPLE_PRODUCT_ID,
      'Targeting.BuyerAccounts': buyers,
      Price: amount,
      CurrencyCode: 'USD',
      AgreementMonths: '24',
      AvailabilityEndDate: '2027-05-31',
    });
    if (!draft.ok) throw new Error(draft.fault.message);
    // A person puts no tag on it.
    const changes = creationOf(draft.value, ['users'], '', {}).map(
      ({ EntityTags: _tags, DetailsDocument, ...change }) => ({
        ...change,
        Details: JSON.stringify(DetailsDocument),
      }),
    );
    const headers = {
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDPERSON/20270301/us-east-1/aws-marketplace/aws4_request, SignedHeaders=host, Signature=made-up',
      'content-type': 'application/json',
    };
    const body = { Catalog: 'AWSMarketplace', ChangeSet: changes };
    const answer = await this.#market.handle(requestOf('POST', this.#market.host, '/StartChangeSet', headers, body));
    if (answer === 'cut-connection' || answer.status !== 200) return false;
    const { ChangeSetId } = JSON.parse(answer.body ?? '{}') as { readonly ChangeSetId: string };
    this.byHand.add(ChangeSetId);
    return true;
  }

  #oddEvent({ what, from }: Extract<AwsDeed, { do: 'odd-event' }>): AwsEvent {
    const isMarketplace = from === 'marketplace';
    const known = isMarketplace ? 'Offer Released' : 'Opportunity Updated';
    this.#odd += 1;
    return {
      version: '0',
      id: `odd-${this.#odd}`,
      'detail-type': what === 'unknown-type' ? 'Something New Happened' : known,
      source: isMarketplace ? 'aws.marketplacecatalog' : 'aws.partnercentral-selling',
      account: what === 'other-account' ? '999988887777' : SELLER,
      time: new Date(this.#options.scheduler.now).toISOString(),
      region: 'us-east-1',
      resources: [],
      detail: {
        schemaVersion: what === 'unknown-version' ? '7.0' : '1',
        ...(isMarketplace
          ? { catalog: 'AWSMarketplace', offer: { id: 'offer-nobodymadeit' } }
          : { catalog: 'AWS', opportunity: { identifier: 'O9999999' } }),
      },
    };
  }

  get #market(): MarketplacePlace & Pick<MarketplacePlace['account'], 'admin'> {
    const { marketplace } = this.#options;
    if (marketplace === undefined) throw new Error('this world has no marketplace');
    return { ...marketplace, admin: marketplace.account.admin };
  }

  #records<Item>(table: 'offers' | 'changeSets' | 'agreements'): readonly Item[] {
    // The tables hold what their names say; the simulator's own type is looser.
    return this.#market.admin.records(table) as readonly Item[];
  }
}
