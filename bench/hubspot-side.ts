import { allSubscriptions } from '../local/simulators/hubspot/webhook-settings.ts';
import { company } from './sample-partners.ts';
import { vendorHttp } from './vendor-http.ts';
import {
  companiesOf,
  describeMark,
  type Marks,
  SEED_AGE_MS,
  SEED_PIECE,
  SHARED_OWNERS,
  type VendorSide,
  withoutOwn,
} from './vendor-side.ts';

const BATCH_MAX = 100;
const FIRST_ID = 10_000_000;
const ROUTES = {
  edit: 'PATCH /crm/v3/objects/companies/{id}',
  editMany: 'POST /crm/v3/objects/companies/batch/update',
  read: 'POST /crm/v3/objects/companies/batch/read',
} as const;

interface Companies {
  readonly results: readonly { readonly id: string; readonly properties: { readonly numberofemployees: string } }[];
}

/** The simulated HubSpot account, with somebody signed in to it. */
export function hubspotSide(url: string): VendorSide {
  const admin = `${url}/_simulator`;
  const companies = `${url}/crm/v3/objects/companies`;
  const headers = { authorization: 'Bearer person' };
  const own = new Map<string, number>();

  function counted<T>(route: string, path: string, body: unknown): Promise<T> {
    own.set(route, (own.get(route) ?? 0) + 1);
    const [method = ''] = route.split(' ');
    return vendorHttp<T>(`${companies}/${path}`, method, headers, body);
  }

  return {
    connection: 'hubspot',
    url,
    batchMax: BATCH_MAX,
    async reset() {
      own.clear();
      await vendorHttp(`${admin}/reset`, 'POST', {});
    },
    async seed(range) {
      const modifiedAt = Date.now() - SEED_AGE_MS;
      const records = companiesOf(range, (index) => ({
        type: 'companies',
        id: String(FIRST_ID + index),
        properties: company(index, SHARED_OWNERS[index % SHARED_OWNERS.length]?.hubspotId ?? ''),
        createdAt: modifiedAt,
        modifiedAt,
      }));
      for (let start = 0; start < records.length; start += SEED_PIECE) {
        await vendorHttp(`${admin}/seed`, 'POST', {}, { records: records.slice(start, start + SEED_PIECE) });
      }
      return records.map(({ id }) => id);
    },
    async edit(id, mark) {
      await counted(ROUTES.edit, id, { properties: { description: describeMark(mark) } });
    },
    async editMany(edits) {
      const inputs = [...edits].map(([id, mark]) => ({
        id,
        properties: { description: describeMark(mark) },
      }));
      await counted(ROUTES.editMany, 'batch/update', { inputs });
    },
    async readCarried(ids): Promise<Marks> {
      const { results } = await counted<Companies>(ROUTES.read, 'batch/read', {
        inputs: ids.map((id) => ({ id })),
        properties: ['numberofemployees'],
        propertiesWithHistory: [],
      });
      return new Map(results.map(({ id, properties }) => [id, Number(properties.numberofemployees)]));
    },
    async tell(hubUrl) {
      const settings =
        hubUrl === undefined
          ? { targetUrl: null }
          : { targetUrl: `${hubUrl}/webhooks/hubspot`, subscriptions: allSubscriptions('named') };
      await vendorHttp(`${admin}/webhooks`, 'PUT', {}, settings);
    },
    async calls() {
      const { calls } = await vendorHttp<{ calls: { byRoute: Record<string, { calls: number }> } }>(
        `${admin}/stats`,
        'GET',
        {},
      );
      const byRoute = Object.entries(calls.byRoute).map(([route, entry]) => [route, entry.calls] as const);
      return withoutOwn(Object.fromEntries(byRoute), own);
    },
    async count() {
      const { records } = await vendorHttp<{ records: { companies: { live: number } } }>(`${admin}/stats`, 'GET', {});
      return records.companies.live;
    },
  };
}
