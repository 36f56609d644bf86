import { setTimeout as sleep } from 'node:timers/promises';
import { SAMPLE_OFFER_ID } from '../local/simulators/aws-marketplace/sample-products.ts';
import { type AgreementWatch, watchAgreements } from './agreement-watch.ts';
import { atMost, readFlags, report } from './bench-report.ts';
import { each, increases, percentile, rounded, total } from './figures.ts';
import { type MarketplaceWorld, startMarketplaceWorld } from './marketplace-world.ts';
import { shareDeals } from './shared-deals.ts';
import { vendorHttp } from './vendor-http.ts';

/** How much is measured. */
export interface MarketplaceSize {
  /** Agreements one after the other, at a rate; then each of them is amended at the same rate. */
  readonly steady: { readonly agreements: number; readonly everyMs: number };
  /** Agreements at once. */
  readonly burst: number;
  /** Deals that are to be shared with AWS, at once. */
  readonly shared: number;
  /** How long nothing happens, to see what the hub asks for then, seconds. */
  readonly idleSeconds: number;
}

const USUAL: MarketplaceSize = {
  steady: { agreements: 100, everyMs: 1_000 },
  burst: 50,
  shared: 40,
  idleSeconds: 120,
};
const QUICK: MarketplaceSize = { steady: { agreements: 5, everyMs: 1_000 }, burst: 5, shared: 3, idleSeconds: 10 };

/** The price of one unit of the public offer, and what an amendment adds to it. */
const PRICE = 1_200;
const ADDED = 100;
const ARRIVAL_MS_MAX = 180_000;
const SHARED_MS_MAX = 400_000;
const FIRST_BUYER = 200_000_000_000;

/**
 * Agreements of a simulated marketplace on their way into two CRMs on the local stack, and deals on their way to Partner Central: how
 * long they take, and what they cost in calls. The CRMs' limits are out of the way; those of AWS are kept.
 */
export async function benchMarketplace(size: MarketplaceSize) {
  const world = await startMarketplaceWorld();
  const watch = watchAgreements(world.urls);
  try {
    const idle = await measureIdle(world, size.idleSeconds);
    const ids: string[] = [];
    const accepted = await measure(
      world,
      watch,
      size.steady.agreements,
      async (place) => {
        ids.push(await accept(world, watch, place));
      },
      size.steady.everyMs,
    );
    const amended = await measure(
      world,
      watch,
      ids.length,
      (place) => amend(world, watch, ids[place] ?? ''),
      size.steady.everyMs,
    );
    const burst = await measure(
      world,
      watch,
      size.burst,
      async (place) => {
        await accept(world, watch, size.steady.agreements + place);
      },
      0,
    );
    const shared = await shareDeals(world, size.shared, SHARED_MS_MAX);
    return {
      idle,
      accepted,
      amended,
      burst,
      shared,
      aims: [
        atMost('seconds from an event to both CRMs, 95th percentile', 60, rounded(accepted.latencyMs.p95 / 1_000, 1)),
        atMost('writes that Partner Central refused for its limit', 0, shared.refusedWrites),
      ],
    };
  } finally {
    await watch.stop();
    await world.stop();
  }
}

/** What the hub asks of the systems while nothing happens: its sweeps. */
async function measureIdle(world: MarketplaceWorld, seconds: number) {
  const before = await world.calls();
  await sleep(seconds * 1_000);
  return { seconds, callsPerMinute: each(increases(before, await world.calls()), seconds / 60, 1) };
}

/** Lets something happen so many times, `everyMs` apart or all at once, until all of it is in both CRMs and the hub is at rest. */
async function measure(
  world: MarketplaceWorld,
  watch: AgreementWatch,
  count: number,
  happen: (place: number) => Promise<void>,
  everyMs: number,
) {
  const seen = watch.latenciesMs.length;
  const before = { calls: await world.calls(), refused: await world.refused(), events: await world.eventsSent() };
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: count }, async (_, place) => {
      await sleep(Math.max(0, startedAt + place * everyMs - performance.now()));
      await happen(place);
    }),
  );
  await watch.all(ARRIVAL_MS_MAX);
  const seconds = (performance.now() - startedAt) / 1_000;
  await world.hub.quiet();
  const calls = increases(before.calls, await world.calls());
  const events = (await world.eventsSent()) - before.events;
  const latencies = watch.latenciesMs.slice(seen);
  return {
    count,
    seconds: rounded(seconds, 1),
    latencyMs: {
      p50: rounded(percentile(latencies, 0.5)),
      p95: rounded(percentile(latencies, 0.95)),
      max: rounded(percentile(latencies, 1)),
    },
    events,
    callsPerEvent: rounded(total(calls) / events, 2),
    callsEach: rounded(total(calls) / count, 2),
    calls,
    refusedByLimit: increases(before.refused, await world.refused()),
  };
}

/** A buyer of its own accepts the public offer; answers the agreement. */
async function accept(world: MarketplaceWorld, watch: AgreementWatch, place: number): Promise<string> {
  const acceptance = { buyerAccountId: String(FIRST_BUYER + place), dimensions: { platform: 1 } };
  const { id } = await play<{ id: string }>(world, `offers/${SAMPLE_OFFER_ID}/accept`, acceptance);
  watch.expect(id, PRICE, performance.now());
  return id;
}

async function amend(world: MarketplaceWorld, watch: AgreementWatch, agreementId: string): Promise<void> {
  await play(world, `agreements/${agreementId}/amend`, { addedValue: String(ADDED) });
  watch.expect(agreementId, PRICE + ADDED, performance.now());
}

function play<T>({ urls }: MarketplaceWorld, path: string, body: object): Promise<T> {
  return vendorHttp<T>(`${urls['aws-marketplace']}/_simulator/${path}`, 'POST', {}, body);
}

if (import.meta.main) {
  const flags = readFlags();
  report('marketplace', flags, await benchMarketplace(flags.quick ? QUICK : USUAL));
}
