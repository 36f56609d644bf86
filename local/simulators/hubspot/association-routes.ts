import {
  type ApiAnswer,
  type ApiError,
  batchError,
  errorAnswer,
  notFoundError,
  type Outcome,
  refuse,
  succeed,
  validationError,
} from './api-error.ts';
import type { RecordRef } from './association-store.ts';
import {
  type AssociationType,
  associationTypes,
  findAssociationType,
  plainAssociationType,
} from './association-types.ts';
import { batchAnswer } from './batch-answer.ts';
import type { CrmState } from './crm-state.ts';
import { type ObjectType, objectTypes } from './object-types.ts';
import type { RecordReader } from './record-reader.ts';
import type { RecordWriter } from './record-writer.ts';
import { bodySchemas, readBatch, readBody } from './request-body.ts';
import { type Route, type RouteCall, readObjectType } from './route.ts';

export interface AssociationApi {
  readonly state: CrmState;
  readonly reader: RecordReader;
  readonly writer: RecordWriter;
  /** Whether `toObjectId` is a JSON number, as older answers have it, or text, as the SDK's types say. */
  readonly hasNumericIds: boolean;
}

/** https://developers.hubspot.com/docs/guides/api/crm/associations/associations-v4 (November 2026). */
const inputsMax = { create: 2_000, read: 1_000, archive: 100 } as const;
const pageSizeMax = 500;

/** Associations v4: single pairs, batches and labels. */
export function associationRoutes(api: AssociationApi): readonly Route[] {
  const object = '/crm/v4/objects/:fromType/:fromId/associations';
  const batch = '/crm/v4/associations/:fromType/:toType/batch';
  const read = { policy: 'burst', writes: false } as const;
  const write = { policy: 'burst', writes: true } as const;
  const pair = (handle: PairHandler): Route['handle'] => typedPair((types, call) => handle(api, types, call));
  return [
    { method: 'GET', path: `${object}/:toType`, ...read, handle: pair(listAssociations) },
    { method: 'PUT', path: `${object}/:toType/:toId`, ...write, handle: pair(createAssociation) },
    { method: 'DELETE', path: `${object}/:toType/:toId`, ...write, handle: pair(deleteAssociation) },
    { method: 'PUT', path: `${object}/default/:toType/:toId`, ...write, handle: pair(createDefault) },
    { method: 'POST', path: `${batch}/create`, ...write, handle: pair(batchCreate) },
    { method: 'POST', path: `${batch}/associate/default`, ...write, handle: pair(batchCreateDefault) },
    { method: 'POST', path: `${batch}/read`, ...read, handle: pair(batchRead) },
    { method: 'POST', path: `${batch}/archive`, ...write, handle: pair(batchArchive) },
    { method: 'POST', path: `${batch}/labels/archive`, ...write, handle: pair(batchArchiveLabels) },
    { method: 'GET', path: '/crm/v4/associations/:fromType/:toType/labels', ...read, handle: pair(listLabels) },
  ];
}

interface TypePair {
  readonly from: ObjectType;
  readonly to: ObjectType;
}

type PairHandler = (api: AssociationApi, types: TypePair, call: RouteCall) => ApiAnswer;

function typedPair(handle: (types: TypePair, call: RouteCall) => ApiAnswer): Route['handle'] {
  return (call) => {
    const from = readObjectType(call.parameters.fromType);
    if (typeof from !== 'string') return errorAnswer(from);
    const to = readObjectType(call.parameters.toType);
    return typeof to === 'string' ? handle({ from, to }, call) : errorAnswer(to);
  };
}

function listAssociations(api: AssociationApi, types: TypePair, { parameters, query }: RouteCall): ApiAnswer {
  const version = api.state.records(types.from).find(parameters.fromId ?? '');
  if (version === undefined) return errorAnswer(notFoundError);
  const limit = Math.min(Number(query.get('limit') ?? pageSizeMax), pageSizeMax);
  const page = pageOfLinked(api, types, version.id, Number(query.get('after') ?? 0), limit);
  const { to: results, ...paging } = page;
  return { status: 200, records: results.length, body: { results, ...paging } };
}

function createAssociation(api: AssociationApi, types: TypePair, call: RouteCall): ApiAnswer {
  const body = readBody(bodySchemas.associationTypes, call.body);
  if (!body.ok) return errorAnswer(body.error);
  const created = associate(api, types, call, pairOf(call), body.value);
  return created.ok ? { status: 201, records: 1, body: created.value } : errorAnswer(created.error);
}

function deleteAssociation(api: AssociationApi, types: TypePair, call: RouteCall): ApiAnswer {
  dissociate(api, types, call, pairOf(call));
  return { status: 204, records: 1 };
}

function createDefault(api: AssociationApi, types: TypePair, call: RouteCall): ApiAnswer {
  const created = associateDefault(api, types, call, pairOf(call));
  return created.ok
    ? batchAnswer(created.value, [], { statusWhenWhole: 200, records: 1, now: call.now })
    : errorAnswer(created.error);
}

function batchCreate(api: AssociationApi, types: TypePair, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchAssociate, call.body, inputsMax.create);
  if (!body.ok) return errorAnswer(body.error);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of body.value.inputs) {
    const created = associate(api, types, call, { fromId: input.from.id, toId: input.to.id }, input.types);
    if (created.ok) results.push(created.value);
    else errors.push(batchError(created.error, undefined));
  }
  return batchAnswer(results, errors, { statusWhenWhole: 201, records: body.value.inputs.length, now: call.now });
}

function batchCreateDefault(api: AssociationApi, types: TypePair, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchAssociateDefault, call.body, inputsMax.create);
  if (!body.ok) return errorAnswer(body.error);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const { from, to } of body.value.inputs) {
    const created = associateDefault(api, types, call, { fromId: from.id, toId: to.id });
    if (created.ok) results.push(...created.value);
    else errors.push(batchError(created.error, undefined));
  }
  return batchAnswer(results, errors, { statusWhenWhole: 200, records: body.value.inputs.length, now: call.now });
}

/** A record without associations is an error of its own in the answer, which therefore is a 207. */
function batchRead(api: AssociationApi, types: TypePair, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchAssociationRead, call.body, inputsMax.read);
  if (!body.ok) return errorAnswer(body.error);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const { id, after } of body.value.inputs) {
    const fromId = api.state.records(types.from).survivorOf(id);
    const page = pageOfLinked(api, types, fromId, Number(after ?? 0), pageSizeMax);
    if (page.to.length > 0) results.push({ from: { id }, ...page });
    else errors.push(batchError(noAssociationsError(types, id), undefined));
  }
  return batchAnswer(results, errors, { statusWhenWhole: 200, records: body.value.inputs.length, now: call.now });
}

function batchArchive(api: AssociationApi, types: TypePair, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchDissociate, call.body, inputsMax.archive);
  if (!body.ok) return errorAnswer(body.error);
  for (const { from, to } of body.value.inputs) {
    for (const { id } of to) dissociate(api, types, call, { fromId: from.id, toId: id });
  }
  return { status: 204, records: body.value.inputs.length };
}

function batchArchiveLabels(api: AssociationApi, types: TypePair, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchAssociate, call.body, inputsMax.archive);
  if (!body.ok) return errorAnswer(body.error);
  for (const input of body.value.inputs) {
    const removed = readTypes(types, input.types);
    if (!removed.ok) return errorAnswer(removed.error);
    const ends = findEnds(api, types, { fromId: input.from.id, toId: input.to.id });
    if (ends.ok) api.writer.dissociate(ends.value.from, ends.value.to, removed.value, call);
  }
  return { status: 204, records: body.value.inputs.length };
}

function listLabels(_api: AssociationApi, types: TypePair): ApiAnswer {
  const results = associationTypes
    .filter(({ from, to }) => from === types.from && to === types.to)
    .map(({ typeId, label }) => ({ category: 'HUBSPOT_DEFINED', typeId, label }));
  return { status: 200, body: { results } };
}

interface PairIds {
  readonly fromId: string;
  readonly toId: string;
}

function pairOf({ parameters }: RouteCall): PairIds {
  return { fromId: parameters.fromId ?? '', toId: parameters.toId ?? '' };
}

function associate(
  api: AssociationApi,
  types: TypePair,
  call: RouteCall,
  pair: PairIds,
  written: readonly { associationTypeId: number }[],
): Outcome<unknown> {
  const added = readTypes(types, written);
  if (!added.ok) return added;
  const ends = findEnds(api, types, pair);
  if (!ends.ok) return ends;
  api.writer.associate(ends.value.from, ends.value.to, added.value, call);
  return succeed({
    fromObjectTypeId: objectTypes[types.from].objectTypeId,
    fromObjectId: ends.value.from.id,
    toObjectTypeId: objectTypes[types.to].objectTypeId,
    toObjectId: ends.value.to.id,
    labels: added.value.flatMap(({ label }) => (label === null ? [] : [label])),
  });
}

/** The default association is the plain one; it is told from both sides. */
function associateDefault(
  api: AssociationApi,
  types: TypePair,
  call: RouteCall,
  pair: PairIds,
): Outcome<readonly unknown[]> {
  const plain = plainAssociationType(types.from, types.to);
  if (plain === undefined) return refuse(typesError(types));
  const ends = findEnds(api, types, pair);
  if (!ends.ok) return ends;
  const { from, to } = ends.value;
  api.writer.associate(from, to, [plain], call);
  const told = (near: RecordRef, far: RecordRef, associationTypeId: number): unknown => ({
    from: { id: near.id },
    to: { id: far.id },
    associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId },
  });
  return succeed([told(from, to, plain.typeId), told(to, from, plain.inverseTypeId)]);
}

function dissociate(api: AssociationApi, types: TypePair, call: RouteCall, pair: PairIds): void {
  const plain = plainAssociationType(types.from, types.to);
  const from = { type: types.from, id: api.state.records(types.from).survivorOf(pair.fromId) };
  const to = { type: types.to, id: api.state.records(types.to).survivorOf(pair.toId) };
  if (plain !== undefined) api.writer.dissociate(from, to, [plain], call);
}

function readTypes(
  types: TypePair,
  written: readonly { associationTypeId: number }[],
): Outcome<readonly AssociationType[]> {
  const known = written.map(({ associationTypeId }) => findAssociationType(associationTypeId));
  const fitting = known.filter((type) => type?.from === types.from && type.to === types.to);
  return fitting.length === known.length
    ? succeed(fitting.filter((type) => type !== undefined))
    : refuse(typesError(types));
}

function findEnds(
  { state }: AssociationApi,
  types: TypePair,
  { fromId, toId }: PairIds,
): Outcome<{ from: RecordRef; to: RecordRef }> {
  const from = state.records(types.from).find(fromId);
  const to = state.records(types.to).find(toId);
  if (from === undefined || to === undefined) {
    return refuse({ ...notFoundError, context: { fromObjectId: [fromId], toObjectId: [toId] } });
  }
  return succeed({ from: { type: types.from, id: from.id }, to: { type: types.to, id: to.id } });
}

function pageOfLinked(
  { reader, hasNumericIds }: AssociationApi,
  types: TypePair,
  fromId: string,
  offset: number,
  limit: number,
): { to: readonly unknown[]; paging?: unknown } {
  const linked = reader.linked(types.from, fromId, types.to);
  const to = linked.slice(offset, offset + limit).map(({ id, typeIds }) => ({
    toObjectId: hasNumericIds ? Number(id) : id,
    associationTypes: typeIds.map((typeId) => ({
      category: 'HUBSPOT_DEFINED',
      typeId,
      label: findAssociationType(typeId)?.label ?? null,
    })),
  }));
  const end = offset + to.length;
  return { to, ...(end < linked.length ? { paging: { next: { after: String(end) } } } : {}) };
}

function typesError({ from, to }: TypePair): ApiError {
  return validationError(`One of the association types is not valid from ${from} to ${to}`);
}

function noAssociationsError({ from, to }: TypePair, id: string): ApiError {
  const [fromName, toName] = [objectTypes[from].singular, objectTypes[to].singular];
  return {
    ...notFoundError,
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${toName} is associated with ${fromName} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [fromName], toObjectType: [toName] },
  };
}
