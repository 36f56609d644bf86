import type { ObjectType } from './object-types.ts';
import { type ObjectTypeFacts, objectTypes } from './object-types.ts';

/** Who made a change, in the words of webhooks (`changeSource`, `sourceId`) and of property histories. */
export interface ChangeOrigin {
  /** `INTEGRATION` for an app, `CRM_UI` for a person, `MERGE_OBJECTS` for a merge. */
  readonly changeSource: string;
  readonly sourceId: string;
}

export interface PropertyVersion {
  /** `''` when the property was cleared. */
  readonly value: string;
  readonly at: number;
  readonly by: ChangeOrigin;
}

/** One state of a record. Never changed in place: a write makes the next version, so others may hold on to this one. */
export interface RecordVersion {
  readonly id: string;
  /** Set properties only; a cleared one is absent. */
  readonly values: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly archivedAt: number | null;
  readonly createdBy: ChangeOrigin;
  /** For each property written after creation: its versions, newest first, the present one included. */
  readonly changes: Readonly<Record<string, readonly PropertyVersion[]>>;
}

/** Versions kept per property; older ones are forgotten, as the vendor forgets them. */
const historyLengthMax = 20;

/** The next version of a record with these values set (`null` clears), of which each must differ from the present one. */
export function nextVersion(
  version: RecordVersion,
  changed: Readonly<Record<string, string | null>>,
  at: number,
  by: ChangeOrigin,
): RecordVersion {
  const values = { ...version.values };
  const changes = { ...version.changes };
  for (const [name, value] of Object.entries(changed)) {
    const former = changes[name] ?? firstVersions(version, name);
    changes[name] = [{ value: value ?? '', at, by }, ...former].slice(0, historyLengthMax);
    if (value === null) delete values[name];
    else values[name] = value;
  }
  return { ...version, values, changes, modifiedAt: at };
}

/** All known versions of one property, newest first. */
export function propertyHistory(version: RecordVersion, name: string): readonly PropertyVersion[] {
  return version.changes[name] ?? firstVersions(version, name);
}

/** A property's value as the API answers it; `null` when it is not set. */
export function propertyValue(facts: ObjectTypeFacts, version: RecordVersion, name: string): string | null {
  if (name === 'hs_object_id') return version.id;
  if (name === facts.createdProperty) return new Date(version.createdAt).toISOString();
  if (name === facts.modifiedProperty) return new Date(version.modifiedAt).toISOString();
  return version.values[name] ?? null;
}

/**
 * A record as the objects API answers it, with the named properties and those it always gives.
 * Unknown names are left out by the caller.
 */
export function describeRecord(
  type: ObjectType,
  version: RecordVersion,
  properties: readonly string[],
  historyOf: readonly string[] = [],
): Record<string, unknown> {
  const facts = objectTypes[type];
  const values: Record<string, string | null> = {};
  for (const name of properties) values[name] = propertyValue(facts, version, name);
  for (const name of historyOf) values[name] = propertyValue(facts, version, name);
  values[facts.createdProperty] = new Date(version.createdAt).toISOString();
  values[facts.modifiedProperty] = new Date(version.modifiedAt).toISOString();
  values.hs_object_id = version.id;
  return {
    id: version.id,
    properties: values,
    ...(historyOf.length === 0 ? {} : { propertiesWithHistory: describeHistory(version, historyOf) }),
    createdAt: new Date(version.createdAt).toISOString(),
    updatedAt: new Date(version.modifiedAt).toISOString(),
    archived: version.archivedAt !== null,
    ...(version.archivedAt === null ? {} : { archivedAt: new Date(version.archivedAt).toISOString() }),
  };
}

function describeHistory(version: RecordVersion, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      propertyHistory(version, name).map(({ value, at, by }) => ({
        value,
        timestamp: new Date(at).toISOString(),
        sourceType: by.changeSource,
        sourceId: by.sourceId,
      })),
    ]),
  );
}

function firstVersions(version: RecordVersion, name: string): readonly PropertyVersion[] {
  const value = version.values[name];
  return value === undefined ? [] : [{ value, at: version.createdAt, by: version.createdBy }];
}
