import type { VendorCall } from '../world/chronicle.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/** What changes records by their id; other writes name records they only refer to. */
const UPDATES = /\/batch\/update$|\/composite\/sobjects$/;
/** A contact in HubSpot is written as a contact and as the person of a lead. */
const SHARED = /\/objects\/contacts\//;

/**
 * Invariant 1, third part (DESIGN, the claim of delivery): one worker at a time writes one record to one system. Two writes that name the
 * same record and were under way at the same time are two writers, unless one of them had been frozen past its lease.
 */
export function oneWriter({ calls, plan }: EndOfRun): readonly Violation[] {
  if (plan.items.some(({ deed }) => deed.do === 'freeze')) return [];
  const last = new Map<string, VendorCall>();
  for (const call of calls.filter(({ isWrite, path }) => isWrite && UPDATES.test(path) && !SHARED.test(path))) {
    for (const [, id] of call.body.matchAll(/"id":"([^"]+)"/gi)) {
      const key = `${call.system} ${id}`;
      const before = last.get(key);
      last.set(key, call);
      if (before === undefined || before.process === call.process || before.at <= call.sentAt) continue;
      return [{ invariant: 'convergence', what: `two workers wrote ${key} at once, at ${call.sentAt}` }];
    }
  }
  return [];
}
