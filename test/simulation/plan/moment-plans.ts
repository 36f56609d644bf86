import { CALM, type PlanItem, type Setup, SYSTEM_IDS, type SystemId } from './plan.ts';
import { create, type DirectedPlan, edit, type PlanDraft, twoOf } from './plan-items.ts';

const SECOND_MS = 1_000;
const SWEEP_MS = 180_000;
const ONE_CLOCK: Setup['skewMs'] = { 'org-a': 0, portal: 0, 'org-b': 0 };

/**
 * Contacts are erased in the very moment in which the hub makes them in other systems, or writes an edit of them there, while every
 * await may take long; somebody may take one out of a recycle bin at once. Nobody is frozen and no request is held back on its way, so that whoever
 * waits for a lease has waited for what is under it.
 */
export function erased({ random, setup, temper }: PlanDraft): DirectedPlan {
  const items: PlanItem[] = [create(random, 0, 'partner', 'P1', random.pick(SYSTEM_IDS))];
  for (const [turn, entity] of ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7'].entries()) {
    const begunAt = (turn + 2) * SWEEP_MS;
    const home = random.pick(SYSTEM_IDS);
    // Orgs tell of nothing by themselves: what they bring is met in the next sweep, what the portal brings at once.
    const isMadeNow = random.chance(0.5);
    items.push(create(random, begunAt - (isMadeNow ? 1 : 150) * SECOND_MS, 'contact', entity, home, 'P1'));
    for (const field of ['title', 'mobile', 'city']) {
      if (!isMadeNow)
        items.push(edit(random, begunAt - random.between(0, 1_500), entity, random.pick(SYSTEM_IDS), field));
    }
    const erasedAt = begunAt + random.between(2_000, 25_000);
    items.push({ at: erasedAt, deed: { do: 'erase', entity, system: home } });
    // The hub is writing all the time, and waits for a moment in which it is not.
    for (let at = begunAt; turn > 0 && at < erasedAt + 100 * SECOND_MS; at += random.between(1, 4) * SECOND_MS) {
      items.push(edit(random, at, entity, 'portal', random.pick(['title', 'mobile', 'city'])));
    }
    // One system is slower than the others for some seconds, and another one then.
    for (let at = begunAt; at < erasedAt + 100 * SECOND_MS; at += random.between(5, 15) * SECOND_MS) {
      const forMs = random.between(1_000, 6_000);
      items.push({ at, deed: { do: 'throttle', system: random.pick(SYSTEM_IDS), forMs } });
    }
    for (let look = 1; look <= 3; look++) {
      const at = erasedAt + random.between(1, 100) * SECOND_MS;
      items.push({ at, deed: { do: 'bring-back', entity, system: random.pick(SYSTEM_IDS) } });
    }
  }
  return {
    items,
    setup: { ...setup, comesLater: false, skewMs: ONE_CLOCK, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, slow: random.pick([0.08, 0.15, 0.3]), twice: temper.twice, webhookTwice: temper.webhookTwice },
  };
}

/**
 * Reads take long, and what is read was entered after the read had begun: somebody enters a value in the portal, which tells of
 * it at once; while the hub asks what there is, another value is entered in an org, and then a third one in the portal again.
 */
export function slowReads({ random, setup }: PlanDraft): DirectedPlan {
  const partners = ['P1', 'P2'];
  const items = partners.map((entity) => create(random, random.between(0, 20_000), 'partner', entity, 'portal'));
  for (let turn = 0; turn < 8; turn++) {
    // In the middle between two sweeps of the orgs.
    let at = (turn + 3) * SWEEP_MS - random.between(30, 120) * SECOND_MS;
    const entity = random.pick(partners);
    const field = random.pick(['name', 'employees', 'tier']);
    items.push(edit(random, at, entity, 'portal', field));
    at += random.between(1_500, 4_000);
    items.push(edit(random, at, entity, random.pick(['org-a', 'org-b']), field));
    at += random.between(1_100, 4_000);
    items.push(edit(random, at, entity, 'portal', field));
  }
  return {
    items,
    setup: { ...setup, comesLater: false, skewMs: ONE_CLOCK, reformats: false, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, slow: random.pick([0.5, 0.7, 0.9]) },
  };
}

/** From the entry of a thing to the second attempt at making it, ms: what the first one takes to come, and its lease. */
const TO_SECOND_ATTEMPT_MS = 97_000;
/** What a request is held back on its way, at least: longer than the hub waits for its answer. */
const GIVEN_UP_MS = 21_000;

/**
 * Creations are repeated: deals that only the hub's id tells from others are entered in the portal, and their creation in an org is carried out
 * after the hub gave up on it. Until the hub tries again people edit what it made, and what was entered first. When it does, the org takes no
 * calls for some seconds, so that the hub looks and learns nothing; or the process is killed while it looks, and a sweep brings the
 * record then; or the sweep comes while it looks.
 */
export function repeated({ random, setup, temper }: PlanDraft): DirectedPlan {
  const items: PlanItem[] = [create(random, 0, 'partner', 'P1', 'portal')];
  for (const [turn, deal] of ['D1', 'D3', 'D5', 'D7', 'D9'].entries()) {
    const system = random.pick(['org-a', 'org-b'] as const);
    const sweptAt = (turn + 1) * 2 * SWEEP_MS;
    const trouble = random.pick(['throttle', 'kill', 'sweep'] as const);
    const secondAt =
      sweptAt - (trouble === 'sweep' ? random.between(-2_500, 1_000) : random.between(10, 60) * SECOND_MS);
    const at = secondAt - TO_SECOND_ATTEMPT_MS;
    const forMs = random.between(GIVEN_UP_MS, 40_000);
    items.push(create(random, at, 'deal', deal, 'portal', 'P1'));
    items.push({ at, deed: { do: 'late-write', system, forMs } });
    const between = (): number => random.between(at + forMs + 10_000, secondAt - 5_000);
    items.push(edit(random, between(), deal, 'portal', 'nextStep'));
    items.push(edit(random, between(), deal, system, random.pick(['nextStep', 'closeDate', 'name'])));
    if (trouble === 'throttle') {
      items.push({ at: secondAt - 2_000, deed: { do: 'throttle', system, forMs: random.between(5_000, 12_000) } });
    }
    for (let killAt = secondAt; trouble === 'kill' && killAt < secondAt + 4_000; killAt += random.between(500, 1_200)) {
      items.push({ at: killAt, deed: { do: 'kill', draw: random.next() } });
    }
  }
  return {
    items,
    setup: { ...setup, comesLater: false, skewMs: ONE_CLOCK, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, slow: random.pick([0.1, 0.3, 0.5]), twice: temper.twice },
  };
}

/**
 * Leads get a company in an org, and while the hub is writing it to the portal, somebody there gives them another one: a lead of the
 * portal takes both.
 */
export function crowded({ random, setup, temper }: PlanDraft): DirectedPlan {
  const partners = ['P1', 'P2', 'P3', 'P4'];
  const items = partners.map((entity) => create(random, random.between(0, 20_000), 'partner', entity, 'portal'));
  const leads = ['L1', 'L2', 'L3', 'L4'];
  for (const lead of leads)
    items.push(create(random, SWEEP_MS - 30 * SECOND_MS, 'lead', lead, random.pick(SYSTEM_IDS)));
  for (let turn = 3; turn <= 9; turn += 2) {
    const sweptAt = turn * SWEEP_MS;
    for (const entity of leads) {
      const [one, other] = twoOf(random, partners);
      const system = random.pick(['org-a', 'org-b'] as const);
      items.push({
        at: sweptAt - random.between(1, 20) * SECOND_MS,
        deed: { do: 'relate', entity, system, partner: one },
      });
      const at = sweptAt + random.between(1_000, 12_000);
      items.push({ at, deed: { do: 'relate', entity, system: 'portal', partner: other } });
    }
    for (let kill = random.between(0, 3); kill > 0; kill--) {
      items.push({ at: sweptAt + random.between(3_000, 40_000), deed: { do: 'kill', draw: random.next() } });
    }
  }
  return {
    items,
    setup: { ...setup, comesLater: false, skewMs: ONE_CLOCK, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, slow: random.pick([0.1, 0.2, 0.3]), twice: temper.twice },
  };
}

/**
 * Writes to the portal go without an answer, and while nobody else may write there yet people enter something on top of them; the portal
 * tells of it at once. Its clock is behind that of the orgs, in which the values written were entered.
 */
export function onTop({ random, setup }: PlanDraft): DirectedPlan {
  const partners = ['P1', 'P2', 'P3'];
  const items = partners.map((entity) => create(random, random.between(0, 20_000), 'partner', entity, 'portal'));
  for (let turn = 2; turn <= 10; turn += 2) {
    const sweptAt = turn * SWEEP_MS;
    const field = random.pick(['name', 'employees', 'tier', 'city', 'specializations']);
    for (const entity of partners) {
      items.push(
        edit(random, sweptAt - random.between(1, 20) * SECOND_MS, entity, random.pick(['org-a', 'org-b']), field),
      );
      items.push(edit(random, sweptAt + random.between(5, 60) * SECOND_MS, entity, 'portal', field));
    }
    // An update is sent again at once when its answer does not come, until the time of the call is over.
    for (let lost = random.between(1, 5); lost > 0; lost--) {
      items.push({
        at: sweptAt - 30 * SECOND_MS,
        deed: { do: 'late-answer', system: 'portal', forMs: 60 * SECOND_MS },
      });
    }
  }
  const skewMs = { 'org-a': 0, portal: -random.between(60, 180) * SECOND_MS, 'org-b': 0 };
  return {
    items,
    setup: { ...setup, comesLater: false, skewMs, reformats: false, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, slow: random.pick([0, 0.05, 0.1]), webhookTwice: random.pick([0, 0.2]) },
  };
}

/** Elements that partner specializations have in these worlds, as bits of a place in the pool. */
const ELEMENTS = [1, 2, 4];

/**
 * In one system an element of a set is exchanged for another one, the write of that to a second system goes without an answer, and before the
 * hub has looked there again somebody there puts the former element back beside the new one, or takes the new one away, too. Nothing tells
 * of it but sweeps.
 */
export function putBack({ random, setup }: PlanDraft): DirectedPlan {
  const partners = ['P1', 'P2', 'P3'];
  const sets = new Map(partners.map((entity) => [entity, random.pick(ELEMENTS)]));
  const items = [...sets].map(([entity, place]) => enter('create', 0, entity, random.pick(SYSTEM_IDS), place));
  for (let turn = 3; turn <= 11; turn += 2) {
    const sweptAt = turn * SWEEP_MS;
    const [one, other] = twoOf(random, SYSTEM_IDS);
    for (const [entity, held] of sets) {
      const former = random.pick(ELEMENTS.filter((element) => held & element));
      const brought = random.pick(ELEMENTS.filter((element) => !(held & element)));
      const exchanged = held - former + brought;
      // Of two elements one goes, and to one another one comes, so that there is always one to exchange and one to exchange it for.
      const left = ELEMENTS.includes(held) ? exchanged + former : exchanged - brought;
      items.push(enter('edit', sweptAt - random.between(1, 20) * SECOND_MS, entity, one, exchanged));
      items.push(enter('edit', sweptAt + random.between(5, 90) * SECOND_MS, entity, other, left));
      sets.set(entity, left);
    }
    // An update is sent again at once when its answer does not come, until the time of the call is over.
    for (let lost = random.between(1, 5); lost > 0; lost--) {
      items.push({ at: sweptAt - 30 * SECOND_MS, deed: { do: 'late-answer', system: other, forMs: 60 * SECOND_MS } });
    }
  }
  return {
    items,
    setup: { ...setup, comesLater: false, reformats: false, sweepEveryMs: SWEEP_MS },
    temper: { ...CALM, slow: random.pick([0, 0.05, 0.1]), webhookLost: 1 },
  };
}

function enter(what: 'create' | 'edit', at: number, entity: string, system: SystemId, place: number): PlanItem {
  const entries = { specializations: place };
  return {
    at,
    deed:
      what === 'create'
        ? { do: 'create', kind: 'partner', entity, system, entries }
        : { do: 'edit', entity, system, entries },
  };
}
