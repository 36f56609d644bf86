import type { AwsId, SystemId } from './plan.ts';

/** Values by a system's own field names. */
export type RawValues = Readonly<Record<string, string | number | boolean | null>>;

/** What happens around the AWS accounts of a world. Deals are named as elsewhere; `H` names an offer that people make at AWS. */
export type AwsDeed =
  /** Somebody types into a CRM what its form asks for; by the system's own field names. */
  | {
      readonly do: 'enter';
      readonly entity: string;
      readonly system: SystemId;
      readonly salesforce: RawValues;
      readonly hubspot: RawValues;
    }
  /** The buyer accepts the private offer that is there for him, or waits until one is. */
  | { readonly do: 'accept'; readonly entity: string }
  /** The newest agreement with the buyer grows, is renewed, or is cancelled; decimal text. */
  | { readonly do: 'amend'; readonly entity: string; readonly added: string }
  | { readonly do: 'renew'; readonly entity: string; readonly percent: string }
  | { readonly do: 'cancel'; readonly entity: string }
  /** AWS writes the next invoice of that agreement, of which it tells by no event. */
  | { readonly do: 'invoice'; readonly entity: string }
  /** Somebody makes and releases an offer at AWS, past the hub; `also` names another buyer that it is made to. */
  | { readonly do: 'offer-by-hand'; readonly entity: string; readonly amount: string; readonly also?: string }
  /** Somebody types into a deal the id of the offer that was made at AWS for another name, once there is one. */
  | { readonly do: 'type-offer'; readonly entity: string; readonly system: SystemId; readonly offerOf: string }
  /** The change set that is under way ends as a fault of AWS. */
  | { readonly do: 'fail-change-set' }
  /** AWS takes the opportunity of a deal into review, or decides, once it is there to be reviewed. */
  | {
      readonly do: 'review';
      readonly entity: string;
      readonly status: 'In review' | 'Approved' | 'Rejected' | 'Action Required';
    }
  /** Somebody at AWS puts the opportunity of a deal into that stage. */
  | { readonly do: 'aws-stage'; readonly entity: string; readonly stage: 'Qualified' | 'Business Validation' }
  /** Somebody of the partner makes an opportunity at Partner Central, past the hub; named `A` and a number. */
  | { readonly do: 'opportunity-by-hand'; readonly entity: string; readonly isSold: boolean }
  /** AWS refers an opportunity, named `I` and a number; somebody decides about the invitation in the hub. */
  | { readonly do: 'refer'; readonly entity: string }
  | { readonly do: 'decide'; readonly entity: string; readonly decision: 'accept' | 'reject' }
  /** The bus delivers an event that this hub does not know, or that is not for it. */
  | {
      readonly do: 'odd-event';
      readonly what: 'unknown-type' | 'unknown-version' | 'other-account';
      readonly from: AwsId;
    };

const AWS_DEEDS: Readonly<Record<AwsDeed['do'], true>> = {
  enter: true,
  accept: true,
  amend: true,
  renew: true,
  cancel: true,
  invoice: true,
  'offer-by-hand': true,
  'type-offer': true,
  'opportunity-by-hand': true,
  'fail-change-set': true,
  review: true,
  'aws-stage': true,
  refer: true,
  decide: true,
  'odd-event': true,
};

export function isAwsDeed(deed: { readonly do: string }): deed is AwsDeed {
  return Object.hasOwn(AWS_DEEDS, deed.do);
}

/** The AWS account of the buyer behind a deal or an offer, 12 digits. */
export function buyerOf(entity: string): string {
  return `${entity.startsWith('H') ? '7' : '4'}${entity.slice(1).padStart(11, '0')}`;
}

/** What the customer's problem says of a deal, by which its opportunity is known at AWS. */
export function problemOf(entity: string): string {
  return `The problem of ${entity} is long enough to be told.`;
}
