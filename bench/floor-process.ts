import { SIMULATED_CREDENTIALS } from '../local/cli/simulated-systems.ts';
import { serveParent } from './child.ts';
import { fieldsToHubspot, fieldsToSalesforce, HUBSPOT_PROPERTIES, SALESFORCE_FIELDS } from './floor-fields.ts';
import { processUsage } from './process-usage.ts';
import { vendorHttp } from './vendor-http.ts';

/** The floor script in a process of its own. */
export type FloorDuties = {
  /** Carries everything that changed at or after `since` (ms) to the other side. */
  run(job: FloorJob): Promise<FloorRun>;
};

/** What the script is told. */
export interface FloorJob {
  readonly salesforceUrl: string;
  readonly hubspotUrl: string;
  /** Which record is which: ids of Salesforce and of HubSpot. */
  readonly pairs: readonly (readonly [salesforceId: string, hubspotId: string])[];
  readonly since: number;
}

/** What it did. */
export interface FloorRun {
  readonly changes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssPeakMegabytes: number;
  readonly calls: number;
}

const IN_FLIGHT_MAX = 4;
const PAGES_MAX = 1_000;

type Row = Readonly<Record<string, unknown>>;

serveParent<FloorDuties>({ run }, async () => undefined);

/**
 * The least that can be done on the same systems: ask both for what changed, translate twenty fields, write them across in the
 * vendors' largest batches. It has no memory, so it knows no identity, no conflict, no echo, no loop, no refused value, and
 * loses what fails: a limit for what any hub can reach here, not a rival.
 */
async function run({ salesforceUrl, hubspotUrl, pairs, since }: FloorJob): Promise<FloorRun> {
  const startedAt = performance.now();
  const cpuBefore = processUsage().cpuSeconds;
  let calls = 0;
  const call = <T>(url: string, method: string, headers: Readonly<Record<string, string>>, body?: unknown) => {
    calls += 1;
    return vendorHttp<T>(url, method, headers, body);
  };
  const toHubspot = new Map(pairs);
  const toSalesforce = new Map(pairs.map(([salesforceId, hubspotId]) => [hubspotId, salesforceId]));
  const hubspotHeaders = { authorization: `Bearer ${SIMULATED_CREDENTIALS.HUBSPOT_SIM_ACCESS_TOKEN}` };
  const companies = `${hubspotUrl}/crm/v3/objects/companies`;
  const token = await signIn(salesforceUrl);
  const salesforceHeaders = { authorization: `Bearer ${token}` };

  async function changedAccounts(): Promise<Row[]> {
    const soql = `SELECT Id, ${SALESFORCE_FIELDS.join(', ')} FROM Account WHERE SystemModstamp >= ${new Date(since).toISOString()}`;
    const rows: Row[] = [];
    let next: string | undefined = `/services/data/v64.0/query?q=${encodeURIComponent(soql)}`;
    for (let page = 0; next !== undefined && page < PAGES_MAX; page += 1) {
      const answer: { records: Row[]; nextRecordsUrl?: string } = await call(
        `${salesforceUrl}${next}`,
        'GET',
        salesforceHeaders,
      );
      rows.push(...answer.records);
      next = answer.nextRecordsUrl;
    }
    return rows;
  }

  async function changedCompanies(): Promise<{ id: string; properties: Row }[]> {
    const found: { id: string; properties: Row }[] = [];
    let after: string | undefined = '0';
    for (let page = 0; after !== undefined && page < PAGES_MAX; page += 1) {
      const answer: { results: { id: string; properties: Row }[]; paging?: { next?: { after: string } } } = await call(
        `${companies}/search`,
        'POST',
        hubspotHeaders,
        {
          filterGroups: [{ filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(since) }] }],
          sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'ASCENDING' }],
          properties: HUBSPOT_PROPERTIES,
          limit: 200,
          after,
        },
      );
      found.push(...answer.results);
      after = answer.paging?.next?.after;
    }
    return found;
  }

  const [accounts, changed] = await Promise.all([changedAccounts(), changedCompanies()]);
  const inputs = accounts.map((row) => ({ id: toHubspot.get(String(row.Id)) ?? '', properties: fieldsToHubspot(row) }));
  const records = changed.map(({ id, properties }) => ({
    attributes: { type: 'Account' },
    id: toSalesforce.get(id) ?? '',
    ...fieldsToSalesforce(properties),
  }));
  await Promise.all([
    inFlight(pieces(inputs, 100), (piece) =>
      call(`${companies}/batch/update`, 'POST', hubspotHeaders, { inputs: piece }),
    ),
    inFlight(pieces(records, 200), (piece) =>
      call(`${salesforceUrl}/services/data/v64.0/composite/sobjects`, 'PATCH', salesforceHeaders, { records: piece }),
    ),
  ]);
  const { cpuSeconds, rssPeakMegabytes } = processUsage();
  return {
    changes: accounts.length + changed.length,
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: cpuSeconds - cpuBefore,
    rssPeakMegabytes,
    calls,
  };
}

async function signIn(salesforceUrl: string): Promise<string> {
  const answer = await fetch(`${salesforceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: SIMULATED_CREDENTIALS.SALESFORCE_SIM_CLIENT_ID ?? '',
      client_secret: SIMULATED_CREDENTIALS.SALESFORCE_SIM_CLIENT_SECRET ?? '',
    }),
  });
  // The token answer of the simulator has this one field that matters here.
  return ((await answer.json()) as { access_token: string }).access_token;
}

function pieces<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, place) =>
    items.slice(place * size, (place + 1) * size),
  );
}

async function inFlight<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT_MAX }, worker));
}
