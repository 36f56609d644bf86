import { CALM, type PlanItem, SYSTEM_IDS } from './plan.ts';
import { create, type DirectedPlan, edit, type PlanDraft } from './plan-items.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const SWEEP_MS = 180_000;
/** The portal's search answers so many records at once, and its lists half of that. */
const PAGE = 200;

/**
 * More records than a page holds: a list of companies is imported in the portal, which tells of nothing by itself; many of them have the same stamp,
 * and where one page of a sweep ends and the next begins is in the middle of these. Some are edited while the hub goes through them.
 */
export function imported({ random, setup, temper }: PlanDraft): DirectedPlan {
  const count = PAGE + random.between(5, 60);
  const entities = Array.from({ length: count }, (_, index) => `P${index + 1}`);
  // The portal takes some hundred calls in ten seconds, also of those that people make.
  const stepMs = random.pick([110, 150, 300]);
  const items: PlanItem[] = entities.map((entity, index) =>
    create(random, MINUTE_MS + index * stepMs, 'partner', entity, 'portal'),
  );
  for (let turn = 0; turn < 30; turn++) {
    const at = 2 * SWEEP_MS + random.between(0, 10 * MINUTE_MS);
    items.push(
      edit(random, at, random.pick(entities), random.pick(SYSTEM_IDS), random.pick(['phone', 'city', 'tier'])),
    );
  }
  // Again more of them than a page holds, while a sweep goes through them: somebody changes a field of all that are selected.
  const again = random.between(14, 16) * MINUTE_MS;
  for (const [index, entity] of entities.entries()) {
    items.push(edit(random, again + index * stepMs, entity, 'portal', 'employees'));
  }
  return {
    items,
    setup: { ...setup, comesLater: false, hasWholeSeconds: true, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, webhookLost: 1, twice: temper.twice, late: temper.late },
  };
}

/**
 * Low limits: the orgs take few calls a day, and the hub's sweeps alone use them up in some minutes. People go on working; what could not be
 * brought there is brought when the day is over.
 */
export function lowLimits({ random, setup, temper }: PlanDraft): DirectedPlan {
  const partners = ['P1', 'P2', 'P3'];
  const items: PlanItem[] = partners.map((entity) =>
    create(random, random.between(0, 20_000), 'partner', entity, random.pick(SYSTEM_IDS)),
  );
  items.push(create(random, SWEEP_MS, 'contact', 'C1', random.pick(SYSTEM_IDS), 'P1'));
  for (let at = 2 * SWEEP_MS; at < 30 * MINUTE_MS; at += random.between(5, 120) * SECOND_MS) {
    items.push(
      edit(random, at, random.pick(partners), random.pick(SYSTEM_IDS), random.pick(['phone', 'city', 'tier', 'name'])),
    );
  }
  return {
    items,
    setup: { ...setup, comesLater: false, sweepEveryMs: SWEEP_MS, orgPerDay: random.between(80, 200) },
    temper: { ...CALM, slow: temper.slow, webhookTwice: temper.webhookTwice },
  };
}
