import { shortHash } from '../../domain/model/short-hash.ts';
import { NOTHING_KNOWN, type SourceRecord } from '../../domain/model/source-record.ts';
import type { UnifiedRecord } from '../../domain/model/unified-record.ts';
import type { Value } from '../../domain/model/value.ts';

/** A moment in August 2026; what the samples happen around. */
export const SAMPLE_NOW = Date.UTC(2026, 7, 20, 9, 30);

/** What an ordinary partner's twenty fields hold. */
export const SAMPLE_VALUES: Readonly<Record<string, Value>> = {
  name: 'Nordlicht Systemhaus GmbH & Co. KG',
  domain: 'nordlicht-systemhaus.example',
  website: 'https://www.nordlicht-systemhaus.example',
  phone: '+494012345678',
  industry: 'computer-software',
  type: 'reseller',
  street: 'Hafenstraße 17, 3. Stock',
  city: 'Hamburg',
  region: 'HH',
  postalCode: '20457',
  country: 'DE',
  employees: '240',
  revenue: '18500000.5',
  currency: 'EUR',
  description: 'Systems house for port logistics, three branches.',
  owner: 'a.petersen@hub.example',
  parent: '01J9Z3Q2W8V7T6R5P4N3M2K1H0',
  tier: 'gold',
  status: 'active',
  specializations: ['cloud-migration', 'data-analytics', 'security'],
};

/** A present source record with twenty fields of five moments and a mixture of origins, nothing in flight. */
export function sampleSource(change: Partial<SourceRecord> = {}): SourceRecord {
  const fields = Object.entries(SAMPLE_VALUES).map(([field, value], index) => [
    field,
    {
      value: field === 'employees' ? 240 : value,
      at: SAMPLE_NOW - (index % 5) * 86_400_000,
      origin: (['system', 'hub', 'found'] as const)[index % 3] ?? 'found',
    },
  ]);
  return {
    kind: 'partner',
    unifiedId: '01J9Z3Q2W8V7T6R5P4N3M2K1G9',
    connection: 'salesforce',
    object: 'Account',
    externalId: '001Ws00003abCDeIAM',
    state: 'present',
    counter: 7,
    ...NOTHING_KNOWN,
    revision: SAMPLE_NOW - 5_000,
    readAt: SAMPLE_NOW - 1_000,
    fields: Object.fromEntries(fields),
    mappingVersion: 3,
    ...change,
  };
}

/** A source record while a delivery of all its fields is under way. */
export function sampleClaimedSource(): SourceRecord {
  const source = sampleSource();
  return {
    ...source,
    claim: { token: '01J9Z3Q2W8V7T6R5P4N3M2K1AA', until: SAMPLE_NOW + 90_000 },
    intents: Object.fromEntries(
      Object.entries(source.fields).map(([field, { value }]) => [field, { hash: shortHash(value), at: SAMPLE_NOW }]),
    ),
  };
}

/** A present unified record with twenty fields from two sources. */
export function sampleUnified(change: Partial<UnifiedRecord> = {}): UnifiedRecord {
  const fields = Object.entries(SAMPLE_VALUES).map(([field, value], index) => [
    field,
    {
      value,
      at: SAMPLE_NOW - (index % 5) * 86_400_000,
      from: index % 2 === 0 ? 'salesforce#Account#001Ws00003abCDeIAM' : 'hubspot#company#18273645546',
      origin: index % 3 === 0 ? ('system' as const) : ('found' as const),
      rule: (['newest', 'found-order', 'only', 'tie-order'] as const)[index % 4] ?? 'only',
    },
  ]);
  return {
    kind: 'partner',
    id: '01J9Z3Q2W8V7T6R5P4N3M2K1G9',
    state: 'present',
    version: 12,
    counter: 31,
    createdAt: SAMPLE_NOW - 40 * 86_400_000,
    changedAt: SAMPLE_NOW,
    fields: Object.fromEntries(fields),
    seats: {
      'salesforce#Account': { externalId: '001Ws00003abCDeIAM' },
      'hubspot#company': { externalId: '18273645546' },
    },
    own: {},
    keys: ['domain:nordlicht-systemhaus.example'],
    ...change,
  };
}
