import { type FieldSchema, type FieldType, isDecimal } from './field-schema.ts';
import type { ObjectSchema } from './object-schema.ts';
import type { OrgSchema } from './org-schema.ts';

/**
 * What `sobjects/{T}/describe` answers.
 * *Shape*: every member the REST API has; those that say nothing about data (layouts, scopes, actions) are empty.
 */
export function describeObject(schema: OrgSchema, object: ObjectSchema, dataPath: string): Record<string, unknown> {
  return {
    ...objectSummary(object, dataPath),
    actionOverrides: [],
    childRelationships: schema.childrenOf(object.name).map(({ child, field }) => ({
      cascadeDelete: field.cascadeDelete,
      childSObject: child.name,
      deprecatedAndHidden: false,
      field: field.name,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: field.childRelationshipName,
      restrictedDelete: false,
    })),
    compactLayoutable: true,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: object.fields.map(describeField),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        developerName: 'Master',
        master: true,
        name: 'Master',
        recordTypeId: '012000000000000AAA',
        urls: { layout: `${dataPath}/sobjects/${object.name}/describe/layouts/012000000000000AAA` },
      },
    ],
    searchLayoutable: true,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' }],
  };
}

/** What `sobjects/` answers: every object, without its fields. */
export function describeGlobal(schema: OrgSchema, dataPath: string): Record<string, unknown> {
  return {
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: schema.objects.map((object) => objectSummary(object, dataPath)),
  };
}

function objectSummary(object: ObjectSchema, dataPath: string): Record<string, unknown> {
  const path = `${dataPath}/sobjects/${object.name}`;
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: object.writable,
    custom: false,
    customSetting: false,
    deepCloneable: false,
    deletable: object.writable,
    deprecatedAndHidden: false,
    feedEnabled: true,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: true,
    mergeable: object.mergeable,
    mruEnabled: true,
    name: object.name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: true,
    triggerable: true,
    undeletable: object.undeletable,
    updateable: object.writable,
    urls: { describe: `${path}/describe`, rowTemplate: `${path}/{ID}`, sobject: path },
  };
}

function describeField(field: FieldSchema): Record<string, unknown> {
  return {
    aggregatable: field.filterable && field.type !== 'boolean' && field.type !== 'address',
    aiPredictionField: false,
    autoNumber: false,
    byteLength: hasLength(field.type) ? field.length * bytesPerCharacter(field.type) : 0,
    calculated: false,
    calculatedFormula: null,
    // Said of the relationship, not of the field, unless the field is the master of a detail record.
    cascadeDelete: false,
    caseSensitive: false,
    compoundFieldName: field.compoundFieldName,
    controllerName: null,
    createable: field.createable,
    custom: field.custom,
    defaultValue: field.type === 'boolean' || field.defaultValue !== null ? field.defaultValue : null,
    defaultValueFormula: null,
    defaultedOnCreate: field.defaultedOnCreate,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? 8 : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: extraTypeInfo(field),
    filterable: field.filterable,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: field.filterable && !isDecimal(field.type) && field.type !== 'datetime' && field.type !== 'address',
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.idLookup,
    inlineHelpText: null,
    label: field.label,
    length: hasLength(field.type) ? field.length : 0,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.nameField,
    namePointing: field.referenceTo.length > 1,
    nillable: field.nillable,
    permissionable: field.nillable && field.createable,
    picklistValues: field.picklist.map((value) => ({
      active: true,
      defaultValue: value === field.defaultValue,
      label: value,
      validFor: null,
      value,
    })),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision,
    queryByDistance: field.type === 'address',
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.restricted,
    scale: field.scale,
    searchPrefilterable: false,
    soapType: soapTypes[field.type],
    sortable: field.filterable && field.type !== 'address' && field.type !== 'multipicklist',
    type: field.type,
    unique: field.unique,
    updateable: field.updateable,
    writeRequiresMasterRead: false,
  };
}

function hasLength(type: FieldType): boolean {
  return soapTypes[type] === 'xsd:string' || soapTypes[type] === 'tns:ID';
}

function bytesPerCharacter(type: FieldType): number {
  return soapTypes[type] === 'tns:ID' ? 1 : 3;
}

function extraTypeInfo(field: FieldSchema): string | null {
  if (field.type === 'textarea') return 'plaintextarea';
  if (field.nameField && field.compoundFieldName === 'Name') return 'switchablepersonname';
  if (field.compoundFieldName === 'Name' || field.label === 'Full Name') return 'personname';
  return null;
}

const soapTypes: Readonly<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  string: 'xsd:string',
  textarea: 'xsd:string',
  picklist: 'xsd:string',
  multipicklist: 'xsd:string',
  email: 'xsd:string',
  phone: 'xsd:string',
  url: 'xsd:string',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
};
