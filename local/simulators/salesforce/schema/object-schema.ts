import type { FieldSchema } from './field-schema.ts';

/** What is fixed about an object besides its fields. */
export interface ObjectTraits {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  /** The first three characters of its record ids. */
  readonly keyPrefix: string;
  /** False for what an integration user may only read. */
  readonly writable: boolean;
  readonly undeletable: boolean;
  readonly mergeable: boolean;
}

/** One object of the org. Names are looked up without regard to case, as the API does. */
export interface ObjectSchema extends ObjectTraits {
  readonly fields: readonly FieldSchema[];
  /** The field with that name. */
  field(name: string): FieldSchema | undefined;
  /** The reference field behind a parent's name in a path: `OwnerId` for `Owner`. */
  relationship(name: string): FieldSchema | undefined;
}

/** Makes an object of its traits and fields. */
export function defineObject(traits: ObjectTraits, fields: readonly FieldSchema[]): ObjectSchema {
  const byName = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const byRelationship = new Map(
    fields.flatMap((field) => (field.relationshipName === null ? [] : [[field.relationshipName.toLowerCase(), field]])),
  );
  return {
    ...traits,
    fields,
    field: (name) => byName.get(name.toLowerCase()),
    relationship: (name) => byRelationship.get(name.toLowerCase()),
  };
}
