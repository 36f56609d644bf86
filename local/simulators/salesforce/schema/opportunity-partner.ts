import { auditFields, identityFields } from './common-fields.ts';
import { defineField } from './field-schema.ts';
import { defineObject } from './object-schema.ts';

/** Accounts that take part in an opportunity. Rows are made and deleted, never changed. */
export const opportunityPartner = defineObject(
  {
    name: 'OpportunityPartner',
    label: 'Opportunity Partner',
    labelPlural: 'Opportunity Partner',
    keyPrefix: '00J',
    writable: true,
    undeletable: false,
    mergeable: false,
  },
  [
    ...identityFields('Opportunity Partner ID'),
    defineField('OpportunityId', 'reference', 'Opportunity ID', {
      required: true,
      createOnly: true,
      referenceTo: ['Opportunity'],
      relationshipName: 'Opportunity',
      childRelationshipName: 'OpportunityPartnersFrom',
      cascadeDelete: true,
    }),
    defineField('AccountToId', 'reference', 'Account ID', {
      required: true,
      createOnly: true,
      referenceTo: ['Account'],
      relationshipName: 'AccountTo',
      childRelationshipName: 'OpportunityPartnersTo',
      cascadeDelete: true,
    }),
    defineField('Role', 'picklist', 'Role', {
      createOnly: true,
      picklist: [
        'System Integrator',
        'Agency',
        'Advertiser',
        'VAR/Reseller',
        'Distributor',
        'Developer',
        'Broker',
        'Lender',
        'Supplier',
        'Institution',
        'Contractor',
        'Dealer',
        'Consultant',
      ],
    }),
    defineField('IsPrimary', 'boolean', 'Primary', { createOnly: true }),
    ...auditFields(),
  ],
);
