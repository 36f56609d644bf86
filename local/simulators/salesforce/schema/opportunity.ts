import { auditFields, hubIdField, identityFields, leadSources, ownerField, products } from './common-fields.ts';
import { defineField } from './field-schema.ts';
import { coSellFields, marketplaceFields } from './marketplace-fields.ts';
import { defineObject } from './object-schema.ts';

/** What a stage implies for the opportunity that is in it. */
export interface OpportunityStage {
  readonly name: string;
  readonly isClosed: boolean;
  readonly isWon: boolean;
  /** Percent. */
  readonly probability: number;
  readonly forecastCategory: 'Omitted' | 'Pipeline' | 'Closed';
}

/** The stages a new org comes with. */
export const opportunityStages: readonly OpportunityStage[] = [
  openStage('Prospecting', 10),
  openStage('Qualification', 10),
  openStage('Needs Analysis', 20),
  openStage('Value Proposition', 50),
  openStage('Id. Decision Makers', 60),
  openStage('Perception Analysis', 70),
  openStage('Proposal/Price Quote', 75),
  openStage('Negotiation/Review', 90),
  { name: 'Closed Won', isClosed: true, isWon: true, probability: 100, forecastCategory: 'Closed' },
  { name: 'Closed Lost', isClosed: true, isWon: false, probability: 0, forecastCategory: 'Omitted' },
];

/** Opportunity, with the deal-registration fields the hub's mapping uses. */
export const opportunity = defineObject(
  {
    name: 'Opportunity',
    label: 'Opportunity',
    labelPlural: 'Opportunities',
    keyPrefix: '006',
    writable: true,
    undeletable: true,
    mergeable: false,
  },
  [
    ...identityFields('Opportunity ID'),
    defineField('AccountId', 'reference', 'Account ID', {
      referenceTo: ['Account'],
      relationshipName: 'Account',
      childRelationshipName: 'Opportunities',
      cascadeDelete: true,
    }),
    defineField('IsPrivate', 'boolean', 'Private'),
    defineField('Name', 'string', 'Name', { length: 120, required: true, nameField: true, idLookup: true }),
    defineField('Description', 'textarea', 'Description', { length: 32_000 }),
    defineField('StageName', 'picklist', 'Stage', {
      required: true,
      picklist: opportunityStages.map((stage) => stage.name),
    }),
    defineField('Amount', 'currency', 'Amount', { scale: 2 }),
    defineField('Probability', 'percent', 'Probability (%)', { precision: 3, defaultedOnCreate: true }),
    defineField('ExpectedRevenue', 'currency', 'Expected Amount', { scale: 2, readOnly: true }),
    defineField('TotalOpportunityQuantity', 'double', 'Quantity', { scale: 2 }),
    defineField('Pricebook2Id', 'reference', 'Price Book ID', {
      referenceTo: ['Pricebook2'],
      relationshipName: 'Pricebook2',
      childRelationshipName: 'Opportunities',
    }),
    defineField('HasOpportunityLineItem', 'boolean', 'Has Line Item', { readOnly: true }),
    defineField('CloseDate', 'date', 'Close Date', { required: true }),
    defineField('Type', 'picklist', 'Opportunity Type', {
      picklist: [
        'Existing Customer - Upgrade',
        'Existing Customer - Replacement',
        'Existing Customer - Downgrade',
        'New Customer',
      ],
    }),
    defineField('NextStep', 'string', 'Next Step'),
    defineField('LeadSource', 'picklist', 'Lead Source', { picklist: leadSources }),
    defineField('IsClosed', 'boolean', 'Closed', { readOnly: true }),
    defineField('IsWon', 'boolean', 'Won', { readOnly: true }),
    defineField('ForecastCategory', 'picklist', 'Forecast Category', {
      length: 40,
      required: true,
      readOnly: true,
      restricted: true,
      picklist: ['Omitted', 'Pipeline', 'BestCase', 'MostLikely', 'Forecast', 'Closed'],
    }),
    defineField('FiscalQuarter', 'int', 'Fiscal Quarter', { readOnly: true, compoundFieldName: 'Fiscal' }),
    defineField('FiscalYear', 'int', 'Fiscal Year', { readOnly: true, compoundFieldName: 'Fiscal' }),
    defineField('LastStageChangeDate', 'datetime', 'Last Stage Change Date', { readOnly: true }),
    ownerField(),
    ...auditFields(),
    hubIdField(),
    defineField('Registration_Id__c', 'string', 'Registration Id', { length: 80 }),
    defineField('Products__c', 'multipicklist', 'Products', { picklist: products }),
    ...marketplaceFields,
    ...coSellFields,
  ],
);

function openStage(name: string, probability: number): OpportunityStage {
  return { name, isClosed: false, isWon: false, probability, forecastCategory: 'Pipeline' };
}
