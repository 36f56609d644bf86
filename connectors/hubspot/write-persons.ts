import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import type { SystemValue } from '../../domain/model/value.ts';
import type { Call } from '../kit/connector.ts';
import type { RecordAnswer } from './answers.ts';
import type { HubspotApi } from './api.ts';
import { leadPerson, personPrefix, pickOne } from './association-fields.ts';
import { objectTypes } from './object-types.ts';
import { toProperties } from './property-text.ts';
import { callBudgets } from './rate-limits.ts';
import { readAssociations } from './read-associations.ts';
import { matchBatch, type Sent, sendInHalves } from './send-batch.ts';
import { isAlive, type WriteJob } from './write-job.ts';

/**
 * Writes the persons of leads to the contacts they live on, and finds or makes those contacts: a lead cannot be created
 * without one.
 *
 * - the contact is known: its properties are updated;
 * - the lead exists, its contact is not known: the lead is asked first;
 * - otherwise, with an e-mail address: upsert by it, which HubSpot keeps unique among contacts;
 * - otherwise: a new contact, which nothing protects from being made twice when the answer is lost (BEHAVIOR.md).
 *
 * *Bounds*: one call for each of these, for the whole batch. *Faults*: put into the jobs, with fields under the lead's names.
 */
export async function settlePersons(call: Call<HubspotApi>, jobs: readonly WriteJob[]): Promise<void> {
  for (const job of jobs) {
    const isPersonless = Object.values(toProperties(job.person, 'create')).length === 0;
    if (job.externalId === undefined && job.contactId === undefined && isPersonless) job.fault = needsPerson;
  }
  const concerned = jobs.filter((job) => isAlive(job) && Object.keys(job.person).length > 0);
  await askLeads(
    call,
    concerned.filter(({ externalId, contactId }) => externalId !== undefined && contactId === undefined),
  );
  const ready = concerned.filter(isAlive);
  const unknown = ready.filter(({ contactId }) => contactId === undefined);
  await updateContacts(
    call,
    ready.filter(({ contactId }) => contactId !== undefined),
  );
  await upsertContacts(
    call,
    unknown.filter((job) => emailOf(job) !== undefined),
  );
  await createContacts(
    call,
    unknown.filter((job) => emailOf(job) === undefined && Object.keys(toProperties(job.person, 'create')).length > 0),
  );
}

const contacts = objectTypes.contact;

async function askLeads(call: Call<HubspotApi>, jobs: readonly WriteJob[]): Promise<void> {
  const ids = jobs.flatMap(({ externalId }) => (externalId === undefined ? [] : [externalId]));
  if (ids.length === 0) return;
  const answer = await readAssociations(call, objectTypes.lead, contacts, ids);
  for (const job of jobs) {
    const linked = answer.ok ? answer.value.get(job.externalId ?? '') : answer;
    if (linked === undefined) continue;
    if (!linked.ok) job.fault = linked.fault;
    else job.contactId = pickOne(leadPerson, linked.value) ?? undefined;
  }
}

/** Several leads of one batch may stand for the same contact; HubSpot refuses a batch that names a record twice. */
async function updateContacts(call: Call<HubspotApi>, jobs: readonly WriteJob[]): Promise<void> {
  const groups = Map.groupBy(jobs, ({ contactId }) => contactId ?? '');
  const inputs = [...groups].map(([id, group]) => ({
    key: id,
    traceId: id,
    id,
    properties: toProperties(personOf(group), 'update'),
  }));
  const sent = await sendInHalves(inputs, async (part) => {
    const answer = await call(
      { route: 'contacts.batch.update', isRepeatable: true, budgets: callBudgets },
      (api, signal) => api.updateBatch(contacts, part, signal),
    );
    return answer.ok ? succeed(matchBatch(part, answer.value, 'update')) : answer;
  });
  settle(groups, sent);
}

async function upsertContacts(call: Call<HubspotApi>, jobs: readonly WriteJob[]): Promise<void> {
  const groups = Map.groupBy(jobs, (job) => emailOf(job) ?? '');
  const inputs = [...groups].map(([email, group]) => {
    // The address is the key of the upsert; as a property it would make a contact's second address its first.
    const { email: _key, ...rest } = toProperties(personOf(group), 'create');
    return { key: email, id: email, properties: rest };
  });
  settle(groups, await sendInHalves(inputs, (part) => upsert(call, part)));
}

type UpsertInput = { readonly key: string; readonly id: string; readonly properties: Readonly<Record<string, string>> };

async function upsert(call: Call<HubspotApi>, inputs: readonly UpsertInput[]): Promise<Result<Sent<RecordAnswer>>> {
  const answer = await call(
    { route: 'contacts.batch.upsert', isRepeatable: true, budgets: callBudgets },
    (api, signal) => api.upsertBatch(contacts, 'email', inputs, signal),
  );
  if (!answer.ok) return answer;
  const { results } = answer.value;
  const [only] = results;
  if (inputs.length === 1 && results.length === 1 && only !== undefined) {
    return succeed(new Map(inputs.map(({ key }) => [key, succeed(only)])));
  }
  const sent = new Map(
    matchBatch(
      inputs.map(({ key }) => ({ key, unique: { property: 'email', value: key } })),
      answer.value,
      'create',
    ),
  );
  // A second address of a contact is answered under the first one. Asked for alone, the only answer is its own.
  for (const input of inputs.length > 1 ? inputs : []) {
    const outcome = sent.get(input.key);
    if (outcome?.ok !== false || outcome.fault.kind !== 'uncertain') continue;
    const alone = await upsert(call, [input]);
    sent.set(input.key, alone.ok ? (alone.value.get(input.key) ?? outcome) : alone);
  }
  return succeed(sent);
}

async function createContacts(call: Call<HubspotApi>, jobs: readonly WriteJob[]): Promise<void> {
  const groups = new Map(jobs.map((job) => [job.key, [job]]));
  const inputs = jobs.map((job) => ({
    key: job.key,
    traceId: job.key,
    properties: toProperties(job.person, 'create'),
    associations: [],
  }));
  const sent = await sendInHalves(inputs, async (part) => {
    const answer = await call(
      { route: 'contacts.batch.create', isRepeatable: false, budgets: callBudgets },
      (api, signal) => api.createBatch(contacts, part, signal),
    );
    return answer.ok ? succeed(matchBatch(part, answer.value, 'create')) : answer;
  });
  settle(groups, sent);
}

function settle(groups: ReadonlyMap<string, readonly WriteJob[]>, sent: Sent<RecordAnswer>): void {
  for (const [key, group] of groups) {
    const outcome = sent.get(key);
    if (outcome === undefined) continue;
    for (const job of group) {
      if (outcome.ok) job.contactId = outcome.value.id;
      else job.fault = toLeadFault(outcome.fault);
    }
  }
}

/** The contact's fault as the lead's: its fields under the lead's names, and a contact that is gone, or in the way, is not a lead that is. */
function toLeadFault(fault: Fault): Fault {
  if (fault.kind === 'missing') return contactGone;
  if (fault.kind === 'conflict') {
    const { heldBy: _contact, fields: _its, ...rest } = fault;
    return rest;
  }
  if (fault.kind !== 'rejected') return fault;
  return { ...fault, fields: (fault.fields ?? []).map((name) => `${personPrefix}${name}`) };
}

function personOf(jobs: readonly WriteJob[]): Readonly<Record<string, SystemValue>> {
  return Object.assign({}, ...jobs.map(({ person }) => person));
}

/** As HubSpot keeps it. */
function emailOf({ person }: WriteJob): string | undefined {
  const email = typeof person.email === 'string' ? person.email.trim().toLowerCase() : '';
  return email === '' ? undefined : email;
}

const needsPerson: Fault = {
  kind: 'rejected',
  code: 'LEAD_NEEDS_CONTACT',
  message: 'HubSpot takes a lead only with a contact; give the lead a person, at best with an e-mail address.',
  fields: [],
};

const contactGone: Fault = {
  kind: 'conflict',
  code: 'CONTACT_MISSING',
  message: 'The contact of the lead is not in HubSpot any more; the hub decides again.',
};
