import {
  addressFields,
  auditFields,
  hubIdField,
  identityFields,
  industries,
  leadSources,
  masterRecordField,
  ownerField,
  ratings,
} from './common-fields.ts';
import { defineField } from './field-schema.ts';
import { defineObject } from './object-schema.ts';

/** Account, with the partner fields the hub's mapping uses. */
export const account = defineObject(
  {
    name: 'Account',
    label: 'Account',
    labelPlural: 'Accounts',
    keyPrefix: '001',
    writable: true,
    undeletable: true,
    mergeable: true,
  },
  [
    ...identityFields('Account ID'),
    masterRecordField('Account'),
    defineField('Name', 'string', 'Account Name', { required: true, nameField: true, compoundFieldName: 'Name' }),
    defineField('Type', 'picklist', 'Account Type', {
      length: 40,
      picklist: [
        'Prospect',
        'Customer - Direct',
        'Customer - Channel',
        'Channel Partner / Reseller',
        'Installation Partner',
        'Technology Partner',
        'Other',
      ],
    }),
    defineField('ParentId', 'reference', 'Parent Account ID', {
      referenceTo: ['Account'],
      relationshipName: 'Parent',
      childRelationshipName: 'ChildAccounts',
    }),
    ...addressFields('Billing'),
    ...addressFields('Shipping'),
    defineField('Phone', 'phone', 'Account Phone'),
    defineField('Fax', 'phone', 'Account Fax'),
    defineField('AccountNumber', 'string', 'Account Number', { length: 40 }),
    defineField('Website', 'url', 'Website'),
    defineField('Sic', 'string', 'SIC Code', { length: 20 }),
    defineField('Industry', 'picklist', 'Industry', { length: 40, picklist: industries }),
    defineField('AnnualRevenue', 'currency', 'Annual Revenue'),
    defineField('NumberOfEmployees', 'int', 'Employees'),
    defineField('Ownership', 'picklist', 'Ownership', {
      length: 40,
      picklist: ['Public', 'Private', 'Subsidiary', 'Other'],
    }),
    defineField('TickerSymbol', 'string', 'Ticker Symbol', { length: 20 }),
    defineField('Description', 'textarea', 'Account Description', { length: 32_000 }),
    defineField('Rating', 'picklist', 'Account Rating', { length: 40, picklist: ratings }),
    defineField('Site', 'string', 'Account Site', { length: 80 }),
    defineField('AccountSource', 'picklist', 'Account Source', { length: 40, picklist: leadSources }),
    ownerField(),
    ...auditFields(),
    hubIdField(),
    defineField('Partner_Tier__c', 'picklist', 'Partner Tier', {
      picklist: ['Registered', 'Silver', 'Gold', 'Platinum'],
      restricted: true,
    }),
    defineField('Partner_Status__c', 'picklist', 'Partner Status', {
      picklist: ['Prospect', 'Onboarding', 'Active', 'Suspended', 'Terminated'],
      restricted: true,
    }),
    defineField('Specializations__c', 'multipicklist', 'Specializations', {
      picklist: [
        'AI & Machine Learning',
        'Application Development',
        'Cloud Migration',
        'Data & Analytics',
        'DevOps',
        'Managed Services',
        'SAP',
        'Security',
      ],
    }),
    defineField('Tax_Id__c', 'string', 'Tax Id', { length: 40 }),
  ],
);
