import type { VendorCall } from '../world/chronicle.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What an org answers when the calls of its day are used up. */
const USED_UP = 403;

/**
 * Invariant 5: the hub passes no limit of a system by its own doing. Counted from its calls, not from what it thinks it spent, when
 * they were sent: how long the network takes is not its doing.
 */
export function budgetsHold(end: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  const sent = end.calls.toSorted((a, b) => a.sentAt - b.sentAt);
  const portal = sent.filter(({ system, path }) => system === 'portal' && !path.includes('/oauth/'));
  const isSearch = ({ path }: VendorCall): boolean => path.endsWith('/search');
  const windows = [
    {
      name: 'calls in 10 s',
      calls: portal.filter((call) => !isSearch(call)),
      lengthMs: 10_000,
      max: end.plan.setup.portalPer10Seconds,
    },
    { name: 'searches in 1 s', calls: portal.filter(isSearch), lengthMs: 1_000, max: 5 },
    ...(['org-a', 'org-b'] as const).flatMap((id) => {
      const calls = sent.filter(({ system, path }) => system === id && !path.includes('/oauth2/'));
      const isRefused = ({ status }: VendorCall): boolean => status === USED_UP;
      return [
        {
          name: `calls of ${id} in a day`,
          calls: calls.filter((call) => !isRefused(call)),
          lengthMs: DAY_MS,
          max: end.plan.setup.orgPerDay,
        },
        // Whether the org takes calls again can only be asked. That is none of the calls it takes, but is not to be asked all the time.
        { name: `calls refused by ${id} in an hour`, calls: calls.filter(isRefused), lengthMs: HOUR_MS, max: 60 },
      ];
    }),
  ];
  for (const { name, calls, lengthMs, max } of windows) {
    for (let last = max; last < calls.length; last++) {
      const [first, over] = [calls[last - max], calls[last]];
      if (first === undefined || over === undefined || over.sentAt - first.sentAt >= lengthMs) continue;
      violations.push({ invariant: 'budgets', what: `more than ${max} ${name} at ${over.sentAt}` });
      break;
    }
  }
  return violations;
}
