import type { EndOfRun, Violation } from '../end-of-run.ts';

interface Limit {
  readonly name: string;
  readonly isOf: (operation: string) => boolean;
  readonly lengthMs: number;
  readonly max: number;
}

/** Calls a second and account, from AWS's pages on quotas of the Catalog and Agreement APIs (read November 2026). */
const PER_SECOND: Readonly<Record<string, number>> = {
  DescribeEntity: 20,
  ListEntities: 10,
  ListTagsForResource: 5,
  StartChangeSet: 5,
  ListChangeSets: 5,
  DescribeChangeSet: 10,
  TagResource: 5,
  SearchAgreements: 5,
  DescribeAgreement: 5,
  GetAgreementTerms: 10,
  GetAgreementEntitlements: 10,
  ListAgreementInvoiceLineItems: 10,
  ListAgreementCancellationRequests: 5,
  ListBillingAdjustmentRequests: 5,
};

const isRead = (operation: string): boolean => /^(?:Get|List)/.test(operation);
const DAY_MS = 86_400_000;

/** Partner Central: all reads together and all writes together, by the quotas of its Selling API (read November 2026). */
const SELLING: readonly Limit[] = [
  { name: 'writes in a second', isOf: (operation) => !isRead(operation), lengthMs: 1_000, max: 1 },
  { name: 'reads in a second', isOf: isRead, lengthMs: 1_000, max: 10 },
  { name: 'writes in 24 hours', isOf: (operation) => !isRead(operation), lengthMs: DAY_MS, max: 10_000 },
  { name: 'reads in 24 hours', isOf: isRead, lengthMs: DAY_MS, max: 100_000 },
];

const MARKETPLACE: readonly Limit[] = Object.entries(PER_SECOND).map(([name, max]) => ({
  name: `${name} in a second`,
  isOf: (operation) => operation === name,
  lengthMs: 1_000,
  max,
}));

/** Of ten windows in a row, what calls may be over that were granted in time and sent late. */
const WINDOWS = 10;
const LATE_MAX = 3;

/**
 * The limits of AWS's APIs, counted when calls were sent: how long the network takes is not the hub's doing. Nor is how long the table
 * takes to grant a call: where it takes seconds, or processes are frozen, calls of a second may be sent in the next, and ten seconds are
 * looked at instead.
 */
export function awsBudgets({ calls, plan }: EndOfRun): readonly Violation[] {
  const isLate = plan.temper.slow > 0 || plan.items.some(({ deed }) => deed.do === 'freeze');
  const inWindows = (limit: Limit): Limit =>
    isLate && limit.lengthMs < DAY_MS
      ? {
          ...limit,
          name: `${limit.name} for ${WINDOWS}`,
          lengthMs: WINDOWS * limit.lengthMs,
          max: WINDOWS * limit.max + LATE_MAX,
        }
      : limit;
  const sent = calls.filter(({ operation }) => operation !== undefined && operation !== 'sts');
  return (['marketplace', 'partner-central'] as const).flatMap((system) =>
    (system === 'marketplace' ? MARKETPLACE : SELLING).map(inWindows).flatMap(({ name, isOf, lengthMs, max }) => {
      const own = sent.filter((call) => call.system === system && isOf(call.operation ?? ''));
      const at = own.map(({ sentAt }) => sentAt).sort((a, b) => a - b);
      const over = at.findIndex((time, place) => place >= max && time - (at[place - max] ?? 0) < lengthMs);
      return over === -1 ? [] : [{ invariant: 'budgets', what: `${system}: more than ${max} ${name}, at ${at[over]}` }];
    }),
  );
}
