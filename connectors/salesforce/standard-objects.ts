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

/**
 * Partners of an opportunity in one role are read and written under this name, a point and the role as the org's picklist has it:
 * `OpportunityPartnersFrom.Distributor`, a sorted list of account ids. The name is the relationship's.
 */
export const partnersField = 'OpportunityPartnersFrom';

/** The list that a field belongs to: itself, or the name before its point. `undefined` for a field of the record itself. */
export function childFieldOf(object: ObjectShape, field: string): string | undefined {
  return object.childFields.find((list) => field === list || field.startsWith(`${list}.`));
}

/** The role in the name of a field of {@link partnersField}. */
export function roleOf(field: string): string {
  return field.slice(partnersField.length + 1);
}

/**
 * The objects of those lists whose rows are swept by their own stamps, because they do not stamp the opportunity. Products do, by its
 * amount: a further query every minute is a tenth of what a small org may call in a day.
 */
export const sweptChildren: Readonly<Record<string, string>> = {
  [contactRolesField]: 'OpportunityContactRole',
  [partnersField]: 'OpportunityPartner',
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
    childFields: [contactRolesField, lineItemsField, partnersField],
  },
} as const satisfies Readonly<Record<string, ObjectShape>>;
