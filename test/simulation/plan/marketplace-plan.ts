import { SAMPLE_PRODUCT_ID } from '../../../local/simulators/aws-marketplace/sample-products.ts';
import type { SeededRandom } from '../engine/seeded-random.ts';
import { type AwsDeed, buyerOf } from './aws-deeds.ts';
import { hardships } from './aws-hardships.ts';
import { type AwsId, type Deed, type Plan, type PlanItem, type Setup, SYSTEM_IDS, type SystemId } from './plan.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** What the draft of a plan has before anything happens in it. */
export interface AwsDraft extends Pick<Plan, 'seed' | 'setup' | 'temper'> {
  readonly random: SeededRandom;
  readonly isCalm: boolean;
}

/**
 * Deals that ask for private offers, often in two systems at once or again; buyers accept them, agreements grow, are renewed and
 * cancelled; people move deals on and type on meanwhile; offers are made at AWS past the hub.
 */
export function marketplacePlan({ random, setup, temper, seed, isCalm }: AwsDraft): Plan {
  const items = partnerFrom(random.pick(SYSTEM_IDS));
  const deals = Array.from({ length: random.between(2, 4) }, (_, index) => `D${index + 1}`);
  for (const entity of deals) items.push(...lifeOf(random.fork(entity), entity));
  if (random.chance(0.6))
    items.push({
      at: random.between(4, 20) * MINUTE_MS,
      deed: { do: 'offer-by-hand', entity: 'H1', amount: String(random.between(100, 9_999)) },
    });
  if (random.chance(0.4)) items.push({ at: random.between(15, 25) * MINUTE_MS, deed: { do: 'accept', entity: 'H1' } });
  for (const what of ['unknown-type', 'unknown-version', 'other-account'] as const)
    if (random.chance(0.4))
      items.push({ at: random.between(1, 30) * MINUTE_MS, deed: { do: 'odd-event', what, from: 'marketplace' } });
  if (!isCalm) items.push(...mishaps(random.fork('mishaps'), items, 'marketplace'));
  items.push(...typedByHand(random.fork('typed')), ...offeredToTwo(random.fork('two buyers')));
  items.push(...offeredBeside(random.fork('beside'), items));
  items.push(...mergedMeanwhile(random.fork('merged'), items));
  if (!isCalm) items.push(...hardships(random.fork('hardships'), items, 'marketplace'));
  return {
    seed,
    temper,
    setup: plainSetup(setup),
    aws: ['marketplace'],
    items: items.toSorted((a, b) => a.at - b.at),
  };
}

/** The partner of all deals is known in every CRM from the beginning: nobody enters a deal where its partner is not. */
function partnerFrom(home: SystemId): PlanItem[] {
  const others = SYSTEM_IDS.filter((id) => id !== home);
  return [home, ...others].map((system, place) => ({
    at: place * SECOND_MS,
    deed: create('partner', 'P1', system),
  }));
}

/** Somebody enters a deal that says nothing of AWS, and types the id of an offer into it that was made there by hand, before the hub knows it or after. */
function typedByHand(random: SeededRandom): PlanItem[] {
  if (!random.chance(0.5)) return [];
  const at = random.between(3, 12) * MINUTE_MS;
  const typedAt = at + random.between(20, 900) * SECOND_MS;
  const system = random.pick(SYSTEM_IDS);
  const items: PlanItem[] = [
    { at: 2 * MINUTE_MS, deed: create('deal', 'D9', system, 'P1') },
    { at, deed: { do: 'offer-by-hand', entity: 'H2', amount: String(random.between(100, 9_999)) } },
    { at: typedAt, deed: { do: 'type-offer', entity: 'D9', system: random.pick(SYSTEM_IDS), offerOf: 'H2' } },
  ];
  if (random.chance(0.6))
    items.push({ at: at + random.between(1, 15) * MINUTE_MS, deed: { do: 'accept', entity: 'H2' } });
  return items;
}

/** An offer that is made to two buyers, of whom one or both accept. */
function offeredToTwo(random: SeededRandom): PlanItem[] {
  if (!random.chance(0.4)) return [];
  const at = random.between(3, 12) * MINUTE_MS;
  const amount = String(random.between(100, 9_999));
  const accepting = random.pick([['H3'], ['H4'], ['H3', 'H4'], ['H3', 'H4']]);
  return [
    { at, deed: { do: 'offer-by-hand', entity: 'H3', also: 'H4', amount } },
    ...accepting.map((entity): PlanItem => {
      const acceptedAt = at + random.between(120, 900) * SECOND_MS;
      return { at: acceptedAt, deed: { do: 'accept', entity } };
    }),
  ];
}

/** Somebody has entered a deal twice, and says so in the hub when its offer is out, while the buyer accepts it and the agreement grows. */
function mergedMeanwhile(random: SeededRandom, items: readonly PlanItem[]): PlanItem[] {
  const accepted = items.flatMap(({ at, deed }) => (deed.do === 'accept' ? [{ at, entity: deed.entity }] : []));
  const entered = items.flatMap(({ deed }) => (deed.do === 'create' && deed.kind === 'deal' ? [deed] : []));
  const known = accepted.filter(({ entity }) => entered.some((deed) => deed.entity === entity));
  if (!random.chance(0.4) || known.length === 0) return [];
  const { at, entity } = random.pick(known);
  const system = entered.find((deed) => deed.entity === entity)?.system ?? 'org-a';
  const mergedAt = at + random.between(-60, 240) * SECOND_MS;
  const added = String(random.between(1, 500));
  return [
    { at: 2 * MINUTE_MS, deed: create('deal', 'D8', system, 'P1') },
    { at: mergedAt, deed: { do: 'merge-in-hub', entity, other: 'D8', system } },
    { at: mergedAt + random.between(-15, 30) * SECOND_MS, deed: { do: 'amend', entity, added } },
  ];
}

/** Somebody at AWS does not know that a deal asks for an offer, and makes one for its buyer at about the same time. */
function offeredBeside(random: SeededRandom, items: readonly PlanItem[]): PlanItem[] {
  if (!random.chance(0.4)) return [];
  const asking = items.flatMap(({ at, deed }) =>
    deed.do === 'enter' && deed.hubspot.aws_offer_requested === 'true' ? [{ at, entity: deed.entity }] : [],
  );
  if (asking.length === 0) return [];
  const { at, entity } = random.pick(asking);
  const madeAt = at + random.between(-150, 90) * SECOND_MS;
  return [{ at: madeAt, deed: { do: 'offer-by-hand', entity, amount: String(random.between(100, 9_999)) } }];
}

/** All three CRMs from the beginning, with one clock: what AWS says is ordered among what people say by time. */
export function plainSetup(setup: Setup): Setup {
  return { ...setup, comesLater: false, reformats: false, skewMs: { 'org-a': 0, portal: 0, 'org-b': 0 } };
}

function lifeOf(random: SeededRandom, entity: string): PlanItem[] {
  const home = random.pick(SYSTEM_IDS);
  const items: PlanItem[] = [{ at: MINUTE_MS, deed: create('deal', entity, home, 'P1') }];
  const amount = 1_000 + random.between(0, 9_000);
  let at = random.between(2, 8) * MINUTE_MS;
  const isAsking = random.chance(0.85);
  items.push({ at, deed: ask(entity, home, amount, isAsking) });
  // Somebody else has seen the deal in another system, and asks as well.
  if (random.chance(0.5))
    items.push({
      at: at + random.between(0, 6) * 20 * SECOND_MS,
      deed: ask(entity, random.pick(SYSTEM_IDS), amount, isAsking),
    });
  // While the change set runs, or soon after it.
  if (random.chance(0.5))
    items.push({ at: at + random.between(0, 240) * SECOND_MS, deed: money(entity, home, amount + 50) });
  if (random.chance(0.5)) items.push(stageItem(random, at + random.between(-60, 300) * SECOND_MS, entity));
  for (let turn = 0; turn < 3; turn++)
    items.push(note(random, at + random.between(-60, 900) * SECOND_MS, entity, random.pick(SYSTEM_IDS)));
  if (!isAsking) {
    // The offer of a deal that did not ask is made at AWS by hand, for its buyer.
    at += random.between(3, 10) * MINUTE_MS;
    items.push({ at, deed: { do: 'offer-by-hand', entity, amount: String(amount) } });
  }
  if (random.chance(0.25)) return items;
  at += random.between(2, 9) * MINUTE_MS;
  items.push({ at, deed: { do: 'accept', entity } });
  if (random.chance(0.3)) items.push(stageItem(random, at + random.between(-30, 120) * SECOND_MS, entity));
  for (let turn = 0; turn < 2; turn++) {
    at += random.between(20, 420) * SECOND_MS;
    items.push({ at, deed: afterwards(random, entity) });
  }
  return items.filter((item) => item.at >= 0);
}

function afterwards(random: SeededRandom, entity: string): AwsDeed {
  const dice = random.next();
  if (dice < 0.35) return { do: 'amend', entity, added: String(random.between(1, 500)) };
  if (dice < 0.75) return { do: 'renew', entity, percent: String(random.between(0, 10)) };
  return { do: 'cancel', entity };
}

export function create(kind: 'partner' | 'deal', entity: string, system: SystemId, partner?: string): Deed {
  return { do: 'create', kind, entity, system, entries: {}, ...(partner === undefined ? {} : { partner }) };
}

export function ask(entity: string, system: SystemId, amount: number, isAsking: boolean): AwsDeed {
  return {
    do: 'enter',
    entity,
    system,
    salesforce: {
      AWS_Offer_Requested__c: isAsking,
      AWS_Product_Id__c: SAMPLE_PRODUCT_ID,
      AWS_Buyer_Account__c: buyerOf(entity),
      AWS_Dimension__c: 'platform',
      AWS_Offer_Expiry__c: '2027-06-30',
      Contract_Months__c: 12,
      Amount: amount,
      CurrencyIsoCode: 'USD',
    },
    hubspot: {
      aws_offer_requested: String(isAsking),
      aws_product_id: SAMPLE_PRODUCT_ID,
      aws_buyer_account: buyerOf(entity),
      aws_dimension: 'platform',
      aws_offer_expiry: '2027-06-30',
      contract_months: '12',
      amount: String(amount),
      deal_currency_code: 'USD',
    },
  };
}

export function money(entity: string, system: SystemId, amount: number): AwsDeed {
  return { do: 'enter', entity, system, salesforce: { Amount: amount }, hubspot: { amount: String(amount) } };
}

/** Somebody is further with the deal than AWS knows: the third of the stages people choose is "committed". */
export function stageItem(random: SeededRandom, at: number, entity: string): PlanItem {
  return { at, deed: { do: 'edit', entity, system: random.pick(SYSTEM_IDS), entries: { stage: 2 } } };
}

export function note(random: SeededRandom, at: number, entity: string, system: SystemId): PlanItem {
  return { at, deed: { do: 'edit', entity, system, entries: { nextStep: random.between(0, 9_999) } } };
}

/** Mishaps around what is planned, where something is going on. */
export function mishaps(random: SeededRandom, items: readonly PlanItem[], aws: AwsId): PlanItem[] {
  return Array.from({ length: random.between(3, 9) }, () => {
    const at = Math.max(0, random.pick(items).at + random.between(-5, 240) * SECOND_MS);
    return { at, deed: mishap(random, aws) };
  });
}

function mishap(random: SeededRandom, aws: AwsId): Deed {
  const system = random.pick([...SYSTEM_IDS, aws, aws, aws]);
  const dice = random.next();
  if (dice < 0.25) return { do: 'kill', draw: random.next() };
  if (dice < 0.35) return { do: 'freeze', draw: random.next(), forMs: random.pick([5_000, 70_000, 100_000, 300_000]) };
  if (dice < 0.55) return { do: 'lose-answer', system, forMs: 0 };
  if (dice < 0.65) return { do: 'late-answer', system, forMs: random.between(15_000, 40_000) };
  if (dice < 0.72) return { do: 'late-write', system, forMs: random.between(15_000, 60_000) };
  if (dice < 0.82) return { do: 'throttle', system, forMs: random.between(1_000, 120_000) };
  if (dice < 0.9) return { do: 'down', system, forMs: random.pick([20_000, 300_000, 900_000]) };
  if (dice < 0.96 && aws === 'marketplace') return { do: 'fail-change-set' };
  return { do: 'expire-sessions', system: random.pick(SYSTEM_IDS) };
}
