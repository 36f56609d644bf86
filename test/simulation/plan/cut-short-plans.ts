import { CALM, type PlanItem } from './plan.ts';
import { create, type DirectedPlan, edit, type PlanDraft } from './plan-items.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const SWEEP_MS = 180_000;

/**
 * Processes are frozen while they deliver an edit of the portal, for longer than their lease. Somebody edits the same field there again when
 * the lease is over, another process delivers that, and then the frozen ones wake and still write what they had in hand.
 */
export function frozen({ random, setup }: PlanDraft): DirectedPlan {
  const partners = ['P1', 'P2'];
  const items: PlanItem[] = partners.map((entity, turn) => create(random, turn * 2_000, 'partner', entity, 'portal'));
  for (let at = 5 * MINUTE_MS; at < 29 * MINUTE_MS; at += random.between(150, 190) * SECOND_MS) {
    const entity = random.pick(partners);
    const field = random.pick(['name', 'employees', 'phone']);
    items.push(edit(random, at, entity, 'portal', field));
    for (let freeze = 0; freeze < 6; freeze++) {
      const frozenAt = at + random.between(1_000, 12_000);
      const forMs = random.between(80, 120) * SECOND_MS;
      items.push({ at: frozenAt, deed: { do: 'freeze', draw: random.next(), forMs } });
    }
    items.push(edit(random, at + random.between(66, 72) * SECOND_MS, entity, 'portal', field));
  }
  return {
    items,
    setup: { ...setup, comesLater: false, sweepEveryMs: SWEEP_MS, skewMs: { 'org-a': 0, portal: 0, 'org-b': 0 } },
    temper: { ...CALM, slow: random.pick([0.3, 0.5]) },
  };
}

/**
 * Somebody resumes the portal, or releases the second org, while calls to AWS fail so often that much of what is asked for is cut short, and
 * asks again. What was entered elsewhere before, or while the portal was paused, nobody touches again: only what the resuming or the release
 * asks for brings it, before the nightly walk.
 */
export function interrupted({ random, setup }: PlanDraft): DirectedPlan {
  const items: PlanItem[] = [create(random, 0, 'partner', 'P1', 'org-a')];
  const isRelease = random.chance(0.5);
  const enteredAt = isRelease ? 2 * MINUTE_MS : 7 * MINUTE_MS;
  for (const [kind, entity] of [
    ['partner', 'P2'],
    ['deal', 'D1'],
    ['contact', 'C1'],
    ['lead', 'L1'],
  ] as const) {
    items.push(create(random, enteredAt, kind, entity, 'org-a', kind === 'partner' ? undefined : 'P1'));
  }
  if (isRelease) items.push({ at: random.between(8, 15) * MINUTE_MS, deed: { do: 'connect', system: 'org-b' } });
  else {
    items.push({ at: 6 * MINUTE_MS, deed: { do: 'pause', system: 'portal' } });
    items.push({ at: random.between(15, 20) * MINUTE_MS, deed: { do: 'resume', system: 'portal' } });
  }
  return {
    items,
    setup: { ...setup, comesLater: isRelease, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, awsOutage: random.pick([0.015, 0.02, 0.03]) },
  };
}
