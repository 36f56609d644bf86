import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import { chunk } from '../kit/chunk.ts';
import type { Call } from '../kit/connector.ts';
import type { ErrorAnswer } from './answers.ts';
import type { HubspotApi, RecordPair } from './api.ts';
import {
  type AssociationField,
  associationFields,
  crowdName,
  idsIn,
  leadPerson,
  mayBeCrowded,
  personPrefix,
} from './association-fields.ts';
import { type ObjectType, objectTypes } from './object-types.ts';
import { callBudgets } from './rate-limits.ts';
import { readAssociations } from './read-associations.ts';
import { faultOfInput } from './refusal.ts';
import { type Sent, sendInHalves } from './send-batch.ts';
import { isAlive, type WriteJob } from './write-job.ts';

/** One association to make or to remove, of one job. */
export interface Link {
  readonly job: WriteJob;
  readonly field: AssociationField;
  readonly action: 'make' | 'remove';
  readonly toId: string;
}

/**
 * Writes the association fields of records that exist, as differences against what HubSpot held at the last read.
 *
 * *Bounds*: one call per field and direction for up to 2,000 associations, and one to look after giving leads a company. *Faults*: put into the jobs. A record at the
 * other end that is gone is a `conflict` (decide again): `missing` would say that the written record itself is.
 */
export async function writeAssociations(
  call: Call<HubspotApi>,
  type: ObjectType,
  jobs: readonly WriteJob[],
): Promise<void> {
  const links = jobs.flatMap((job) => planLinks(type, job));
  const fields = type.object === 'lead' ? [leadPerson, ...associationFields.lead] : associationFields[type.object];
  for (const field of fields) {
    // First the new, then the former: a record is never without a company in between.
    for (const action of ['make', 'remove'] as const) {
      const group = links.filter((link) => link.field === field && link.action === action && isAlive(link.job));
      for (const part of chunk(group, pairsMax)) await writeLinks(call, type, field, action, part);
      if (action === 'make' && mayBeCrowded(field)) await withdrawFromCrowds(call, type, field, group);
    }
  }
}

/**
 * Looks whether somebody gave a record another company while the hub was giving it its own: then there are two, no mark says which is
 * meant, and what the person entered would be seen by some and not by others. The hub takes its own away again and decides anew.
 */
async function withdrawFromCrowds(
  call: Call<HubspotApi>,
  type: ObjectType,
  field: AssociationField,
  links: readonly Link[],
): Promise<void> {
  const made = links.filter(({ job }) => isAlive(job));
  if (made.length === 0) return;
  const to = objectTypes[field.to];
  const held = await readAssociations(call, type, to, [...new Set(made.map(({ job }) => job.externalId ?? ''))]);
  const withdrawn: Link[] = [];
  for (const link of made) {
    const { job } = link;
    const answer = held.ok ? held.value.get(job.externalId ?? '') : held;
    if (answer?.ok === false) job.fault = answer.fault;
    if (answer?.ok !== true) continue;
    const before = idsBefore(field, job);
    const isCrowd = answer.value.some(({ id }) => id !== link.toId && !before.includes(id));
    if (isCrowd && (isOwn(field, job) || !before.includes(link.toId))) withdrawn.push({ ...link, action: 'remove' });
  }
  for (const part of chunk(withdrawn, pairsMax)) await writeLinks(call, type, field, 'remove', part);
  for (const { job } of withdrawn) job.fault ??= crowded;
}

/** Whether an earlier write was to give it the same one: what stands there is the hub's. */
function isOwn({ field }: AssociationField, { item }: WriteJob): boolean {
  return item.unanswered?.includes(field) === true;
}

/** What was there when the write was decided. With none then, whatever stands beside what an earlier write gave was given since. */
function idsBefore(field: AssociationField, job: WriteJob): readonly string[] {
  const { item } = job;
  if (isOwn(field, job) && idsIn(item.base[field.field]).length === 0) return [];
  return [...idsIn(item.base[field.field]), ...idsIn(item.base[crowdName(field)])];
}

const crowded: Fault = {
  kind: 'conflict',
  code: 'ASSOCIATED_MEANWHILE',
  message: 'Somebody gave the HubSpot record another company while the hub was giving it one; the hub decides again.',
};

/**
 * What to make and to remove for one record.
 *
 * A new primary company needs no removal of the former one: HubSpot moves the mark and keeps the former company as a plain
 * association, which may carry labels of its own. Only clearing a primary company removes its association.
 */
export function planLinks(type: ObjectType, job: WriteJob): readonly Link[] {
  const links: Link[] = [];
  const plan = (field: AssociationField, action: Link['action'], ids: readonly string[]): void => {
    for (const toId of ids) links.push({ job, field, action, toId });
  };
  for (const field of associationFields[type.object]) {
    const value = job.item.values[field.field];
    if (value === undefined) continue;
    const wanted = idsIn(value);
    const held = idsIn(job.item.base[field.field]);
    plan(
      field,
      'make',
      wanted.filter((id) => !held.includes(id)),
    );
    const isMoved = field.markedBy?.isRequired === true && wanted.length > 0;
    if (!isMoved)
      plan(
        field,
        'remove',
        held.filter((id) => !wanted.includes(id)),
      );
  }
  if (job.contactId !== undefined && job.contactId !== job.item.base[`${personPrefix}id`]) {
    plan(leadPerson, 'make', [job.contactId]);
  }
  return links;
}

/** The vendor takes 2,000 associations to make and 100 records to remove them from; a batch of the hub has 100 records. */
const pairsMax = 2_000;

async function writeLinks(
  call: Call<HubspotApi>,
  type: ObjectType,
  field: AssociationField,
  action: Link['action'],
  links: readonly Link[],
): Promise<void> {
  const to = objectTypes[field.to];
  const inputs = links.map((link) => ({
    key: `${link.job.key} ${link.toId}`,
    link,
    fromId: link.job.externalId ?? '',
    toId: link.toId,
  }));
  const sent = await sendInHalves<(typeof inputs)[number], undefined>(inputs, async (part) => {
    const answer = await call(
      { route: `associations.${type.object}.${to.object}.${action}`, isRepeatable: true, budgets: callBudgets },
      (api, signal) => perform(api, type, to, field, action, part, signal),
    );
    return answer.ok ? toSent(part, answer.value) : answer;
  });
  for (const { key, link } of inputs) {
    link.job.modifiedAt = undefined;
    const outcome = sent.get(key);
    if (outcome?.ok === false) link.job.fault ??= toItemFault(outcome.fault, field);
  }
}

function perform(
  api: HubspotApi,
  type: ObjectType,
  to: ObjectType,
  field: AssociationField,
  action: Link['action'],
  pairs: readonly RecordPair[],
  signal: AbortSignal,
): Promise<readonly ErrorAnswer[]> {
  return action === 'make' ? api.associate(type, to, field.typeId, pairs, signal) : api.part(type, to, pairs, signal);
}

/**
 * The refusals of a partial answer do not say reliably which pair they mean. Making and removing associations twice does no
 * harm, so a batch with any refusal counts as refused and is sent again in halves, down to the pair at fault.
 */
function toSent(part: readonly { readonly key: string }[], errors: readonly ErrorAnswer[]): Result<Sent<undefined>> {
  const [error] = errors;
  if (error !== undefined) return fail(faultOfInput(error, 'update'));
  return succeed(new Map(part.map(({ key }) => [key, succeed(undefined)])));
}

function toItemFault(fault: Fault, { field }: AssociationField): Fault {
  if (fault.kind === 'rejected') return { ...fault, fields: [field] };
  if (fault.kind !== 'missing') return fault;
  return {
    kind: 'conflict',
    code: 'ASSOCIATION_TARGET_MISSING',
    message: 'A HubSpot record this one refers to is not there any more; the hub decides again.',
  };
}
