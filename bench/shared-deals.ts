import { setTimeout as sleep } from 'node:timers/promises';
import { increases, rounded, total } from './figures.ts';
import type { MarketplaceWorld } from './marketplace-world.ts';
import { vendorHttp } from './vendor-http.ts';

/** AWS's limit on writes of one partner, all operations together. *Source*: `connectors/aws-partner-central/ask.ts`. */
const WRITES_PER_SECOND_MAX = 1;
const POLL_MS = 200;
const DAY_MS = 86_400_000;
/** How many deals are made in one call. */
const BATCH = 50;

interface Opportunities {
  readonly opportunities: readonly { readonly review?: { readonly status: string } }[];
}

/**
 * Deals that all ask at once to be shared with AWS: how long until every one is an opportunity handed over for review, and how many
 * writes a second AWS was asked for meanwhile, of the one it takes.
 */
export async function shareDeals(world: MarketplaceWorld, deals: number, withinMs: number) {
  const callsBefore = await world.calls();
  const refusedBefore = await world.refused();
  const startedAt = performance.now();
  await makeDeals(world.urls.hubspot, deals);
  let firstWriteAt: number | undefined;
  let lastWriteAt = startedAt;
  let writes = 0;
  for (const giveUpAt = startedAt + withinMs; (await submitted(world)) < deals; await sleep(POLL_MS)) {
    if (performance.now() > giveUpAt)
      throw new Error(`Not all of ${deals} deals were shared in ${withinMs / 1_000} s.`);
    const sent = total(writesOf(increases(callsBefore, await world.calls())));
    const taken = sent - refusedWrites(increases(refusedBefore, await world.refused()));
    if (taken <= writes) continue;
    writes = taken;
    lastWriteAt = performance.now();
    firstWriteAt ??= lastWriteAt;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await world.hub.quiet();
  const calls = increases(callsBefore, await world.calls());
  const operations = writesOf(calls);
  const refusedByLimit = increases(refusedBefore, await world.refused());
  const busySeconds = (lastWriteAt - (firstWriteAt ?? startedAt)) / 1_000;
  // The first write is where the time begins.
  const perSecond = (writes - 1) / busySeconds;
  return {
    deals,
    seconds: rounded(seconds, 1),
    writes: operations,
    writesPerDeal: rounded((total(operations) - refusedWrites(refusedByLimit)) / deals, 2),
    writesPerSecond: rounded(perSecond, 3),
    ofTheLimit: rounded(perSecond / WRITES_PER_SECOND_MAX, 3),
    refusedByLimit,
    refusedWrites: refusedWrites(refusedByLimit),
    calls,
  };
}

/** Of what AWS refused for a limit, what was a write to Partner Central. */
function refusedWrites(refused: Readonly<Record<string, number>>): number {
  return total(Object.fromEntries(Object.entries(refused).filter(([limit]) => limit.startsWith('writes'))));
}

function writesOf(calls: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(calls).filter(([name]) =>
      /^aws-partner-central \S+\.(?:Create|Update|Associate|Disassociate|Start)/.test(name),
    ),
  );
}

async function submitted({ urls }: MarketplaceWorld): Promise<number> {
  const door = `${urls['aws-partner-central']}/_simulator/opportunities`;
  const { opportunities } = await vendorHttp<Opportunities>(door, 'GET', {});
  return opportunities.filter(({ review }) => review?.status === 'Submitted').length;
}

/** A person's deals in HubSpot, of one company, with all that AWS wants to know. */
async function makeDeals(url: string, count: number): Promise<void> {
  const headers = { authorization: 'Bearer person' };
  const objects = `${url}/crm/v3/objects`;
  const company = await vendorHttp<{ id: string }>(`${objects}/companies`, 'POST', headers, {
    properties: {
      name: 'Nordlicht AG',
      domain: 'nordlicht.example',
      website: 'https://www.nordlicht.example',
      industry: 'COMPUTER_SOFTWARE',
      country: 'Germany',
      zip: '10115',
    },
  });
  const inputs = Array.from({ length: count }, (_, place) => ({
    properties: {
      dealname: `Nordlicht – platform ${place + 1}`,
      dealstage: 'qualifiedtobuy',
      dealtype: 'newbusiness',
      amount: '90000',
      deal_currency_code: 'EUR',
      closedate: new Date(Date.now() + 60 * DAY_MS).toISOString(),
      contract_months: '12',
      aws_co_sell_requested: 'true',
      aws_co_sell_solution: 'S-0010001',
      aws_co_sell_needs: 'deal-support',
      aws_co_sell_use_case: 'Analytics',
      aws_co_sell_problem: 'Reports take a night. They should take minutes.',
      aws_co_sell_delivery: 'saas-or-paas',
    },
    associations: [
      { to: { id: company.id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }] },
    ],
  }));
  for (let start = 0; start < inputs.length; start += BATCH) {
    await vendorHttp(`${objects}/deals/batch/create`, 'POST', headers, { inputs: inputs.slice(start, start + BATCH) });
  }
}
