import { handleRequest } from '../../../local/simulators/salesforce/handle-request.ts';
import { merge, undelete } from '../../../local/simulators/salesforce/person-actions.ts';
import { deleteRecord } from '../../../local/simulators/salesforce/records/delete-record.ts';
import { readRow } from '../../../local/simulators/salesforce/records/read-row.ts';
import type { RowOutcome } from '../../../local/simulators/salesforce/records/row-outcome.ts';
import { createRecord, updateRecord } from '../../../local/simulators/salesforce/records/save-record.ts';
import { SimulatedOrg } from '../../../local/simulators/salesforce/simulated-org.ts';
import { isDeleted, type StoredRecord } from '../../../local/simulators/salesforce/stored-record.ts';
import { companyOf, FIELDS, HOMES, isRegistered, leadOf, personOf } from '../people/fields.ts';
import type { PeopleKind } from '../people/people-kinds.ts';
import type { Setup, SystemId } from '../plan/plan.ts';
import { rememberedEntities, type SystemRecord, unitsOf, type Vendor } from './vendor.ts';

const PERSON = 'maya.lindqvist@tributary.example';
const PARTNER_FIELD: Readonly<Record<PeopleKind, string>> = {
  partner: 'ParentId',
  deal: 'AccountId',
  contact: 'AccountId',
  lead: 'Partner__c',
};

/** A simulated Salesforce org, its HTTP API called as a function. */
export function salesforceVendor(id: SystemId, organizationId: string, setup: Setup, hubNow: () => number): Vendor {
  const now = (): number => hubNow() + setup.skewMs[id];
  const host = `${id}.example`;
  const simulated = new SimulatedOrg(
    { now, organizationId, dailyRequestsMax: setup.orgPerDay },
    { instanceUrl: () => `https://${host}`, refuseConnections: () => undefined },
  );
  const { store, schema } = simulated.org;
  const known = new WeakMap<StoredRecord, Omit<SystemRecord, 'units'> & { readonly units: Record<string, string> }>();

  const entityOf = rememberedEntities();

  function objectOf(kind: PeopleKind) {
    const object = schema.object(HOMES[kind].salesforce);
    if (object === undefined) throw new Error(`no object for ${kind}`);
    return object;
  }

  function save(act: () => RowOutcome): RowOutcome {
    const outcome = act();
    if (!outcome.ok) store.rollBackTo(0);
    simulated.commit();
    return outcome;
  }

  function rowOf(kind: PeopleKind, values: Readonly<Record<string, unknown>>) {
    const row = readRow(objectOf(kind), values);
    if (row.kind === 'unreadable' || row.kind === 'refused')
      throw new Error(`people cannot enter that: ${JSON.stringify(values)}`);
    return row.values;
  }

  function update(kind: PeopleKind, recordId: string, values: Readonly<Record<string, unknown>>): boolean {
    const record = store.record(recordId);
    if (record === undefined || isDeleted(record)) return false;
    return save(() => updateRecord(simulated.contextOf(PERSON), objectOf(kind), record, rowOf(kind, values))).ok;
  }

  function describe(kind: PeopleKind, record: StoredRecord): SystemRecord {
    let described = known.get(record);
    if (described === undefined) {
      const { values } = record;
      described = {
        kind,
        id: record.id,
        entity: entityOf(record.id, String(values[HOMES[kind].marker[0]] ?? '')),
        isLive: !isDeleted(record),
        hubId: String(values.Tributary_Id__c ?? ''),
        modifiedAt: record.systemModstamp,
        units: unitsOf(kind, 'salesforce', (theirs) => values[theirs]),
      };
      known.set(record, described);
    }
    if (kind === 'partner') return described;
    const partner = store.record(String(record.values[PARTNER_FIELD[kind]] ?? ''));
    const isThere = partner !== undefined && !isDeleted(partner);
    return {
      ...described,
      units: {
        ...described.units,
        partner: isThere ? entityOf(partner.id, String(partner.values.Description ?? '')) : '',
      },
    };
  }

  return {
    id,
    system: 'salesforce',
    host,
    now,
    handle: (request) => handleRequest(simulated, request),
    async create(kind, entity, values, partnerId) {
      const row = {
        ...fixedValues(kind, entity),
        ...values,
        [HOMES[kind].marker[0]]: entity,
        ...(partnerId === undefined ? {} : { [PARTNER_FIELD[kind]]: partnerId }),
      };
      const outcome = save(() => createRecord(simulated.contextOf(PERSON), objectOf(kind), rowOf(kind, row)));
      return outcome.ok ? outcome.id : undefined;
    },
    edit: async (kind, recordId, values) => update(kind, recordId, values),
    relate: async (kind, recordId, partnerId) => update(kind, recordId, { [PARTNER_FIELD[kind]]: partnerId }),
    async remove(kind, recordId) {
      const record = store.record(recordId);
      if (record === undefined || isDeleted(record)) return false;
      return save(() => deleteRecord(simulated.contextOf(PERSON), objectOf(kind), record)).ok;
    },
    restore: async (_kind, recordId) => undelete(simulated, [recordId])[0]?.ok === true,
    merge: async (_kind, masterId, loserId) => merge(simulated, { masterId, loserIds: [loserId], username: PERSON }).ok,
    hide: (ids) => store.hide(ids),
    hideFields: (fields) =>
      schema.hideFields(
        fields.flatMap(([kind, name]) => {
          const theirs = FIELDS[kind].find((field) => field.name === name)?.salesforce;
          return theirs === undefined ? [] : [`${HOMES[kind].salesforce}.${theirs}`];
        }),
      ),
    records: (kind) =>
      [...store.table(HOMES[kind].salesforce).inIdOrder('ascending')].map((record) => describe(kind, record)),
    values: (_kind, recordId) => store.record(recordId)?.values ?? {},
    addFault: (fault) => simulated.org.faults.add(fault),
    clearFaults: () => simulated.org.faults.clear(),
    expireSessions: () => void simulated.sessions.expireAll(),
    async close() {
      simulated.close();
    },
  };
}

/** What a record of a thing always has: required fields, and what the hub recognises it by. */
function fixedValues(kind: PeopleKind, entity: string): Record<string, unknown> {
  switch (kind) {
    case 'partner':
      return salesforceCompany(entity);
    case 'deal':
      return {
        Name: `deal ${entity}`,
        CloseDate: '2027-01-01',
        StageName: 'Prospecting',
        Amount: 1,
        CurrencyIsoCode: 'EUR',
        ...(isRegistered(entity) ? { Registration_Id__c: `REG-${entity}` } : {}),
      };
    case 'contact':
      return salesforcePerson(personOf(entity));
    case 'lead':
      return {
        ...salesforcePerson(leadOf(entity)),
        Company: leadOf(entity).company,
        Status: 'Open - Not Contacted',
      };
  }
}

function salesforceCompany(entity: string): Record<string, unknown> {
  const { name, domain } = companyOf(entity);
  return { Name: name, ...(domain === undefined ? {} : { Website: `https://www.${domain}` }) };
}

function salesforcePerson({ first, last, email }: ReturnType<typeof personOf>): Record<string, unknown> {
  return { ...(first === undefined ? {} : { FirstName: first }), LastName: last, Email: email };
}
