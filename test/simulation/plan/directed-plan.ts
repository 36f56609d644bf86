import * as z from 'zod';
import type { SeededRandom } from '../engine/seeded-random.ts';
import type { PeopleKind } from '../people/people-kinds.ts';
import { alike } from './alike-plan.ts';
import { coSellPlan, sharedAtOncePlan } from './co-sell-plan.ts';
import { frozen, interrupted } from './cut-short-plans.ts';
import { hidden } from './hidden-plan.ts';
import { type AwsDraft, marketplacePlan } from './marketplace-plan.ts';
import { crowded, erased, onTop, putBack, repeated, slowReads } from './moment-plans.ts';
import { CALM, type Entries, type Plan, type PlanItem, SYSTEM_IDS } from './plan.ts';
import { create, edit, twoOf } from './plan-items.ts';
import { setBackPlan } from './set-back-plan.ts';
import { behind, mailbox, unanswered } from './strangers-plans.ts';
import { united } from './united-plan.ts';
import { imported, lowLimits } from './volume-plans.ts';

/**
 * Kinds of worlds. In the `usual` one everything may happen and little of it at the same moment; the others are small and aim at
 * one thing that a hub may get wrong.
 * - `contention`: one record is edited in several systems every second, while every await of the hub may take long.
 * - `lag`: no webhooks from anywhere, and an index of the portal that is late at times by up to four minutes.
 * - `newcomer`: the second org is connected late; people work in it before, on what others edit elsewhere.
 * - `newborn`: people edit what the hub made in their system as soon as they see it.
 * - `halfway`: the portal takes one call of a write and refuses the next; people edit the same field meanwhile.
 * - `relations`: records get a partner they did not have, another one, and partners go.
 * - `undone`: two partners are merged in the hub by mistake and taken apart again, while people go on editing both.
 * - `mailbox`, `unanswered` and `behind`: see `strangers-plans.ts`.
 * - `erased`, `slow-reads`, `repeated`, `crowded`, `on-top` and `put-back`: see `moment-plans.ts`.
 * - `imported` and `low-limits`: see `volume-plans.ts`.
 * - `hidden`: see `hidden-plan.ts`.
 * - `united`: see `united-plan.ts`.
 * - `frozen` and `interrupted`: see `cut-short-plans.ts`.
 * - `alike`: see `alike-plan.ts`.
 * - `marketplace`: beside the CRMs there is a seller's account of AWS Marketplace; see `marketplace-plan.ts`.
 * - `co-sell` and `shared-at-once`: beside the CRMs there is an account of AWS Partner Central; see `co-sell-plan.ts`.
 * - `set-back`: there are both; see `set-back-plan.ts`.
 */
export const FAMILIES = z.enum([
  'usual',
  'contention',
  'lag',
  'newcomer',
  'newborn',
  'halfway',
  'relations',
  'undone',
  'mailbox',
  'unanswered',
  'behind',
  'erased',
  'slow-reads',
  'repeated',
  'crowded',
  'on-top',
  'put-back',
  'imported',
  'low-limits',
  'hidden',
  'united',
  'frozen',
  'interrupted',
  'alike',
  'marketplace',
  'co-sell',
  'set-back',
  'shared-at-once',
]);

/** One of {@link FAMILIES}. */
export type Family = z.infer<typeof FAMILIES>;

const DRAWN: readonly (readonly [Family, number])[] = [
  ['contention', 0.14],
  ['lag', 0.08],
  ['newcomer', 0.07],
  ['newborn', 0.07],
  ['halfway', 0.07],
  ['relations', 0.07],
];

/** The family of a seed: half of all seeds are usual. */
export function drawFamily(random: SeededRandom): Family {
  let dice = random.next();
  for (const [family, share] of DRAWN) {
    if (dice < share) return family;
    dice -= share;
  }
  return 'usual';
}

type Draft = AwsDraft;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Orgs tell of nothing by themselves: what is to happen while the hub is at work on them happens around a sweep. */
const SWEEP_MS = 180_000;
const ORGS = ['org-a', 'org-b'] as const;

/** The plan of a world that aims at something. */
export function directedPlan(family: Exclude<Family, 'usual'>, draft: Draft): Plan {
  if (family === 'marketplace') return marketplacePlan(draft);
  if (family === 'co-sell') return coSellPlan(draft);
  if (family === 'set-back') return setBackPlan(draft);
  if (family === 'shared-at-once') return sharedAtOncePlan(draft);
  const { random: _random, isCalm: _isCalm, ...plan } = { ...draft, items: [] };
  const directed = { ...plan, ...MAKERS[family](draft) };
  return { ...directed, items: directed.items.toSorted((a, b) => a.at - b.at) };
}

const MAKERS: Readonly<
  Record<
    Exclude<Family, 'usual' | 'marketplace' | 'co-sell' | 'shared-at-once' | 'set-back'>,
    (draft: Draft) => Pick<Plan, 'items'> & Partial<Plan>
  >
> = {
  contention,
  lag,
  newcomer,
  newborn,
  halfway,
  relations,
  undone,
  mailbox,
  unanswered,
  behind,
  erased,
  'slow-reads': slowReads,
  repeated,
  crowded,
  'on-top': onTop,
  'put-back': putBack,
  imported,
  'low-limits': lowLimits,
  hidden,
  united,
  frozen,
  interrupted,
  alike,
};

function contention({ random, setup, temper }: Draft) {
  const items = [create(random, 0, 'partner', 'P1', 'org-a'), create(random, 2_000, 'partner', 'P2', 'portal')];
  for (let burst = 1; burst <= 5; burst++) {
    const entity = random.pick(['P1', 'P1', 'P2']);
    const [one, other] = random.chance(0.7) ? [random.pick(ORGS), 'portal' as const] : twoOf(random, SYSTEM_IDS);
    const [field, another] = twoOf(random, ['name', 'phone', 'employees', 'city', 'postalCode', 'tier']);
    const stepMs = random.pick([700, 1_500, 3_000, 6_000]);
    for (let turn = 0; turn < random.between(4, 8); turn++) {
      const at = 2 * burst * SWEEP_MS - 3_000 + turn * stepMs;
      items.push(edit(random, at, entity, one, field));
      items.push(edit(random, at + random.between(0, stepMs), entity, other, another));
    }
  }
  return {
    items,
    setup: { ...setup, comesLater: false, sweepEveryMs: SWEEP_MS },
    temper: { ...temper, slow: random.pick([0.2, 0.4, 0.6]), late: 0, webhookLost: 0, webhookTwice: 0.3, twice: 0.1 },
  };
}

function lag({ random, setup }: Draft) {
  const entities = ['P1', 'P2', 'P3', 'P4'];
  const items = entities.map((entity) => create(random, random.between(0, MINUTE_MS), 'partner', entity, 'portal'));
  for (let at = 10 * MINUTE_MS; at < 32 * MINUTE_MS; at += random.between(5, 40) * SECOND_MS) {
    items.push(edit(random, at, random.pick(entities), 'portal', random.pick(['name', 'phone', 'employees', 'tier'])));
  }
  return {
    items,
    setup: {
      ...setup,
      comesLater: false,
      indexLagMs: random.between(100_000, 240_000),
      isLagUneven: true as const,
      sweepEveryMs: 180_000,
    },
    temper: { ...CALM, webhookLost: 1 },
  };
}

function newcomer({ random, setup, temper }: Draft) {
  const items: PlanItem[] = [];
  const connectAt = random.between(7, 12) * MINUTE_MS;
  for (const entity of ['P1', 'P2', 'C2']) {
    const kind = entity === 'C2' ? 'contact' : 'partner';
    const partner = kind === 'contact' ? 'P1' : undefined;
    const home = random.pick(['org-a', 'portal'] as const);
    const at = kind === 'contact' ? MINUTE_MS : 0;
    items.push(create(random, at, kind, entity, home, partner), create(random, at, kind, entity, 'org-b', partner));
    for (const field of fieldsToEdit(kind)) {
      if (random.chance(0.5)) continue;
      const editedAt = random.between(2, 4) * MINUTE_MS;
      items.push(edit(random, editedAt, entity, home, field));
      items.push(edit(random, random.between(editedAt + 10_000, connectAt - 10_000), entity, 'org-b', field));
    }
  }
  items.push({ at: connectAt, deed: { do: 'connect', system: 'org-b' } });
  return { items, setup: { ...setup, comesLater: true }, temper: { ...temper, awsOutage: 0 } };
}

function newborn({ random, setup, temper }: Draft) {
  const items: PlanItem[] = [];
  for (let number = 1; number <= 4; number++) {
    const at = number * 5 * MINUTE_MS;
    const [home, other] = twoOf(random, SYSTEM_IDS);
    const [kind, entity] =
      number % 2 === 0 ? (['contact', `C${number}`] as const) : (['partner', `P${number}`] as const);
    const entries: Entries = { [kind === 'partner' ? 'employees' : 'title']: random.between(0, 9_999) };
    const partner = kind === 'contact' ? 'P1' : undefined;
    items.push({ at, deed: { do: 'create', kind, entity, system: home, entries, ...(partner && { partner }) } });
    // Whoever looks every few seconds meets the record soon after the hub made it, and often before the hub has read it.
    const stepMs = random.pick([400, 800, 1_500]);
    for (let turn = 1; turn <= 8; turn++)
      items.push(edit(random, at + turn * stepMs, entity, other, random.pick(fieldsToEdit(kind))));
  }
  return { items, setup: { ...setup, comesLater: false }, temper: { ...temper, webhookLost: 0, awsOutage: 0 } };
}

function halfway({ random, setup, temper }: Draft) {
  const partners = ['P1', 'P2', 'P3'];
  const items = partners.map((entity) => create(random, 0, 'partner', entity, random.pick(SYSTEM_IDS)));
  const deals = ['D2', 'D4', 'D6'];
  for (const deal of deals) items.push(create(random, 3 * MINUTE_MS, 'deal', deal, 'portal', 'P1'));
  for (let burst = 2; burst <= 9; burst += 2) {
    const sweptAt = burst * SWEEP_MS;
    // Past the next sweep: by then the hub knows the second edits, and means to write those.
    items.push({
      at: sweptAt,
      deed: { do: 'stop-halfway', system: 'portal', forMs: random.between(200_000, 260_000) },
    });
    for (const deal of deals) {
      const home = random.pick(ORGS);
      // In the portal a field is written by one call, and the company a deal belongs to by another.
      const partner = partners[(burst / 2) % 3] ?? 'P1';
      items.push({ at: sweptAt - 2_000, deed: { do: 'relate', entity: deal, system: home, partner } });
      items.push(edit(random, sweptAt - 1_500, deal, home, 'nextStep'));
      // After the hub has read the first one, and before it writes it.
      items.push(edit(random, sweptAt + random.between(2_000, 6_000), deal, home, 'nextStep'));
    }
  }
  return {
    items,
    setup: { ...setup, comesLater: false, sweepEveryMs: SWEEP_MS, skewMs: { 'org-a': 0, portal: 0, 'org-b': 0 } },
    temper: { ...CALM, webhookTwice: temper.webhookTwice },
  };
}

function relations({ random, setup, temper }: Draft) {
  const partners = ['P1', 'P2', 'P3'];
  const items = partners.map((entity) => create(random, 0, 'partner', entity, random.pick(SYSTEM_IDS)));
  const others: readonly (readonly [PeopleKind, string])[] = [
    ['lead', 'L1'],
    ['lead', 'L2'],
    ['contact', 'C1'],
    ['deal', 'D2'],
  ];
  for (const [kind, entity] of others) {
    const partner = kind === 'lead' ? undefined : random.pick(partners);
    items.push(create(random, 2 * MINUTE_MS, kind, entity, random.pick(SYSTEM_IDS), partner));
    let at = 4 * MINUTE_MS;
    for (let turn = 0; turn < 4; turn++) {
      at += random.between(20, 300) * SECOND_MS;
      const system = random.pick(SYSTEM_IDS);
      items.push({ at, deed: { do: 'relate', entity, system, partner: random.pick(partners) } });
    }
  }
  if (random.chance(0.5)) {
    const at = random.between(6, 20) * MINUTE_MS;
    items.push({ at, deed: { do: 'delete', entity: 'P3', system: random.pick(SYSTEM_IDS) } });
  }
  return { items, setup: { ...setup, comesLater: false }, temper: { ...temper, webhookLost: 0, awsOutage: 0 } };
}

function undone({ random, setup, temper }: Draft) {
  const partners = ['P1', 'P2'];
  const [entity, other] = twoOf(random, partners);
  const items = partners.map((each) => {
    const item = create(random, random.between(0, 30_000), 'partner', each, random.pick(SYSTEM_IDS));
    // What only the loser has is written into the survivor's records, and has to go from them again.
    return each === other ? withEntries(item, { phone: random.between(0, 9_999), specializations: 6 }) : item;
  });
  for (const [kind, each, partner] of [
    ['contact', 'C1', 'P1'],
    ['deal', 'D2', 'P2'],
  ] as const) {
    items.push(create(random, 4 * MINUTE_MS, kind, each, random.pick(SYSTEM_IDS), partner));
  }
  const mergedAt = random.between(14, 16) * MINUTE_MS;
  // Only where the one has no record does the other's sit in the merged one, so that their values meet.
  const [one, another] = twoOf(random, SYSTEM_IDS);
  const deletedAt = random.between(11, 12) * MINUTE_MS;
  items.push({ at: deletedAt, deed: { do: 'delete', entity, system: one } });
  if (random.chance(0.5)) items.push({ at: deletedAt, deed: { do: 'delete', entity: other, system: another } });
  const undoneAt = mergedAt + random.between(3, 9) * MINUTE_MS;
  const system = random.pick(SYSTEM_IDS.filter((id) => id !== one && id !== another));
  items.push({ at: mergedAt, deed: { do: 'merge-in-hub', entity, other, system } });
  items.push({ at: undoneAt, deed: { do: 'unmerge-in-hub', entity, other } });
  for (let turn = random.between(4, 12); turn > 0; turn--) {
    const at = random.between(5 * MINUTE_MS, undoneAt + 4 * MINUTE_MS);
    items.push(edit(random, at, random.pick(partners), random.pick(SYSTEM_IDS), random.pick(fieldsToEdit('partner'))));
  }
  // A record made while the two are one says that it is either of them; by then each is everywhere.
  return { items, setup: { ...setup, comesLater: false, sweepEveryMs: SWEEP_MS }, temper };
}

function withEntries(item: PlanItem, entries: Entries): PlanItem {
  return item.deed.do === 'create'
    ? { ...item, deed: { ...item.deed, entries: { ...item.deed.entries, ...entries } } }
    : item;
}

function fieldsToEdit(kind: 'partner' | 'contact'): readonly string[] {
  return kind === 'partner' ? ['phone', 'city', 'postalCode', 'tier'] : ['firstName', 'mobile', 'city', 'postalCode'];
}
