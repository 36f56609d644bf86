import { SIMULATED_CREDENTIALS } from '../simulated-systems.ts';
import { jsonCall } from './json-call.ts';

/** Somebody who works in the simulated Salesforce, over its own API. */
export interface SalesforcePerson {
  readonly url: string;
  create(object: string, values: Readonly<Record<string, unknown>>): Promise<string>;
  edit(object: string, id: string, values: Readonly<Record<string, unknown>>): Promise<void>;
  /** All rows of a query, every page. */
  query(soql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const VERSION = 'v67.0';
const PAGES_MAX = 1_000;

interface QueryAnswer {
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly nextRecordsUrl?: string;
}

/** Signs somebody in with the simulator's client credentials. */
export async function salesforcePerson(url: string): Promise<SalesforcePerson> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: process.env.SALESFORCE_SIM_CLIENT_ID ?? SIMULATED_CREDENTIALS.SALESFORCE_SIM_CLIENT_ID ?? '',
    client_secret: process.env.SALESFORCE_SIM_CLIENT_SECRET ?? SIMULATED_CREDENTIALS.SALESFORCE_SIM_CLIENT_SECRET ?? '',
  });
  const answer = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: form });
  // The token answer of the simulator has this one field that matters here.
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const data = `${url}/services/data/${VERSION}`;
  return {
    url,
    create: async (object, values) =>
      (await jsonCall<{ id: string }>(`${data}/sobjects/${object}`, 'POST', headers, values)).id,
    edit: async (object, id, values) => {
      await jsonCall(`${data}/sobjects/${object}/${id}`, 'PATCH', headers, values);
    },
    async query(soql) {
      const rows: Readonly<Record<string, unknown>>[] = [];
      let next = `${data}/query?q=${encodeURIComponent(soql)}`;
      for (let page = 0; page < PAGES_MAX; page++) {
        const { records, nextRecordsUrl } = await jsonCall<QueryAnswer>(next, 'GET', headers);
        rows.push(...records);
        if (nextRecordsUrl === undefined) break;
        next = `${url}${nextRecordsUrl}`;
      }
      return rows;
    },
  };
}
