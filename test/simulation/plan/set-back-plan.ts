import { customer, share } from './co-sell-plan.ts';
import { type AwsDraft, ask, create, note, plainSetup } from './marketplace-plan.ts';
import { CALM, type Plan, type PlanItem, SYSTEM_IDS } from './plan.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const SWEEP_MS = 180_000;

/**
 * A deal is sold in the marketplace while AWS reviews it as a shared one, so that AWS is not told. Somebody sets it back, and when the
 * review is over AWS's people move it on: further than it stands by then, and not as far as it was once sold.
 */
export function setBackPlan({ random, setup, temper, seed }: AwsDraft): Plan {
  const home = random.pick(SYSTEM_IDS);
  const deals = ['D1', 'D2'].slice(0, random.between(1, 2));
  const items: PlanItem[] = [
    { at: 0, deed: create('partner', 'P1', home) },
    { at: 10 * SECOND_MS, deed: customer('P1', home) },
  ];
  for (const [index, entity] of deals.entries()) {
    const amount = 1_000 + random.between(0, 9_000);
    const at = MINUTE_MS + index * 20 * SECOND_MS;
    items.push(
      { at, deed: create('deal', entity, home, 'P1') },
      { at: at + 30 * SECOND_MS, deed: share(entity, home, amount) },
      { at: at + 35 * SECOND_MS, deed: ask(entity, home, amount, true) },
      { at: at + 5 * MINUTE_MS, deed: { do: 'review', entity, status: 'In review' } },
      { at: at + 7 * MINUTE_MS, deed: { do: 'accept', entity } },
      { at: at + 19 * MINUTE_MS, deed: { do: 'review', entity, status: 'Approved' } },
    );
    // AWS's people may think better of it; that does not take the deal back.
    const stages = random.pick([['Qualified'], ['Business Validation'], ['Business Validation', 'Qualified']] as const);
    for (const [turn, stage] of stages.entries()) {
      items.push({ at: at + (22 + 4 * turn) * MINUTE_MS, deed: { do: 'aws-stage', entity, stage } });
    }
    const system = random.pick(SYSTEM_IDS);
    const setBackAt = at + random.between(14, 15) * MINUTE_MS;
    items.push({ at: setBackAt, deed: { do: 'edit', entity, system, entries: { stage: 0 } } });
    for (let turn = 0; turn < 3; turn++)
      items.push(note(random, at + random.between(2, 28) * MINUTE_MS, entity, random.pick(SYSTEM_IDS)));
  }
  return {
    seed,
    temper: { ...CALM, slow: temper.slow, twice: temper.twice, webhookTwice: temper.webhookTwice },
    setup: { ...plainSetup(setup), sweepEveryMs: SWEEP_MS },
    aws: ['marketplace', 'partner-central'],
    items: items.toSorted((a, b) => a.at - b.at),
  };
}
