import type { FieldValue } from '../stored-record.ts';

/** The field types of Salesforce that the simulated objects use. */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'multipicklist'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'email'
  | 'phone'
  | 'url'
  | 'reference'
  | 'address';

/** One field of an object: what describe answers about it, and what writes to it are checked against. */
export interface FieldSchema {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly custom: boolean;
  /** Characters; 0 where the type has no length. */
  readonly length: number;
  /** Digits in all and behind the point, for `double`, `currency` and `percent`. */
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** Set by the org when a create leaves it out. */
  readonly defaultedOnCreate: boolean;
  readonly defaultValue: FieldValue;
  /** Values in the order of their definition; empty for other types. */
  readonly picklist: readonly string[];
  /** Whether a value outside `picklist` is refused. */
  readonly restricted: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly idLookup: boolean;
  readonly nameField: boolean;
  readonly filterable: boolean;
  readonly referenceTo: readonly string[];
  /** The parent's name in a query path: `Owner` in `Owner.Email`. */
  readonly relationshipName: string | null;
  /** The children's name in a subquery on the parent: `Contacts`; null when the parent cannot be asked for them. */
  readonly childRelationshipName: string | null;
  /** Whether deleting the parent deletes this record as well, instead of clearing the field. */
  readonly cascadeDelete: boolean;
  /** The compound field this one is a part of: `BillingAddress`, or `Name` of a person. */
  readonly compoundFieldName: string | null;
}

/** What may be said of a field beyond its name, type and label; everything else follows from the type. */
export interface FieldTraits {
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** A create without it, or clearing it, is refused. */
  readonly required?: boolean;
  /** Written by the org alone. */
  readonly readOnly?: boolean;
  /** May be given on create and never changed. */
  readonly createOnly?: boolean;
  readonly defaultedOnCreate?: boolean;
  readonly defaultValue?: FieldValue;
  readonly picklist?: readonly string[];
  readonly restricted?: boolean;
  readonly externalId?: boolean;
  readonly unique?: boolean;
  readonly idLookup?: boolean;
  readonly nameField?: boolean;
  readonly referenceTo?: readonly string[];
  readonly relationshipName?: string;
  readonly childRelationshipName?: string;
  readonly cascadeDelete?: boolean;
  readonly compoundFieldName?: string;
}

/** Makes a field, filling in what its type implies: length, filterability, whether it can be null. */
export function defineField(name: string, type: FieldType, label: string, traits: FieldTraits = {}): FieldSchema {
  const isWritable = traits.readOnly !== true && type !== 'address';
  const length = traits.length ?? defaultLengths[type] ?? 0;
  return {
    name,
    label,
    type,
    custom: name.endsWith('__c'),
    length,
    precision: traits.precision ?? (isDecimal(type) ? 18 : 0),
    scale: traits.scale ?? 0,
    nillable: traits.required !== true && type !== 'boolean',
    createable: isWritable,
    updateable: isWritable && traits.createOnly !== true,
    defaultedOnCreate: traits.defaultedOnCreate ?? (type === 'boolean' || traits.defaultValue !== undefined),
    defaultValue: traits.defaultValue ?? (type === 'boolean' ? false : null),
    picklist: traits.picklist ?? [],
    restricted: traits.restricted ?? false,
    externalId: traits.externalId ?? false,
    unique: traits.unique ?? false,
    idLookup: traits.idLookup ?? traits.externalId ?? false,
    nameField: traits.nameField ?? false,
    // Long text has no index and cannot stand in a WHERE.
    filterable: !(type === 'textarea' && length > 255),
    referenceTo: traits.referenceTo ?? [],
    relationshipName: traits.relationshipName ?? null,
    childRelationshipName: traits.childRelationshipName ?? null,
    cascadeDelete: traits.cascadeDelete ?? false,
    compoundFieldName: traits.compoundFieldName ?? null,
  };
}

/** Whether values of the type are text: trimmed, empty text is null, compared without regard to case. */
export function isText(type: FieldType): boolean {
  return textTypes.has(type);
}

/** Whether values of the type are numbers with a precision and a scale. */
export function isDecimal(type: FieldType): boolean {
  return type === 'double' || type === 'currency' || type === 'percent';
}

const textTypes: ReadonlySet<FieldType> = new Set([
  'string',
  'textarea',
  'picklist',
  'multipicklist',
  'email',
  'phone',
  'url',
]);

const defaultLengths: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  string: 255,
  textarea: 255,
  picklist: 255,
  multipicklist: 4099,
  email: 80,
  phone: 40,
  url: 255,
};
