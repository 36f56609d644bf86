import { auditFields, identityFields } from './common-fields.ts';
import { defineField } from './field-schema.ts';
import { defineObject } from './object-schema.ts';

/** User. Readable only: managing users is not among an integration user's permissions. Users are never deleted. */
export const user = defineObject(
  {
    name: 'User',
    label: 'User',
    labelPlural: 'Users',
    keyPrefix: '005',
    writable: false,
    undeletable: false,
    mergeable: false,
  },
  [
    ...identityFields('User ID').filter((field) => field.name !== 'IsDeleted'),
    defineField('Username', 'string', 'Username', { length: 80, required: true, unique: true, idLookup: true }),
    defineField('LastName', 'string', 'Last Name', { length: 80, required: true, compoundFieldName: 'Name' }),
    defineField('FirstName', 'string', 'First Name', { length: 40, compoundFieldName: 'Name' }),
    defineField('Name', 'string', 'Full Name', { length: 121, required: true, readOnly: true, nameField: true }),
    defineField('Email', 'email', 'Email', { length: 128, required: true, idLookup: true }),
    defineField('Alias', 'string', 'Alias', { length: 8, required: true }),
    defineField('Title', 'string', 'Title', { length: 80 }),
    defineField('Department', 'string', 'Department', { length: 80 }),
    defineField('Phone', 'phone', 'Phone'),
    defineField('IsActive', 'boolean', 'Active'),
    defineField('UserType', 'picklist', 'User Type', {
      length: 40,
      readOnly: true,
      restricted: true,
      picklist: ['Standard', 'PowerPartner', 'Guest'],
    }),
    defineField('TimeZoneSidKey', 'picklist', 'Time Zone', { length: 40, required: true }),
    defineField('LanguageLocaleKey', 'picklist', 'Language', { length: 40, required: true }),
    ...auditFields(),
  ],
);
