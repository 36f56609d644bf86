import * as z from 'zod';
import { utcOffsetMs } from './account.ts';
import { type ApiAnswer, errorAnswer, notFoundError } from './api-error.ts';
import type { CrmState } from './crm-state.ts';
import type { ObjectType } from './object-types.ts';
import type { Pipeline, PipelineStage } from './pipelines.ts';
import { customProperty, type PropertyDefinition } from './property-definition.ts';
import { readBody } from './request-body.ts';
import { type Route, type RouteCall, typed } from './route.ts';

/** Since when everything of the account's set-up exists. */
const accountMadeAt = '2024-01-08T09:00:00.000Z';

const ownersPerPageMax = 500;

const propertyCreateSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,99}$/),
  label: z.string(),
  type: z.enum(['string', 'number', 'date', 'datetime', 'enumeration', 'bool']),
  fieldType: z.string(),
  groupName: z.string(),
  description: z.string().optional(),
  hasUniqueValue: z.boolean().optional(),
  options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
});

/** What an integration reads of the account's set-up: properties, pipelines, owners, the account itself. */
export function schemaRoutes(state: CrmState): readonly Route[] {
  const read = { method: 'GET', policy: 'burst', writes: false } as const;
  const properties = '/crm/v3/properties/:type';
  const pipelines = '/crm/v3/pipelines/:type';
  return [
    { ...read, path: properties, handle: typed((type) => listProperties(state, type)) },
    { ...read, path: `${properties}/:name`, handle: typed((type, call) => readProperty(state, type, call)) },
    {
      method: 'POST',
      path: properties,
      policy: 'burst',
      writes: true,
      handle: typed((type, call) => createProperty(state, type, call)),
    },
    { ...read, path: pipelines, handle: typed((type) => listPipelines(state, type)) },
    { ...read, path: `${pipelines}/:pipelineId`, handle: typed((type, call) => readPipeline(state, type, call)) },
    { ...read, path: `${pipelines}/:pipelineId/stages`, handle: typed((type, call) => listStages(state, type, call)) },
    { ...read, path: '/crm/v3/owners', handle: (call) => listOwners(state, call) },
    { ...read, path: '/crm/v3/owners/:ownerId', handle: (call) => readOwner(state, call) },
    { ...read, path: '/account-info/v3/details', handle: (call) => describeAccount(state, call) },
  ];
}

function listProperties({ catalogue }: CrmState, type: ObjectType): ApiAnswer {
  return { status: 200, body: { results: catalogue.all(type).map(describeProperty) } };
}

function readProperty({ catalogue }: CrmState, type: ObjectType, { parameters }: RouteCall): ApiAnswer {
  const definition = catalogue.find(type, parameters.name ?? '');
  return definition === undefined ? errorAnswer(notFoundError) : { status: 200, body: describeProperty(definition) };
}

function createProperty(state: CrmState, type: ObjectType, call: RouteCall): ApiAnswer {
  const body = readBody(propertyCreateSchema, call.body);
  if (!body.ok) return errorAnswer(body.error);
  const { name, label, type: propertyType, fieldType, groupName, description, hasUniqueValue, options } = body.value;
  if (state.catalogue.find(type, name) !== undefined) {
    return errorAnswer({ status: 409, category: 'CONFLICT', message: `Property '${name}' already exists` });
  }
  const definition = customProperty(propertyType, name, label, {
    fieldType,
    groupName,
    description: description ?? '',
    hasUniqueValue: hasUniqueValue ?? false,
    options: options ?? [],
  });
  state.commit({ kind: 'property', type, definition });
  return { status: 201, body: describeProperty(definition) };
}

function describeProperty(definition: PropertyDefinition): Record<string, unknown> {
  const { options, isReadOnly, isHubspotDefined, ...facts } = definition;
  return {
    ...facts,
    options: options.map((option, displayOrder) => ({ ...option, displayOrder, hidden: false })),
    displayOrder: -1,
    calculated: false,
    externalOptions: definition.referencedObjectType !== undefined,
    archived: false,
    hidden: false,
    hubspotDefined: isHubspotDefined,
    formField: false,
    createdAt: accountMadeAt,
    updatedAt: accountMadeAt,
    modificationMetadata: {
      archivable: !isHubspotDefined,
      readOnlyDefinition: isHubspotDefined,
      readOnlyValue: isReadOnly,
    },
  };
}

function listPipelines({ catalogue }: CrmState, type: ObjectType): ApiAnswer {
  return { status: 200, body: { results: catalogue.pipelines[type].map(describePipeline) } };
}

function readPipeline({ catalogue }: CrmState, type: ObjectType, { parameters }: RouteCall): ApiAnswer {
  const pipeline = catalogue.findPipeline(type, parameters.pipelineId ?? '');
  return pipeline === undefined ? errorAnswer(notFoundError) : { status: 200, body: describePipeline(pipeline) };
}

function listStages({ catalogue }: CrmState, type: ObjectType, { parameters }: RouteCall): ApiAnswer {
  const pipeline = catalogue.findPipeline(type, parameters.pipelineId ?? '');
  if (pipeline === undefined) return errorAnswer(notFoundError);
  return { status: 200, body: { results: pipeline.stages.map(describeStage) } };
}

function describePipeline({ id, label, displayOrder, stages }: Pipeline): Record<string, unknown> {
  return { id, label, displayOrder, stages: stages.map(describeStage), ...settled };
}

function describeStage({ id, label, displayOrder, metadata }: PipelineStage): Record<string, unknown> {
  return { id, label, displayOrder, metadata, writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT', ...settled };
}

function listOwners({ catalogue }: CrmState, { query }: RouteCall): ApiAnswer {
  const isArchived = query.get('archived') === 'true';
  const email = query.get('email')?.toLowerCase();
  const owners = catalogue.account.owners.filter(
    (owner) => owner.archived === isArchived && (email === undefined || owner.email === email),
  );
  const offset = Number(query.get('after') ?? 0);
  const end = offset + Math.min(Number(query.get('limit') ?? 100), ownersPerPageMax);
  return {
    status: 200,
    body: {
      results: owners.slice(offset, end).map(describeOwner),
      ...(end < owners.length ? { paging: { next: { after: String(end) } } } : {}),
    },
  };
}

function readOwner({ catalogue }: CrmState, { parameters, query }: RouteCall): ApiAnswer {
  const isByUserId = query.get('idProperty') === 'userId';
  const owner = catalogue.account.owners.find(
    ({ id, userId }) => (isByUserId ? String(userId) : id) === parameters.ownerId,
  );
  return owner === undefined ? errorAnswer(notFoundError) : { status: 200, body: describeOwner(owner) };
}

/** An archived owner has lost the user id; only `userIdIncludingInactive` still tells it. */
function describeOwner(owner: CrmState['catalogue']['account']['owners'][number]): Record<string, unknown> {
  const { userId, ...facts } = owner;
  return {
    ...facts,
    type: 'PERSON',
    ...(owner.archived ? {} : { userId }),
    userIdIncludingInactive: userId,
    createdAt: accountMadeAt,
    updatedAt: accountMadeAt,
  };
}

function describeAccount({ catalogue }: CrmState, { now }: RouteCall): ApiAnswer {
  const { portalId, companyCurrency, additionalCurrencies, timeZone } = catalogue.account;
  const offsetMs = utcOffsetMs(now, timeZone);
  return {
    status: 200,
    body: {
      portalId,
      accountType: 'STANDARD',
      timeZone,
      companyCurrency,
      additionalCurrencies,
      utcOffset: offsetText(offsetMs),
      utcOffsetMilliseconds: offsetMs,
      uiDomain: 'app.hubspot.com',
      dataHostingLocation: 'eu1',
    },
  };
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${offsetMs < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

const settled = { createdAt: accountMadeAt, updatedAt: accountMadeAt, archived: false };
