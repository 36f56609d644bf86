/** What the connector must know about an object to read, write and sweep it. Everything else is in the mapping. */
export interface ObjectShape {
  /** API name. */
  readonly name: string;
  /** Whether records can be merged, so that a deleted one may name its survivor. */
  readonly canMerge: boolean;
  /** The record whose lock a write takes as well; rows of one parent are written one after the other. */
  readonly parentField?: string;
  /** Served with {@link contactRolesField}. */
  readonly hasContactRoles: boolean;
}

/** The field name under which an opportunity's contacts are read and written: a sorted list of contact ids. Salesforce has no such field. */
export const contactRolesField = 'OpportunityContactRoles';

/** *Source*: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_list.htm */
export const standardObjects = {
  Account: { name: 'Account', canMerge: true, hasContactRoles: false },
  Contact: { name: 'Contact', canMerge: true, parentField: 'AccountId', hasContactRoles: false },
  Lead: { name: 'Lead', canMerge: true, hasContactRoles: false },
  Opportunity: { name: 'Opportunity', canMerge: false, parentField: 'AccountId', hasContactRoles: true },
} as const satisfies Readonly<Record<string, ObjectShape>>;
