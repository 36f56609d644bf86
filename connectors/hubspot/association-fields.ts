import type { SystemValue } from '../../domain/model/value.ts';
import type { HubspotObject, HubspotRecord } from './object-types.ts';

/**
 * A field of the hub that is no property in HubSpot but an association. Mappings use these names like any other field.
 *
 * - `association.company.primary`: the id of the company marked primary, or `null`. Others may be associated beside it.
 * - `association.company` (lead): the id of the lead's company, or `null`.
 * - `association.contact` (deal): ids of all associated contacts, sorted as text.
 */
export interface AssociationField {
  readonly field: string;
  readonly to: HubspotObject;
  readonly holds: 'one' | 'many';
  /** The type the hub writes. */
  readonly typeId: number;
  /** The type that marks the record meant among several; where there is none, any association counts. */
  readonly markedBy?: { readonly typeId: number; readonly isRequired: boolean };
}

/**
 * Association fields by object.
 *
 * Type ids have a direction: these are *from* the object *to* the other. 5 and 1 mark the primary company (6 and 2 are the
 * same seen from the company); the plain association is 341 and 279, and comes along by itself.
 *
 * *Source*: https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide, association type id values
 * (checked November 2026).
 */
export const associationFields: Readonly<Record<HubspotRecord, readonly AssociationField[]>> = {
  company: [],
  line_item: [],
  contact: [
    {
      field: 'association.company.primary',
      to: 'company',
      holds: 'one',
      typeId: 1,
      markedBy: { typeId: 1, isRequired: true },
    },
  ],
  deal: [
    {
      field: 'association.company.primary',
      to: 'company',
      holds: 'one',
      typeId: 5,
      markedBy: { typeId: 5, isRequired: true },
    },
    { field: 'association.contact', to: 'contact', holds: 'many', typeId: 3 },
  ],
  lead: [
    {
      field: 'association.company',
      to: 'company',
      holds: 'one',
      typeId: 610,
      // HubSpot itself may mark one of several as primary; the hub writes the plain type.
      markedBy: { typeId: 580, isRequired: false },
    },
  ],
};

/** The contact a lead stands for: a lead cannot be created without one. */
export const leadPerson: AssociationField = {
  field: 'contact.id',
  to: 'contact',
  holds: 'one',
  typeId: 578,
  markedBy: { typeId: 578, isRequired: false },
};

/** Fields of a lead that live on its contact carry this prefix: `contact.email` is the contact's `email`. */
export const personPrefix = 'contact.';

/** A record at the other end, with the types of the association as seen from this end. */
export interface Associated {
  readonly id: string;
  readonly typeIds: readonly number[];
}

/** The record a field that holds one means: the marked one, else (if the mark is optional) the one with the lowest id. */
export function pickOne(field: AssociationField, associated: readonly Associated[]): string | null {
  const mark = field.markedBy;
  const marked = mark === undefined ? [] : associated.filter(({ typeIds }) => typeIds.includes(mark.typeId));
  const candidates = marked.length > 0 || mark?.isRequired === true ? marked : associated;
  return candidates.map(({ id }) => id).sort(byNumber)[0] ?? null;
}

/**
 * Under what name a snapshot tells all ids that are associated, where the field means one of them and none must be marked: no mapping
 * uses it, and a write knows by it what was there when it was decided.
 */
export function crowdName({ field }: AssociationField): string {
  return `${field}.all`;
}

/** Whether another one beside the one meant leaves open which is meant: what the hub writes carries no mark that moves. */
export function mayBeCrowded({ holds, typeId, markedBy }: AssociationField): boolean {
  return holds === 'one' && markedBy?.typeId !== typeId;
}

/** The values of a snapshot that tell what a field holds. */
export function associationValues(
  field: AssociationField,
  associated: readonly Associated[],
): Readonly<Record<string, SystemValue>> {
  const value = associationValue(field, associated);
  const isCrowd = mayBeCrowded(field) && associated.length > 1;
  return {
    [field.field]: value,
    ...(isCrowd ? { [crowdName(field)]: associated.map(({ id }) => id) } : {}),
  };
}

/** What a field holds. */
export function associationValue(
  field: AssociationField,
  associated: readonly Associated[],
): string | readonly string[] | null {
  if (field.holds === 'one') return pickOne(field, associated);
  return [...new Set(associated.map(({ id }) => id))].sort();
}

/** The ids a value of an association field names. */
export function idsIn(value: SystemValue | undefined): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.filter((id) => id !== '') : [];
}

/** Record ids are whole numbers beyond what a float holds exactly, so shorter is smaller. */
export function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
