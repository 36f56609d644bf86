import { refKey } from '../../../domain/model/external-ref.ts';
import { isKind } from '../../../domain/model/kind.ts';
import { updateConnection } from '../../../domain/pipeline/connections/pause-connection.ts';
import { releaseConnection } from '../../../domain/pipeline/connections/release-connection.ts';
import { eraseByPerson } from '../../../domain/pipeline/erase/erase-by-person.ts';
import { mergeByPerson, unmergeByPerson } from '../../../domain/pipeline/merge/merge-by-person.ts';
import { mergeIdOf } from '../../../domain/pipeline/merge/merge-records.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { resumeConnection, retryProblem } from '../../../domain/pipeline/problems/retry-problem.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { PeopleKind } from '../people/people-kinds.ts';
import { AWS_IDS, type Deed, type PlaceId, type Plan, SYSTEM_IDS, type SystemId } from '../plan/plan.ts';
import { AwsOutage, type HubFleet } from './hub-fleet.ts';
import type { Release, SimulatedRuntime } from './hub-runtime.ts';
import { releaseOf } from './releases.ts';

/** A deed of those who run the hub. */
export type AdministratorDeed = Extract<Deed, { readonly do: 'pause' | 'resume' | 'connect' | 'remove' | 'remap' }>;

/** A thing that the hub was told to forget. */
export interface Erased {
  readonly entity: string;
  readonly kind: PeopleKind;
  readonly id: string;
  /** When somebody asked for it, ms. */
  readonly at: number;
}

/** Two things that somebody merged in the hub, and where the merge stands. */
export interface HubMerge {
  readonly entities: readonly [survivor: string, loser: string];
  readonly kind: PeopleKind;
  readonly ids: readonly [survivor: string, loser: string];
  /** When it was done, true time, ms. */
  readonly mergedAt: number;
  /** When it was undone; absent while it is not. */
  unmergedAt?: number;
}

const RELEASE_AFTER_MS = 300_000;
const DAY_MS = 86_400_000;
/** A usual world takes fewer calls than this. */
const FEW_CALLS = 5_000;
const DELETIONS_EVERY_MS = 300_000;
const REPEATS_MAX = 20;
/** How long somebody waits who met a write under way. */
const CONTENDED_WAIT_MS = 20_000;
/** What a person decides; everything else may be tried again. */
const DECISIONS: ReadonlySet<string> = new Set(['duplicate', 'doubtful-match', 'merge-conflict']);

/** What administrators and schedules do with the hub of a run. */
export class HubDeeds {
  /** Configured at present. */
  connected: readonly PlaceId[];
  /** Changes up to here happened before the hub was expected to rest. */
  restsAt = Number.POSITIVE_INFINITY;
  /** Changes between these two happened in the first walk over everything, after the sweeps had told all they could. */
  walksAt = Number.POSITIVE_INFINITY;
  walkedAt = Number.POSITIVE_INFINITY;
  /** When the hub was first allowed to write to a system, ms; 0 from the beginning. */
  readonly releasedAt: Partial<Record<PlaceId, number>> = {};
  /** What the hub was told to forget. */
  readonly erased: Erased[] = [];
  /** What was merged in it by hand. */
  readonly merges: HubMerge[] = [];
  readonly #plan: Plan;
  readonly #fleet: () => HubFleet;
  #mappings: 'former' | 'shipped';

  constructor(plan: Plan, fleet: () => HubFleet) {
    this.#plan = plan;
    this.#fleet = fleet;
    this.#mappings = plan.items.some(({ deed }) => deed.do === 'remap') ? 'former' : 'shipped';
    this.connected = [...SYSTEM_IDS.filter((id) => id !== 'org-b' || !plan.setup.comesLater), ...(plan.aws ?? [])];
    for (const id of this.connected) this.releasedAt[id] = 0;
  }

  /** How long it takes until an org whose calls are used up takes some again, ms. */
  get usedUpMs(): number {
    return this.#plan.setup.orgPerDay < FEW_CALLS ? DAY_MS : 0;
  }

  get firstRelease(): Release {
    return releaseOf(this.#mappings, this.connected, this.#plan.setup);
  }

  /** The systems there are from the beginning were read and released long ago. */
  async connectFirst(store: HubStore, now: number): Promise<void> {
    for (const { id, objects } of this.firstRelease.connections) {
      const state = {
        connection: id,
        counter: 1,
        connectedAt: now - DAY_MS,
        owners: {},
        ownersReadAt: 0,
        problems: [],
        backfilledAt: Object.fromEntries(objects.map((object) => [object, 1])),
        releasedAt: 1,
      };
      await store.putConnection(state, null);
    }
  }

  scheduleSweeps(scheduler: Scheduler, until: number): void {
    const every = (periodMs: number, mode: 'changes' | 'deletions'): void => {
      for (let at = scheduler.now + periodMs; at < until; at += periodMs) {
        scheduler.at(at, `schedule ${mode}`, () => this.#sweep(mode));
      }
    };
    every(this.#plan.setup.sweepEveryMs, 'changes');
    every(DELETIONS_EVERY_MS, 'deletions');
  }

  /** A sweep of everything, and of what was deleted. */
  sweepAll(mode: 'changes' | 'deletions' | 'walk'): void {
    if (mode !== 'deletions') this.#sweep(mode);
    this.#sweep('deletions');
  }

  async perform(deed: AdministratorDeed, scheduler: Scheduler): Promise<void> {
    switch (deed.do) {
      case 'pause':
        if (this.connected.includes(deed.system)) await this.#ask((runtime) => pause(runtime, deed.system));
        return;
      case 'resume':
        if (this.connected.includes(deed.system)) await this.#resume(deed.system);
        return;
      case 'connect':
        this.#deploy([...this.connected, deed.system]);
        await this.#ask(async ({ hub }) => {
          await hub.connectionState(deed.system);
          const { objects = [] } = hub.connections.find(({ id }) => id === deed.system) ?? {};
          const requests = objects.map(
            (object) => ({ schema: 1, connection: deed.system, object, mode: 'backfill', attempts: 0 }) as const,
          );
          await hub.outbox.sweep(requests, 0);
        });
        scheduler.at(scheduler.now + RELEASE_AFTER_MS, 'release', () => {
          this.releasedAt[deed.system] = scheduler.now;
          void this.#ask(({ hub }) => releaseConnection(hub, deed.system));
        });
        return;
      case 'remove':
        this.#deploy(this.connected.filter((id) => id !== deed.system));
        return;
      case 'remap':
        this.#mappings = 'shipped';
        this.#deploy(this.connected);
    }
  }

  /** Somebody has a thing erased, named by its record in a system, if the hub knows that by now. */
  async erase(entity: string, kind: PeopleKind, system: SystemId, externalId: string): Promise<void> {
    if (!this.connected.includes(system)) return;
    await this.#ask(async ({ hub }) => {
      const object = hub.mappingsOf(system, kind)[0]?.object ?? '';
      const [id] = (await hub.store.readRefs([{ connection: system, object, externalId }])).values();
      if (id === undefined) return;
      const at = hub.now();
      const answer = await eraseByPerson(hub, { kind, id, keepIn: [], by: 'officer' });
      if (answer.end === 'begun') this.erased.push({ entity, kind, id: answer.erasure.id, at });
    });
  }

  /** Somebody says that two things are one, if the hub knows both by now; who meets a write that is under way tries again. */
  async merge(
    entities: HubMerge['entities'],
    kind: PeopleKind,
    system: SystemId,
    externalIds: readonly [string, string],
    scheduler: Scheduler,
  ): Promise<void> {
    // Whoever tries again means the records seen at first: a merge begun has pointed the crosswalk elsewhere.
    let ids: HubMerge['ids'] | undefined;
    await this.#insist(scheduler, async ({ hub }) => {
      const object = hub.mappingsOf(system, kind)[0]?.object ?? '';
      const refs = externalIds.map((externalId) => ({ connection: system, object, externalId }));
      const known = ids === undefined ? await hub.store.readRefs(refs) : new Map<string, string>();
      const [survivor, loser] = ids ?? refs.map((ref) => known.get(refKey(ref)));
      if (survivor === undefined || loser === undefined || survivor === loser) return 'unknown';
      ids = [survivor, loser];
      const end = await mergeByPerson(hub, kind, survivor, loser, 'partner manager');
      if (end === 'done') this.merges.push({ entities, kind, ids, mergedAt: hub.now() });
      return end;
    });
  }

  /** Somebody says that a merge was wrong. */
  async unmerge(entities: HubMerge['entities'], scheduler: Scheduler): Promise<void> {
    const merge = this.merges.find((each) => each.entities.join() === entities.join() && each.unmergedAt === undefined);
    if (merge === undefined) return;
    await this.#insist(scheduler, async ({ hub }) => {
      const mergeId = mergeIdOf(...merge.ids);
      const { end } = await unmergeByPerson(hub, mergeId, 'partner manager');
      // Whoever asks again after AWS was at fault may hear that it is undone already.
      const isUndone = end === 'done' || (await hub.store.readMerge(mergeId))?.state === 'unmerged';
      if (isUndone) merge.unmergedAt = hub.now();
      return end;
    });
  }

  /** Whoever is asked about two deals with one offer, or the like, says that they are one. Answers whether there were any. */
  async mergeConflicts(store: HubStore, scheduler: Scheduler): Promise<boolean> {
    const { problems } = await store.listProblems({ limit: 200 });
    const asked = problems.filter(({ cause }) => cause === 'merge-conflict');
    for (const { kind = '', candidates: [survivor = '', loser = ''] = [] } of asked)
      if (isKind(kind)) void this.#insist(scheduler, ({ hub }) => mergeByPerson(hub, kind, survivor, loser, 'seller'));
    return asked.length > 0;
  }

  /** Whoever is asked whether two records are the same, and knows that both stand for one thing, says so. Answers whether there were any. */
  async sayTheSame(
    store: HubStore,
    scheduler: Scheduler,
    thingOf: (connection: string, externalId: string) => string | undefined,
  ): Promise<boolean> {
    const { problems } = await store.listProblems({ limit: 200 });
    let isAny = false;
    for (const { cause, kind = '', candidates = [] } of problems) {
      if (cause !== 'doubtful-match' || !isKind(kind)) continue;
      const things = await Promise.all(
        candidates.map(async (id) => {
          const { sources } = await store.readBundle(kind, id);
          return sources.map(({ connection, externalId }) => thingOf(connection, externalId) ?? '');
        }),
      );
      const survivor = candidates.find((_, at) => at > 0 && things[at]?.some((thing) => things[0]?.includes(thing)));
      const [asked] = candidates;
      if (survivor === undefined || asked === undefined) continue;
      isAny = true;
      void this.#insist(scheduler, ({ hub }) => mergeByPerson(hub, kind, survivor, asked, 'seller'));
    }
    return isAny;
  }

  async resumeAll(): Promise<void> {
    for (const id of this.connected) void this.#resume(id);
  }

  /** Every open problem that is no decision is tried again, as a person does when a trouble is over. Answers whether there were any. */
  async retryProblems(store: HubStore): Promise<boolean> {
    const { problems } = await store.listProblems({ limit: 200 });
    const retried = problems.filter(({ cause }) => !DECISIONS.has(cause));
    for (const { id } of retried) void this.#ask(({ hub }) => retryProblem(hub, id));
    return retried.length > 0;
  }

  /** A person tries again while the hub answers that others are writing. */
  async #insist(
    scheduler: Scheduler,
    act: (runtime: SimulatedRuntime) => Promise<'done' | 'unknown' | 'contended'>,
    turns = REPEATS_MAX,
  ): Promise<void> {
    await this.#ask(async (runtime) => {
      if ((await act(runtime)) !== 'contended' || turns === 0) return;
      scheduler.at(scheduler.now + CONTENDED_WAIT_MS, 'again', () => void this.#insist(scheduler, act, turns - 1));
    });
  }

  #resume(id: PlaceId): Promise<void> {
    return this.#ask(async ({ hub }) => {
      const state = await hub.store.readConnection(id);
      if (state?.paused !== undefined) await resumeConnection(hub, id);
    });
  }

  #sweep(mode: 'changes' | 'deletions' | 'walk'): void {
    for (const { id, objects } of this.#fleet().release.connections) {
      for (const object of objects) this.#fleet().sweep(id, object, mode);
    }
  }

  #deploy(connected: readonly PlaceId[]): void {
    this.connected = [...SYSTEM_IDS, ...AWS_IDS].filter((id) => connected.includes(id));
    this.#fleet().deploy(releaseOf(this.#mappings, this.connected, this.#plan.setup));
  }

  /** A person asks, and asks again when AWS was at fault. */
  async #ask(act: (runtime: SimulatedRuntime) => Promise<unknown>): Promise<void> {
    for (let turn = 0; turn < REPEATS_MAX; turn++) {
      try {
        await this.#fleet().asPerson(act);
        return;
      } catch (error) {
        if (!(error instanceof AwsOutage)) throw error;
      }
    }
  }
}

async function pause({ hub }: SimulatedRuntime, id: string): Promise<void> {
  await hub.connectionState(id);
  await updateConnection(hub, id, (state) =>
    state.paused === undefined
      ? { ...state, paused: { at: hub.now(), reason: 'paused by a person', by: 'person' } }
      : undefined,
  );
}
