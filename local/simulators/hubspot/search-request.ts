import * as z from 'zod';
import { type ApiError, type Outcome, refuse, succeed, validationError } from './api-error.ts';
import type { ObjectType } from './object-types.ts';
import { type ObjectTypeFacts, objectTypes } from './object-types.ts';
import type { PropertyCatalogue } from './property-catalogue.ts';
import { type PropertyDefinition, standardProperty } from './property-definition.ts';
import { propertyValue, type RecordVersion } from './record-version.ts';
import { type Comparable, comparable, filterPredicate, filterSchema, type SearchFilter } from './search-filter.ts';
import type { SearchPlan } from './search-index.ts';

/** https://developers.hubspot.com/docs/guides/api/crm/search, checked November 2026. */
export const searchLimits = {
  pageSizeMax: 200,
  pageSizeDefault: 10,
  /** No page may reach beyond this many results. */
  wall: 10_000,
  filterGroupsMax: 5,
  filtersPerGroupMax: 6,
  filtersMax: 18,
  bodyCharactersMax: 3_000,
} as const;

/** A search that may be run: what to look for, which page, what to answer. */
export interface SearchRequest {
  readonly plan: SearchPlan;
  readonly offset: number;
  readonly limit: number;
  readonly properties: readonly string[];
}

const bodySchema = z.object({
  query: z.string().nullish(),
  limit: z.int().min(0).nullish(),
  after: z.coerce.string().nullish(),
  sorts: z
    .array(z.union([z.string(), z.object({ propertyName: z.string(), direction: z.string().optional() })]))
    .nullish(),
  properties: z.array(z.string()).nullish(),
  filterGroups: z.array(z.object({ filters: z.array(filterSchema) })).nullish(),
});

type SearchBody = z.infer<typeof bodySchema>;

/** Checks a search body and prepares it. `bodyLength` is in characters as sent. */
export function readSearchRequest(
  catalogue: PropertyCatalogue,
  type: ObjectType,
  body: unknown,
  bodyLength: number,
): Outcome<SearchRequest> {
  if (bodyLength > searchLimits.bodyCharactersMax) return refuse(problem('The request body is too long'));
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return refuse(problem('The search request has an unexpected form'));
  const request = parsed.data;
  const groups = request.filterGroups ?? [];
  const limit = request.limit ?? searchLimits.pageSizeDefault;
  const offset = Number(request.after ?? 0);
  const refusal = refusalOfSize(groups, limit, offset);
  if (refusal !== undefined) return refuse(refusal);

  const predicates: ((version: RecordVersion) => boolean)[][] = [];
  for (const { filters } of groups) {
    const predicatesOfGroup = [];
    for (const filter of filters) {
      const definition = catalogue.find(type, filter.propertyName);
      if (definition === undefined) return refuse(problem(`There is no property ${quote(filter.propertyName)}`));
      const predicate = filterPredicate(objectTypes[type], definition, filter);
      if (predicate === undefined) return refuse(problem(`A filter on ${quote(filter.propertyName)} is incomplete`));
      predicatesOfGroup.push(predicate);
    }
    predicates.push(predicatesOfGroup);
  }
  const order = readOrder(catalogue, type, request);
  if (!order.ok) return order;

  const facts = objectTypes[type];
  const isFoundByQuery = queryPredicate(facts, request.query ?? '');
  const matches = (version: RecordVersion): boolean =>
    (predicates.length === 0 || predicates.some((group) => group.every((holds) => holds(version)))) &&
    isFoundByQuery(version);
  const properties = request.properties ?? facts.defaultProperties;
  return succeed({
    plan: { matches, ...modifiedBounds(facts, groups), order: order.value },
    offset,
    limit,
    properties: properties.filter((name) => catalogue.find(type, name) !== undefined),
  });
}

function refusalOfSize(
  groups: readonly { filters: readonly SearchFilter[] }[],
  limit: number,
  offset: number,
): ApiError | undefined {
  const filterCount = groups.reduce((sum, { filters }) => sum + filters.length, 0);
  if (limit > searchLimits.pageSizeMax)
    return problem(`Limit is too large, the largest is ${searchLimits.pageSizeMax}`);
  if (!Number.isInteger(offset) || offset < 0) return problem('The paging cursor is not valid');
  if (offset + limit > searchLimits.wall) return problem(`Searches do not go past result ${searchLimits.wall}`);
  if (
    groups.length > searchLimits.filterGroupsMax ||
    filterCount > searchLimits.filtersMax ||
    groups.some(({ filters }) => filters.length > searchLimits.filtersPerGroupMax)
  ) {
    return problem('Too many filters');
  }
  return undefined;
}

function readOrder(catalogue: PropertyCatalogue, type: ObjectType, request: SearchBody): Outcome<SearchPlan['order']> {
  const [sort, ...others] = request.sorts ?? [];
  if (others.length > 0) return refuse(problem('Only one sort is supported'));
  const facts = objectTypes[type];
  if (sort === undefined)
    return succeed(orderBy(facts, standardProperty('datetime', facts.createdProperty, ''), false));
  const name = typeof sort === 'string' ? sort.replace(/^-/, '') : sort.propertyName;
  const isDescending = typeof sort === 'string' ? sort.startsWith('-') : sort.direction === 'DESCENDING';
  const definition = catalogue.find(type, name);
  if (definition === undefined) return refuse(problem(`There is no property ${quote(name)}`));
  return succeed(orderBy(facts, definition, isDescending));
}

function orderBy(facts: ObjectTypeFacts, definition: PropertyDefinition, isDescending: boolean): SearchPlan['order'] {
  if (definition.name === facts.modifiedProperty) return { by: 'modified', isDescending };
  const keyOf = (version: RecordVersion): Comparable | undefined =>
    comparable(definition, propertyValue(facts, version, definition.name));
  const sign = isDescending ? -1 : 1;
  return {
    by: 'comparison',
    compare: (a, b) => sign * compareKeys(keyOf(a), keyOf(b)) || Number(a.id) - Number(b.id),
  };
}

/** Records without the value come last in ascending order. */
function compareKeys(a: Comparable | undefined, b: Comparable | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}

/** The widest bounds on the modification time that every filter group implies. */
function modifiedBounds(
  facts: ObjectTypeFacts,
  groups: readonly { filters: readonly SearchFilter[] }[],
): { modifiedFrom: number; modifiedTo: number } {
  const definition = standardProperty('datetime', facts.modifiedProperty, '');
  const instant = (text: string | undefined): number => {
    const value = comparable(definition, text ?? null);
    return typeof value === 'number' ? value : Number.NaN;
  };
  const bounds = groups.map(({ filters }) => {
    let from = Number.NEGATIVE_INFINITY;
    let to = Number.POSITIVE_INFINITY;
    for (const { propertyName, operator, value, highValue } of filters) {
      if (propertyName !== facts.modifiedProperty) continue;
      if (['GT', 'GTE', 'EQ', 'BETWEEN'].includes(operator)) from = Math.max(from, instant(value));
      if (['LT', 'LTE', 'EQ'].includes(operator)) to = Math.min(to, instant(value));
      if (operator === 'BETWEEN') to = Math.min(to, instant(highValue));
    }
    return { from, to };
  });
  if (bounds.length === 0) return { modifiedFrom: Number.NEGATIVE_INFINITY, modifiedTo: Number.POSITIVE_INFINITY };
  return {
    modifiedFrom: Math.min(...bounds.map(({ from }) => from)),
    modifiedTo: Math.max(...bounds.map(({ to }) => to)),
  };
}

function queryPredicate(facts: ObjectTypeFacts, query: string): (version: RecordVersion) => boolean {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return () => true;
  return ({ values }) => facts.queryProperties.some((name) => values[name]?.toLowerCase().includes(wanted) === true);
}

function problem(message: string): ApiError {
  return validationError(`There was a problem with the request: ${message}.`);
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
