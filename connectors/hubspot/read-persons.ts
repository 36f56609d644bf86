import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import type { SystemValue } from '../../domain/model/value.ts';
import type { Call } from '../kit/connector.ts';
import type { HubspotApi } from './api.ts';
import { leadPerson, personPrefix, pickOne } from './association-fields.ts';
import { modifiedAtOf } from './modified-at.ts';
import { objectTypes } from './object-types.ts';
import { fromPropertyText } from './property-text.ts';
import { readAssociations } from './read-associations.ts';
import { readBatch } from './read-batch.ts';

/** A lead's person, as fields of the lead. */
export interface Person {
  readonly values: Readonly<Record<string, SystemValue>>;
  /** When the contact last changed, for each of those fields: the lead's own stamp knows nothing of it. */
  readonly fieldTimes?: Readonly<Record<string, number>>;
}

/**
 * Reads the persons of leads: which contact each stands for, and that contact's properties. Two calls for up to 100 leads;
 * one if only the contact's id is asked for; none if nothing is.
 *
 * *Shape*: `wanted` are the contact's property names, and `id`. A lead without a contact holds `null` in all of them. A
 * contact that cannot be read leaves them unseen.
 */
export async function readPersons(
  call: Call<HubspotApi>,
  wanted: readonly string[],
  leadIds: readonly string[],
): Promise<Result<{ readonly persons: ReadonlyMap<string, Person>; readonly faults: ReadonlyMap<string, Fault> }>> {
  const persons = new Map<string, Person>();
  const faults = new Map<string, Fault>();
  if (wanted.length === 0 || leadIds.length === 0) return succeed({ persons, faults });

  const linked = await readAssociations(call, objectTypes.lead, objectTypes.contact, leadIds);
  if (!linked.ok) return linked;
  const contactIds = new Map<string, string | null>();
  for (const [leadId, associated] of linked.value) {
    if (associated.ok) contactIds.set(leadId, pickOne(leadPerson, associated.value));
    else faults.set(leadId, associated.fault);
  }

  const properties = wanted.filter((name) => name !== 'id');
  const asked = [...new Set([...contactIds.values()].filter((id) => id !== null))];
  const contacts = await readBatch(call, objectTypes.contact, properties.length === 0 ? [] : asked, properties, 'live');
  if (!contacts.ok) return contacts;

  for (const [leadId, contactId] of contactIds) {
    if (contactId === null) {
      persons.set(leadId, { values: Object.fromEntries(wanted.map((name) => [`${personPrefix}${name}`, null])) });
      continue;
    }
    const contact = contacts.value.found.get(contactId);
    const values: Record<string, SystemValue> = {};
    if (wanted.includes('id')) values[`${personPrefix}id`] = contact?.id ?? contactId;
    for (const name of properties) {
      if (contact !== undefined && Object.hasOwn(contact.properties, name)) {
        values[`${personPrefix}${name}`] = fromPropertyText(contact.properties[name]);
      }
    }
    const changedAt = contact === undefined ? undefined : modifiedAtOf(objectTypes.contact, contact);
    const timed = Object.keys(values).filter((name) => name !== `${personPrefix}id`);
    persons.set(leadId, {
      values,
      ...(changedAt === undefined ? {} : { fieldTimes: Object.fromEntries(timed.map((name) => [name, changedAt])) }),
    });
  }
  return succeed({ persons, faults });
}
