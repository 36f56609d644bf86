import type { AwsEvent } from '../../../local/simulators/aws/aws-event.ts';
import {
  type AwsMarketplaceAccount,
  openAwsMarketplaceAccount,
} from '../../../local/simulators/aws-marketplace/start-aws-marketplace-simulator.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { SeededRandom } from '../engine/seeded-random.ts';
import type { Place } from './vendor.ts';

/** The account that sells, in every world; 12 digits. */
export const SELLER = '111122223333';

/** How the simulated marketplace is a part of the world. */
export interface MarketplacePlace extends Place {
  readonly account: AwsMarketplaceAccount;
}

/** A simulated seller's account of AWS Marketplace, its APIs called as functions, on the world's clock. */
export function marketplacePlace(
  scheduler: Scheduler,
  random: SeededRandom,
  publish: (event: AwsEvent) => void,
): MarketplacePlace {
  const now = (): number => scheduler.now;
  const account = openAwsMarketplaceAccount(
    {
      accountId: SELLER,
      now,
      random: random.next,
      setTimer: soonOnly(scheduler),
      delays: { preparingMs: random.between(5, 90) * 1_000, applyingMs: random.between(5, 90) * 1_000 },
      publish,
    },
    { refuseConnections: () => undefined },
  );
  return {
    id: 'marketplace',
    host: 'marketplace.example',
    account,
    now,
    handle: account.handle,
    addFault: (fault) => account.faults.add(fault),
    clearFaults: () => account.faults.clear(),
    // Keys do not expire.
    expireSessions: () => undefined,
    close: () => account.close(),
  };
}

const SOON_MS = 3 * 3_600_000;

/**
 * Timers of a simulated AWS service, for what is due within hours. What is due in months (the end of an agreement) must not keep the
 * world from coming to rest; should its day come, the next call brings it about.
 */
export function soonOnly(scheduler: Scheduler): (callback: () => void, ms: number) => () => void {
  return (callback, ms) => {
    if (ms > SOON_MS) return () => undefined;
    const event = scheduler.at(scheduler.now + ms, 'aws due', callback);
    return () => {
      event.isCancelled = true;
    };
  };
}
