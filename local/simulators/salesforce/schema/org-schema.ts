import { account } from './account.ts';
import { contact } from './contact.ts';
import { defineField, type FieldSchema, type FieldTraits, type FieldType } from './field-schema.ts';
import { lead } from './lead.ts';
import { defineObject, type ObjectSchema } from './object-schema.ts';
import { opportunity } from './opportunity.ts';
import { opportunityContactRole } from './opportunity-contact-role.ts';
import { opportunityPartner } from './opportunity-partner.ts';
import { opportunityLineItem, pricebook, pricebookEntry, product } from './products.ts';
import { user } from './user.ts';

/** A field added to an object, or put in the place of the one with the same name. */
export interface CustomField extends FieldTraits {
  readonly object: string;
  readonly name: string;
  readonly type: FieldType;
  /** Default: the name. */
  readonly label?: string;
}

/** A reference field seen from the object it points to. */
export interface ChildRelationship {
  readonly child: ObjectSchema;
  readonly field: FieldSchema;
}

/** All objects of one org. */
export interface OrgSchema {
  readonly objects: readonly ObjectSchema[];
  /** The object with that name, without regard to case. */
  object(name: string): ObjectSchema | undefined;
  /** The same without the fields that field-level security hides, as whoever uses the API sees it. */
  shown(name: string): ObjectSchema | undefined;
  /** Hides these fields (`Opportunity.NextStep`) from whoever uses the API; people in the org's screens go on. Replaces those before. */
  hideFields(fields: Iterable<string>): void;
  /** The object whose records carry such ids. */
  objectOf(keyPrefix: string): ObjectSchema | undefined;
  /** The reference fields of all objects that may point to a record of this one. */
  childrenOf(object: string): readonly ChildRelationship[];
}

export interface OrgSchemaOptions {
  /** Active currencies, the corporate one first. With a single one no object has `CurrencyIsoCode`. */
  readonly currencies: readonly string[];
  readonly customFields: readonly CustomField[];
  /** Fields of ours that nobody added to this org, as `Opportunity.Products__c`. */
  readonly missingFields?: readonly string[];
}

/** Puts the org's objects together: the standard ones, the currency field of a multi-currency org, custom fields. */
export function orgSchema(options: OrgSchemaOptions): OrgSchema {
  const objects = standardObjects.map((object) => withOrgFields(object, options));
  const byName = new Map(objects.map((object) => [object.name.toLowerCase(), object]));
  const byKeyPrefix = new Map(objects.map((object) => [object.keyPrefix, object]));
  let shown: ReadonlyMap<string, ObjectSchema> = byName;
  const children = new Map(objects.map((object) => [object.name, childrenAmong(objects, object.name)]));
  return {
    objects,
    object: (name) => byName.get(name.toLowerCase()),
    shown: (name) => shown.get(name.toLowerCase()),
    hideFields(fields) {
      const hidden = new Set(fields);
      shown = new Map([...byName].map(([name, object]) => [name, withoutFields(object, hidden)]));
    },
    objectOf: (keyPrefix) => byKeyPrefix.get(keyPrefix),
    childrenOf: (object) => children.get(object) ?? [],
  };
}

const standardObjects: readonly ObjectSchema[] = [
  account,
  contact,
  lead,
  opportunity,
  opportunityContactRole,
  opportunityLineItem,
  opportunityPartner,
  pricebook,
  pricebookEntry,
  product,
  user,
];

function withOrgFields(object: ObjectSchema, options: OrgSchemaOptions): ObjectSchema {
  const currency = options.currencies.length > 1 ? [currencyField(options.currencies)] : [];
  const custom = options.customFields
    .filter((field) => field.object.toLowerCase() === object.name.toLowerCase())
    .map(({ object: _object, name, type, label, ...traits }) => defineField(name, type, label ?? name, traits));
  const replaced = new Set(custom.map((field) => field.name.toLowerCase()));
  const missing = new Set(options.missingFields ?? []);
  const kept = [...object.fields, ...currency].filter(
    ({ name }) => !replaced.has(name.toLowerCase()) && !missing.has(`${object.name}.${name}`),
  );
  return defineObject(object, [...kept, ...custom]);
}

function withoutFields(object: ObjectSchema, hidden: ReadonlySet<string>): ObjectSchema {
  const kept = object.fields.filter(({ name }) => !hidden.has(`${object.name}.${name}`));
  return kept.length === object.fields.length ? object : defineObject(object, kept);
}

function currencyField(currencies: readonly string[]): FieldSchema {
  return defineField('CurrencyIsoCode', 'picklist', 'Currency ISO Code', {
    length: 3,
    picklist: currencies,
    restricted: true,
    defaultedOnCreate: true,
  });
}

function childrenAmong(objects: readonly ObjectSchema[], parent: string): ChildRelationship[] {
  return objects.flatMap((child) =>
    child.fields.filter((field) => field.referenceTo.includes(parent)).map((field) => ({ child, field })),
  );
}
