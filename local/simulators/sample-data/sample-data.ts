import type { SeedRecord as HubspotRecord, SeedAssociation } from '../hubspot/seed.ts';
import type { SeedRecord as SalesforceRecord } from '../salesforce/seed-records.ts';
import { COMPANY_COUNT, sampleCompanies } from './companies.ts';
import { DEAL_COUNT, LEAD_COUNT, sampleDeals, sampleLeads } from './deals.ts';
import { hubspotRecords } from './hubspot-records.ts';
import { PERSON_COUNT, samplePeople } from './people.ts';
import { salesforceRecords } from './salesforce-records.ts';
import { seededRandom } from './seeded-random.ts';

/** What the simulators are filled with: two views of one invented business, overlapping, each with its own dirt. */
export interface SampleData {
  readonly salesforce: readonly SalesforceRecord[];
  readonly hubspot: { readonly records: readonly HubspotRecord[]; readonly associations: readonly SeedAssociation[] };
}

const SEED = 20_261_122;

/**
 * Makes the sample data, the same every time but for the dates, which lie before `now` (epoch ms): 560 companies, 860
 * people, 420 deals in two currencies and 60 leads, most known to both sides. Names differ in case and legal form, some
 * domains are missing, some mail is free-mail, a few picklist values are in no lookup, some records are deleted or merged.
 * `scale` makes it smaller, down to 0.1.
 */
export function sampleData(now: number, scale = 1): SampleData {
  const random = seededRandom(SEED);
  const scaled = (count: number): number => Math.ceil(count * scale);
  const companies = sampleCompanies(random, scaled(COMPANY_COUNT));
  const people = samplePeople(companies, random, scaled(PERSON_COUNT));
  const deals = sampleDeals(now, companies, people, random, scaled(DEAL_COUNT));
  const leads = sampleLeads(random, scaled(LEAD_COUNT));
  return {
    salesforce: salesforceRecords(now, companies, people, deals, leads),
    hubspot: hubspotRecords(now, companies, people, deals, leads),
  };
}
