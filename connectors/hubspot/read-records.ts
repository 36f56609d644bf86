import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import type { ReadOutcome, Snapshot } from '../../domain/model/snapshot.ts';
import type { SystemValue } from '../../domain/model/value.ts';
import type { Call } from '../kit/connector.ts';
import type { RecordAnswer } from './answers.ts';
import type { HubspotApi } from './api.ts';
import { associationFields, associationValues, crowdName, idsIn } from './association-fields.ts';
import { lineItemsField, lineTextOf } from './line-items.ts';
import { modifiedAtOf } from './modified-at.ts';
import { isRecordId, type ObjectType, objectTypes } from './object-types.ts';
import { fromPropertyText } from './property-text.ts';
import { readAssociations } from './read-associations.ts';
import { type FoundRecords, mergedIds, readBatch } from './read-batch.ts';
import { readLineItems } from './read-line-items.ts';
import { type Person, readPersons } from './read-persons.ts';
import { splitFields, type WantedFields } from './wanted-fields.ts';

/**
 * Reads records with the fields asked for, association fields and a lead's person included.
 *
 * Calls for up to 100 records, each made only if a field asked for needs it:
 *
 * | object | records | associations | persons | in all |
 * |---|---|---|---|---|
 * | company | 1 | | | 1 |
 * | contact | 1 | company 1 | | 2 |
 * | deal | 1 | company 1, contacts 1 | | 3, and with line items 1, + 1 for each 100 of them |
 * | lead | 1 | company 1, contact 1 | 1 | 4 |
 *
 * and one more, of archived records, if some ids were not found.
 *
 * *Shape*: one outcome per id, in order. *Faults*: the whole fails when a call does; single records fail when HubSpot refuses
 * them or their associations.
 */
export async function readRecords(
  call: Call<HubspotApi>,
  type: ObjectType,
  ids: readonly string[],
  fields: readonly string[],
): Promise<Result<readonly ReadOutcome[]>> {
  const wanted = splitFields(type.object, fields);
  const asked = [...new Set(ids.filter(isRecordId))];
  const live = await readBatch(call, type, asked, wanted.properties, 'live');
  if (!live.ok) return live;

  const gone = asked.filter((id) => !live.value.found.has(id) && !live.value.refused.has(id));
  const [archived, extras] = await Promise.all([
    readBatch(call, type, gone, [], 'archived'),
    readExtras(call, type, wanted, live.value),
  ]);
  if (!archived.ok) return archived;
  if (!extras.ok) return extras;

  return succeed(
    ids.map((id) => {
      const record = live.value.found.get(id);
      if (record !== undefined) return toOutcome(type, wanted, record, extras.value);
      const refusal = live.value.refused.get(id);
      if (refusal !== undefined) return { outcome: 'failed', fault: refusal };
      const grave = archived.value.found.get(id);
      if (grave === undefined) return { outcome: 'missing' };
      return grave.archivedAt === undefined ? { outcome: 'deleted' } : { outcome: 'deleted', at: grave.archivedAt };
    }),
  );
}

/** What is read beside the records themselves: per record, values or the reason why one is not known. */
interface Extras {
  readonly values: ReadonlyMap<string, Readonly<Record<string, SystemValue>>>;
  readonly faults: ReadonlyMap<string, Fault>;
  readonly persons: ReadonlyMap<string, Person>;
}

async function readExtras(
  call: Call<HubspotApi>,
  type: ObjectType,
  wanted: WantedFields,
  { found }: FoundRecords,
): Promise<Result<Extras>> {
  const ids = [...new Set([...found.values()].map(({ id }) => id))];
  const wantedAssociations = associationFields[type.object].filter(({ field }) => wanted.associations.includes(field));
  const [persons, lines, ...associations] = await Promise.all([
    readPersons(call, wanted.person, ids),
    readLineItems(call, wanted.hasLineItems ? ids : []),
    ...wantedAssociations.map(({ to }) =>
      ids.length === 0 ? Promise.resolve(succeed(new Map())) : readAssociations(call, type, objectTypes[to], ids),
    ),
  ]);
  if (!persons.ok) return persons;
  if (!lines.ok) return lines;

  const values = new Map<string, Record<string, SystemValue>>(ids.map((id) => [id, {}]));
  const faults = new Map([...persons.value.faults, ...lines.value.faults]);
  for (const [id, items] of lines.value.items) {
    Object.assign(values.get(id) ?? {}, { [lineItemsField]: items.map(lineTextOf).toSorted() });
  }
  for (const [index, field] of wantedAssociations.entries()) {
    const answer = associations[index];
    if (answer === undefined) continue;
    if (!answer.ok) return answer;
    for (const [id, associated] of answer.value) {
      if (!associated.ok) faults.set(id, associated.fault);
      else Object.assign(values.get(id) ?? {}, associationValues(field, associated.value));
    }
  }
  return succeed({ values, faults, persons: persons.value.persons });
}

function toOutcome(type: ObjectType, wanted: WantedFields, record: RecordAnswer, extras: Extras): ReadOutcome {
  const fault = extras.faults.get(record.id);
  if (fault !== undefined) return { outcome: 'failed', fault };
  const modifiedAt = modifiedAtOf(type, record);
  if (modifiedAt === undefined) return { outcome: 'failed', fault: noTime };
  const person = extras.persons.get(record.id);
  const values: Record<string, SystemValue> = { ...extras.values.get(record.id), ...person?.values };
  // A property that is not in the answer was not seen (it does not exist, or is hidden from the app), which is not `null`.
  for (const name of wanted.properties) {
    if (Object.hasOwn(record.properties, name)) values[name] = fromPropertyText(record.properties[name]);
  }
  const named = wanted.hasLineItems ? [...wanted.properties, lineItemsField] : wanted.properties;
  const unseen = named.filter((name) => !Object.hasOwn(values, name));
  const merged = mergedIds(type, record);
  const crowds = associationFields[type.object].flatMap((field) =>
    values[crowdName(field)] === undefined ? [] : [[field.field, idsIn(values[crowdName(field)])] as const],
  );
  const snapshot: Snapshot = {
    externalId: record.id,
    modifiedAt,
    ...(record.createdAt === undefined ? {} : { createdAt: record.createdAt }),
    values,
    ...(unseen.length === 0 ? {} : { unseen }),
    ...(crowds.length === 0 ? {} : { among: Object.fromEntries(crowds) }),
    ...(merged.length === 0 ? {} : { mergedIds: merged }),
    ...(person?.fieldTimes === undefined ? {} : { fieldTimes: person.fieldTimes }),
  };
  return { outcome: 'found', snapshot };
}

const noTime: Fault = {
  kind: 'defect',
  code: 'NO_MODIFICATION_TIME',
  message: 'HubSpot answered a record without a modification time.',
};
