/** What the connector must know about an object to read, write and sweep it. Everything else is in the mapping. */
export interface ObjectShape {
  /** API name. */
  readonly name: string;
  /** Whether records can be merged, so that a deleted one may name its survivor. */
  readonly canMerge: boolean;
  /** The record whose lock a write takes as well; rows of one parent are written one after the other. */
  readonly parentField?: string;
  /** Lists of rows below a record that are read and written like fields: {@link contactRolesField}, {@link lineItemsField}. */
  readonly childFields: readonly string[];
}

/** The field name under which an opportunity's contacts are read and written: a sorted list of contact ids. Salesforce has no such field. */
export const contactRolesField = 'OpportunityContactRoles';

/** The field name under which an opportunity's products are read and written: lines as text (`domain/model/line-item.ts`), sorted. */
export const lineItemsField = 'OpportunityLineItems';

/** The objects whose rows the lists hold. */
export const childObjects: Readonly<Record<string, string>> = {
  [contactRolesField]: 'OpportunityContactRole',
  [lineItemsField]: 'OpportunityLineItem',
};

/** The texts of a list field's value. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** *Source*: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_list.htm */
export const standardObjects = {
  Account: { name: 'Account', canMerge: true, childFields: [] },
  Contact: { name: 'Contact', canMerge: true, parentField: 'AccountId', childFields: [] },
  Lead: { name: 'Lead', canMerge: true, childFields: [] },
  Opportunity: {
    name: 'Opportunity',
    canMerge: false,
    parentField: 'AccountId',
    childFields: [contactRolesField, lineItemsField],
  },
} as const satisfies Readonly<Record<string, ObjectShape>>;
