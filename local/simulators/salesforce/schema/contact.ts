import {
  addressFields,
  auditFields,
  hubIdField,
  identityFields,
  leadSources,
  masterRecordField,
  ownerField,
  personNameFields,
} from './common-fields.ts';
import { defineField } from './field-schema.ts';
import { defineObject } from './object-schema.ts';

/** Contact. */
export const contact = defineObject(
  {
    name: 'Contact',
    label: 'Contact',
    labelPlural: 'Contacts',
    keyPrefix: '003',
    writable: true,
    undeletable: true,
    mergeable: true,
  },
  [
    ...identityFields('Contact ID'),
    masterRecordField('Contact'),
    defineField('AccountId', 'reference', 'Account ID', {
      referenceTo: ['Account'],
      relationshipName: 'Account',
      childRelationshipName: 'Contacts',
      cascadeDelete: true,
    }),
    ...personNameFields(['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.']),
    ...addressFields('Other'),
    ...addressFields('Mailing'),
    defineField('Phone', 'phone', 'Business Phone'),
    defineField('Fax', 'phone', 'Business Fax'),
    defineField('MobilePhone', 'phone', 'Mobile Phone'),
    defineField('HomePhone', 'phone', 'Home Phone'),
    defineField('OtherPhone', 'phone', 'Other Phone'),
    defineField('ReportsToId', 'reference', 'Reports To ID', {
      referenceTo: ['Contact'],
      relationshipName: 'ReportsTo',
    }),
    defineField('Email', 'email', 'Email', { idLookup: true }),
    defineField('Title', 'string', 'Title', { length: 128 }),
    defineField('Department', 'string', 'Department', { length: 80 }),
    defineField('LeadSource', 'picklist', 'Lead Source', { picklist: leadSources }),
    defineField('Birthdate', 'date', 'Birthdate'),
    defineField('Description', 'textarea', 'Contact Description', { length: 32_000 }),
    defineField('HasOptedOutOfEmail', 'boolean', 'Email Opt Out'),
    defineField('DoNotCall', 'boolean', 'Do Not Call'),
    ownerField(),
    ...auditFields(),
    hubIdField(),
  ],
);
