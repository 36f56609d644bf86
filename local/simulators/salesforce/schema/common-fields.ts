import { defineField, type FieldSchema } from './field-schema.ts';

/** The id and the deletion mark that lead the fields of an object. */
export function identityFields(label: string): FieldSchema[] {
  return [
    defineField('Id', 'id', label, { required: true, readOnly: true, defaultedOnCreate: true, idLookup: true }),
    defineField('IsDeleted', 'boolean', 'Deleted', { readOnly: true }),
  ];
}

/** Points a record that lost a merge to the one that won. */
export function masterRecordField(object: string): FieldSchema {
  return defineField('MasterRecordId', 'reference', 'Master Record ID', {
    readOnly: true,
    referenceTo: [object],
    relationshipName: 'MasterRecord',
  });
}

/** Who owns the record; the writing user when a create leaves it out. */
export function ownerField(referenceTo: readonly string[] = ['User']): FieldSchema {
  return defineField('OwnerId', 'reference', 'Owner ID', {
    required: true,
    defaultedOnCreate: true,
    referenceTo,
    relationshipName: 'Owner',
  });
}

/** The stamps every record carries. `SystemModstamp` also moves when the org itself touches the record. */
export function auditFields(): FieldSchema[] {
  const byOrg = { required: true, readOnly: true, defaultedOnCreate: true } as const;
  return [
    defineField('CreatedDate', 'datetime', 'Created Date', byOrg),
    defineField('CreatedById', 'reference', 'Created By ID', {
      ...byOrg,
      referenceTo: ['User'],
      relationshipName: 'CreatedBy',
    }),
    defineField('LastModifiedDate', 'datetime', 'Last Modified Date', byOrg),
    defineField('LastModifiedById', 'reference', 'Last Modified By ID', {
      ...byOrg,
      referenceTo: ['User'],
      relationshipName: 'LastModifiedBy',
    }),
    defineField('SystemModstamp', 'datetime', 'System Modstamp', byOrg),
  ];
}

/** The parts of an address and the compound field over them; `prefix` is empty on leads. */
export function addressFields(prefix: string): FieldSchema[] {
  const label = prefix === '' ? '' : `${prefix} `;
  const part = { compoundFieldName: `${prefix}Address` };
  const coordinate = { ...part, precision: 18, scale: 15 };
  return [
    defineField(`${prefix}Street`, 'textarea', `${label}Street`, part),
    defineField(`${prefix}City`, 'string', `${label}City`, { ...part, length: 40 }),
    defineField(`${prefix}State`, 'string', `${label}State/Province`, { ...part, length: 80 }),
    defineField(`${prefix}PostalCode`, 'string', `${label}Zip/Postal Code`, { ...part, length: 20 }),
    defineField(`${prefix}Country`, 'string', `${label}Country`, { ...part, length: 80 }),
    defineField(`${prefix}Latitude`, 'double', `${label}Latitude`, coordinate),
    defineField(`${prefix}Longitude`, 'double', `${label}Longitude`, coordinate),
    defineField(`${prefix}Address`, 'address', `${label}Address`),
  ];
}

/** A person's names, and the full name over them. */
export function personNameFields(salutations: readonly string[]): FieldSchema[] {
  const part = { compoundFieldName: 'Name' };
  return [
    defineField('LastName', 'string', 'Last Name', { ...part, length: 80, required: true }),
    defineField('FirstName', 'string', 'First Name', { ...part, length: 40 }),
    defineField('Salutation', 'picklist', 'Salutation', { ...part, length: 40, picklist: salutations }),
    defineField('Name', 'string', 'Full Name', { length: 121, required: true, readOnly: true, nameField: true }),
  ];
}

/** The hub's own id: the external id that upserts go by. */
export function hubIdField(): FieldSchema {
  return defineField('Tributary_Id__c', 'string', 'Tributary Id', { length: 26, externalId: true, unique: true });
}

export const leadSources: readonly string[] = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];
export const ratings: readonly string[] = ['Hot', 'Warm', 'Cold'];

/** What the simulated vendor sells; the values of `Products__c` and `Product_Interest__c`. */
export const products: readonly string[] = [
  'Analytics',
  'Automation',
  'Integration',
  'Platform',
  'Security',
  'Support',
];

export const industries: readonly string[] = [
  'Agriculture',
  'Apparel',
  'Banking',
  'Biotechnology',
  'Chemicals',
  'Communications',
  'Construction',
  'Consulting',
  'Education',
  'Electronics',
  'Energy',
  'Engineering',
  'Entertainment',
  'Environmental',
  'Finance',
  'Food & Beverage',
  'Government',
  'Healthcare',
  'Hospitality',
  'Insurance',
  'Machinery',
  'Manufacturing',
  'Media',
  'Not For Profit',
  'Recreation',
  'Retail',
  'Shipping',
  'Technology',
  'Telecommunications',
  'Transportation',
  'Utilities',
  'Other',
];
