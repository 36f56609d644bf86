import { type ApiAnswer, type ApiError, batchError, errorAnswer, type Outcome, validationError } from './api-error.ts';
import { batchAnswer } from './batch-answer.ts';
import type { ObjectApi } from './object-routes.ts';
import { type ObjectType, objectTypes } from './object-types.ts';
import type { ClaimedValues, PlannedWrite, WrittenProperties } from './record-planner.ts';
import { describeRecord, type RecordVersion } from './record-version.ts';
import { bodySchemas, readBatch } from './request-body.ts';
import { type Route, type RouteCall, typed } from './route.ts';

const inputsMax = 100;

/** Batches: `/crm/v3/objects/{type}/batch/{create,read,update,upsert,archive}`. */
export function batchRoutes(api: ObjectApi): readonly Route[] {
  const route = (name: string, writes: boolean, handle: (type: ObjectType, call: RouteCall) => ApiAnswer): Route => ({
    method: 'POST',
    path: `/crm/v3/objects/:type/batch/${name}`,
    policy: 'burst',
    writes,
    handle: typed(handle),
  });
  return [
    route('create', true, (type, call) => batchCreate(api, type, call)),
    route('read', false, (type, call) => batchRead(api, type, call)),
    route('update', true, (type, call) => batchUpdate(api, type, call)),
    route('upsert', true, (type, call) => batchUpsert(api, type, call)),
    route('archive', true, (type, call) => batchArchive(api, type, call)),
  ];
}

/** One input on its way through a batch. `absent` marks an id no record has, which is no reason to refuse the rest. */
interface PlannedInput {
  readonly traceId: string | undefined;
  readonly properties: WrittenProperties;
  readonly plan: Outcome<PlannedWrite> | { readonly ok: false; readonly absent: string };
}

function batchCreate(api: ObjectApi, type: ObjectType, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchCreate, call.body, inputsMax);
  if (!body.ok) return errorAnswer(body.error);
  const claimed: ClaimedValues = new Set();
  const inputs = body.value.inputs.map(({ properties, associations, objectWriteTraceId }) => ({
    traceId: objectWriteTraceId,
    properties,
    plan: api.planner.planCreation(type, properties, associations, claimed),
  }));
  return carryOut(api, type, call, inputs, 201, true, (version) =>
    describeRecord(type, version, Object.keys(version.values)),
  );
}

function batchUpdate(api: ObjectApi, type: ObjectType, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchUpdate, call.body, inputsMax);
  if (!body.ok) return errorAnswer(body.error);
  const repeated = repeatedIdsError(body.value.inputs);
  if (repeated !== undefined) return errorAnswer(repeated);
  const claimed: ClaimedValues = new Set();
  const inputs: PlannedInput[] = [];
  for (const { id, idProperty, properties, objectWriteTraceId } of body.value.inputs) {
    if (idProperty === 'hs_object_id') return errorAnswer(api.reader.nonUniqueError(type, idProperty));
    const found = api.reader.find(type, id, idProperty ?? undefined);
    if (!found.ok) return errorAnswer(found.error);
    const former = found.value;
    const plan =
      former === undefined
        ? { ok: false as const, absent: id }
        : api.planner.planUpdate(type, former, properties, claimed);
    inputs.push({ traceId: objectWriteTraceId, properties, plan });
  }
  return carryOut(api, type, call, inputs, 200, true, (version, { properties }) =>
    describeRecord(type, version, Object.keys(properties)),
  );
}

function batchUpsert(api: ObjectApi, type: ObjectType, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchUpdate, call.body, inputsMax);
  if (!body.ok) return errorAnswer(body.error);
  const repeated = repeatedIdsError(body.value.inputs);
  if (repeated !== undefined) return errorAnswer(repeated);
  const claimed: ClaimedValues = new Set();
  const inputs: PlannedInput[] = [];
  let isByEmail = false;
  for (const { id, idProperty, properties, objectWriteTraceId } of body.value.inputs) {
    const property = idProperty ?? 'hs_object_id';
    if (property === 'hs_object_id') return errorAnswer(api.reader.nonUniqueError(type, property));
    isByEmail ||= property === 'email';
    const found = api.reader.find(type, id, property);
    if (!found.ok) return errorAnswer(found.error);
    const plan =
      found.value === undefined
        ? api.planner.planCreation(type, { ...properties, [property]: id }, [], claimed)
        : api.planner.planUpdate(type, found.value, properties, claimed);
    inputs.push({ traceId: objectWriteTraceId, properties: { ...properties, [property]: id }, plan });
  }
  // Upserts by e-mail have no partial mode:
  // https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide (November 2026).
  return carryOut(api, type, call, inputs, 200, !isByEmail, (version, { properties, plan }) => ({
    ...describeRecord(type, version, Object.keys(properties)),
    new: plan.ok && plan.value.former === undefined,
  }));
}

function batchRead(api: ObjectApi, type: ObjectType, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchRead, call.body, inputsMax);
  if (!body.ok) return errorAnswer(body.error);
  const { inputs, properties, propertiesWithHistory, idProperty } = body.value;
  const selection = api.reader.selection(type, properties ?? [], propertiesWithHistory ?? []);
  const found = new Map<string, RecordVersion>();
  const absent = new Set<string>();
  for (const { id } of inputs) {
    const version = api.reader.find(type, id, idProperty ?? undefined, call.query.get('archived') === 'true');
    if (!version.ok) return errorAnswer(version.error);
    if (version.value === undefined) absent.add(id);
    else found.set(version.value.id, version.value);
  }
  const results = [...found.values()].map((version) => api.reader.describe(type, version, selection));
  const errors = absent.size === 0 ? [] : [batchError(absentError(type, [...absent]), undefined)];
  return batchAnswer(shuffled(results), errors, { statusWhenWhole: 200, records: inputs.length, now: call.now });
}

function batchArchive(api: ObjectApi, type: ObjectType, call: RouteCall): ApiAnswer {
  const body = readBatch(bodySchemas.batchIds, call.body, inputsMax);
  if (!body.ok) return errorAnswer(body.error);
  for (const { id } of body.value.inputs) api.writer.archive(type, id, call);
  return { status: 204, records: body.value.inputs.length };
}

/**
 * Writes what was planned. Refused inputs are told one by one only when every input carries a trace id; otherwise the
 * first refusal is that of the whole batch and nothing is written. Absent ids never stop the others.
 */
function carryOut(
  { writer }: ObjectApi,
  type: ObjectType,
  call: RouteCall,
  inputs: readonly PlannedInput[],
  statusWhenWhole: number,
  hasPartialMode: boolean,
  describe: (version: RecordVersion, input: PlannedInput) => Record<string, unknown>,
): ApiAnswer {
  const isPartial = hasPartialMode && inputs.every(({ traceId }) => traceId !== undefined);
  const errors: unknown[] = [];
  const absentWithoutTrace: string[] = [];
  for (const { plan, traceId } of inputs) {
    if (plan.ok) continue;
    if ('absent' in plan) {
      if (traceId === undefined) absentWithoutTrace.push(plan.absent);
      else errors.push(batchError(absentError(type, [plan.absent]), traceId));
    } else if (isPartial) errors.push(batchError(plan.error, traceId));
    else return { ...errorAnswer(plan.error), records: inputs.length };
  }
  if (absentWithoutTrace.length > 0) errors.push(batchError(absentError(type, absentWithoutTrace), undefined));
  const results: unknown[] = [];
  for (const input of inputs) {
    if (!input.plan.ok) continue;
    const described = describe(writer.write(input.plan.value, call), input);
    results.push(input.traceId === undefined ? described : { ...described, objectWriteTraceId: input.traceId });
  }
  return batchAnswer(shuffled(results), errors, { statusWhenWhole, records: inputs.length, now: call.now });
}

/** Results come in an order of their own: the vendor promises none, and a caller that counts on one must notice. */
function shuffled(results: unknown[]): unknown[] {
  return results.reverse();
}

function absentError(type: ObjectType, ids: readonly string[]): ApiError {
  const name = objectTypes[type].singular.toUpperCase();
  return {
    status: 404,
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${name} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids },
  };
}

function repeatedIdsError(inputs: readonly { readonly id: string }[]): ApiError | undefined {
  const seen = new Set<string>();
  const repeated: string[] = [];
  for (const { id } of inputs) {
    if (seen.has(id)) repeated.push(id);
    seen.add(id);
  }
  if (repeated.length === 0) return undefined;
  return validationError(`Duplicate IDs found in batch input: [${repeated.join(', ')}]. IDs must be unique`, {
    context: { ids: repeated },
  });
}
