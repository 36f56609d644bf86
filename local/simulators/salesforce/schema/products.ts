import { auditFields, identityFields } from './common-fields.ts';
import { defineField } from './field-schema.ts';
import { defineObject } from './object-schema.ts';

/** A price list; every org has the standard one. */
export const pricebook = defineObject(
  {
    name: 'Pricebook2',
    label: 'Price Book',
    labelPlural: 'Price Books',
    keyPrefix: '01s',
    writable: true,
    undeletable: false,
    mergeable: false,
  },
  [
    ...identityFields('Price Book ID'),
    defineField('Name', 'string', 'Price Book Name', { required: true, nameField: true }),
    defineField('IsActive', 'boolean', 'Active'),
    defineField('IsStandard', 'boolean', 'Is Standard Price Book', { readOnly: true }),
    ...auditFields(),
  ],
);

/** Something the org sells. */
export const product = defineObject(
  {
    name: 'Product2',
    label: 'Product',
    labelPlural: 'Products',
    keyPrefix: '01t',
    writable: true,
    undeletable: true,
    mergeable: false,
  },
  [
    ...identityFields('Product ID'),
    defineField('Name', 'string', 'Product Name', { required: true, nameField: true }),
    defineField('ProductCode', 'string', 'Product Code'),
    defineField('Description', 'textarea', 'Product Description', { length: 4_000 }),
    defineField('IsActive', 'boolean', 'Active'),
    ...auditFields(),
  ],
);

/** A product's price in one price book and currency: what a line of an opportunity must name. */
export const pricebookEntry = defineObject(
  {
    name: 'PricebookEntry',
    label: 'Price Book Entry',
    labelPlural: 'Price Book Entries',
    keyPrefix: '01u',
    writable: true,
    undeletable: false,
    mergeable: false,
  },
  [
    ...identityFields('Price Book Entry ID'),
    defineField('Pricebook2Id', 'reference', 'Price Book ID', {
      required: true,
      createOnly: true,
      referenceTo: ['Pricebook2'],
      relationshipName: 'Pricebook2',
      childRelationshipName: 'PricebookEntries',
      cascadeDelete: true,
    }),
    defineField('Product2Id', 'reference', 'Product ID', {
      required: true,
      createOnly: true,
      referenceTo: ['Product2'],
      relationshipName: 'Product2',
      childRelationshipName: 'PricebookEntries',
      cascadeDelete: true,
    }),
    defineField('UnitPrice', 'currency', 'List Price', { scale: 2, required: true }),
    defineField('IsActive', 'boolean', 'Active'),
    ...auditFields(),
  ],
);

/** A product on an opportunity. Its name, product and list price follow from the entry it names. */
export const opportunityLineItem = defineObject(
  {
    name: 'OpportunityLineItem',
    label: 'Opportunity Product',
    labelPlural: 'Opportunity Products',
    keyPrefix: '00k',
    writable: true,
    undeletable: false,
    mergeable: false,
  },
  [
    ...identityFields('Line Item ID'),
    defineField('OpportunityId', 'reference', 'Opportunity ID', {
      required: true,
      createOnly: true,
      referenceTo: ['Opportunity'],
      relationshipName: 'Opportunity',
      childRelationshipName: 'OpportunityLineItems',
      cascadeDelete: true,
    }),
    defineField('PricebookEntryId', 'reference', 'Price Book Entry ID', {
      createOnly: true,
      referenceTo: ['PricebookEntry'],
      relationshipName: 'PricebookEntry',
      childRelationshipName: 'OpportunityLineItems',
    }),
    defineField('Product2Id', 'reference', 'Product ID', {
      readOnly: true,
      referenceTo: ['Product2'],
      relationshipName: 'Product2',
      childRelationshipName: 'OpportunityLineItems',
    }),
    defineField('ProductCode', 'string', 'Product Code', { readOnly: true }),
    defineField('Name', 'string', 'Opportunity Product Name', { length: 376, readOnly: true, nameField: true }),
    defineField('Quantity', 'double', 'Quantity', { scale: 2, required: true }),
    defineField('UnitPrice', 'currency', 'Sales Price', { scale: 2 }),
    defineField('Discount', 'percent', 'Discount', { precision: 5, scale: 2 }),
    defineField('TotalPrice', 'currency', 'Total Price', { scale: 2, readOnly: true }),
    defineField('ListPrice', 'currency', 'List Price', { scale: 2, readOnly: true }),
    defineField('ServiceDate', 'date', 'Date'),
    defineField('Description', 'string', 'Line Description'),
    ...auditFields(),
  ],
);
