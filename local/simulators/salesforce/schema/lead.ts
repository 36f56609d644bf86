import {
  addressFields,
  auditFields,
  hubIdField,
  identityFields,
  industries,
  leadSources,
  masterRecordField,
  ownerField,
  personNameFields,
  products,
  ratings,
} from './common-fields.ts';
import { defineField } from './field-schema.ts';
import { defineObject } from './object-schema.ts';

/** Lead, with the lookup to the partner it was given to. */
export const lead = defineObject(
  {
    name: 'Lead',
    label: 'Lead',
    labelPlural: 'Leads',
    keyPrefix: '00Q',
    writable: true,
    undeletable: true,
    mergeable: true,
  },
  [
    ...identityFields('Lead ID'),
    masterRecordField('Lead'),
    ...personNameFields(['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.', 'Mx.']),
    defineField('Title', 'string', 'Title', { length: 128 }),
    defineField('Company', 'string', 'Company', { required: true }),
    ...addressFields(''),
    defineField('Phone', 'phone', 'Phone'),
    defineField('MobilePhone', 'phone', 'Mobile Phone'),
    defineField('Fax', 'phone', 'Fax'),
    defineField('Email', 'email', 'Email', { idLookup: true }),
    defineField('Website', 'url', 'Website'),
    defineField('Description', 'textarea', 'Description', { length: 32_000 }),
    defineField('LeadSource', 'picklist', 'Lead Source', { picklist: leadSources }),
    defineField('Status', 'picklist', 'Status', {
      required: true,
      defaultValue: 'Open - Not Contacted',
      picklist: ['Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'],
    }),
    defineField('Industry', 'picklist', 'Industry', { picklist: industries }),
    defineField('Rating', 'picklist', 'Rating', { picklist: ratings }),
    defineField('AnnualRevenue', 'currency', 'Annual Revenue'),
    defineField('NumberOfEmployees', 'int', 'Employees'),
    defineField('HasOptedOutOfEmail', 'boolean', 'Email Opt Out'),
    ownerField(['Group', 'User']),
    defineField('IsConverted', 'boolean', 'Converted', { createOnly: true }),
    defineField('ConvertedDate', 'date', 'Converted Date', { readOnly: true }),
    defineField('ConvertedAccountId', 'reference', 'Converted Account ID', {
      readOnly: true,
      referenceTo: ['Account'],
      relationshipName: 'ConvertedAccount',
    }),
    defineField('ConvertedContactId', 'reference', 'Converted Contact ID', {
      readOnly: true,
      referenceTo: ['Contact'],
      relationshipName: 'ConvertedContact',
    }),
    defineField('ConvertedOpportunityId', 'reference', 'Converted Opportunity ID', {
      readOnly: true,
      referenceTo: ['Opportunity'],
      relationshipName: 'ConvertedOpportunity',
    }),
    ...auditFields(),
    hubIdField(),
    defineField('Partner__c', 'reference', 'Partner', {
      referenceTo: ['Account'],
      relationshipName: 'Partner__r',
      childRelationshipName: 'Leads__r',
    }),
    defineField('Product_Interest__c', 'multipicklist', 'Product Interest', { picklist: products }),
  ],
);
