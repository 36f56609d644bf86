import { type ApiError, type Outcome, refuse, succeed, validationError } from './api-error.ts';
import { findAssociationType } from './association-types.ts';
import type { CrmState } from './crm-state.ts';
import { findObjectType, type ObjectType, objectTypes } from './object-types.ts';
import { describeRecord, type RecordVersion } from './record-version.ts';

/** What a read answers of each record. */
export interface ReadSelection {
  readonly properties: readonly string[];
  readonly historyOf: readonly string[];
  /** Object types to list associations with, as the caller named them. */
  readonly associations: readonly string[];
}

/** Reads a state in the vendor's forms. */
export class RecordReader {
  readonly #state: CrmState;

  constructor(state: CrmState) {
    this.#state = state;
  }

  /** Unknown names are ignored without a word; none at all means the object's default properties. */
  selection(
    type: ObjectType,
    properties: readonly string[],
    historyOf: readonly string[] = [],
    associations: readonly string[] = [],
  ): ReadSelection {
    const isKnown = (name: string): boolean => this.#state.catalogue.find(type, name) !== undefined;
    const isDefault = properties.length === 0 && historyOf.length === 0;
    return {
      properties: isDefault ? objectTypes[type].defaultProperties : properties.filter(isKnown),
      historyOf: historyOf.filter(isKnown),
      associations,
    };
  }

  /** The record of an id, or of a value of a unique property; archived ones only when asked for. */
  find(
    type: ObjectType,
    id: string,
    idProperty: string | undefined,
    isArchived = false,
  ): Outcome<RecordVersion | undefined> {
    const records = this.#state.records(type);
    if (idProperty === undefined || idProperty === 'hs_object_id') {
      return succeed(isArchived ? records.findArchived(id) : records.find(id));
    }
    if (!this.#state.catalogue.uniqueProperties(type).includes(idProperty)) {
      return refuse(this.nonUniqueError(type, idProperty));
    }
    // Addresses are kept in lower case and looked up in any.
    return succeed(records.findByUniqueValue(idProperty, idProperty === 'email' ? id.toLowerCase() : id));
  }

  nonUniqueError(type: ObjectType, idProperty: string): ApiError {
    const { objectTypeId } = objectTypes[type];
    const name = idProperty.slice(0, 100);
    const { portalId } = this.#state.catalogue.account;
    return validationError(
      `Unable to perform update/upsert by non-unique ${objectTypeId} property ${name} in portal ID ${portalId}`,
    );
  }

  describe(type: ObjectType, version: RecordVersion, selection: ReadSelection): Record<string, unknown> {
    const described = describeRecord(type, version, selection.properties, selection.historyOf);
    if (selection.associations.length === 0) return described;
    const associations: Record<string, unknown> = {};
    for (const name of selection.associations) {
      const toType = findObjectType(name)?.type;
      if (toType === undefined) continue;
      const results = this.linked(type, version.id, toType).flatMap(({ id, typeIds }) =>
        typeIds.map((typeId) => ({ id, type: findAssociationType(typeId)?.name })),
      );
      if (results.length > 0) associations[toType] = { results };
    }
    return { ...described, ...(Object.keys(associations).length === 0 ? {} : { associations }) };
  }

  /** The live records of a type that a record is associated with; archived ones are hidden until they are restored. */
  linked(
    type: ObjectType,
    id: string,
    toType: ObjectType,
  ): readonly { readonly id: string; readonly typeIds: readonly number[] }[] {
    const targets = this.#state.records(toType);
    return this.#state.associations
      .linked({ type, id }, toType)
      .filter((linked) => targets.find(linked.id) !== undefined);
  }
}
