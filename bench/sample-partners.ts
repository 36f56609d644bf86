import type { SystemValues } from '../domain/model/value.ts';

/**
 * Companies as the two systems hold them: with the same index they are the same company and agree in every mapped field, twenty
 * of them filled on each side.
 */

/** A Salesforce account. */
export function account(index: number, ownerId: string): SystemValues {
  return {
    Name: `Company ${index} Ltd.`,
    Website: `https://www.company-${index}.example`,
    Phone: `+49 30 ${1_000_000 + index}`,
    Type: 'Channel Partner / Reseller',
    Industry: SALESFORCE_INDUSTRIES[index % 4] ?? null,
    BillingStreet: `${index} Market Street\r\nFloor ${index % 9}`,
    BillingCity: 'Zürich',
    BillingState: 'ZH',
    BillingPostalCode: '8001',
    BillingCountry: 'Switzerland',
    NumberOfEmployees: index,
    AnnualRevenue: index * 1_000.5,
    CurrencyIsoCode: 'EUR',
    Description: `Met at a trade fair. Wants to sell our platform in region ${index % 17}.\r\nCall again in spring.`,
    OwnerId: ownerId,
    ParentId: null,
    Partner_Tier__c: 'Gold',
    Partner_Status__c: 'Active',
    Specializations__c: 'Cloud Migration;Security',
    Rating: 'Hot',
    Tax_Id__c: `CHE${100_000_000 + index}`,
  };
}

/** A HubSpot company. */
export function company(index: number, ownerId: string): SystemValues {
  return {
    name: `Company ${index} Ltd.`,
    domain: `company-${index}.example`,
    website: `https://www.company-${index}.example`,
    phone: `+49 30 ${1_000_000 + index}`,
    type: 'RESELLER',
    industry: HUBSPOT_INDUSTRIES[index % 4] ?? null,
    address: `${index} Market Street, Floor ${index % 9}`,
    city: 'Zürich',
    state: 'ZH',
    zip: '8001',
    country: 'Switzerland',
    numberofemployees: String(index),
    annualrevenue: String(index * 1_000.5),
    revenue_currency: 'EUR',
    description: `Met at a trade fair. Wants to sell our platform in region ${index % 17}.\nCall again in spring.`,
    hubspot_owner_id: ownerId,
    partner_tier: 'gold',
    partner_status: 'active',
    specializations: 'cloud-migration;security',
    tax_id: `CHE${100_000_000 + index}`,
  };
}

const SALESFORCE_INDUSTRIES = ['Technology', 'Banking', 'Retail', 'Consulting'];
const HUBSPOT_INDUSTRIES = ['COMPUTER_SOFTWARE', 'BANKING', 'SUPERMARKETS', 'MANAGEMENT_CONSULTING'];
