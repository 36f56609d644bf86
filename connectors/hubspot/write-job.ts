import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { SystemValue } from '../../domain/model/value.ts';
import { personPrefix } from './association-fields.ts';
import type { ObjectType } from './object-types.ts';
import { splitFields } from './wanted-fields.ts';

/** One item on its way through a batch of writes; its own steps fill in what they find out. */
export interface WriteJob {
  /** Unique in the batch; the trace id of the item's inputs. */
  readonly key: string;
  readonly item: WriteItem;
  /** Properties of the record itself. */
  readonly own: Readonly<Record<string, SystemValue>>;
  /** A lead's person: properties of its contact, by the contact's names, without `id`. */
  readonly person: Readonly<Record<string, SystemValue>>;
  /** HubSpot's id, as soon as it is known. */
  externalId: string | undefined;
  /** A lead's contact, as soon as it is known. */
  contactId: string | undefined;
  isCreated: boolean;
  modifiedAt: number | undefined;
  fault: Fault | undefined;
}

/** Begins the work on an item. */
export function startJob(type: ObjectType, item: WriteItem, index: number): WriteJob {
  const { properties, person } = splitFields(type.object, Object.keys(item.values));
  const contactId = item.values[`${personPrefix}id`] ?? item.base[`${personPrefix}id`];
  return {
    key: String(index),
    item,
    own: pick(item.values, properties),
    person: pick(
      item.values,
      person.filter((name) => name !== 'id'),
      personPrefix,
    ),
    externalId: item.operation === 'create' ? undefined : item.externalId,
    contactId: type.object === 'lead' && typeof contactId === 'string' ? contactId : undefined,
    isCreated: false,
    modifiedAt: undefined,
    fault: item.operation !== 'create' && item.externalId === undefined ? noId : undefined,
  };
}

/** Whether the job has still something to do. */
export function isAlive(job: WriteJob): boolean {
  return job.fault === undefined;
}

/** What became of the item. */
export function toOutcome({ fault, externalId, isCreated, modifiedAt }: WriteJob): WriteOutcome {
  if (fault !== undefined) return { outcome: 'failed', fault };
  if (externalId === undefined) return { outcome: 'failed', fault: noId };
  return {
    outcome: 'written',
    externalId,
    created: isCreated,
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
  };
}

const noId: Fault = {
  kind: 'defect',
  code: 'NO_EXTERNAL_ID',
  message: 'A record was to be written without its HubSpot id.',
};

function pick(
  values: Readonly<Record<string, SystemValue>>,
  names: readonly string[],
  prefix = '',
): Record<string, SystemValue> {
  const picked: Record<string, SystemValue> = {};
  for (const name of names) {
    const value = values[`${prefix}${name}`];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
