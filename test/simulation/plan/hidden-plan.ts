import { CALM, type PlanItem, SYSTEM_IDS } from './plan.ts';
import { create, type DirectedPlan, edit, type PlanDraft, twoOf } from './plan-items.ts';

const MINUTE_MS = 60_000;
const SWEEP_MS = 180_000;
const FIELDS = { P: ['name', 'phone', 'employees'], D: ['nextStep'], C: ['title', 'city'] } as const;

const FIELDS_HIDDEN = [
  ['partner', 'phone'],
  ['partner', 'employees'],
  ['deal', 'nextStep'],
  ['contact', 'title'],
] as const;

/**
 * The hub's user loses the sight of records in an org for some minutes, as by a changed sharing rule: they answer no question and are in no
 * list, and nothing says that they were deleted. People there go on with them, and so do people elsewhere; deals are entered for a
 * company that is hidden. So it is with single fields, as by field-level security.
 */
export function hidden({ random, setup, temper }: PlanDraft): DirectedPlan {
  const items: PlanItem[] = [
    create(random, 0, 'partner', 'P1', random.pick(SYSTEM_IDS)),
    create(random, 2_000, 'partner', 'P2', random.pick(SYSTEM_IDS)),
    create(random, 4 * MINUTE_MS, 'deal', 'D1', random.pick(SYSTEM_IDS), 'P1'),
    create(random, 4 * MINUTE_MS, 'contact', 'C1', random.pick(SYSTEM_IDS), 'P2'),
  ];
  const entities = ['P1', 'P2', 'D1', 'C1'] as const;
  for (const system of ['org-a', 'org-b'] as const) {
    const at = random.between(8, 11) * MINUTE_MS;
    const until = at + random.between(10, 20) * MINUTE_MS;
    for (const entity of random.chance(0.3) ? entities : twoOf(random, entities)) {
      items.push({ at, deed: { do: 'hide', entity, system } }, { at: until, deed: { do: 'show', entity, system } });
    }
  }
  for (let at = 7 * MINUTE_MS; at < 30 * MINUTE_MS; at += random.between(10_000, 2 * MINUTE_MS)) {
    const entity = random.pick(entities);
    const field = random.pick(FIELDS[entity.charAt(0) as 'P' | 'D' | 'C']);
    items.push(edit(random, at, entity, random.pick(SYSTEM_IDS), field));
  }
  for (const [kind, field] of twoOf(random, FIELDS_HIDDEN)) {
    const at = random.between(8, 14) * MINUTE_MS;
    const system = random.pick(['org-a', 'org-b'] as const);
    items.push({ at, deed: { do: 'hide-field', kind, field, system } });
    const until = at + random.between(10, 18) * MINUTE_MS;
    items.push({ at: until, deed: { do: 'show-field', kind, field, system } });
  }
  if (random.chance(0.5)) items.push(create(random, 14 * MINUTE_MS, 'deal', 'D2', random.pick(SYSTEM_IDS), 'P1'));
  return {
    items,
    setup: { ...setup, comesLater: false, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, slow: temper.slow, twice: temper.twice, webhookTwice: temper.webhookTwice },
  };
}
