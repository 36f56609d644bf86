/** The objects this connector serves, by their names in configuration and mappings. */
export const HUBSPOT_OBJECTS = ['company', 'deal', 'contact', 'lead'] as const;

/** One of {@link HUBSPOT_OBJECTS}. */
export type HubspotObject = (typeof HUBSPOT_OBJECTS)[number];

/** A type of record: a served object, or what is served as a field of one. */
export type HubspotRecord = HubspotObject | 'line_item';

/** What differs between HubSpot's objects. */
export interface ObjectType {
  readonly object: HubspotRecord;
  /** The vendor's own id of the type; in generic webhooks, and in association paths. */
  readonly typeId: string;
  /** The word in object paths, `/crm/v3/objects/{path}`. */
  readonly path: string;
  /** The property that holds the modification time. */
  readonly modifiedProperty: string;
  /** Properties in which a record lists the ids that were merged into it. */
  readonly mergedProperties: readonly string[];
}

/**
 * The object types by name.
 *
 * *Source*: https://developers.hubspot.com/docs/guides/crm/understanding-the-crm (object type ids) and
 * https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide (`lastmodifieddate`), checked November 2026.
 */
export const objectTypes: Readonly<Record<HubspotObject, ObjectType>> = {
  company: {
    object: 'company',
    typeId: '0-2',
    path: 'companies',
    modifiedProperty: 'hs_lastmodifieddate',
    mergedProperties: ['hs_merged_object_ids'],
  },
  deal: {
    object: 'deal',
    typeId: '0-3',
    path: 'deals',
    modifiedProperty: 'hs_lastmodifieddate',
    mergedProperties: ['hs_merged_object_ids'],
  },
  contact: {
    object: 'contact',
    typeId: '0-1',
    path: 'contacts',
    // The one object whose property has no prefix.
    modifiedProperty: 'lastmodifieddate',
    // The older property of contacts holds `id:time` pairs; either may be hidden from the app.
    mergedProperties: ['hs_merged_object_ids', 'hs_calculated_merged_vids'],
  },
  lead: {
    object: 'lead',
    typeId: '0-136',
    path: 'leads',
    modifiedProperty: 'hs_lastmodifieddate',
    mergedProperties: ['hs_merged_object_ids'],
  },
};

/** The object behind a type id of a generic webhook, e.g. `0-3`. */
export function objectOfTypeId(typeId: string): HubspotObject | undefined {
  return HUBSPOT_OBJECTS.find((object) => objectTypes[object].typeId === typeId);
}

/** Whether text can be a record's id: HubSpot numbers its records, and one malformed id fails a whole batch. */
export function isRecordId(text: string): boolean {
  return /^\d{1,19}$/.test(text);
}
