import type { ObjectType } from './object-types.ts';

/** One HubSpot-defined association type, which is always of one direction. */
export interface AssociationType {
  readonly typeId: number;
  /** The same relation seen from the other side. */
  readonly inverseTypeId: number;
  readonly from: ObjectType;
  readonly to: ObjectType;
  /** `null` for the plain type, which every associated pair has. */
  readonly label: string | null;
  /** A labelled type of which the record on this side (`from`) or the other (`to`) may have one only. */
  readonly singleOf?: 'from' | 'to';
  /** What the objects API calls it in `associations`. */
  readonly name: string;
}

/**
 * Association types between the objects of this simulator.
 *
 * *Source*: https://developers.hubspot.com/docs/guides/api/crm/associations/associations-v4 (checked November 2026)
 * for all but 577, 607 and 609: the contact's and the company's side of a lead is not in the vendor's table; they
 * follow the vendor's habit of giving the two directions neighbouring numbers.
 */
export const associationTypes: readonly AssociationType[] = [
  ...bothWays('contacts', 'companies', { out: 279, back: 280, names: 'contact_to_company_unlabeled' }),
  ...bothWays('contacts', 'companies', { out: 1, back: 2, names: 'contact_to_company', label: 'Primary' }),
  ...bothWays('deals', 'companies', { out: 341, back: 342, names: 'deal_to_company_unlabeled' }),
  ...bothWays('deals', 'companies', { out: 5, back: 6, names: 'deal_to_company', label: 'Primary' }),
  ...bothWays('deals', 'contacts', { out: 3, back: 4, names: 'deal_to_contact' }),
  ...bothWays('deals', 'line_items', { out: 19, back: 20, names: 'deal_to_line_item' }),
  ...bothWays('leads', 'contacts', { out: 608, back: 607, names: 'lead_to_contact' }),
  ...bothWays('leads', 'contacts', { out: 578, back: 577, names: 'lead_to_primary_contact', label: 'Primary' }),
  ...bothWays('leads', 'companies', { out: 610, back: 609, names: 'lead_to_company' }),
];

export function findAssociationType(typeId: number): AssociationType | undefined {
  return byTypeId.get(typeId);
}

/** The type every associated pair of these objects has, or `undefined` when they cannot be associated. */
export function plainAssociationType(from: ObjectType, to: ObjectType): AssociationType | undefined {
  return plainByPair.get(`${from}>${to}`);
}

function bothWays(
  from: ObjectType,
  to: ObjectType,
  facts: { out: number; back: number; names: string; label?: string },
): AssociationType[] {
  const label = facts.label ?? null;
  const [out, back] = facts.names.split('_to_');
  const suffix = back?.endsWith('_unlabeled') ? '_unlabeled' : '';
  const backName = `${back?.slice(0, back.length - suffix.length)}_to_${out}${suffix}`;
  return [
    {
      typeId: facts.out,
      inverseTypeId: facts.back,
      from,
      to,
      label,
      name: facts.names,
      ...(label === null ? {} : { singleOf: 'from' as const }),
    },
    {
      typeId: facts.back,
      inverseTypeId: facts.out,
      from: to,
      to: from,
      label,
      name: backName,
      ...(label === null ? {} : { singleOf: 'to' as const }),
    },
  ];
}

const byTypeId = new Map(associationTypes.map((type) => [type.typeId, type]));
const plainByPair = new Map(
  associationTypes.filter(({ label }) => label === null).map((type) => [`${type.from}>${type.to}`, type]),
);
