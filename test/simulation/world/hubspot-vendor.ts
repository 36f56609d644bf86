import { openHubspotAccount } from '../../../local/simulators/hubspot/start-hubspot-simulator.ts';
import { allSubscriptions } from '../../../local/simulators/hubspot/webhook-settings.ts';
import { OWNERS } from '../../../local/simulators/sample-data/words.ts';
import { textHash } from '../engine/seeded-random.ts';
import { HUB_HOST } from '../hub/hub-fleet.ts';
import { companyOf, HOMES, isRegistered, leadOf, personOf as nameOf } from '../people/fields.ts';
import type { PeopleKind } from '../people/people-kinds.ts';
import type { Setup, SystemId } from '../plan/plan.ts';
import { rememberedEntities, requestOf, type SystemRecord, unitsOf, type Vendor } from './vendor.ts';

/** What the hub signs in with, and what webhooks are signed with. */
export const PORTAL_CREDENTIALS = { accessToken: 'simulated-app', clientSecret: 'simulated-client-secret' };

/** Association types: of what a kind calls its company, and of a lead's person. */
const COMPANY_TYPE: Readonly<Record<PeopleKind, number>> = { partner: 0, contact: 1, deal: 5, lead: 610 };
const PERSON_TYPE = 578;

/** A simulated HubSpot account, its HTTP API called as a function. */
export function hubspotVendor(id: SystemId, setup: Setup, hubNow: () => number): Vendor {
  const host = `${id}.example`;
  const grainMs = setup.hasWholeSeconds ? 1_000 : 1;
  const now = (): number => Math.floor((hubNow() + setup.skewMs[id]) / grainMs) * grainMs;
  const account = openHubspotAccount(
    {
      now,
      accessTokens: [
        { token: PORTAL_CREDENTIALS.accessToken },
        { token: 'person', by: { changeSource: 'CRM_UI', sourceId: 'userId:1' } },
      ],
      clientSecret: PORTAL_CREDENTIALS.clientSecret,
      indexLagMs: setup.isLagUneven === true ? unevenLag(setup.indexLagMs) : setup.indexLagMs,
      account: {
        owners: OWNERS.map(({ first, last, email, hubspotId }, index) => ({
          id: hubspotId,
          email,
          firstName: first,
          lastName: last,
          userId: index + 1,
          archived: false,
        })),
      },
      limits: { per10Seconds: setup.portalPer10Seconds },
      webhooks: { targetUrl: `https://${HUB_HOST}/webhooks/${id}`, subscriptions: allSubscriptions('generic') },
    },
    { refuseConnections: () => undefined, acceptConnections: async () => undefined },
  );
  const { admin } = account;
  const headers = { authorization: 'Bearer person', 'content-type': 'application/json' };
  const known = new WeakMap<object, Record<string, string>>();
  const entityOf = rememberedEntities();

  async function call(
    method: string,
    target: string,
    body?: unknown,
  ): Promise<{ readonly ok: boolean; readonly id?: string }> {
    const answer = await account.handle(requestOf(method, host, target, headers, body));
    if (answer === 'cut-connection') return { ok: false };
    const made = answer.body === undefined ? {} : (JSON.parse(answer.body) as { id?: string });
    return { ok: answer.status < 300, ...(made.id === undefined ? {} : { id: made.id }) };
  }

  const path = (kind: PeopleKind, recordId = ''): string =>
    `/crm/v3/objects/${HOMES[kind].hubspot}${recordId === '' ? '' : `/${recordId}`}`;

  function personOf(leadId: string): string | undefined {
    return admin.associations('leads', leadId, 'contacts').find(({ typeIds }) => typeIds.includes(PERSON_TYPE))?.id;
  }

  async function edit(kind: PeopleKind, recordId: string, values: Readonly<Record<string, unknown>>): Promise<boolean> {
    const entries = Object.entries(values).map(([name, value]) => [name, value ?? ''] as const);
    const ofPerson = entries.filter(([name]) => name.startsWith('contact.'));
    const own = entries.filter(([name]) => !name.startsWith('contact.'));
    if (own.length > 0 && !(await call('PATCH', path(kind, recordId), { properties: Object.fromEntries(own) })).ok)
      return false;
    if (ofPerson.length === 0) return true;
    const properties = Object.fromEntries(ofPerson.map(([name, value]) => [name.slice('contact.'.length), value]));
    return (await call('PATCH', path('contact', personOf(recordId) ?? ''), { properties })).ok;
  }

  /**
   * The record belongs to that company from now on: a person takes the former one away, which only a primary one does by itself. Who finds
   * it there already takes nothing away.
   */
  async function relate(kind: PeopleKind, recordId: string, partnerId: string): Promise<boolean> {
    const isThere = companiesOf(kind, recordId).includes(partnerId);
    if (kind === 'lead' && !isThere) await leaveIt(kind, recordId, partnerId);
    const type = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: COMPANY_TYPE[kind] };
    return (await call('PUT', companyPath(kind, recordId, partnerId), [type])).ok;
  }

  /** Takes a record's companies away, but for one. */
  async function leaveIt(kind: PeopleKind, recordId: string, companyId: string): Promise<void> {
    for (const other of companiesOf(kind, recordId)) {
      if (other !== companyId) await call('DELETE', companyPath(kind, recordId, other));
    }
  }

  const companyPath = (kind: PeopleKind, recordId: string, companyId: string): string =>
    `/crm/v4/objects/${HOMES[kind].hubspot}/${recordId}/associations/companies/${companyId}`;

  function companiesOf(kind: PeopleKind, recordId: string): readonly string[] {
    const associations = admin.associations(HOMES[kind].hubspot, recordId, 'companies');
    return associations
      .filter(({ typeIds }) => typeIds.includes(COMPANY_TYPE[kind]))
      .map(({ id: companyId }) => companyId);
  }

  function describe(kind: PeopleKind, record: ReturnType<typeof admin.records>[number]): SystemRecord {
    const type = HOMES[kind].hubspot;
    let own = known.get(record.properties);
    if (own === undefined) {
      own = unitsOf(kind, 'hubspot', (theirs) => record.properties[theirs]);
      known.set(record.properties, own);
    }
    let units = own;
    if (kind === 'lead') {
      const person = admin.record('contacts', personOf(record.id) ?? '');
      const theirOwn = (theirs: string): unknown =>
        theirs.startsWith('contact.') ? person?.properties[theirs.slice('contact.'.length)] : record.properties[theirs];
      units = unitsOf(kind, 'hubspot', theirOwn);
    }
    if (kind !== 'partner') {
      // Associations with what was deleted stay in the simulator's books; nobody sees them.
      const companies = admin
        .associations(type, record.id, 'companies')
        .filter(({ typeIds }) => typeIds.includes(COMPANY_TYPE[kind]))
        .map(({ id: companyId }) => admin.record('companies', companyId))
        .filter((company) => company?.isArchived === false);
      const [company] = companies;
      units = {
        ...units,
        partner: company === undefined ? '' : entityOf(`companies ${company.id}`, company.properties.description ?? ''),
      };
    }
    return {
      kind,
      id: record.id,
      entity: entityOf(`${type} ${record.id}`, record.properties[HOMES[kind].marker[1]] ?? ''),
      isLive: !record.isArchived,
      hubId: record.properties.tributary_id ?? '',
      modifiedAt: record.modifiedAt,
      units,
    };
  }

  return {
    id,
    system: 'hubspot',
    host,
    now,
    handle: account.handle,
    async create(kind, entity, values, partnerId) {
      const ofPerson = Object.entries(values).filter(([name]) => name.startsWith('contact.'));
      const own = Object.entries(values).filter(([name, value]) => !name.startsWith('contact.') && value !== null);
      const properties = { ...fixedValues(kind, entity), ...Object.fromEntries(own), [HOMES[kind].marker[1]]: entity };
      let associations: unknown[] = [];
      if (kind === 'lead') {
        const person = Object.fromEntries(ofPerson.map(([name, value]) => [name.slice('contact.'.length), value]));
        const contact = await call('POST', path('contact'), {
          properties: { ...hubspotPerson(leadOf(entity)), ...person },
        });
        if (contact.id === undefined) return undefined;
        associations = [
          {
            to: { id: contact.id },
            types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: PERSON_TYPE }],
          },
        ];
      }
      const made = await call('POST', path(kind), { properties, associations });
      if (made.ok && made.id !== undefined && partnerId !== undefined) await relate(kind, made.id, partnerId);
      return made.ok ? made.id : undefined;
    },
    edit,
    relate,
    async remove(kind, recordId) {
      return (await call('DELETE', path(kind, recordId))).ok;
    },
    restore: async (kind, recordId) => admin.restore(HOMES[kind].hubspot, recordId),
    async merge(kind, survivorId, loserId) {
      const [own] = companiesOf(kind, survivorId);
      const merged = await call('POST', `${path(kind)}/merge`, {
        primaryObjectId: survivorId,
        objectIdToMerge: loserId,
      });
      // A merged lead has the companies of both; whoever merges leaves it its own.
      if (merged.ok && kind === 'lead' && own !== undefined) await leaveIt(kind, survivorId, own);
      return merged.ok;
    },
    records: (kind) => admin.records(HOMES[kind].hubspot).map((record) => describe(kind, record)),
    values: (kind, recordId) => admin.record(HOMES[kind].hubspot, recordId)?.properties ?? {},
    addFault: (fault) => admin.addFault(fault),
    clearFaults: () => admin.clearFaults(),
    // A private app's token does not expire.
    expireSessions: () => undefined,
    close: () => account.close(),
  };
}

const LAG_TURN_MS = 40_000;

/** A lag that is there in some turns of time and not in others, by the clock alone. */
function unevenLag(mostMs: number): (now: number) => number {
  return (now) => (textHash(`lag ${Math.floor(now / LAG_TURN_MS)}`) % 2 === 0 ? 0 : mostMs);
}

function fixedValues(kind: PeopleKind, entity: string): Record<string, string> {
  switch (kind) {
    case 'partner':
      return { ...companyOf(entity) };
    case 'deal':
      return {
        dealname: `deal ${entity}`,
        pipeline: 'default',
        dealstage: 'appointmentscheduled',
        closedate: '2027-01-01T00:00:00.000Z',
        amount: '1',
        deal_currency_code: 'EUR',
        ...(isRegistered(entity) ? { registration_id: `REG-${entity}` } : {}),
      };
    case 'contact':
      return hubspotPerson(nameOf(entity));
    case 'lead':
      return {
        hs_lead_name: `lead ${entity}`,
        lead_company: leadOf(entity).company,
        hs_pipeline: 'lead-pipeline-id',
        hs_pipeline_stage: 'new-stage-id',
      };
  }
}

function hubspotPerson({ first, last, email }: ReturnType<typeof nameOf>): Record<string, string> {
  return { ...(first === undefined ? {} : { firstname: first }), lastname: last, email };
}
