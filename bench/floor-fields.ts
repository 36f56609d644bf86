/** The floor script's translation of a company, written by hand for the values of `sample-partners.ts` alone. */

type Values = Readonly<Record<string, unknown>>;

/** Fields whose values are the same on both sides, but for text against number. */
const ALIKE = [
  ['Name', 'name'],
  ['Website', 'website'],
  ['Phone', 'phone'],
  ['BillingCity', 'city'],
  ['BillingState', 'state'],
  ['BillingPostalCode', 'zip'],
  ['BillingCountry', 'country'],
  ['CurrencyIsoCode', 'revenue_currency'],
  ['Tax_Id__c', 'tax_id'],
] as const;
const NUMBERS = [
  ['NumberOfEmployees', 'numberofemployees'],
  ['AnnualRevenue', 'annualrevenue'],
] as const;
const LINES = [
  ['BillingStreet', 'address', ', '],
  ['Description', 'description', '\n'],
] as const;
const CODES = [
  ['Type', 'type', { 'Channel Partner / Reseller': 'RESELLER' }],
  [
    'Industry',
    'industry',
    {
      Technology: 'COMPUTER_SOFTWARE',
      Banking: 'BANKING',
      Retail: 'SUPERMARKETS',
      Consulting: 'MANAGEMENT_CONSULTING',
    },
  ],
  ['Partner_Tier__c', 'partner_tier', { Gold: 'gold' }],
  ['Partner_Status__c', 'partner_status', { Active: 'active' }],
  ['Specializations__c', 'specializations', { 'Cloud Migration;Security': 'cloud-migration;security' }],
] as const satisfies readonly (readonly [string, string, Readonly<Record<string, string>>])[];

const FIELDS = [...ALIKE, ...NUMBERS, ...LINES, ...CODES];

/** Names of the fields it reads and writes. */
export const SALESFORCE_FIELDS: readonly string[] = FIELDS.map(([theirs]) => theirs);
export const HUBSPOT_PROPERTIES: readonly string[] = FIELDS.map(([, theirs]) => theirs);

/** An account's fields as a company's. */
export function fieldsToHubspot(account: Values): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [from, to] of [...ALIKE, ...NUMBERS]) values[to] = textOf(account[from]);
  for (const [from, to, separator] of LINES) values[to] = textOf(account[from]).replaceAll('\r\n', separator);
  for (const [from, to, codes] of CODES) values[to] = (codes as Codes)[textOf(account[from])] ?? '';
  return values;
}

/** A company's properties as an account's. */
export function fieldsToSalesforce(company: Values): Record<string, string | number | null> {
  const values: Record<string, string | number | null> = {};
  for (const [to, from] of ALIKE) values[to] = textOf(company[from]);
  for (const [to, from] of NUMBERS) values[to] = Number(textOf(company[from]));
  for (const [to, from] of LINES) values[to] = textOf(company[from]);
  for (const [to, from, codes] of CODES) {
    values[to] = Object.entries(codes).find(([, code]) => code === company[from])?.[0] ?? null;
  }
  return values;
}

type Codes = Readonly<Record<string, string>>;

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
