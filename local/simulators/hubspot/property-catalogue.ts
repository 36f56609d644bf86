import type { Account } from './account.ts';
import { type ObjectType, objectTypeNames, objectTypes } from './object-types.ts';
import type { Pipeline, PipelineStage } from './pipelines.ts';
import type { PropertyDefinition, PropertyOption } from './property-definition.ts';
import { standardProperties } from './standard-properties.ts';

export interface PropertyCatalogueOptions {
  readonly account: Account;
  readonly pipelines: Readonly<Record<ObjectType, readonly Pipeline[]>>;
  /** Added to the standard ones; one of the same name replaces it. */
  readonly properties?: Partial<Readonly<Record<ObjectType, readonly PropertyDefinition[]>>>;
  /** Names of standard ones that nobody added to this account. */
  readonly missingProperties?: Partial<Readonly<Record<ObjectType, readonly string[]>>>;
}

/** What the account knows about its properties, pipelines and owners. */
export class PropertyCatalogue {
  readonly account: Account;
  readonly pipelines: Readonly<Record<ObjectType, readonly Pipeline[]>>;
  readonly #definitions = new Map<ObjectType, Map<string, PropertyDefinition>>();
  readonly #uniqueProperties = new Map<ObjectType, readonly string[]>();
  readonly #optionValues = new WeakMap<PropertyDefinition, ReadonlySet<string>>();

  constructor(options: PropertyCatalogueOptions) {
    this.account = options.account;
    this.pipelines = options.pipelines;
    for (const type of objectTypeNames) {
      const missing = options.missingProperties?.[type] ?? [];
      const standard = standardProperties[type].filter(({ name }) => !missing.includes(name));
      const definitions = [...standard, ...(options.properties?.[type] ?? [])].map((definition) => ({
        ...definition,
        options: this.#accountOptions(type, definition) ?? definition.options,
      }));
      this.#definitions.set(type, new Map(definitions.map((definition) => [definition.name, definition])));
    }
  }

  find(type: ObjectType, name: string): PropertyDefinition | undefined {
    return this.#definitions.get(type)?.get(name);
  }

  all(type: ObjectType): readonly PropertyDefinition[] {
    return [...(this.#definitions.get(type)?.values() ?? [])];
  }

  /** Names of the properties whose value no two records may share. */
  uniqueProperties(type: ObjectType): readonly string[] {
    let names = this.#uniqueProperties.get(type);
    if (names === undefined) {
      names = this.all(type).flatMap(({ hasUniqueValue, name }) => (hasUniqueValue ? [name] : []));
      this.#uniqueProperties.set(type, names);
    }
    return names;
  }

  add(type: ObjectType, definition: PropertyDefinition): void {
    this.#definitions.get(type)?.set(definition.name, definition);
    this.#uniqueProperties.delete(type);
  }

  /** Whether a value is one of the property's options; owner ids count as options of owner properties. */
  hasOption(definition: PropertyDefinition, value: string): boolean {
    let values = this.#optionValues.get(definition);
    if (values === undefined) {
      values = new Set(definition.options.map((option) => option.value));
      this.#optionValues.set(definition, values);
    }
    return values.has(value);
  }

  /** An owner who may be given a record: archived ones keep theirs but get no more. */
  isActiveOwner(id: string): boolean {
    return this.account.owners.some((owner) => owner.id === id && !owner.archived);
  }

  findPipeline(type: ObjectType, id: string): Pipeline | undefined {
    return this.pipelines[type].find((pipeline) => pipeline.id === id);
  }

  findStage(type: ObjectType, pipelineId: string, stageId: string): PipelineStage | undefined {
    return this.findPipeline(type, pipelineId)?.stages.find((stage) => stage.id === stageId);
  }

  #accountOptions(type: ObjectType, definition: PropertyDefinition): readonly PropertyOption[] | undefined {
    const { pipelineProperty, stageProperty } = objectTypes[type];
    const pipelines = this.pipelines[type];
    if (definition.name === pipelineProperty) return pipelines.map(({ id, label }) => ({ value: id, label }));
    if (definition.name === stageProperty) {
      return pipelines.flatMap(({ stages }) => stages.map(({ id, label }) => ({ value: id, label })));
    }
    if (definition.name === 'deal_currency_code') {
      const codes = [this.account.companyCurrency, ...this.account.additionalCurrencies];
      return codes.map((code) => ({ value: code, label: code }));
    }
    return undefined;
  }
}
