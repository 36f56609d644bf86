/** What an event is about, and so what becomes of it. */
export type EventUse =
  /** The agreement is read again. */
  | 'agreement'
  /** The agreement is read again; what happened stands in the event only, so that is kept as well. */
  | 'agreement-and-kept'
  /** The offer is read. */
  | 'offer'
  | 'offer-set'
  /** Nothing to do: whoever started the change set follows it, and the sweep sees what it changed. */
  | 'change-set'
  /** There is no record behind it. */
  | 'kept';

interface EventType {
  readonly use: EventUse;
  /** For what is kept: what happened, and what to do about it. */
  readonly message?: string;
  readonly nextStep?: string;
}

/** The part AWS tells of an agreement's event that says which side of it the account is on. */
export const ROLES = ['Proposer', 'Manufacturer', 'Acceptor'] as const;

const advisory = 'Read it in the AWS Marketplace Management Portal, at the agreement it names.';

/**
 * Every event of AWS Marketplace the connector knows, by source and detail-type, those of agreements without their role.
 *
 * *Source*: https://docs.aws.amazon.com/marketplace/latest/userguide/notifications-eventbridge.html and
 * …/saas-eventbridge-integration.html, checked November 2026.
 */
export const EVENT_TYPES: Readonly<Record<string, Readonly<Record<string, EventType>>>> = {
  'aws.agreement-marketplace': {
    'Purchase Agreement Created': { use: 'agreement' },
    'Purchase Agreement Amended': { use: 'agreement' },
    'Purchase Agreement Ended': { use: 'agreement' },
    'Purchase Agreement Ending': { use: 'agreement' },
    'Purchase Agreement Renewal Upcoming': { use: 'agreement' },
    'Purchase Agreement Renewal Terms Finalized': { use: 'agreement' },
    'Purchase Agreement Advisory Issued': {
      use: 'agreement-and-kept',
      message: 'AWS issued an advisory on an agreement.',
      nextStep: advisory,
    },
    'Purchase Agreement Advisory Resolved': {
      use: 'agreement-and-kept',
      message: 'The advisory on an agreement is resolved.',
    },
    'License Updated': { use: 'agreement' },
    'License Deprovisioned': { use: 'agreement' },
    'Agreement Cancellation Request Pending Approval': { use: 'agreement' },
    'Agreement Cancellation Request Approved': { use: 'agreement' },
    'Agreement Cancellation Request Rejected': { use: 'agreement' },
    'Agreement Cancellation Request Cancelled': { use: 'agreement' },
    'Agreement Cancellation Request Validation Failed': { use: 'agreement' },
    'Purchase Agreement Billing Adjustment Completed': { use: 'agreement' },
    'Purchase Agreement Billing Adjustment Failed': {
      use: 'agreement-and-kept',
      message: 'AWS did not make a billing adjustment.',
      nextStep:
        'Look up the adjustment in the AWS Marketplace Management Portal, and request it again once its cause is gone.',
    },
  },
  'aws.marketplacecatalog': {
    'Offer Released': { use: 'offer' },
    'OfferSet Released': { use: 'offer-set' },
    'Change Set Succeeded': { use: 'change-set' },
    'Change Set Failed': { use: 'change-set' },
    'Change Set Cancelled': { use: 'change-set' },
    'Products Security Report Created': {
      use: 'kept',
      message: 'AWS reports on the security of your products.',
      nextStep:
        'Read the report in the AWS Marketplace Management Portal; AWS restricts products whose issues are not mended in time.',
    },
  },
  'aws.marketplace': {
    'Disbursement Paused': {
      use: 'kept',
      message: 'AWS has paused the payments to you.',
      nextStep:
        'Check the bank account and the tax information in the AWS Marketplace Management Portal; AWS pays once they are in order.',
    },
  },
};
