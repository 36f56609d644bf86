import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import type { CreateInput, HubspotApi, NewAssociation } from './api.ts';
import { associationFields, idsIn, leadPerson } from './association-fields.ts';
import { findCreated } from './find-created.ts';
import type { ObjectType } from './object-types.ts';
import { toProperties } from './property-text.ts';
import { callBudgets } from './rate-limits.ts';
import { matchBatch, sendInHalves } from './send-batch.ts';
import { writeAssociations } from './write-associations.ts';
import { isAlive, startJob, toOutcome, type WriteJob } from './write-job.ts';
import { writeLineItems } from './write-line-items.ts';
import { settlePersons } from './write-persons.ts';

/**
 * Writes up to 100 records, creations, updates and deletions mixed.
 *
 * ```
 *  delete ─▶ archive
 *  create ─▶ lead: its person ─▶ create ─▶ exists? look up, update instead ┐
 *  update ─▶ lead: its person ─▶ update ◀──────────────────────────────────┘
 *                                  └─▶ associations and line items, as differences
 * ```
 *
 * Every step is one call for the whole batch, made only if an item needs it: a batch of updates of plain properties costs one
 * call, of creations one, with associations included.
 *
 * *Shape*: one outcome per item, in order. *Faults*: never thrown; an item that fails in one step skips the following ones.
 */
export async function writeRecords(
  call: Call<HubspotApi>,
  type: ObjectType,
  hubIdField: string,
  items: readonly WriteItem[],
): Promise<readonly WriteOutcome[]> {
  const jobs = items.map((item, index) => startJob(type, item, index));
  const deletions = jobs.filter(({ item }) => item.operation === 'delete');
  const writes = jobs.filter(({ item }) => item.operation !== 'delete');
  const alive = (): readonly WriteJob[] => writes.filter(isAlive);

  await archiveRecords(call, type, deletions.filter(isAlive));
  if (type.object === 'lead') await settlePersons(call, alive());
  await createRecords(
    call,
    type,
    hubIdField,
    alive().filter(({ externalId }) => externalId === undefined),
  );
  await updateRecords(
    call,
    type,
    alive().filter(({ isCreated }) => !isCreated),
  );
  await writeAssociations(
    call,
    type,
    alive().filter(({ isCreated }) => !isCreated),
  );
  if (type.object === 'deal') await writeLineItems(call, alive());
  return jobs.map(toOutcome);
}

async function archiveRecords(call: Call<HubspotApi>, type: ObjectType, jobs: readonly WriteJob[]): Promise<void> {
  const sent = await sendInHalves<WriteJob, undefined>(jobs, async (part) => {
    const ids = [...new Set(part.map(idOf))];
    const answer = await call(
      { route: `${type.path}.batch.archive`, isRepeatable: true, budgets: callBudgets },
      (api, signal) => api.archiveBatch(type, ids, signal),
    );
    return answer.ok ? succeed(new Map(part.map(({ key }) => [key, succeed(undefined)]))) : answer;
  });
  for (const job of jobs) settle(job, sent.get(job.key), () => undefined);
}

/** Finds creations whose record is there already. Jobs whose record is not found are left as they are. */
async function adoptExisting(
  call: Call<HubspotApi>,
  type: ObjectType,
  hubIdField: string,
  jobs: readonly WriteJob[],
): Promise<void> {
  if (jobs.length === 0) return;
  const answer = await findCreated(
    call,
    type,
    hubIdField,
    jobs.map(({ item }) => item.unifiedId),
  );
  for (const job of jobs) {
    if (!answer.ok) {
      job.fault = answer.fault;
      continue;
    }
    const externalId = answer.value.get(job.item.unifiedId);
    if (externalId === undefined) continue;
    job.externalId = externalId;
    job.fault = undefined;
  }
}

/** Creates, and turns the creations that met their own earlier self into updates. */
async function createRecords(
  call: Call<HubspotApi>,
  type: ObjectType,
  hubIdField: string,
  jobs: readonly WriteJob[],
): Promise<void> {
  const inputs = jobs.map((job) => ({
    ...toCreateInput(type, hubIdField, job),
    key: job.key,
    unique: { property: hubIdField, value: job.item.unifiedId },
  }));
  const sent = await sendInHalves(inputs, async (part) => {
    const answer = await call(
      // HubSpot refuses a second record with the same hub id, but what it refuses is a race the hub need not run.
      { route: `${type.path}.batch.create`, isRepeatable: false, budgets: callBudgets },
      (api, signal) => api.createBatch(type, part, signal),
    );
    return answer.ok ? succeed(matchBatch(part, answer.value, 'create')) : answer;
  });
  for (const job of jobs) {
    settle(job, sent.get(job.key), ({ id, updatedAt }) => {
      job.externalId = id;
      job.isCreated = true;
      job.modifiedAt = updatedAt;
    });
    // A creation cannot miss itself: what is missing is a record it was to be associated with.
    if (job.fault?.kind === 'missing') job.fault = associationTargetGone;
  }
  const conflicts = jobs.filter(({ fault }) => fault?.kind === 'conflict' && fault !== associationTargetGone);
  await adoptExisting(call, type, hubIdField, conflicts);
}

function toCreateInput(type: ObjectType, hubIdField: string, job: WriteJob): CreateInput {
  const associations: NewAssociation[] = associationFields[type.object].flatMap(({ field, typeId }) =>
    idsIn(job.item.values[field]).map((toId) => ({ toId, typeId })),
  );
  if (job.contactId !== undefined) associations.unshift({ toId: job.contactId, typeId: leadPerson.typeId });
  return {
    traceId: job.key,
    properties: { ...toProperties(job.own, 'create'), [hubIdField]: job.item.unifiedId },
    associations,
  };
}

async function updateRecords(call: Call<HubspotApi>, type: ObjectType, jobs: readonly WriteJob[]): Promise<void> {
  const changing = jobs.filter(({ own }) => Object.keys(own).length > 0);
  const inputs = changing.map((job) => ({
    key: job.key,
    traceId: job.key,
    id: idOf(job),
    properties: toProperties(job.own, 'update'),
  }));
  const sent = await sendInHalves(inputs, async (part) => {
    const answer = await call(
      { route: `${type.path}.batch.update`, isRepeatable: true, budgets: callBudgets },
      (api, signal) => api.updateBatch(type, part, signal),
    );
    return answer.ok ? succeed(matchBatch(part, answer.value, 'update')) : answer;
  });
  for (const job of changing) {
    settle(job, sent.get(job.key), ({ id, updatedAt }) => {
      job.externalId = id;
      job.modifiedAt = updatedAt;
    });
  }
}

function settle<T>(job: WriteJob, answer: Result<T> | undefined, apply: (value: T) => void): void {
  if (answer === undefined) return;
  if (answer.ok) apply(answer.value);
  else job.fault = answer.fault;
}

/** Only called for jobs that have one: alive updates and deletions, adopted creations. */
function idOf({ externalId }: WriteJob): string {
  return externalId ?? '';
}

const associationTargetGone: Fault = {
  kind: 'conflict',
  code: 'ASSOCIATION_TARGET_MISSING',
  message: 'A HubSpot record this one refers to is not there any more; the hub decides again.',
};
