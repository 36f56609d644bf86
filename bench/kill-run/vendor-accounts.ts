import { account, company } from '../sample-partners.ts';
import { vendorHttp } from '../vendor-http.ts';
import { describeMark, markIn, SHARED_OWNERS } from '../vendor-side.ts';
import type { HeldCompany, SharedField } from './kill-run-ledger.ts';

/** What a person writes: a mark into the field of their side, or a text into a field that both sides edit. */
export type Change = { readonly own: number } | { readonly field: SharedField; readonly text: string };

/** A system as people work in it, and as it is looked at in the end. */
export interface VendorAccount {
  /** Most records of one call of {@link edit}. */
  readonly batchMax: number;
  /** One call for all of them, each record once. */
  edit(changes: ReadonlyMap<string, Change>): Promise<void>;
  /** Makes the company of this index of `sample-partners.ts`; answers its id. */
  create(index: number): Promise<string>;
  /** All live companies. */
  companies(): Promise<readonly HeldCompany[]>;
  /** Calls made here so far. */
  ownCalls(): number;
}

/** The domain of the company of an index, as both systems know it. */
export function domainOf(index: number): string {
  return `company-${index}.example`;
}

/** The simulated Salesforce org; people there write the number of employees. */
export async function salesforceAccount(url: string): Promise<VendorAccount> {
  const data = `${url}/services/data/v64.0`;
  const session = { username: SHARED_OWNERS[0]?.email };
  const { accessToken } = await vendorHttp<{ accessToken: string }>(`${url}/_simulator/sessions`, 'POST', {}, session);
  const headers = { authorization: `Bearer ${accessToken}` };
  const names = { name: 'Name', phone: 'Phone' } as const;
  let calls = 0;
  return {
    batchMax: 200,
    async edit(changes) {
      calls += 1;
      const records = [...changes].map(([id, change]) => ({
        attributes: { type: 'Account' },
        id,
        ...('own' in change ? { NumberOfEmployees: change.own } : { [names[change.field]]: change.text }),
      }));
      const path = `${data}/composite/sobjects`;
      const rows = await vendorHttp<{ success: boolean }[]>(path, 'PATCH', headers, { records });
      if (rows.some(({ success }) => !success)) throw new Error('Salesforce refused an edit.');
    },
    async create(index) {
      calls += 1;
      const { OwnerId: _ownerId, ...values } = account(index, '');
      const path = `${data}/sobjects/Account`;
      return (await vendorHttp<{ id: string }>(path, 'POST', headers, values)).id;
    },
    async companies() {
      const { records } = await vendorHttp<{ records: readonly Account[] }>(
        `${url}/_simulator/records/Account`,
        'GET',
        {},
      );
      return records
        .filter(({ IsDeleted }) => !IsDeleted)
        .map((record) => ({
          id: record.Id,
          domain: record.Website?.replace(/^https?:\/\/(www\.)?/, '') ?? '',
          hubId: record.Tributary_Id__c ?? undefined,
          marks: { salesforce: record.NumberOfEmployees ?? 0, hubspot: markIn(record.Description) },
          shared: { name: record.Name, phone: digits(record.Phone) },
        }));
    },
    ownCalls: () => calls,
  };
}

interface Account {
  readonly Id: string;
  readonly IsDeleted: boolean;
  readonly Name: string;
  readonly Website: string | null;
  readonly Phone: string | null;
  readonly NumberOfEmployees: number | null;
  readonly Description: string | null;
  readonly Tributary_Id__c: string | null;
}

const DUMP_PAGE = 1_000;
const DUMP_PAGES_MAX = 1_000;

/** The simulated HubSpot account; people there write the description. */
export function hubspotAccount(url: string): VendorAccount {
  const path = `${url}/crm/v3/objects/companies`;
  const headers = { authorization: 'Bearer person' };
  let calls = 0;
  return {
    batchMax: 100,
    async edit(changes) {
      calls += 1;
      const inputs = [...changes].map(([id, change]) => ({
        id,
        properties: 'own' in change ? { description: describeMark(change.own) } : { [change.field]: change.text },
      }));
      await vendorHttp(`${path}/batch/update`, 'POST', headers, { inputs });
    },
    async create(index) {
      calls += 1;
      const { hubspot_owner_id: _ownerId, ...properties } = company(index, '');
      return (await vendorHttp<{ id: string }>(path, 'POST', headers, { properties })).id;
    },
    async companies() {
      const all: HeldCompany[] = [];
      let after = '0';
      for (let page = 0; page < DUMP_PAGES_MAX; page += 1) {
        const answer = await vendorHttp<{ readonly records: readonly Company[]; readonly after?: string }>(
          `${url}/_simulator/records/companies?limit=${DUMP_PAGE}&after=${after}`,
          'GET',
          {},
        );
        all.push(...answer.records.map(heldCompany));
        if (answer.after === undefined) return all;
        ({ after } = answer);
      }
      throw new Error('HubSpot has more companies than a kill run makes.');
    },
    ownCalls: () => calls,
  };
}

interface Company {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | undefined>>;
}

function heldCompany({ id, properties }: Company): HeldCompany {
  return {
    id,
    domain: properties.domain ?? '',
    hubId: properties.tributary_id,
    marks: {
      salesforce: Number(properties.numberofemployees ?? 0),
      hubspot: markIn(properties.description ?? null),
    },
    shared: { name: properties.name ?? '', phone: digits(properties.phone ?? null) },
  };
}

function digits(phone: string | null): string {
  return (phone ?? '').replaceAll(/\D/g, '');
}
