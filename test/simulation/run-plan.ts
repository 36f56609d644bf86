import type { AnyConnector } from '../../connectors/kit/connector-registry.ts';
import { loadConnector } from '../../connectors/kit/connector-registry.ts';
import { memoryStore } from '../../local/memory/memory-store.ts';
import { salesforceDefaults } from '../../local/simulators/salesforce/simulator-options.ts';
import { replaceTimers } from './engine/process.ts';
import { Scheduler, type Trace } from './engine/scheduler.ts';
import { seededRandom } from './engine/seeded-random.ts';
import { HubDeeds } from './hub/hub-deeds.ts';
import { HubFleet } from './hub/hub-fleet.ts';
import { forgottenBy, heldOf, openProblems } from './hub/left-in-store.ts';
import { awsEndOf } from './oracles/aws/aws-end.ts';
import type { EndOfRun } from './oracles/end-of-run.ts';
import { oraclesOf, type Violation } from './oracles/oracles.ts';
import { AwsPeople } from './people/aws-people.ts';
import { kindOfEntity, People } from './people/people.ts';
import { PEOPLE_KINDS } from './people/people-kinds.ts';
import { isAwsDeed } from './plan/aws-deeds.ts';
import { CALM, type Deed, type PlaceId, type Plan, SYSTEM_IDS, type SystemId } from './plan/plan.ts';
import { phoneAutomation } from './world/automation.ts';
import { AwsBus } from './world/aws-bus.ts';
import { Chronicle } from './world/chronicle.ts';
import { hubspotVendor, PORTAL_CREDENTIALS } from './world/hubspot-vendor.ts';
import { marketplacePlace } from './world/marketplace-place.ts';
import { partnerCentralPlace } from './world/partner-central-place.ts';
import { salesforceVendor } from './world/salesforce-vendor.ts';
import { Sight } from './world/sight.ts';
import { startTraffic } from './world/traffic.ts';
import type { Place, Vendor } from './world/vendor.ts';

/** How a run ended. */
export interface RunOutcome {
  readonly violations: readonly Violation[];
  readonly trace: Trace;
  /** The course of the run, when it was asked for. */
  readonly lines: readonly string[];
  readonly figures: RunFigures;
  readonly end: EndOfRun | undefined;
}

/** What a run counted. */
export interface RunFigures {
  /** People's deeds that changed something. */
  readonly edits: number;
  readonly calls: number;
  readonly writes: number;
}

const START_AT = Date.UTC(2027, 2, 1, 9);
const AFTERMATH_MS = 35 * 60_000;
const SCHEDULE_MS = 300_000;
const DAY_USED_UP_MS = 3_700_000;
const STEPS_MAX = 400_000;
const SALESFORCE_CREDENTIALS = { clientId: salesforceDefaults.clientId, clientSecret: salesforceDefaults.clientSecret };
const AWS_CREDENTIALS = { accessKeyId: 'AKIDHUB', secretAccessKey: 'simulated-secret' };
const CREDENTIALS: Readonly<Record<PlaceId, Readonly<Record<string, string>>>> = {
  'org-a': SALESFORCE_CREDENTIALS,
  'org-b': SALESFORCE_CREDENTIALS,
  portal: PORTAL_CREDENTIALS,
  marketplace: AWS_CREDENTIALS,
  'partner-central': AWS_CREDENTIALS,
};

let connectors: Promise<Readonly<Record<string, AnyConnector>>> | undefined;

/**
 * Runs a plan from the beginning to rest and asks every oracle. Not to be run twice at once in one thread: while it runs, timers
 * and `fetch` of the thread are the simulation's.
 */
export async function runPlan(plan: Plan, options: { readonly keepsLines?: boolean } = {}): Promise<RunOutcome> {
  connectors ??= loadConnectors();
  const loaded = await connectors;
  const scheduler = new Scheduler({ now: START_AT, stepsMax: STEPS_MAX, keepsLines: options.keepsLines === true });
  const restoreTimers = replaceTimers(scheduler);
  const world = makeWorld(plan, scheduler, loaded);
  try {
    const failure = await live(plan, scheduler, world);
    const end = await endOf(plan, scheduler, world);
    const judged = await Promise.all(failure === undefined ? oraclesOf(plan).map((oracle) => oracle(end)) : []);
    const violations = failure === undefined ? judged.flat() : [failure];
    return {
      violations,
      trace: scheduler.trace,
      lines: scheduler.lines ?? [],
      figures: figuresOf(world.chronicle),
      end,
    };
  } finally {
    world.traffic.restore();
    restoreTimers();
    for (const place of world.places.values()) await place.close();
  }
}

async function loadConnectors(): Promise<Readonly<Record<string, AnyConnector>>> {
  const systems = ['salesforce', 'hubspot', 'aws-marketplace', 'aws-partner-central'] as const;
  return Object.fromEntries(await Promise.all(systems.map(async (system) => [system, await loadConnector(system)])));
}

type World = ReturnType<typeof makeWorld>;

function makeWorld(plan: Plan, scheduler: Scheduler, loaded: Readonly<Record<string, AnyConnector>>) {
  const { setup, seed } = plan;
  const random = seededRandom(`${seed}/course`);
  const now = (): number => scheduler.now;
  const vendors = new Map<SystemId, Vendor>([
    ['org-a', salesforceVendor('org-a', '00DAa0000000001', setup, now)],
    ['portal', hubspotVendor('portal', setup, now)],
    ['org-b', salesforceVendor('org-b', '00DBb0000000001', setup, now)],
  ]);
  const orgB = vendors.get('org-b');
  const rewritePhones = orgB === undefined ? undefined : phoneAutomation(orgB);
  const chronicle = new Chronicle();
  const store = memoryStore();
  const mood = { temper: plan.temper };
  const disturbed = new Map<PlaceId, number>();
  const bus = new AwsBus({
    random: random.fork('bus'),
    temper: () => mood.temper,
    deliver: (body, afterMs) => fleet.event(body, afterMs),
  });
  const marketplace = plan.aws?.includes('marketplace')
    ? marketplacePlace(scheduler, random.fork('marketplace'), (event) => bus.publish(event))
    : undefined;
  const partnerCentral = plan.aws?.includes('partner-central')
    ? partnerCentralPlace(scheduler, random.fork('partner-central'), (event) => bus.publish(event))
    : undefined;
  const places = new Map<PlaceId, Place>(vendors);
  for (const place of [marketplace, partnerCentral]) if (place !== undefined) places.set(place.id, place);
  const traffic = startTraffic({
    scheduler,
    random: random.fork('traffic'),
    temper: () => mood.temper,
    vendors: [...places.values()],
    chronicle,
    fleet: () => fleet,
    isDisturbed: ({ id }) => (disturbed.get(id) ?? 0) > scheduler.now,
    throttle: (vendor, forMs) => {
      disturbed.set(vendor.id, Math.max(disturbed.get(vendor.id) ?? 0, scheduler.now + forMs));
      vendor.addFault({ kind: 'throttle', forMs });
    },
    afterWrite: async (vendor) => {
      if (setup.reformats && vendor.id === 'org-b' && (await rewritePhones?.())) {
        chronicle.note(vendor, 'automation', scheduler.now);
      }
    },
  });
  const hubDeeds = new HubDeeds(plan, () => fleet);
  const fleet: HubFleet = new HubFleet({
    scheduler,
    random: random.fork('fleet'),
    temper: () => mood.temper,
    release: hubDeeds.firstRelease,
    store,
    connectors: loaded,
    credentials: (id) => CREDENTIALS[id as PlaceId],
  });
  const people = new People(vendors, chronicle, scheduler);
  const sight = new Sight(chronicle, store);
  const until = START_AT + AFTERMATH_MS;
  const options = { vendors, chronicle, scheduler, bus, marketplace, partnerCentral, fleet: () => fleet, until };
  const aws = new AwsPeople(options);
  return {
    vendors,
    places,
    chronicle,
    store,
    mood,
    disturbed,
    traffic,
    fleet,
    people,
    sight,
    hubDeeds,
    bus,
    marketplace,
    partnerCentral,
    aws,
  };
}

/** Lets the plan happen and everything come to rest. Answers what kept it from resting, if anything did. */
async function live(plan: Plan, scheduler: Scheduler, world: World): Promise<Violation | undefined> {
  const { hubDeeds, fleet, mood } = world;
  await hubDeeds.connectFirst(world.store, scheduler.now);
  for (const { at, deed } of plan.items) {
    scheduler.at(START_AT + at, deed.do, () => void perform(world, scheduler, deed));
  }
  hubDeeds.scheduleSweeps(scheduler, START_AT + AFTERMATH_MS);
  try {
    await scheduler.runUntil(START_AT + AFTERMATH_MS);
    mood.temper = CALM;
    world.traffic.disarm();
    for (const place of world.places.values()) place.clearFaults();
    await world.sight.showAll(world.vendors.values(), scheduler.now);
    await hubDeeds.resumeAll();
    await rest(scheduler);
    if (fleet.redrive()) await rest(scheduler);
    // After a day's last call the hub leaves a system alone for a while, and a sweep in that time is left to the next one.
    await sweep(scheduler, hubDeeds, 'changes', DAY_USED_UP_MS);
    // A deal that only this sweep brought from AWS is made in the CRMs; what they fill in by themselves (a currency) the next one tells.
    if (plan.aws !== undefined) await sweep(scheduler, hubDeeds, 'changes');
    hubDeeds.walksAt = world.chronicle.changes.length;
    await sweep(scheduler, hubDeeds, 'walk');
    hubDeeds.walkedAt = world.chronicle.changes.length;
    // What a system makes of what the walk brought there (a person's name of its parts) is told by the next sweep.
    await sweep(scheduler, hubDeeds, 'changes');
    await doWhatProblemsAsk(scheduler, world);
    // Problems are reviewed every few minutes; a review may ask for a record and close the problem at the next one.
    for (let turn = 0; turn < 3; turn++) await sweep(scheduler, hubDeeds, 'deletions', 3_700_000);
    hubDeeds.restsAt = world.chronicle.changes.length;
    await sweep(scheduler, hubDeeds, 'walk');
    await sweep(scheduler, hubDeeds, 'changes');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('no rest'))) throw error;
    return {
      invariant: 'convergence',
      what: `the hub does not come to rest: ${error.message}; ${fleet.waiting.slice(0, 3).join(' ')}`,
    };
  }
  return undefined;
}

function rest(scheduler: Scheduler): Promise<void> {
  return scheduler.runUntil(Number.POSITIVE_INFINITY);
}

/**
 * A sweep by the schedule, which comes when every index has caught up, and all that follows from it. Where an org takes few calls a day, the
 * sweeps until its day is over are left out.
 */
async function sweep(
  scheduler: Scheduler,
  hubDeeds: HubDeeds,
  mode: 'changes' | 'deletions' | 'walk',
  afterMs = SCHEDULE_MS,
): Promise<void> {
  await scheduler.runUntil(scheduler.now + Math.max(afterMs, hubDeeds.usedUpMs));
  hubDeeds.sweepAll(mode);
  await rest(scheduler);
}

/** What a record stands for, as its system shows it. */
function thingOf({ vendors }: World, system: string, id: string): string | undefined {
  const vendor = vendors.get(system as SystemId);
  const records = vendor === undefined ? [] : PEOPLE_KINDS.flatMap((kind) => vendor.records(kind));
  return records.find((record) => record.id === id && record.entity !== '')?.entity;
}

/** People say what is one, merge what is there twice, and try again what failed while there was trouble. */
async function doWhatProblemsAsk(scheduler: Scheduler, world: World): Promise<void> {
  const { people, store, hubDeeds, marketplace } = world;
  if (await hubDeeds.sayTheSame(store, scheduler, (system, id) => thingOf(world, system, id))) {
    await rest(scheduler);
    await sweep(scheduler, hubDeeds, 'changes');
  }
  if (marketplace !== undefined && (await hubDeeds.mergeConflicts(store, scheduler))) {
    await rest(scheduler);
    await sweep(scheduler, hubDeeds, 'changes');
  }
  const doubles = (await openProblems(store)).filter(({ cause }) => cause === 'duplicate');
  if (await people.mergeDuplicates(doubles)) await sweep(scheduler, hubDeeds, 'changes');
  if (await hubDeeds.retryProblems(store)) {
    await rest(scheduler);
    await sweep(scheduler, hubDeeds, 'changes');
  }
}

async function perform(world: World, scheduler: Scheduler, deed: Deed): Promise<void> {
  if (isAwsDeed(deed)) return world.aws.perform(deed);
  const { fleet, traffic, places, disturbed } = world;
  const vendor = 'system' in deed ? places.get(deed.system) : undefined;
  const disturb = (forMs: number): void => {
    if (vendor !== undefined) disturbed.set(vendor.id, Math.max(disturbed.get(vendor.id) ?? 0, scheduler.now + forMs));
  };
  switch (deed.do) {
    case 'kill':
    case 'freeze': {
      const busy = fleet.busy();
      const chosen = busy[Math.floor(deed.draw * busy.length)];
      if (chosen === undefined) return;
      if (deed.do === 'kill') fleet.kill(chosen);
      else fleet.freeze(chosen, deed.forMs);
      return;
    }
    case 'lose-answer':
    case 'late-answer':
    case 'late-write':
    case 'die-after-write':
    case 'stop-halfway':
      if (vendor !== undefined) traffic.arm(vendor, { kind: deed.do, forMs: deed.forMs });
      return;
    case 'throttle':
    case 'daily-limit':
      disturb(deed.forMs);
      vendor?.addFault({ kind: deed.do, forMs: deed.forMs });
      return;
    case 'down':
      disturb(deed.forMs);
      vendor?.addFault({ kind: 'unavailable', forMs: deed.forMs });
      return;
    case 'refuse-rows':
      vendor?.addFault({ kind: 'fail-rows', count: deed.count });
      return;
    case 'expire-sessions':
      vendor?.expireSessions();
      return;
    case 'pause':
    case 'resume':
    case 'connect':
    case 'remove':
    case 'remap':
      await world.hubDeeds.perform(deed, scheduler);
      return;
    case 'hide-field':
    case 'show-field':
    case 'hide':
    case 'show': {
      const crm = world.vendors.get(deed.system);
      if (crm !== undefined) await world.sight.perform(crm, deed, scheduler.now);
      return;
    }
    case 'erase': {
      const kind = kindOfEntity(deed.entity);
      const record = world.vendors
        .get(deed.system)
        ?.records(kind)
        .find(({ isLive, entity }) => isLive && entity === deed.entity);
      if (record !== undefined) await world.hubDeeds.erase(deed.entity, kind, deed.system, record.id);
      return;
    }
    case 'merge-in-hub': {
      const crm = world.vendors.get(deed.system);
      const [one, other] = [deed.entity, deed.other].map((entity) =>
        crm?.records(kindOfEntity(entity)).find((record) => record.isLive && record.entity === entity),
      );
      if (one === undefined || other === undefined) return;
      await world.hubDeeds.merge([deed.entity, deed.other], one.kind, deed.system, [one.id, other.id], scheduler);
      return;
    }
    case 'unmerge-in-hub':
      await world.hubDeeds.unmerge([deed.entity, deed.other], scheduler);
      return;
    default:
      await world.people.perform(deed);
  }
}

async function endOf(plan: Plan, scheduler: Scheduler, world: World): Promise<EndOfRun> {
  const { vendors, chronicle, fleet, store, hubDeeds } = world;
  return {
    plan,
    systems: SYSTEM_IDS.filter((id) => hubDeeds.connected.includes(id)),
    records: new Map([...vendors].map(([id, vendor]) => [id, [...chronicle.stateOf(vendor).values()]])),
    changes: chronicle.changes,
    calls: chronicle.calls,
    restsAt: hubDeeds.restsAt,
    walk: { from: hubDeeds.walksAt, to: hubDeeds.walkedAt },
    problems: await openProblems(store),
    held: await heldOf(store, hubDeeds.connected),
    unasked: world.sight.unasked,
    united: world.people.united,
    deadLetters: fleet.deadLetters,
    defects: fleet.defects,
    waiting: fleet.waiting,
    store,
    aws: await awsEndOf(world),
    erased: hubDeeds.erased,
    merges: hubDeeds.merges,
    forgotten: await forgottenBy(store, hubDeeds.erased),
    releasedAt: hubDeeds.releasedAt,
    startedAt: START_AT,
    endedAt: scheduler.now,
  };
}

function figuresOf({ changes, calls }: Chronicle): RunFigures {
  const edits = changes.filter(
    ({ by, event, units }) => by === 'person' && (event !== 'changed' || Object.keys(units).length > 0),
  );
  return { edits: edits.length, calls: calls.length, writes: calls.filter(({ isWrite }) => isWrite).length };
}
