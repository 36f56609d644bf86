import { throughOfMapping } from '../../deliver/through-fields.ts';
import { refKey } from '../../model/external-ref.ts';
import { isKind } from '../../model/kind.ts';
import type { DeliveryDue } from '../../model/notice.ts';
import { type Effects, noEffects, sendEffects } from '../effects.ts';
import { inParallel } from '../in-parallel.ts';
import type { Bundle, Hub } from '../ports.ts';
import { readThrough } from '../read-through.ts';
import { isSettled, settleRecord } from '../settle-record.ts';
import { noteBorrowers } from '../tell-borrowers.ts';
import { buryAgain, isBuried } from '../tombstone.ts';
import { claimCreation, claimedForMs, claimUpdate } from './claim-delivery.ts';
import { completeDelivery } from './complete-delivery.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';
import { giveWay } from './give-way.ts';
import { lookForCreations } from './look-for-creations.ts';
import { planOne } from './plan-one.ts';
import { putBack } from './put-back.ts';
import { refreshBeforeWrite } from './refresh-before-write.ts';
import { reportHeld } from './report-held.ts';
import { targetReferences } from './target-references.ts';

/** How many deliveries ended how. */
export type DeliveryReport = Record<string, number>;

/**
 * Brings records up to date in the systems they are due in: read once more, claim, write what still differs, complete,
 * look again. Resolves when every delivery is done or safely on a queue again.
 */
export async function deliverDue(
  hub: Hub,
  received: readonly { readonly due: DeliveryDue; readonly isRepeated: boolean }[],
  leaseMs: number,
  hasTime: () => boolean = () => true,
): Promise<DeliveryReport> {
  const effects = noEffects();
  const report: DeliveryReport = {};
  // What somebody waits for comes before what the hub goes through by itself.
  const sorted = [...received].sort((a, b) => rankOf(a.due) - rankOf(b.due));
  const groups = Map.groupBy(sorted, ({ due }) => `${due.connection}#${due.object}#${rankOf(due)}`);
  for (const [index, group] of [...groups.values()].flatMap(slicesOf).entries()) {
    if (index > 0 && !hasTime()) {
      effects.dueLater.push(
        // Raised, so that a message received before is still known as such.
        ...group.map(({ due, isRepeated }) => ({
          due: isRepeated ? { ...due, attempts: due.attempts + 1 } : due,
          delayMs: 0,
        })),
      );
      report['put-back'] = (report['put-back'] ?? 0) + group.length;
      continue;
    }
    const dues = group.map(({ due }) => due);
    const isRepeated = group.some((item) => item.isRepeated || item.due.attempts > 0);
    for (const end of await deliverGroup(hub, dues, isRepeated, leaseMs, effects)) {
      report[end] = (report[end] ?? 0) + 1;
    }
  }
  await sendEffects(hub, effects);
  return report;
}

/** Records claimed at a time: what is claimed must be written before the claim lapses. */
const SLICE_MAX = 100;

/** Each record once, in slices. */
function slicesOf<Item extends { readonly due: DeliveryDue }>(group: readonly Item[]): readonly (readonly Item[])[] {
  const distinct = [...new Map(group.map((item) => [`${item.due.kind}#${item.due.id}`, item])).values()];
  return Array.from({ length: Math.ceil(distinct.length / SLICE_MAX) }, (_, place) =>
    distinct.slice(place * SLICE_MAX, (place + 1) * SLICE_MAX),
  );
}

function rankOf({ work }: DeliveryDue): number {
  return work === 'backfill' ? 1 : 0;
}

async function deliverGroup(
  hub: Hub,
  dues: readonly DeliveryDue[],
  isRepeated: boolean,
  leaseMs: number,
  effects: Effects,
): Promise<readonly string[]> {
  const [first] = dues;
  if (first === undefined) return [];
  const { connection, object, work = 'live' } = first;
  const all = (end: string): string[] => dues.map(() => end);
  const info = hub.connections.find(({ id }) => id === connection);
  const mapping = hub.mapping(connection, object);
  if (info === undefined || mapping === undefined || info.direction === 'in') return all('not-configured');
  const state = await hub.connectionState(connection);
  if (state.paused !== undefined) return all('paused');
  if (state.releasedAt === undefined) return all('not-released');
  const system = await hub.system(connection);
  if (!system.ok) {
    for (const due of dues) await putBack(hub, effects, due, system.fault);
    return all(`waits:${system.fault.kind}`);
  }
  const directory = await hub.directory(connection);
  const base = { hub, connection, object, mapping, directory, state, effects, isRepeated, work };
  const batch = { ...base, system: system.value };
  const planned = await planAll(batch, dues);
  const creations = await claimAll(batch, await giveWay(batch, planned.filter(isCreation)), leaseMs);
  const unmade = await lookForCreations(batch, creations);
  const refreshed = await refreshBeforeWrite(batch, leaveClaimed(batch, planned.filter(isUpdate)));
  const updates = await claimAll(batch, refreshed, leaseMs);
  const ends = await writeAll(batch, [...unmade, ...updates]);
  const rest = dues.length - ends.length;
  return [...ends, ...Array.from({ length: rest }, () => 'nothing-to-do-or-waits')];
}

async function planAll(batch: DeliveryBatch, dues: readonly DeliveryDue[]): Promise<Delivery[]> {
  const { hub } = batch;
  const bundles = await inParallel(dues, async (due) =>
    isKind(due.kind) ? followAlias(hub, await hub.store.readBundle(due.kind, due.id)) : undefined,
  );
  const known = bundles.filter((bundle) => bundle !== undefined);
  const references = await targetReferences(batch, known);
  const through = await readThrough(hub, throughOfMapping(batch.mapping), known);
  const deliveries: Delivery[] = [];
  for (const [index, due] of dues.entries()) {
    const bundle = bundles[index];
    if (isBuried(bundle)) buryAgain(bundle, undefined, batch.effects);
    const delivery = bundle && planOne(batch, due, bundle, references, through);
    if (delivery === undefined) continue;
    if (writesOverEdit(delivery) && !(await isSettled(hub, delivery.bundle))) {
      await settleFirst(batch, delivery);
      continue;
    }
    await reportHeld(batch, delivery);
    if (delivery.plan.operation !== 'none') deliveries.push(delivery);
    else if (delivery.plan.pending.length > 0) await putBack(hub, batch.effects, due, undefined);
    else if (batch.isRepeated && bundle !== undefined) await tellAgain(batch, due, bundle);
  }
  return deliveries;
}

/** Whether the plan replaces something that a person entered there: an edit that lost, or one that is not unified yet. */
function writesOverEdit({ plan, source }: Delivery): boolean {
  return plan.fields.some(({ line }) => source?.fields[line.field]?.origin === 'system');
}

/**
 * A source record is written before the unified record is. Between the two, a plan would write the former value over an edit
 * that is just being taken in; so what is left of that is done here, and whoever is behind then is queued anew.
 */
async function settleFirst({ hub, effects, isRepeated, work }: DeliveryBatch, delivery: Delivery): Promise<void> {
  const { due, kind, bundle, source } = delivery;
  const { correlationId } = due;
  const cause = { correlationId, isRepeated, work, ...(source === undefined ? {} : { from: refKey(source) }) };
  const settled = await settleRecord(hub, kind, bundle.id, cause, effects);
  if (settled.outcome !== 'settled') await putBack(hub, effects, due, undefined);
}

async function followAlias(hub: Hub, bundle: Bundle): Promise<Bundle> {
  const into = bundle.unified?.mergedInto;
  return into === undefined ? bundle : hub.store.readBundle(bundle.kind, into);
}

function isCreation({ source }: Delivery): boolean {
  return source === undefined;
}

function isUpdate({ source }: Delivery): boolean {
  return source !== undefined;
}

/** Answers the deliveries whose records nobody is writing to; the others wait until they must be free. */
function leaveClaimed({ hub, effects }: DeliveryBatch, updates: readonly Delivery[]): readonly Delivery[] {
  const now = hub.now();
  return updates.filter(({ due, source }) => {
    const waitMs = claimedForMs(source, now);
    if (waitMs > 0) waitForClaim(effects, due, waitMs);
    return waitMs === 0;
  });
}

async function claimAll(batch: DeliveryBatch, deliveries: readonly Delivery[], leaseMs: number): Promise<Delivery[]> {
  const { hub, effects } = batch;
  const claims = await inParallel(deliveries, (delivery) =>
    delivery.source === undefined
      ? claimCreation(hub, batch, delivery, leaseMs)
      : claimUpdate(hub, delivery, delivery.source, leaseMs),
  );
  return claims.flatMap((claim, index) => {
    const due = deliveries[index]?.due;
    if (due === undefined) return [];
    if (claim.outcome === 'claimed') return [claim.delivery];
    waitForClaim(effects, due, claim.waitMs);
    return [];
  });
}

/** Somebody else is at it. What they leave undone they queue themselves; this message looks again when they must be done. */
function waitForClaim(effects: Effects, due: DeliveryDue, waitMs: number): void {
  effects.dueLater.push({ due, delayMs: Math.min(900_000, Math.max(1_000, waitMs)) });
}

async function writeAll(batch: DeliveryBatch, deliveries: readonly Delivery[]): Promise<readonly string[]> {
  if (deliveries.length === 0) return [];
  const items = deliveries.map(({ plan, source, bundle, seen, unanswered = {} }) => ({
    operation: plan.operation === 'none' ? ('update' as const) : plan.operation,
    unifiedId: bundle.id,
    ...(source === undefined ? {} : { externalId: source.externalId }),
    values: Object.fromEntries(plan.fields.map(({ line, value }) => [line.theirs, value])),
    base: seen?.values ?? {},
    unanswered: plan.fields.flatMap(({ line, intent }) =>
      unanswered[line.field]?.hash === intent.hash ? [line.theirs] : [],
    ),
  }));
  await noteBorrowers(batch.hub, deliveries);
  const outcomes = await batch.system.write(batch.object, batch.mapping.hubIdField, items, batch.work);
  return inParallel(deliveries, async (delivery, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error(`${batch.connection}: the connector answered too few outcomes`);
    return completeDelivery(batch, delivery, outcome);
  });
}

/** The message was received before, and may have been cut short between a write and the telling of it. */
async function tellAgain({ hub, effects, work }: DeliveryBatch, due: DeliveryDue, bundle: Bundle): Promise<void> {
  const cause = { correlationId: due.correlationId, isRepeated: true, work };
  await settleRecord(hub, bundle.kind, bundle.id, cause, effects, bundle);
}
