import type { Agenda } from '../aws/agenda.ts';
import { type AwsEvent, wholeSeconds } from '../aws/aws-event.ts';
import type { JsonObject } from '../aws/aws-result.ts';
import type { EventPublisher } from '../aws/event-publisher.ts';
import { ItemStore } from '../aws/item-store.ts';
import type { Ids } from './ids.ts';
import type {
  Adjustment,
  Agreement,
  Cancellation,
  ChangeSet,
  Charge,
  Invoice,
  Offer,
  Product,
  ResourceTags,
  Tag,
} from './records.ts';

/** How long AWS takes for what it does by itself, in ms. */
export interface MarketplaceDelays {
  /** A change set is PREPARING so long, and APPLYING so long again. With AWS some minutes. */
  readonly preparingMs: number;
  readonly applyingMs: number;
  /** From the end of an agreement to the end of its licence; an hour with AWS, for the last metering. */
  readonly deprovisionMs: number;
  /** From a billing adjustment's request to its completion. */
  readonly adjustmentMs: number;
}

export const localDelays: MarketplaceDelays = {
  preparingMs: 500,
  applyingMs: 1_000,
  deprovisionMs: 3_600_000,
  adjustmentMs: 2_000,
};

/** All that the marketplace knows of one seller, and how it tells of it. Rules are in the files beside. */
export class Marketplace {
  /** The seller's account, 12 digits: the one whose bus hears the events. */
  readonly accountId: string;
  readonly sellerName: string;
  readonly now: () => number;
  readonly ids: Ids;
  readonly agenda: Agenda;
  readonly delays: MarketplaceDelays;
  readonly events: EventPublisher;
  readonly store: ItemStore;
  readonly products;
  readonly offers;
  readonly changeSets;
  readonly agreements;
  readonly charges;
  readonly invoices;
  readonly cancellations;
  readonly adjustments;
  readonly tags;

  constructor(parts: {
    readonly accountId: string;
    readonly sellerName: string;
    readonly now: () => number;
    readonly ids: Ids;
    readonly agenda: Agenda;
    readonly delays: MarketplaceDelays;
    readonly events: EventPublisher;
    readonly file: string | undefined;
  }) {
    this.accountId = parts.accountId;
    this.sellerName = parts.sellerName;
    this.now = parts.now;
    this.ids = parts.ids;
    this.agenda = parts.agenda;
    this.delays = parts.delays;
    this.events = parts.events;
    this.store = new ItemStore(parts.file);
    this.products = this.store.table<Product>('product');
    this.offers = this.store.table<Offer>('offer');
    this.changeSets = this.store.table<ChangeSet>('change-set');
    this.agreements = this.store.table<Agreement>('agreement');
    this.charges = this.store.table<Charge>('charge');
    this.invoices = this.store.table<Invoice>('invoice');
    this.cancellations = this.store.table<Cancellation>('cancellation');
    this.adjustments = this.store.table<Adjustment>('adjustment');
    this.tags = this.store.table<ResourceTags>('tags');
  }

  /** The change sets AWS still knows of; after 60 days it has forgotten them, by what the model says of ListChangeSets. */
  keptChangeSets(): readonly ChangeSet[] {
    const since = this.now() - 60 * 86_400_000;
    return this.changeSets.all().filter(({ startedAt }) => startedAt >= since);
  }

  /** The ARN of an entity of the Catalog. */
  entityArn(type: string, id: string): string {
    return `arn:aws:aws-marketplace:us-east-1:${this.accountId}:AWSMarketplace/${type}/${id}`;
  }

  /** Puts tags on a resource; one of the same key is replaced. */
  tag(arn: string, tags: readonly Tag[]): void {
    const kept = (this.tags.get(arn)?.tags ?? []).filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
    this.tags.put({ id: arn, tags: [...kept, ...tags] });
  }

  /** Tells the seller's bus that something happened. */
  emit(source: string, detailType: string, resources: readonly string[], detail: JsonObject): void {
    const event: AwsEvent = {
      version: '0',
      id: this.ids.uuid(),
      'detail-type': detailType,
      source,
      account: this.accountId,
      time: wholeSeconds(this.now()),
      region: 'us-east-1',
      resources,
      detail,
    };
    this.events.emit(event);
  }
}
