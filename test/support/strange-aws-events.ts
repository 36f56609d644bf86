import { AWS_ACCOUNT } from './connected-hub.ts';

/** An event as EventBridge puts it on the inbound queue; tests make any member of it something else. */
export type Envelope = Readonly<Record<string, unknown>>;

let serial = 0;

/** An event about an agreement, with an id of its own. */
export function agreementEvent(more: Envelope = {}, detail: Envelope = {}): Envelope {
  serial += 1;
  return {
    version: '0',
    id: `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`,
    'detail-type': 'Purchase Agreement Amended - Proposer',
    source: 'aws.agreement-marketplace',
    account: AWS_ACCOUNT,
    time: '2026-03-02T10:15:00Z',
    region: 'us-east-1',
    resources: [],
    detail: {
      requestId: 'r-1',
      catalog: 'AWSMarketplace',
      agreement: { id: 'agmt-neverseen', intent: 'AMEND', status: 'ACTIVE', acceptanceTime: '2026-03-01T09:00:00Z' },
      acceptor: { accountId: '444455556666' },
      proposer: { accountId: AWS_ACCOUNT },
      offer: { id: 'offer-neverseen' },
      ...detail,
    },
    ...more,
  };
}

/** The same about an opportunity of the sandbox's. */
export function opportunityEvent(more: Envelope = {}, detail: Envelope = {}): Envelope {
  return agreementEvent({
    'detail-type': 'Opportunity Updated',
    source: 'aws.partnercentral-selling',
    detail: { schemaVersion: '1', catalog: 'Sandbox', opportunity: { identifier: 'O9999999' }, ...detail },
    ...more,
  });
}

const hint = { 'event-hint': 1 };
const kept = { 'event-kept': 1 };
const both = { 'event-hint': 1, 'event-kept': 1 };
const ignored = (reason: string) => ({ [`event-ignored:${reason}`]: 1 });

/** An event, what it ends in, and why it is kept if it is. */
type Strange = readonly [
  title: string,
  event: Envelope,
  ends: Readonly<Record<string, number>>,
  why: string | undefined,
];

/** Events as AWS may send them one day, or as somebody gets them wrong. What they end in, and why they are kept if they are. */
export const STRANGE: readonly Strange[] = [
  [
    'a type nobody knows',
    agreementEvent({ 'detail-type': 'Purchase Agreement Paused - Proposer' }),
    both,
    'unknown-type',
  ],
  [
    'a type of another role',
    agreementEvent({ 'detail-type': 'Purchase Agreement Created - Auditor' }),
    both,
    'unknown-type',
  ],
  ['a type named like a member of objects', opportunityEvent({ 'detail-type': 'constructor' }), kept, 'unknown-type'],
  ['a type of 256 letters', opportunityEvent({ 'detail-type': 'T'.repeat(256) }), kept, 'unknown-type'],
  ['a source of AWS nobody asked for', agreementEvent({ source: 'aws.s3' }), ignored('no-connection'), undefined],
  ['another account', agreementEvent({ account: '999999999999' }), ignored('other-account'), undefined],
  ['no account', opportunityEvent({ account: '' }), ignored('other-account'), undefined],
  [
    'another catalog of the marketplace',
    agreementEvent({}, { catalog: 'AWSMarketplaceTest' }),
    ignored('other-catalog'),
    undefined,
  ],
  ['the real catalog, for a sandbox', opportunityEvent({}, { catalog: 'AWS' }), ignored('other-catalog'), undefined],
  ['no catalog', opportunityEvent({}, { catalog: undefined }), kept, 'malformed'],
  ['a version of agreements never seen', agreementEvent({}, { schemaVersion: '2.7' }), both, 'unknown-schema'],
  ['a version of opportunities never seen', opportunityEvent({}, { schemaVersion: 99 }), kept, 'unknown-schema'],
  ['a version of another shape', opportunityEvent({}, { schemaVersion: { major: 1 } }), kept, 'malformed'],
  ['no detail', agreementEvent({ detail: null }), kept, 'malformed'],
  ['a list for a detail', agreementEvent({ detail: [1, 2] }), kept, 'malformed'],
  ['a text for a detail', opportunityEvent({ detail: 'later' }), kept, 'malformed'],
  ['an agreement without id', agreementEvent({}, { agreement: {} }), kept, 'malformed'],
  [
    'an agreement with the id of something else',
    agreementEvent({}, { agreement: { id: '../../x y' } }),
    kept,
    'malformed',
  ],
  ['an opportunity without id', opportunityEvent({}, { opportunity: { title: 'x' } }), kept, 'malformed'],
  [
    'an opportunity with a number for its id',
    opportunityEvent({}, { opportunity: { identifier: 7 } }),
    kept,
    'malformed',
  ],
  ['times of nine digits', agreementEvent({ time: '2026-03-02T10:15:00.123456789Z' }), hint, undefined],
  ['a time that is none', opportunityEvent({ time: 'yesterday' }), hint, undefined],
  ['200 KB of detail', agreementEvent({}, { note: 'x'.repeat(200_000) }), hint, undefined],
  [
    '200 KB of members nobody knows',
    agreementEvent({ 'detail-type': 'Never Seen' }, manyMembers()),
    both,
    'unknown-type',
  ],
  [
    'a payment held back',
    agreementEvent({ source: 'aws.marketplace', 'detail-type': 'Disbursement Paused' }),
    kept,
    'no-record',
  ],
];

function manyMembers(): Envelope {
  return Object.fromEntries(Array.from({ length: 5_000 }, (_, place) => [`member${place}Id`, 'x'.repeat(25)]));
}
