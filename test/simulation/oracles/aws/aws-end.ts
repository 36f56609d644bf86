import type { Problem } from '../../../../domain/model/problem.ts';
import type { HubStore } from '../../../../domain/pipeline/ports.ts';
import type { Agreement, ChangeSet, Invoice, Offer } from '../../../../local/simulators/aws-marketplace/records.ts';
import type { Invitation, Opportunity } from '../../../../local/simulators/aws-partner-central/records.ts';
import type { AwsPeople } from '../../people/aws-people.ts';
import type { SystemId } from '../../plan/plan.ts';
import type { AwsBus, SentEvent } from '../../world/aws-bus.ts';
import type { MarketplacePlace } from '../../world/marketplace-place.ts';
import type { PartnerCentralPlace, UntimelyWrite } from '../../world/partner-central-place.ts';
import type { Vendor } from '../../world/vendor.ts';

/** A deal as a CRM holds it. */
export interface RawDeal {
  readonly id: string;
  /** `''` for one that only AWS knew of. */
  readonly entity: string;
  readonly system: SystemId;
  /** By the system's own field names. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What oracles may know of the AWS accounts of a run, and what the CRMs hold in the fields that are about them. */
export interface AwsEnd {
  readonly offers: readonly Offer[];
  readonly changeSets: readonly ChangeSet[];
  readonly agreements: readonly Agreement[];
  readonly invoices: readonly Invoice[];
  /** Ids of change sets that a person started. */
  readonly byHand: ReadonlySet<string>;
  readonly opportunities: readonly Opportunity[];
  readonly invitations: readonly Invitation[];
  readonly untimelyWrites: readonly UntimelyWrite[];
  /** What people decided about invitations, by the name of what was referred. */
  readonly decided: ReadonlyMap<string, 'accept' | 'reject'>;
  readonly sent: readonly SentEvent[];
  /** Ids of the events that the hub keeps. */
  readonly kept: ReadonlySet<string>;
  /** Live deals of every CRM. */
  readonly deals: readonly RawDeal[];
}

interface AwsWorld {
  readonly vendors: ReadonlyMap<SystemId, Vendor>;
  readonly marketplace: MarketplacePlace | undefined;
  readonly partnerCentral: PartnerCentralPlace | undefined;
  readonly aws: AwsPeople;
  readonly bus: AwsBus;
  readonly store: HubStore;
}

/** Looks at a world when everything is over. */
export async function awsEndOf({ vendors, marketplace, partnerCentral, aws, bus, store }: AwsWorld): Promise<AwsEnd> {
  const admin = marketplace?.account.admin;
  const { events } = await store.listEvents({ limit: 500 });
  return {
    // The tables hold what their names say; the simulator's own type is looser.
    offers: (admin?.records('offers') ?? []) as readonly Offer[],
    changeSets: (admin?.records('changeSets') ?? []) as readonly ChangeSet[],
    agreements: (admin?.records('agreements') ?? []) as readonly Agreement[],
    invoices: (admin?.records('invoices') ?? []) as readonly Invoice[],
    byHand: aws.byHand,
    opportunities: partnerCentral?.account.admin.opportunities() ?? [],
    invitations: partnerCentral?.account.admin.invitations() ?? [],
    untimelyWrites: partnerCentral?.untimelyWrites ?? [],
    decided: aws.decided,
    sent: bus.sent,
    kept: new Set(events.map(({ id }) => id)),
    deals: [...vendors.values()].flatMap((vendor) =>
      vendor
        .records('deal')
        .filter(({ isLive }) => isLive)
        .map(({ id, entity }) => ({ id, entity, system: vendor.id, values: vendor.values('deal', id) })),
    ),
  };
}

/** Open questions that say of a record why something is not done: not what AWS told, and no invitation. */
export function hindrances(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ cause }) => cause !== 'event' && cause !== 'invitation');
}

/** What both kinds of CRM call a field: the first of Salesforce, the second of HubSpot. */
export function told({ system, values }: RawDeal, salesforce: string, hubspot: string): string {
  const value = values[system === 'portal' ? hubspot : salesforce];
  return value === undefined || value === null ? '' : String(value);
}
