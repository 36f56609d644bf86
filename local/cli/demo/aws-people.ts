import { jsonCall } from './json-call.ts';

/** Buyers on the simulated marketplace, and people at AWS. */
export interface AwsPeople {
  /** What the marketplace has of a kind: `offers`, `agreements`, `changeSets` … */
  marketplace(kind: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  accept(offerId: string, buyerAccountId: string): Promise<void>;
  amend(agreementId: string, addedValue: string): Promise<void>;
  renew(agreementId: string, percent: number): Promise<void>;
  pauseDisbursement(): Promise<void>;
  /** Opportunities as Partner Central has them. */
  opportunities(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  review(opportunityId: string, status: string): Promise<void>;
  /** AWS refers an opportunity, which comes as an invitation. */
  refer(fields: object): Promise<void>;
  /** Calls the two have answered so far. */
  calls(): Promise<number>;
}

/** Lets somebody play buyers and AWS, over the simulators' own doors for that. */
export function awsPeople(marketplaceUrl: string, partnerCentralUrl: string): AwsPeople {
  const at = (url: string) => `${url}/_simulator`;
  const market = <T = unknown>(method: string, path: string, body?: unknown): Promise<T> =>
    jsonCall<T>(`${at(marketplaceUrl)}/${path}`, method, {}, body);
  const partner = <T = unknown>(method: string, path: string, body?: unknown): Promise<T> =>
    jsonCall<T>(`${at(partnerCentralUrl)}/${path}`, method, {}, body);
  return {
    marketplace: async (kind) =>
      (await market<{ records: Readonly<Record<string, unknown>>[] }>('GET', `records/${kind}`)).records,
    accept: async (offerId, buyerAccountId) => {
      await market('POST', `offers/${offerId}/accept`, { buyerAccountId });
    },
    amend: async (agreementId, addedValue) => {
      await market('POST', `agreements/${agreementId}/amend`, { addedValue });
    },
    renew: async (agreementId, percent) => {
      await market('POST', `agreements/${agreementId}/renew`, { percent: String(percent) });
    },
    pauseDisbursement: async () => {
      await market('POST', 'disbursement/pause');
    },
    opportunities: async () =>
      (await partner<{ opportunities: Readonly<Record<string, unknown>>[] }>('GET', 'opportunities')).opportunities,
    review: async (opportunityId, status) => {
      await partner('POST', 'review', { opportunityId, status });
    },
    refer: async (fields) => {
      await partner('POST', 'referral', { catalog: 'AWS', fields });
    },
    async calls() {
      const all = await Promise.all([
        market<Statistics>('GET', 'statistics'),
        partner<Statistics>('GET', 'statistics'),
      ]);
      return all.reduce((sum, { calls }) => sum + calls.calls, 0);
    },
  };
}

interface Statistics {
  readonly calls: { readonly calls: number };
}
