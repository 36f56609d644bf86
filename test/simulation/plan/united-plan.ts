import { CALM, type PlanItem, SYSTEM_IDS } from './plan.ts';
import { create, type DirectedPlan, edit, type PlanDraft, twoOf } from './plan-items.ts';

const MINUTE_MS = 60_000;
const SWEEP_MS = 180_000;
const FIELDS = { P: ['name', 'phone', 'employees', 'city'], D: ['nextStep'], C: ['title'], L: ['firstName'] } as const;

/**
 * Two companies that are two everywhere turn out to be one: somebody merges them in a system's own screens, each with a deal, a contact or a
 * lead of its own, while people go on editing all of it in all systems. Elsewhere there are two records of one thing then, which people merge
 * when the hub asks them to.
 */
export function united({ random, setup, temper }: PlanDraft): DirectedPlan {
  const home = random.pick(SYSTEM_IDS);
  const [survivor, loser] = twoOf(random, ['P1', 'P2']);
  const unitedAt = random.between(9, 14) * MINUTE_MS + random.between(0, MINUTE_MS);
  const items: PlanItem[] = [
    create(random, 0, 'partner', 'P1', random.pick(SYSTEM_IDS)),
    create(random, 2_000, 'partner', 'P2', random.pick(SYSTEM_IDS)),
    create(random, 4 * MINUTE_MS, 'deal', 'D1', random.pick(SYSTEM_IDS), 'P1'),
    create(random, 4 * MINUTE_MS, 'deal', 'D2', random.pick(SYSTEM_IDS), 'P2'),
    create(random, 4 * MINUTE_MS, 'contact', 'C2', random.pick(SYSTEM_IDS), 'P2'),
    create(random, 4 * MINUTE_MS, 'lead', 'L2', random.pick(SYSTEM_IDS), 'P2'),
    { at: unitedAt, deed: { do: 'unite', entity: survivor, other: loser, system: home } },
    // Entered for the one that is gone there, where it is not, at about the same moment.
    create(random, unitedAt + random.between(-20_000, 20_000), 'deal', 'D3', random.pick(SYSTEM_IDS), loser),
  ];
  for (let at = 7 * MINUTE_MS; at < 24 * MINUTE_MS; at += random.between(10_000, 100_000)) {
    const entity = random.pick(['P1', 'P2', 'P1', 'P2', 'D1', 'D2', 'C2', 'L2'] as const);
    items.push(edit(random, at, entity, random.pick(SYSTEM_IDS), random.pick(FIELDS[entity.charAt(0) as 'P'])));
  }
  if (random.chance(0.5)) {
    const at = unitedAt + random.between(-30_000, 60_000);
    items.push(
      { at, deed: { do: 'kill', draw: random.next() } },
      { at: at + 3_000, deed: { do: 'kill', draw: random.next() } },
    );
  }
  return {
    items,
    setup: { ...setup, comesLater: false, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, slow: temper.slow, twice: temper.twice, late: temper.late, webhookTwice: temper.webhookTwice },
  };
}
