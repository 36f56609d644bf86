import { auditFields, identityFields } from './common-fields.ts';
import { defineField } from './field-schema.ts';
import { defineObject } from './object-schema.ts';

/** The people of an opportunity. A change here does not stamp the opportunity. */
export const opportunityContactRole = defineObject(
  {
    name: 'OpportunityContactRole',
    label: 'Opportunity Contact Role',
    labelPlural: 'Opportunity Contact Role',
    keyPrefix: '00K',
    writable: true,
    undeletable: false,
    mergeable: false,
  },
  [
    ...identityFields('Contact Role ID'),
    defineField('OpportunityId', 'reference', 'Opportunity ID', {
      required: true,
      createOnly: true,
      referenceTo: ['Opportunity'],
      relationshipName: 'Opportunity',
      childRelationshipName: 'OpportunityContactRoles',
      cascadeDelete: true,
    }),
    defineField('ContactId', 'reference', 'Contact ID', {
      required: true,
      referenceTo: ['Contact'],
      relationshipName: 'Contact',
      childRelationshipName: 'OpportunityContactRoles',
      cascadeDelete: true,
    }),
    defineField('Role', 'picklist', 'Role', {
      length: 40,
      picklist: [
        'Business User',
        'Decision Maker',
        'Economic Buyer',
        'Economic Decision Maker',
        'Evaluator',
        'Executive Sponsor',
        'Influencer',
        'Technical Buyer',
        'Other',
      ],
    }),
    defineField('IsPrimary', 'boolean', 'Primary'),
    ...auditFields(),
  ],
);
