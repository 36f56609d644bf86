import type { SeededRandom } from '../engine/seeded-random.ts';
import { kindOfEntity } from '../people/people.ts';
import { type Entries, type PlanItem, SYSTEM_IDS, type SystemId } from './plan.ts';
import { type DirectedPlan, edit, type PlanDraft, twoOf } from './plan-items.ts';

const MINUTE_MS = 60_000;
const SWEEP_MS = 180_000;
/** What says nothing of who a thing is. */
const FIELDS = { partner: 'employees', contact: 'title', lead: 'rating', deal: 'nextStep' } as const;

/**
 * Things that look like others that are long known, and share nothing with them that identifies: companies, contacts and leads. People enter each of
 * them in several systems within seconds, and edit it at once, while a sweep goes through these and webhooks and messages come twice: several
 * workers meet the same new record. In some of these worlds the second org is read for the first time just then. Nobody answers
 * what the hub asks (oracles `asks-first` and `asks-once`).
 */
export function alike({ random, setup, temper }: PlanDraft): DirectedPlan {
  const comesLater = random.chance(0.4);
  const homes = comesLater ? SYSTEM_IDS.filter((id) => id !== 'org-b') : SYSTEM_IDS;
  const items: PlanItem[] = [enter(random, 0, 'P1', random.pick(homes))];
  for (const entity of ['N1', 'N3', 'K1', 'J1', 'J3']) {
    items.push(enter(random, random.between(7, 9) * MINUTE_MS, entity, random.pick(homes)));
  }
  for (const entity of ['N2', 'N4', 'K2', 'J2', 'J4']) {
    const at = random.between(5, 7) * SWEEP_MS - random.between(0, 2_000);
    const [one, other] = twoOf(random, SYSTEM_IDS);
    for (const system of random.chance(0.5) ? [one, other] : [one]) {
      // Before the org is connected by its own clock as well, which may be three minutes ahead.
      const earlierMs = comesLater && system === 'org-b' ? 200_000 : 0;
      const enteredAt = at - earlierMs + random.between(0, 3_000);
      items.push(enter(random, enteredAt, entity, system));
      const field = FIELDS[kindOfEntity(entity)];
      if (random.chance(0.5)) items.push(edit(random, enteredAt + random.between(300, 2_500), entity, system, field));
    }
  }
  if (comesLater) {
    items.push({
      at: random.between(5, 7) * SWEEP_MS + random.between(0, 10_000),
      deed: { do: 'connect', system: 'org-b' },
    });
  }
  return {
    items,
    setup: { ...setup, comesLater, sweepEveryMs: SWEEP_MS },
    temper: {
      ...temper,
      slow: random.pick([0.1, 0.2, 0.4]),
      late: 0,
      awsOutage: 0,
      twice: 0.3,
      webhookLost: 0,
      webhookTwice: 0.5,
    },
  };
}

function enter(random: SeededRandom, at: number, entity: string, system: SystemId): PlanItem {
  const kind = kindOfEntity(entity);
  const entries: Entries = { [FIELDS[kind]]: random.between(0, 9_999) };
  return {
    at,
    deed: { do: 'create', kind, entity, system, entries, ...(kind === 'contact' ? { partner: 'P1' } : {}) },
  };
}
