import type { SeedRecord } from '../salesforce/seed-records.ts';
import type { SampleCompany } from './companies.ts';
import { CATALOGUE, type SampleDeal, type SampleLead } from './deals.ts';
import type { SamplePerson } from './people.ts';
import { OWNERS } from './words.ts';

const DAY_MS = 86_400_000;

/** The Salesforce side: accounts, contacts, opportunities with their contact roles, leads; some deleted, some merged. */
export function salesforceRecords(
  now: number,
  companies: readonly SampleCompany[],
  people: readonly SamplePerson[],
  deals: readonly SampleDeal[],
  leads: readonly SampleLead[],
): readonly SeedRecord[] {
  const hasAccount = (company: SampleCompany): boolean => company.presence !== 'hubspot';
  const known = (person: SamplePerson): boolean => person.presence !== 'hubspot' && hasAccount(person.company);
  const ownDeals = deals.filter((deal) => deal.presence !== 'hubspot' && hasAccount(deal.company));
  return [
    ...OWNERS.map((owner, index) => user(owner, index)),
    ...catalogue(),
    ...companies.filter(hasAccount).map((company) => account(now, company)),
    ...gone(now, companies),
    ...people.filter(known).map((person) => contact(now, person)),
    ...ownDeals.map((deal) => opportunity(now, deal)),
    ...ownDeals.flatMap((deal) =>
      deal.people.filter(known).map((person, index) => contactRole(deal, person, index === 0)),
    ),
    ...ownDeals.flatMap((deal) => lineItems(now, deal)),
    ...leads.filter(({ presence }) => presence !== 'hubspot').map((lead) => leadRecord(now, lead)),
  ];
}

/** The id of a user, by place in {@link OWNERS}. */
function userId(index: number): string {
  return `005Tb0000SampU${index}`;
}

function recordId(prefix: string, number: number): string {
  return `${prefix}Tb00000S${String(number).padStart(4, '0')}`;
}

function user({ first, last, email }: (typeof OWNERS)[number], index: number): SeedRecord {
  return {
    object: 'User',
    values: {
      Id: userId(index),
      Username: email,
      Email: email,
      FirstName: first,
      LastName: last,
      Alias: first.slice(0, 8),
      IsActive: true,
      UserType: 'Standard',
    },
  };
}

function account(now: number, company: SampleCompany): SeedRecord {
  const { number, place } = company;
  return {
    object: 'Account',
    values: {
      Id: recordId('001', number),
      // Salesforce here keeps the legal name, sometimes shouted.
      Name:
        number % 11 === 0
          ? `${company.name} ${company.legalForm}`.toUpperCase()
          : `${company.name} ${company.legalForm}`,
      Website: company.hasWebsite ? websiteOf(company) : null,
      Phone: number % 5 === 0 ? null : company.phone,
      // One in forty has a value that no lookup lists.
      Industry: number % 40 === 0 ? 'Space Mining' : company.industry.salesforce,
      Type: company.tier === undefined ? 'Customer - Direct' : 'Technology Partner',
      BillingStreet: `${1 + (number % 90)} Harbour Street`,
      BillingCity: company.city,
      BillingState: place.state,
      BillingPostalCode: `${place.postal}${String(1000 + number)}`,
      BillingCountry: number % 3 === 0 ? place.short : place.country,
      NumberOfEmployees: company.employees,
      AnnualRevenue: company.revenue,
      CurrencyIsoCode: place.currency,
      Partner_Tier__c: company.tier === undefined ? null : capitalised(company.tier),
      Partner_Status__c: company.tier === undefined ? null : 'Active',
      Specializations__c: company.specializations.map(asLabel).join(';') || null,
      OwnerId: userId(company.ownerIndex),
      ...stamps(now, company.ageDays),
    },
  };
}

function websiteOf({ number, domain }: SampleCompany): string {
  if (number % 4 === 0) return domain;
  return number % 4 === 1 ? `http://www.${domain}/` : `https://www.${domain}`;
}

/** Deleted accounts, every second one because it was merged into its neighbour. */
function gone(now: number, companies: readonly SampleCompany[]): SeedRecord[] {
  return companies
    .filter(({ presence, number }) => presence !== 'hubspot' && number % 50 === 0)
    .map((company, index) => ({
      object: 'Account',
      values: {
        Id: recordId('001', 9_000 + company.number),
        Name: `${company.name} (old)`,
        IsDeleted: true,
        MasterRecordId: index % 2 === 0 ? recordId('001', company.number) : null,
        OwnerId: userId(company.ownerIndex),
        ...stamps(now, 5),
      },
    }));
}

function contact(now: number, person: SamplePerson): SeedRecord {
  const { number, company } = person;
  return {
    object: 'Contact',
    values: {
      Id: recordId('003', number),
      FirstName: person.first,
      LastName: person.last,
      Email: person.email ?? null,
      Phone: number % 3 === 0 ? company.phone : null,
      Title: person.job,
      AccountId: recordId('001', company.number),
      MailingCity: company.city,
      MailingCountry: company.place.country,
      OwnerId: userId(company.ownerIndex),
      ...stamps(now, person.ageDays),
    },
  };
}

function opportunity(now: number, deal: SampleDeal): SeedRecord {
  return {
    object: 'Opportunity',
    values: {
      Id: recordId('006', deal.number),
      Name: deal.name,
      AccountId: recordId('001', deal.company.number),
      Amount: Number(deal.amount),
      CurrencyIsoCode: deal.currency,
      CloseDate: deal.closeDate,
      StageName: deal.stage.salesforce,
      LeadSource: deal.isPartnerSourced ? 'Partner Referral' : 'Web',
      Registration_Id__c: deal.registrationId ?? null,
      Products__c: 'Analytics;Integration',
      ...(deal.lines.length === 0 ? {} : { Pricebook2Id: STANDARD_BOOK, HasOpportunityLineItem: true }),
      OwnerId: userId(deal.company.ownerIndex),
      ...stamps(now, deal.ageDays),
    },
  };
}

const STANDARD_BOOK = recordId('01s', 1);
const CURRENCIES = ['USD', 'EUR'] as const;

function entryId(place: number, currency: string): string {
  return recordId('01u', 10 * place + (currency === 'EUR' ? 2 : 1));
}

/** The standard price book, with every product in both currencies. */
function catalogue(): SeedRecord[] {
  const book = {
    object: 'Pricebook2',
    values: { Id: STANDARD_BOOK, Name: 'Standard Price Book', IsActive: true, IsStandard: true },
  };
  return [
    book,
    ...CATALOGUE.flatMap(({ code, name }, index) => [
      { object: 'Product2', values: { Id: recordId('01t', index + 1), Name: name, ProductCode: code, IsActive: true } },
      ...CURRENCIES.map((currency) => ({
        object: 'PricebookEntry',
        values: {
          Id: entryId(index + 1, currency),
          Pricebook2Id: STANDARD_BOOK,
          Product2Id: recordId('01t', index + 1),
          UnitPrice: 1_000,
          CurrencyIsoCode: currency,
          IsActive: true,
        },
      })),
    ]),
  ];
}

function lineItems(now: number, deal: SampleDeal): SeedRecord[] {
  return deal.lines.map(({ code, quantity, price }, place) => {
    const product = CATALOGUE.findIndex((each) => each.code === code) + 1;
    return {
      object: 'OpportunityLineItem',
      values: {
        Id: recordId('00k', deal.number * 4 + place),
        OpportunityId: recordId('006', deal.number),
        PricebookEntryId: entryId(product, deal.currency),
        Product2Id: recordId('01t', product),
        ProductCode: code,
        Quantity: quantity,
        UnitPrice: price,
        TotalPrice: quantity * price,
        CurrencyIsoCode: deal.currency,
        ...stamps(now, deal.ageDays),
      },
    };
  });
}

function contactRole(deal: SampleDeal, person: SamplePerson, isPrimary: boolean): SeedRecord {
  return {
    object: 'OpportunityContactRole',
    values: {
      Id: recordId('00K', deal.number * 4 + (isPrimary ? 0 : 1 + (person.number % 3))),
      OpportunityId: recordId('006', deal.number),
      ContactId: recordId('003', person.number),
      IsPrimary: isPrimary,
    },
  };
}

function leadRecord(now: number, lead: SampleLead): SeedRecord {
  return {
    object: 'Lead',
    values: {
      Id: recordId('00Q', lead.number),
      FirstName: lead.first,
      LastName: lead.last,
      Company: lead.companyName,
      Email: lead.email,
      Status: 'Open - Not Contacted',
      LeadSource: 'Web',
      Rating: 'Warm',
      Country: 'United States',
      Product_Interest__c: 'Analytics',
      OwnerId: userId(lead.number % OWNERS.length),
      ...stamps(now, lead.ageDays),
    },
  };
}

function stamps(now: number, ageDays: number): Record<string, string> {
  const text = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');
  return { CreatedDate: text(now - ageDays * DAY_MS), LastModifiedDate: text(now - (ageDays * DAY_MS) / 3) };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const LABELS: Readonly<Record<string, string>> = {
  'cloud-migration': 'Cloud Migration',
  'data-analytics': 'Data & Analytics',
  devops: 'DevOps',
  security: 'Security',
  sap: 'SAP',
  'managed-services': 'Managed Services',
};

function asLabel(value: string): string {
  return LABELS[value] ?? value;
}
