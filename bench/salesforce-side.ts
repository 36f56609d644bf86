import { SIMULATED_CREDENTIALS } from '../local/cli/simulated-systems.ts';
import { account } from './sample-partners.ts';
import { vendorHttp } from './vendor-http.ts';
import {
  companiesOf,
  type Marks,
  markIn,
  SEED_AGE_MS,
  SEED_PIECE,
  SHARED_OWNERS,
  type VendorSide,
  withoutOwn,
} from './vendor-side.ts';

const BATCH_MAX = 200;
const ROUTES = {
  edit: 'PATCH sobjects/:object/:id',
  editMany: 'PATCH composite/sobjects',
  read: 'POST composite/sobjects/:object',
} as const;

interface Row {
  readonly Id: string;
  readonly Description: string | null;
}

/** The simulated Salesforce org, with somebody signed in to it. */
export async function salesforceSide(url: string): Promise<VendorSide> {
  const admin = `${url}/_simulator`;
  const data = `${url}/services/data/v64.0`;
  const own = new Map<string, number>();
  let headers: Readonly<Record<string, string>> = {};
  let ownerIds: readonly string[] = [];

  function counted<T>(route: string, path: string, body: unknown): Promise<T> {
    own.set(route, (own.get(route) ?? 0) + 1);
    const [method = ''] = route.split(' ');
    return vendorHttp<T>(`${data}/${path}`, method, headers, body);
  }

  async function signIn(): Promise<void> {
    const session = { username: SHARED_OWNERS[0]?.email };
    const { accessToken } = await vendorHttp<{ accessToken: string }>(`${admin}/sessions`, 'POST', {}, session);
    headers = { authorization: `Bearer ${accessToken}` };
  }

  /** Users that both systems know, by place in {@link SHARED_OWNERS}; a new org has them. */
  async function findOwners(): Promise<void> {
    const soql = `SELECT Id, Username FROM User WHERE IsActive = true`;
    const path = `${data}/query?q=${encodeURIComponent(soql)}`;
    const { records } = await vendorHttp<{ records: { Id: string; Username: string }[] }>(path, 'GET', headers);
    ownerIds = SHARED_OWNERS.map(({ email }) => records.find(({ Username }) => Username === email)?.Id ?? '');
  }

  return {
    connection: 'salesforce',
    url,
    batchMax: BATCH_MAX,
    async reset() {
      own.clear();
      await vendorHttp(`${admin}/reset`, 'POST', {});
      await signIn();
      await findOwners();
    },
    async seed(companies) {
      const at = new Date(Date.now() - SEED_AGE_MS).toISOString();
      const records = companiesOf(companies, (index) => ({
        object: 'Account',
        values: { ...account(index, ownerIds[index % ownerIds.length] ?? ''), CreatedDate: at, LastModifiedDate: at },
      }));
      const ids: string[] = [];
      for (let start = 0; start < records.length; start += SEED_PIECE) {
        const piece = { records: records.slice(start, start + SEED_PIECE) };
        ids.push(...(await vendorHttp<{ ids: string[] }>(`${admin}/seed`, 'POST', {}, piece)).ids);
      }
      return ids;
    },
    async edit(id, mark) {
      await counted(ROUTES.edit, `sobjects/Account/${id}`, { NumberOfEmployees: mark });
    },
    async editMany(edits) {
      const records = [...edits].map(([id, mark]) => ({
        attributes: { type: 'Account' },
        id,
        NumberOfEmployees: mark,
      }));
      const rows = await counted<{ success: boolean }[]>(ROUTES.editMany, 'composite/sobjects', { records });
      if (rows.some(({ success }) => !success)) throw new Error('Salesforce refused an edit.');
    },
    async readCarried(ids): Promise<Marks> {
      const rows = await counted<(Row | null)[]>(ROUTES.read, 'composite/sobjects/Account', {
        ids,
        fields: ['Id', 'Description'],
      });
      return new Map(rows.flatMap((row) => (row === null ? [] : [[row.Id, markIn(row.Description)] as const])));
    },
    async tell(hubUrl) {
      const key = encodeURIComponent(SIMULATED_CREDENTIALS.SALESFORCE_SIM_WEBHOOK_KEY ?? '');
      const target = { object: 'Account', url: `${hubUrl}/webhooks/salesforce?key=${key}` };
      await vendorHttp(`${admin}/outbound-messages`, 'PUT', {}, { targets: hubUrl === undefined ? [] : [target] });
    },
    async calls() {
      const { calls } = await vendorHttp<{ calls: { byRoute: Record<string, { calls: number }> } }>(
        `${admin}/statistics`,
        'GET',
        {},
      );
      const byRoute = Object.entries(calls.byRoute).map(([route, entry]) => [route, entry.calls] as const);
      return withoutOwn(Object.fromEntries(byRoute), own);
    },
    async count() {
      const { records } = await vendorHttp<{ records: Record<string, number> }>(`${admin}/statistics`, 'GET', {});
      return records.Account ?? 0;
    },
  };
}
