import type { SeedAssociation, SeedRecord } from '../hubspot/seed.ts';
import type { SampleCompany } from './companies.ts';
import { CATALOGUE, type SampleDeal, type SampleLead } from './deals.ts';
import type { SamplePerson } from './people.ts';
import { OWNERS } from './words.ts';

const DAY_MS = 86_400_000;

/** Association types of HubSpot: the primary company of a contact and of a deal, a deal's contact, a lead's contact, a deal's line item. */
const TYPES = { contactCompany: 1, dealCompany: 5, dealContact: 3, leadContact: 578, dealLineItem: 19 } as const;

/** The HubSpot side: companies, contacts, deals, leads and their associations; some archived, some merged. */
export function hubspotRecords(
  now: number,
  companies: readonly SampleCompany[],
  people: readonly SamplePerson[],
  deals: readonly SampleDeal[],
  leads: readonly SampleLead[],
): { readonly records: readonly SeedRecord[]; readonly associations: readonly SeedAssociation[] } {
  const isHere = (company: SampleCompany): boolean => company.presence !== 'salesforce';
  const known = people.filter((person) => person.presence !== 'salesforce' && isHere(person.company));
  const ownDeals = deals.filter((deal) => deal.presence !== 'salesforce' && isHere(deal.company));
  const ownLeads = leads.filter(({ presence }) => presence !== 'salesforce');
  return {
    records: [
      ...companies.filter(isHere).map((company) => companyRecord(now, company)),
      ...archived(now, companies.filter(isHere)),
      ...known.map((person) => contactRecord(now, person)),
      ...ownDeals.map((deal) => dealRecord(now, deal)),
      ...ownDeals.flatMap((deal) => lineItems(now, deal)),
      ...ownLeads.flatMap((lead) => [leadContact(now, lead), leadRecord(now, lead)]),
    ],
    associations: [
      ...known.map((person) =>
        link('contacts', personId(person), 'companies', companyId(person.company), TYPES.contactCompany),
      ),
      ...ownDeals.map((deal) => link('deals', dealId(deal), 'companies', companyId(deal.company), TYPES.dealCompany)),
      ...ownDeals.flatMap((deal) =>
        deal.people
          .filter((person) => known.includes(person))
          .map((person) => link('deals', dealId(deal), 'contacts', personId(person), TYPES.dealContact)),
      ),
      ...ownDeals.flatMap((deal) =>
        deal.lines.map((_, place) =>
          link('deals', dealId(deal), 'line_items', lineItemId(deal, place), TYPES.dealLineItem),
        ),
      ),
      ...ownLeads.map((lead) => link('leads', leadId(lead), 'contacts', leadContactId(lead), TYPES.leadContact)),
    ],
  };
}

const companyId = ({ number }: SampleCompany): string => String(8_840_000 + number);
const personId = ({ number }: SamplePerson): string => String(5_010_000 + number);
const dealId = ({ number }: SampleDeal): string => String(7_330_000 + number);
const leadId = ({ number }: SampleLead): string => String(3_120_000 + number);
const leadContactId = ({ number }: SampleLead): string => String(5_090_000 + number);

function link(fromType: string, fromId: string, toType: string, toId: string, typeId: number): SeedAssociation {
  return { fromType, fromId, toType, toId, typeIds: [typeId] };
}

function companyRecord(now: number, company: SampleCompany): SeedRecord {
  const { number, place } = company;
  const mergedIds = number % 60 === 0 ? { mergedIds: [String(8_890_000 + number)] } : {};
  return {
    type: 'companies',
    id: companyId(company),
    ...mergedIds,
    properties: {
      // Marketing here writes the name people say, often with stray spaces or in lower case.
      name: number % 9 === 0 ? company.name.toLowerCase() : number % 7 === 0 ? ` ${company.name} ` : company.name,
      domain: company.hasDomain ? company.domain : null,
      website: company.hasDomain ? `https://www.${company.domain}` : null,
      phone: number % 6 === 0 ? null : company.phone.replaceAll(' ', ''),
      industry: company.industry.hubspot,
      type: company.tier === undefined ? 'PROSPECT' : 'PARTNER',
      city: company.city,
      country: place.country,
      numberofemployees: String(company.employees),
      annualrevenue: String(company.revenue),
      revenue_currency: place.currency,
      // One in forty-five has an option that was removed since.
      partner_tier: number % 45 === 0 ? 'diamond' : (company.tier ?? null),
      partner_status: company.tier === undefined ? null : 'active',
      specializations: company.specializations.join(';'),
      hubspot_owner_id: number % 2 === 0 ? (OWNERS[company.ownerIndex]?.hubspotId ?? null) : null,
    },
    ...stamps(now, company.ageDays),
  };
}

function archived(now: number, companies: readonly SampleCompany[]): SeedRecord[] {
  return companies
    .filter(({ number }) => number % 55 === 0)
    .map((company) => ({
      type: 'companies',
      id: String(8_870_000 + company.number),
      properties: { name: `${company.name} (archived)` },
      ...stamps(now, 90),
      archivedAt: now - 3 * DAY_MS,
    }));
}

function contactRecord(now: number, person: SamplePerson): SeedRecord {
  const { number } = person;
  return {
    type: 'contacts',
    id: personId(person),
    properties: {
      firstname: number % 8 === 0 ? person.first.toUpperCase() : person.first,
      lastname: person.last,
      email: person.email ?? null,
      jobtitle: person.job,
      city: person.company.city,
      country: person.company.place.country,
    },
    ...stamps(now, person.ageDays),
  };
}

function dealRecord(now: number, deal: SampleDeal): SeedRecord {
  return {
    type: 'deals',
    id: dealId(deal),
    properties: {
      dealname: deal.name,
      amount: deal.amount,
      deal_currency_code: deal.currency,
      closedate: `${deal.closeDate}T00:00:00.000Z`,
      dealstage: deal.stage.hubspot,
      pipeline: 'default',
      deal_source: deal.isPartnerSourced ? 'partner' : 'web',
      registration_id: deal.registrationId ?? null,
      products: 'analytics;integration',
    },
    ...stamps(now, deal.ageDays),
  };
}

function lineItemId(deal: SampleDeal, place: number): string {
  return String(6_000_000 + deal.number * 10 + place);
}

function lineItems(now: number, deal: SampleDeal): SeedRecord[] {
  return deal.lines.map(({ code, quantity, price }, place) => ({
    type: 'line_items',
    id: lineItemId(deal, place),
    properties: {
      name: CATALOGUE.find((product) => product.code === code)?.name ?? code,
      hs_sku: code,
      quantity: String(quantity),
      price: String(price),
      hs_line_item_currency_code: deal.currency,
    },
    ...stamps(now, deal.ageDays),
  }));
}

function leadContact(now: number, lead: SampleLead): SeedRecord {
  return {
    type: 'contacts',
    id: leadContactId(lead),
    properties: { firstname: lead.first, lastname: lead.last, email: lead.email, country: 'United States' },
    ...stamps(now, lead.ageDays),
  };
}

function leadRecord(now: number, lead: SampleLead): SeedRecord {
  return {
    type: 'leads',
    id: leadId(lead),
    properties: {
      hs_lead_name: `${lead.first} ${lead.last}`,
      hs_lead_label: 'WARM',
      hs_pipeline_stage: 'new-stage-id',
      lead_company: lead.companyName,
      lead_source: 'web',
      product_interest: 'analytics',
    },
    ...stamps(now, lead.ageDays),
  };
}

function stamps(now: number, ageDays: number): { createdAt: number; modifiedAt: number } {
  return { createdAt: Math.round(now - ageDays * DAY_MS), modifiedAt: Math.round(now - (ageDays * DAY_MS) / 2) };
}
