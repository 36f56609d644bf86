import { type ApiAnswer, errorAnswer, notFoundError, validationError } from './api-error.ts';
import type { CrmState } from './crm-state.ts';
import { type ObjectType, objectTypes } from './object-types.ts';
import type { RecordPlanner } from './record-planner.ts';
import type { RecordReader } from './record-reader.ts';
import { describeRecord } from './record-version.ts';
import type { RecordWriter } from './record-writer.ts';
import { bodySchemas, listParameter, readBody } from './request-body.ts';
import { type Route, type RouteCall, typed } from './route.ts';
import { readSearchRequest } from './search-request.ts';

/** What the routes of the objects API work on. */
export interface ObjectApi {
  readonly state: CrmState;
  readonly reader: RecordReader;
  readonly planner: RecordPlanner;
  readonly writer: RecordWriter;
}

const listLimitMax = 100;
const listLimitDefault = 10;

/** Single records, lists, search and merge: `/crm/v3/objects/{type}…`. */
export function objectRoutes(api: ObjectApi): readonly Route[] {
  const collection = '/crm/v3/objects/:type';
  const single = `${collection}/:id`;
  const read = { policy: 'burst', writes: false } as const;
  const write = { policy: 'burst', writes: true } as const;
  return [
    { method: 'GET', path: collection, ...read, handle: typed((type, call) => listRecords(api, type, call)) },
    { method: 'POST', path: collection, ...write, handle: typed((type, call) => createRecord(api, type, call)) },
    { method: 'GET', path: single, ...read, handle: typed((type, call) => readRecord(api, type, call)) },
    { method: 'PATCH', path: single, ...write, handle: typed((type, call) => updateRecord(api, type, call)) },
    { method: 'DELETE', path: single, ...write, handle: typed((type, call) => archiveRecord(api, type, call)) },
    {
      method: 'POST',
      path: `${collection}/search`,
      policy: 'search',
      writes: false,
      handle: typed((type, call) => search(api, type, call)),
    },
    { method: 'POST', path: `${collection}/merge`, ...write, handle: typed((type, call) => merge(api, type, call)) },
    { method: 'POST', path: '/crm/v3/objects/contacts/gdpr-delete', ...write, handle: (call) => erase(api, call) },
  ];
}

function listRecords({ state, reader }: ObjectApi, type: ObjectType, { query }: RouteCall): ApiAnswer {
  const limit = Number(query.get('limit') ?? listLimitDefault);
  if (!Number.isInteger(limit) || limit < 1 || limit > listLimitMax) {
    return errorAnswer(validationError(`The limit must be between 1 and ${listLimitMax}`));
  }
  const after = Number(query.get('after') ?? 0);
  if (!Number.isInteger(after)) return errorAnswer(validationError('The paging cursor is not valid'));
  // One more than the page tells whether there is another page.
  const found = state.records(type).list(query.get('archived') === 'true', after, limit + 1);
  const page = found.slice(0, limit);
  const selection = readSelection(reader, type, query);
  const next = found.length > limit ? page.at(-1)?.id : undefined;
  return {
    status: 200,
    records: page.length,
    body: {
      results: page.map((version) => reader.describe(type, version, selection)),
      ...(next === undefined ? {} : { paging: { next: { after: next, link: `?after=${next}` } } }),
    },
  };
}

function readRecord({ reader }: ObjectApi, type: ObjectType, { parameters, query }: RouteCall): ApiAnswer {
  const isArchived = query.get('archived') === 'true';
  const found = reader.find(type, parameters.id ?? '', query.get('idProperty') ?? undefined, isArchived);
  if (!found.ok) return errorAnswer(found.error);
  if (found.value === undefined) return errorAnswer(notFoundError);
  return { status: 200, records: 1, body: reader.describe(type, found.value, readSelection(reader, type, query)) };
}

function createRecord({ planner, writer }: ObjectApi, type: ObjectType, call: RouteCall): ApiAnswer {
  const body = readBody(bodySchemas.create, call.body);
  if (!body.ok) return errorAnswer(body.error);
  const plan = planner.planCreation(type, body.value.properties, body.value.associations, new Set());
  if (!plan.ok) return errorAnswer(plan.error);
  const version = writer.write(plan.value, call);
  return { status: 201, records: 1, body: describeRecord(type, version, Object.keys(version.values)) };
}

function updateRecord({ reader, planner, writer }: ObjectApi, type: ObjectType, call: RouteCall): ApiAnswer {
  const body = readBody(bodySchemas.update, call.body);
  if (!body.ok) return errorAnswer(body.error);
  const found = reader.find(type, call.parameters.id ?? '', call.query.get('idProperty') ?? undefined);
  if (!found.ok) return errorAnswer(found.error);
  if (found.value === undefined) return errorAnswer(notFoundError);
  const plan = planner.planUpdate(type, found.value, body.value.properties, new Set());
  if (!plan.ok) return errorAnswer(plan.error);
  const version = writer.write(plan.value, call);
  return { status: 200, records: 1, body: describeRecord(type, version, Object.keys(body.value.properties)) };
}

/** Deleting what is not there succeeds: afterwards it is not there. */
function archiveRecord({ writer }: ObjectApi, type: ObjectType, call: RouteCall): ApiAnswer {
  writer.archive(type, call.parameters.id ?? '', call);
  return { status: 204, records: 1 };
}

function search({ state }: ObjectApi, type: ObjectType, { body, bodyLength, now }: RouteCall): ApiAnswer {
  const request = readSearchRequest(state.catalogue, type, body ?? {}, bodyLength);
  if (!request.ok) return errorAnswer(request.error);
  const { plan, offset, limit, properties } = request.value;
  const { total, page } = state.records(type).searchIndex.search(plan, offset, limit, now);
  const end = offset + page.length;
  return {
    status: 200,
    records: page.length,
    body: {
      total,
      results: page.map((version) => describeRecord(type, version, properties)),
      ...(end < total && page.length > 0 ? { paging: { next: { after: String(end) } } } : {}),
    },
  };
}

function merge({ writer }: ObjectApi, type: ObjectType, call: RouteCall): ApiAnswer {
  const body = readBody(bodySchemas.merge, call.body);
  if (!body.ok) return errorAnswer(body.error);
  const merged = writer.merge(type, body.value.primaryObjectId, body.value.objectIdToMerge, call);
  if (!merged.ok) return errorAnswer(merged.error);
  return { status: 200, records: 2, body: describeRecord(type, merged.value, objectTypes[type].defaultProperties) };
}

function erase({ reader, writer }: ObjectApi, call: RouteCall): ApiAnswer {
  const body = readBody(bodySchemas.erase, call.body);
  if (!body.ok) return errorAnswer(body.error);
  const found = reader.find('contacts', body.value.objectId, body.value.idProperty);
  if (!found.ok) return errorAnswer(found.error);
  if (found.value !== undefined) writer.erase('contacts', found.value.id, call);
  return { status: 204, records: 1 };
}

function readSelection(reader: RecordReader, type: ObjectType, query: URLSearchParams) {
  return reader.selection(
    type,
    listParameter(query, 'properties'),
    listParameter(query, 'propertiesWithHistory'),
    listParameter(query, 'associations'),
  );
}
