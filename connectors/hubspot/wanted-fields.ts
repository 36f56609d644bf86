import { associationFields, personPrefix } from './association-fields.ts';
import { lineItemsField } from './line-items.ts';
import type { HubspotRecord } from './object-types.ts';

/** Fields asked for, by where they come from. */
export interface WantedFields {
  /** Properties of the record itself. */
  readonly properties: readonly string[];
  /** Association fields, by name. */
  readonly associations: readonly string[];
  /** Whether a deal's line items are. */
  readonly hasLineItems: boolean;
  /** A lead's person: property names of its contact, `id` for the contact itself. */
  readonly person: readonly string[];
}

/** Sorts field names by where they come from; each name once. */
export function splitFields(object: HubspotRecord, fields: readonly string[]): WantedFields {
  const names = [...new Set(fields)];
  const isAssociation = (name: string): boolean => associationFields[object].some(({ field }) => field === name);
  return {
    properties: names.filter(
      (name) => !isAssociation(name) && !isPersonField(object, name) && !isLineItems(object, name),
    ),
    associations: names.filter(isAssociation),
    hasLineItems: names.some((name) => isLineItems(object, name)),
    person: names.filter((name) => isPersonField(object, name)).map((name) => name.slice(personPrefix.length)),
  };
}

/** Whether a field of the object lives on its contact. */
function isPersonField(object: HubspotRecord, name: string): boolean {
  return object === 'lead' && name.startsWith(personPrefix);
}

function isLineItems(object: HubspotRecord, name: string): boolean {
  return object === 'deal' && name === lineItemsField;
}
