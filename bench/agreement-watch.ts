import { setTimeout as sleep } from 'node:timers/promises';
import { vendorHttp } from './vendor-http.ts';

/** Watches both CRMs until the deals of agreements are there, won, with an amount. */
export interface AgreementWatch {
  /** Awaits an agreement's deal with this amount in both; `since` is when it happened, ms of `performance.now()`. */
  expect(agreementId: string, amount: number, since: number): void;
  /** From `since` until the later of the two CRMs had it, ms; a poll's interval is the resolution. */
  readonly latenciesMs: readonly number[];
  /** Resolves when everything awaited is there. *Faults*: throws when that takes longer than `withinMs`. */
  all(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

interface Awaited {
  readonly amount: number;
  readonly since: number;
}

interface Deal {
  readonly properties: { readonly aws_agreement_id?: string; readonly amount?: string; readonly dealstage?: string };
}

interface Opportunity {
  readonly AWS_Agreement_Id__c?: string;
  readonly Amount?: number;
  readonly StageName?: string;
}

const POLL_MS = 100;

/** Starts a watch over the simulators' own doors, which are no calls of the hub's and count against no limit. */
export function watchAgreements(urls: { readonly salesforce: string; readonly hubspot: string }): AgreementWatch {
  const awaited = new Map<string, Awaited>();
  const latenciesMs: number[] = [];
  let failure: unknown;
  let isOver = false;

  async function poll(): Promise<void> {
    if (awaited.size === 0) return;
    const [inHubspot, inSalesforce] = await Promise.all([dealAmounts(urls.hubspot), wonAmounts(urls.salesforce)]);
    const at = performance.now();
    for (const [id, { amount, since }] of awaited) {
      if (inHubspot.get(id) !== amount || inSalesforce.get(id) !== amount) continue;
      awaited.delete(id);
      latenciesMs.push(at - since);
    }
  }

  async function run(): Promise<void> {
    while (!isOver) {
      await poll();
      await sleep(POLL_MS);
    }
  }

  const running = run().catch((error: unknown) => {
    // Told to whoever waits for the deals.
    failure = error;
  });
  return {
    expect: (agreementId, amount, since) => void awaited.set(agreementId, { amount, since }),
    latenciesMs,
    async all(withinMs) {
      for (const giveUpAt = performance.now() + withinMs; awaited.size > 0; await sleep(POLL_MS)) {
        if (failure !== undefined) throw failure;
        if (performance.now() > giveUpAt)
          throw new Error(`${awaited.size} agreements were not in both CRMs after ${withinMs / 1_000} s.`);
      }
    },
    async stop() {
      isOver = true;
      await running;
    },
  };
}

/** Amounts of won deals in HubSpot by the agreement. */
async function dealAmounts(url: string): Promise<ReadonlyMap<string, number>> {
  const { records } = await vendorHttp<{ records: Deal[] }>(`${url}/_simulator/records/deals`, 'GET', {});
  return new Map(
    records.flatMap(({ properties: { aws_agreement_id: id, amount, dealstage } }) =>
      id === undefined || dealstage !== 'closedwon' ? [] : [[id, Number(amount)] as const],
    ),
  );
}

/** The same of opportunities in Salesforce. */
async function wonAmounts(url: string): Promise<ReadonlyMap<string, number>> {
  const { records } = await vendorHttp<{ records: Opportunity[] }>(`${url}/_simulator/records/Opportunity`, 'GET', {});
  return new Map(
    records.flatMap(({ AWS_Agreement_Id__c: id, Amount, StageName }) =>
      id === undefined || StageName !== 'Closed Won' ? [] : [[id, Number(Amount)] as const],
    ),
  );
}
