import { CALM, type PlanItem, SYSTEM_IDS } from './plan.ts';
import { create, type DirectedPlan, edit, type PlanDraft } from './plan-items.ts';

const MINUTE_MS = 60_000;
const SWEEP_MS = 180_000;

/**
 * Two persons have one e-mail address: the second one is entered in an org when the first one is long known everywhere. Nobody
 * answers what the hub asks about them (oracle `asks-first`). The portal has no two contacts of one address, so nobody enters one there.
 */
export function mailbox({ random, setup, temper }: PlanDraft): DirectedPlan {
  const home = random.pick(SYSTEM_IDS);
  const items = [
    create(random, 0, 'partner', 'P1', home),
    create(random, 3 * MINUTE_MS, 'contact', 'M1', home, 'P1'),
    create(random, 14 * MINUTE_MS, 'contact', 'M2', random.pick(['org-a', 'org-b']), 'P1'),
  ];
  for (let turn = random.between(2, 6); turn > 0; turn--) {
    const at = random.between(6, 13) * MINUTE_MS + random.between(0, MINUTE_MS);
    items.push(edit(random, at, 'M1', random.pick(SYSTEM_IDS), random.pick(['title', 'mobile', 'city'])));
  }
  return { items, setup: { ...setup, comesLater: false, sweepEveryMs: SWEEP_MS }, temper: { ...temper, awsOutage: 0 } };
}

/**
 * Deals that only the hub's own id tells from others, made by the hub in systems that tell of them at once and answer the hub late or
 * never: it meets the record before it knows that it made it.
 */
export function unanswered({ random, setup, temper }: PlanDraft): DirectedPlan {
  const items: PlanItem[] = [create(random, 0, 'partner', 'P1', random.pick(SYSTEM_IDS))];
  for (const [turn, deal] of ['D1', 'D3', 'D5', 'D7'].entries()) {
    const home = random.pick(['org-a', 'org-b'] as const);
    const at = (turn + 1) * 2 * SWEEP_MS - random.between(1_000, 20_000);
    items.push(create(random, at, 'deal', deal, home, 'P1'));
    for (const system of SYSTEM_IDS.filter((id) => id !== home)) {
      const fault = random.pick(['lose-answer', 'late-answer', 'late-answer'] as const);
      items.push({ at, deed: { do: fault, system, forMs: random.between(20_000, 200_000) } });
    }
  }
  return {
    items,
    setup: { ...setup, comesLater: false, sweepEveryMs: SWEEP_MS },
    temper: { ...temper, webhookLost: 0, awsOutage: 0 },
  };
}

/**
 * Some reads of the portal are answered from a copy that is behind. People work in the portal only: what a copy hides from
 * the hub just before a write, the hub cannot keep.
 */
export function behind({ random, setup }: PlanDraft): DirectedPlan {
  const partners = ['P1', 'P2'];
  const items = partners.map((entity) => create(random, random.between(0, 20_000), 'partner', entity, 'portal'));
  for (let at = 4 * MINUTE_MS; at < 30 * MINUTE_MS; at += random.between(5_000, 70_000)) {
    items.push(edit(random, at, random.pick(partners), 'portal', random.pick(['name', 'phone', 'employees'])));
  }
  return {
    items,
    // A copy that is behind shows by its stamp that it is: not when two edits have the same one.
    setup: { ...setup, comesLater: false, hasWholeSeconds: false, reformats: false, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, webhookTwice: 0.5, readsBehindMs: random.between(20_000, 60_000) },
  };
}
