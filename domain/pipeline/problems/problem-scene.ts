import type { DeliveryPlan } from '../../deliver/plan-delivery.ts';
import { throughOfMapping } from '../../deliver/through-fields.ts';
import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { refKey, seatKey } from '../../model/external-ref.ts';
import { isKind, type Kind } from '../../model/kind.ts';
import type { DeliveryDue } from '../../model/notice.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { planOne } from '../deliver/plan-one.ts';
import { targetReferences } from '../deliver/target-references.ts';
import type { Bundle, ConnectionState, Hub } from '../ports.ts';
import { readThrough } from '../read-through.ts';

/** What a problem is about, as it stands now. */
export interface ProblemScene {
  readonly problem: Problem;
  readonly mapping: CompiledMapping;
  readonly state: ConnectionState;
  /** Its unified record, merges followed; absent when the hub knows no such record. */
  readonly bundle?: Bundle;
  /** The record of the problem's own connection, if the hub has one. */
  readonly source?: SourceRecord;
}

/** Looks up what a problem about one record of one connection concerns; `undefined` when that is not configured any more. */
export async function sceneOf(hub: Hub, problem: Problem): Promise<ProblemScene | undefined> {
  const { connection, object } = problem;
  const mapping = object === undefined ? undefined : hub.mapping(connection, object);
  if (mapping === undefined || !hub.connections.some(({ id }) => id === connection)) return undefined;
  const state = await hub.connectionState(connection);
  const bundle = await findBundle(hub, problem, mapping.kind);
  const source = bundle?.sources.find(
    (each) => each.connection === connection && each.object === object && each.externalId === problem.externalId,
  );
  return {
    problem,
    mapping,
    state,
    ...(bundle === undefined ? {} : { bundle }),
    ...(source === undefined ? {} : { source }),
  };
}

const MERGES_MAX = 5;

/** The record a problem is about: by its unified id, else by the crosswalk; merges followed. */
export async function findBundle(hub: Hub, problem: Problem, otherwise?: Kind): Promise<Bundle | undefined> {
  const { kind = otherwise, connection, object, externalId } = problem;
  if (kind === undefined || !isKind(kind)) return undefined;
  if (problem.unifiedId !== undefined) return readFollowing(hub, kind, problem.unifiedId);
  if (object === undefined || externalId === undefined) return undefined;
  const ref = { connection, object, externalId };
  const unifiedId = (await hub.store.readRefs([ref])).get(refKey(ref));
  return unifiedId === undefined ? undefined : readFollowing(hub, kind, unifiedId);
}

/** A record by its id or by one it had before it was merged. */
export async function readFollowing(hub: Hub, kind: Kind, id: string): Promise<Bundle> {
  let bundle = await hub.store.readBundle(kind, id);
  for (let step = 0; step < MERGES_MAX && bundle.unified?.mergedInto !== undefined; step++) {
    bundle = await hub.store.readBundle(kind, bundle.unified.mergedInto);
  }
  return bundle;
}

/**
 * What a delivery of the problem's record to its connection would do now; `undefined` when the record has no place there.
 * With `isFree`, as if the system had never refused anything.
 */
export async function planOf(hub: Hub, scene: ProblemScene, isFree: boolean): Promise<DeliveryPlan | undefined> {
  const { problem, mapping, state } = scene;
  const { connection } = problem;
  const info = hub.connections.find(({ id }) => id === connection);
  if (scene.bundle?.unified === undefined || info?.direction === 'in') return undefined;
  const bundle = isFree ? withoutRefusals(scene.bundle, connection, mapping.object) : scene.bundle;
  const directory = await hub.directory(connection);
  const batch = { hub, connection, object: mapping.object, mapping, directory, state };
  const referenceTo = await targetReferences(batch, [bundle]);
  const through = await readThrough(hub, throughOfMapping(mapping), [bundle]);
  return planOne(batch, dueOf(scene, bundle), bundle, referenceTo, through)?.plan;
}

/** The delivery of the problem's record to its connection. */
export function dueOf({ problem, mapping }: ProblemScene, { kind, id }: Bundle): DeliveryDue {
  const { connection, correlationId = problem.id } = problem;
  return { schema: 1, connection, object: mapping.object, kind, id, attempts: 0, correlationId, work: 'backfill' };
}

/** Values the connection refused of the record, by hub field; `*` is the record as a whole. */
export function refusalsOf({ bundle, problem, mapping }: ProblemScene): Readonly<Record<string, string>> {
  const seat = bundle?.unified?.seats[seatKey(problem.connection, mapping.object)];
  if (seat === undefined) return {};
  if ('creating' in seat) return seat.refused;
  const seated = bundle?.sources.find(
    (each) =>
      each.connection === problem.connection && each.object === mapping.object && each.externalId === seat.externalId,
  );
  return seated?.refused ?? {};
}

function withoutRefusals(bundle: Bundle, connection: string, object: string): Bundle {
  const sources = bundle.sources.map((each) =>
    each.connection === connection && each.object === object ? { ...each, refused: {} } : each,
  );
  const key = seatKey(connection, object);
  const seat = bundle.unified?.seats[key];
  if (bundle.unified === undefined || seat === undefined || !('creating' in seat)) return { ...bundle, sources };
  const seats = { ...bundle.unified.seats, [key]: { ...seat, refused: {} } };
  return { ...bundle, sources, unified: { ...bundle.unified, seats } };
}
