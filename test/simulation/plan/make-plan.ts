import { type SeededRandom, seededRandom } from '../engine/seeded-random.ts';
import { FIELDS, isRegistered } from '../people/fields.ts';
import { kindOfEntity } from '../people/people.ts';
import type { PeopleKind } from '../people/people-kinds.ts';
import { directedPlan, drawFamily, type Family } from './directed-plan.ts';
import {
  CALM,
  type Deed,
  type Entries,
  type Plan,
  type PlanItem,
  type Setup,
  SYSTEM_IDS,
  type SystemId,
  type Temper,
} from './plan.ts';

/** How much happens in a world, and whether anything goes wrong. */
export interface PlanSize {
  /** People's deeds after the first records are there. */
  readonly edits: number;
  /** Mishaps that are planned one by one. */
  readonly faults: number;
  readonly isCalm?: boolean;
  /** The kind of world; the seed draws it when absent. */
  readonly family?: Family;
}

/** A small world with everything in it: what a run of one seed is by default. */
export const USUAL_SIZE: PlanSize = { edits: 24, faults: 8 };

const MINUTE_MS = 60_000;
const FIRST_RECORDS_MS = 3 * MINUTE_MS;
const LENGTH_MS = 30 * MINUTE_MS;

/** The plan of a seed: the same for the same seed and size, for ever. */
export function makePlan(seed: string, size: PlanSize = USUAL_SIZE): Plan {
  const random = seededRandom(seed);
  const isCalm = size.isCalm === true;
  const setup = makeSetup(random.fork('setup'), isCalm);
  const temper = isCalm ? CALM : makeTemper(random.fork('temper'));
  const family = size.family ?? (isCalm ? 'usual' : drawFamily(random.fork('family')));
  if (family !== 'usual') return directedPlan(family, { seed, setup, temper, isCalm, random: random.fork(family) });
  const things = makeThings(random.fork('things'), setup);
  const items = [
    ...things.items,
    ...peopleItems(random.fork('people'), things.entities, size.edits, setup),
    ...trapItems(random.fork('traps'), things.entities, Math.floor(size.faults / 4), setup),
    ...faultItems(random.fork('faults'), size.faults),
    ...hubItems(random.fork('hub'), setup, isCalm),
  ];
  items.push(...erasureItems(random.fork('erasures'), things.entities, items));
  return { seed, setup, temper, items: items.sort((a, b) => a.at - b.at) };
}

function makeSetup(random: SeededRandom, isCalm: boolean): Setup {
  const skew = (): number => (random.chance(0.5) ? 0 : random.between(-180_000, 180_000));
  return {
    skewMs: isCalm ? { 'org-a': 0, portal: 0, 'org-b': 0 } : { 'org-a': skew(), portal: skew(), 'org-b': skew() },
    indexLagMs: random.chance(0.5) ? 0 : random.between(1_000, 90_000),
    hasWholeSeconds: random.chance(0.5),
    portalPer10Seconds: random.chance(0.3) ? 100 : 110,
    orgPerDay: 100_000,
    reformats: random.chance(0.4),
    sweepEveryMs: random.pick([180_000, 420_000, 600_000]),
    comesLater: !isCalm && random.chance(0.25),
  };
}

function makeTemper(random: SeededRandom): Temper {
  const some = (most: number): number => (random.chance(0.4) ? 0 : random.next() * most);
  return {
    slow: random.chance(0.3) ? 0.3 : some(0.08),
    twice: some(0.1),
    late: some(0.15),
    awsOutage: random.chance(0.6) ? 0 : random.next() * 0.01,
    webhookLost: random.chance(0.25) ? 1 : some(0.5),
    webhookTwice: some(0.3),
  };
}

interface Things {
  readonly entities: readonly string[];
  readonly items: readonly PlanItem[];
}

/** The first records: partners, and deals, contacts and leads that belong to them; some entered in two systems at once. */
function makeThings(random: SeededRandom, setup: Setup): Things {
  const items: PlanItem[] = [];
  const entities: string[] = [];
  const homes = systemsOf(setup);
  const counts: readonly (readonly [string, number])[] = [
    ['P', random.between(1, 3)],
    ['D', random.between(0, 2)],
    ['C', random.between(0, 2)],
    ['L', random.between(0, 2)],
  ];
  const partners: string[] = [];
  for (const [letter, count] of counts) {
    for (let number = 1; number <= count; number++) {
      const entity = `${letter}${number}`;
      const kind = kindOfEntity(entity);
      entities.push(entity);
      const partner = letter === 'P' || (letter === 'L' && random.chance(0.5)) ? undefined : random.pick(partners);
      if (letter === 'P') partners.push(entity);
      const earliest = letter === 'P' ? 0 : MINUTE_MS;
      const at = earliest + random.between(0, FIRST_RECORDS_MS - MINUTE_MS);
      const system = random.pick(homes);
      items.push(createItem(random, at, kind, entity, system, partner));
      // The same thing is entered in another system, by somebody who does not know.
      if (isRecognisable(entity) && random.chance(0.3)) {
        // Where the hub is not yet, people are.
        const other = random.pick(SYSTEM_IDS.filter((id) => id !== system));
        items.push(createItem(random, at + random.between(0, 20_000), kind, entity, other, partner));
      }
    }
  }
  return { entities, items };
}

/** Whether two records of it can be known as the same: half of the deals have nothing that says so. */
function isRecognisable(entity: string): boolean {
  return kindOfEntity(entity) !== 'deal' || isRegistered(entity);
}

function createItem(
  random: SeededRandom,
  at: number,
  kind: PeopleKind,
  entity: string,
  system: SystemId,
  partner: string | undefined,
): PlanItem {
  const entries = entriesOf(random, kind, random.between(1, 4), false);
  return { at, deed: { do: 'create', kind, entity, system, entries, ...(partner === undefined ? {} : { partner }) } };
}

function systemsOf(setup: Setup): readonly SystemId[] {
  return setup.comesLater ? SYSTEM_IDS.filter((id) => id !== 'org-b') : SYSTEM_IDS;
}

/** Edits that come in bursts, often to the same field of the same thing on several sides at once; and rarer deeds. */
function peopleItems(random: SeededRandom, entities: readonly string[], count: number, setup: Setup): PlanItem[] {
  const items: PlanItem[] = [];
  const homes = systemsOf(setup);
  const partners = entities.filter((entity) => entity.startsWith('P'));
  let at = FIRST_RECORDS_MS;
  while (items.length < count) {
    at += random.chance(0.6)
      ? random.between(0, 4_000)
      : random.between(4_000, (2 * (LENGTH_MS - FIRST_RECORDS_MS)) / count);
    const entity = random.pick(entities);
    const kind = kindOfEntity(entity);
    const system = random.pick(homes);
    const dice = random.next();
    if (dice < 0.05) {
      items.push({ at, deed: { do: 'delete', entity, system } });
      if (random.chance(0.4))
        items.push({ at: at + random.between(1_000, 600_000), deed: { do: 'restore', entity, system } });
    } else if (dice < 0.1 && isRecognisable(entity)) {
      items.push({ at, deed: { do: 'duplicate', entity, system, entries: entriesOf(random, kind, 2, false) } });
      items.push({ at: at + random.between(1_000, 900_000), deed: { do: 'merge', entity, system } });
    } else if (dice < 0.16 && kind !== 'partner' && partners.length > 1) {
      items.push({ at, deed: { do: 'relate', entity, system, partner: random.pick(partners) } });
    } else if (dice < 0.4) {
      items.push(...collision(random, at, entity, kind, homes));
    } else {
      items.push({
        at,
        deed: { do: 'edit', entity, system, entries: entriesOf(random, kind, random.between(1, 2), true) },
      });
    }
  }
  return items;
}

/** The same field, in two or three systems, within seconds or in the same one. */
function collision(
  random: SeededRandom,
  at: number,
  entity: string,
  kind: PeopleKind,
  homes: readonly SystemId[],
): PlanItem[] {
  const field = random.pick(FIELDS[kind]);
  const spreadMs = random.pick([0, 900, 4_000, 15_000]);
  return homes
    .filter(() => random.chance(0.75))
    .map((system) => ({
      at: at + random.between(0, spreadMs),
      deed: { do: 'edit', entity, system, entries: { [field.name]: random.between(0, 9_999) } },
    }));
}

/** An edit whose delivery goes without an answer, and another edit of the same field before the hub has looked again. */
function trapItems(random: SeededRandom, entities: readonly string[], count: number, setup: Setup): PlanItem[] {
  const homes = systemsOf(setup);
  return Array.from({ length: count }, () => random.between(FIRST_RECORDS_MS + MINUTE_MS, LENGTH_MS)).flatMap((at) => {
    const entity = random.pick(entities);
    const field = random.pick(FIELDS[kindOfEntity(entity)]);
    const edit = (after: number): PlanItem => ({
      at: at + after,
      deed: { do: 'edit', entity, system: random.pick(homes), entries: { [field.name]: random.between(0, 9_999) } },
    });
    const fault = random.pick(['lose-answer', 'late-answer'] as const);
    const faults = homes.map((system): PlanItem => ({ at, deed: { do: fault, system, forMs: 25_000 } }));
    return [edit(0), ...faults, edit(random.between(2_000, 90_000))];
  });
}

function entriesOf(random: SeededRandom, kind: PeopleKind, count: number, mayClear: boolean): Entries {
  const entries: Record<string, number | null> = {};
  for (let turn = 0; turn < count; turn++) {
    const field = random.pick(FIELDS[kind]);
    const isCleared = mayClear && field.isClearable && random.chance(0.12);
    entries[field.name] = isCleared ? null : random.between(0, 9_999);
  }
  return entries;
}

function faultItems(random: SeededRandom, count: number): PlanItem[] {
  return Array.from({ length: count }, () => ({ at: random.between(0, LENGTH_MS), deed: faultDeed(random) })).flatMap(
    (item) =>
      // Kills and freezes matter most while something is going on.
      item.deed.do === 'kill'
        ? [item, { at: item.at + random.between(50, 4_000), deed: { do: 'kill', draw: random.next() } as const }]
        : [item],
  );
}

function faultDeed(random: SeededRandom): Deed {
  const system = random.pick(SYSTEM_IDS);
  const dice = random.next();
  if (dice < 0.28) return { do: 'kill', draw: random.next() };
  if (dice < 0.42) return { do: 'freeze', draw: random.next(), forMs: random.pick([5_000, 70_000, 100_000, 300_000]) };
  if (dice < 0.58) return { do: 'lose-answer', system, forMs: 0 };
  if (dice < 0.66) return { do: 'late-answer', system, forMs: random.between(15_000, 40_000) };
  if (dice < 0.74) return { do: 'late-write', system, forMs: random.between(15_000, 60_000) };
  if (dice < 0.8) return { do: 'throttle', system, forMs: random.between(1_000, 120_000) };
  if (dice < 0.84) return { do: 'daily-limit', system, forMs: random.between(60_000, 3_600_000) };
  if (dice < 0.9) return { do: 'down', system, forMs: random.pick([20_000, 600_000, 3_600_000]) };
  if (dice < 0.95) return { do: 'refuse-rows', system, count: random.between(1, 4) };
  return { do: 'expire-sessions', system };
}

function hubItems(random: SeededRandom, setup: Setup, isCalm: boolean): PlanItem[] {
  const items: PlanItem[] = [];
  if (setup.comesLater) items.push({ at: random.between(5, 15) * MINUTE_MS, deed: { do: 'connect', system: 'org-b' } });
  if (isCalm) return items;
  if (random.chance(0.25)) {
    const system = random.pick(SYSTEM_IDS);
    const at = random.between(4, 25) * MINUTE_MS;
    items.push(
      { at, deed: { do: 'pause', system } },
      { at: at + random.between(1, 15) * MINUTE_MS, deed: { do: 'resume', system } },
    );
  }
  if (random.chance(0.3)) items.push({ at: random.between(4, 30) * MINUTE_MS, deed: { do: 'remap' } });
  if (random.chance(0.08))
    items.push({ at: random.between(15, 28) * MINUTE_MS, deed: { do: 'remove', system: 'org-b' } });
  return items;
}

/**
 * Somebody is forgotten, in the middle of everything else. Contacts and deals only: of a company much would be left that refers to
 * it, and a lead in the portal has a person beside it, who is a record of its own. What is taken out of the configuration could
 * never be deleted there.
 */
function erasureItems(random: SeededRandom, entities: readonly string[], items: readonly PlanItem[]): PlanItem[] {
  const erasable = entities.filter((entity) => ['contact', 'deal'].includes(kindOfEntity(entity)));
  const isTakenOut = items.some(({ deed }) => deed.do === 'remove');
  if (erasable.length === 0 || isTakenOut || !random.chance(0.4)) return [];
  const at = random.between(FIRST_RECORDS_MS, LENGTH_MS);
  const deed: Deed = { do: 'erase', entity: random.pick(erasable), system: random.pick(SYSTEM_IDS) };
  if (random.chance(0.5)) return [{ at, deed }];
  const back: Deed = { do: 'bring-back', entity: deed.entity, system: random.pick(SYSTEM_IDS) };
  return [
    { at, deed },
    { at: at + random.between(MINUTE_MS, 5 * MINUTE_MS), deed: back },
  ];
}
