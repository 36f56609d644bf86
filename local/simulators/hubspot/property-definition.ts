/** https://developers.hubspot.com/docs/guides/api/crm/properties, checked November 2026. */
export type PropertyType = 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool';

export interface PropertyOption {
  readonly value: string;
  readonly label: string;
}

export interface PropertyDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: PropertyType;
  /** `checkbox` makes an enumeration hold several values, joined by `;`. */
  readonly fieldType: string;
  readonly groupName: string;
  readonly description: string;
  readonly options: readonly PropertyOption[];
  readonly hasUniqueValue: boolean;
  /** Kept by the system; a write is refused. */
  readonly isReadOnly: boolean;
  readonly isHubspotDefined: boolean;
  /** `OWNER` for properties whose values are owner ids. */
  readonly referencedObjectType?: string;
}

type Extras = Partial<Omit<PropertyDefinition, 'name' | 'label' | 'type' | 'isHubspotDefined'>>;

/** A property of the vendor's own, for tables of definitions. */
export function standardProperty(
  type: PropertyType,
  name: string,
  label: string,
  extras: Extras = {},
): PropertyDefinition {
  return define(type, name, label, true, extras);
}

/** A property somebody added to the account. */
export function customProperty(
  type: PropertyType,
  name: string,
  label: string,
  extras: Extras = {},
): PropertyDefinition {
  return define(type, name, label, false, extras);
}

/** Options whose label is made from the value: `NEW_BUSINESS` → `New Business`. */
export function optionsOf(...values: string[]): PropertyOption[] {
  return values.map((value) => ({
    value,
    label: value
      .split(/[_-]/)
      .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
      .join(' '),
  }));
}

function define(
  type: PropertyType,
  name: string,
  label: string,
  isHubspotDefined: boolean,
  extras: Extras,
): PropertyDefinition {
  return {
    name,
    label,
    type,
    fieldType: defaultFieldTypes[type],
    groupName: 'information',
    description: '',
    options: type === 'bool' ? yesOrNo : [],
    hasUniqueValue: false,
    isReadOnly: false,
    isHubspotDefined,
    ...extras,
  };
}

const defaultFieldTypes: Readonly<Record<PropertyType, string>> = {
  string: 'text',
  number: 'number',
  date: 'date',
  datetime: 'date',
  enumeration: 'select',
  bool: 'booleancheckbox',
};

const yesOrNo: readonly PropertyOption[] = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];
