import type { SeededRandom } from '../engine/seeded-random.ts';
import type { PeopleKind } from '../people/people-kinds.ts';
import type { Plan, PlanItem, Setup, SystemId, Temper } from './plan.ts';

/** What a plan that aims at one thing is made from. */
export interface PlanDraft {
  readonly random: SeededRandom;
  readonly setup: Setup;
  readonly temper: Temper;
}

/** What such a plan says of its own. */
export type DirectedPlan = Pick<Plan, 'items' | 'setup' | 'temper'>;

/** Somebody enters a new thing, with a value of chance in the usual fields. */
export function create(
  random: SeededRandom,
  at: number,
  kind: PeopleKind,
  entity: string,
  system: SystemId,
  partner?: string,
): PlanItem {
  const entries = FIRST_ENTRIES[kind].map((field) => [field, random.between(0, 9_999)] as const);
  const deed = { do: 'create', kind, entity, system, entries: Object.fromEntries(entries) } as const;
  return { at, deed: partner === undefined ? deed : { ...deed, partner } };
}

const FIRST_ENTRIES: Readonly<Record<PeopleKind, readonly string[]>> = {
  partner: ['employees', 'city', 'tier'],
  deal: ['nextStep'],
  contact: ['title', 'city'],
  lead: ['firstName', 'companyName'],
};

/** Somebody enters a value of chance. */
export function edit(random: SeededRandom, at: number, entity: string, system: SystemId, field: string): PlanItem {
  return { at, deed: { do: 'edit', entity, system, entries: { [field]: random.between(0, 9_999) } } };
}

/** Two different ones. */
export function twoOf<T>(random: SeededRandom, all: readonly T[]): readonly [T, T] {
  const one = random.pick(all);
  return [one, random.pick(all.filter((each) => each !== one))];
}
