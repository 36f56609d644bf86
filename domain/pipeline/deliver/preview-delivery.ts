import { type DeliveryPlan, planDelivery } from '../../deliver/plan-delivery.ts';
import { throughOfMapping } from '../../deliver/through-fields.ts';
import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { seatKey } from '../../model/external-ref.ts';
import { creatingIn } from '../../model/unified-record.ts';
import type { SystemValue } from '../../model/value.ts';
import { assignSeats } from '../../unify/assign-seats.ts';
import { unifyRecord } from '../../unify/unify-record.ts';
import { canonicalSources, targetsOf, vocabularyOf } from '../connection-scope.ts';
import type { Bundle, Hub } from '../ports.ts';
import { readThrough } from '../read-through.ts';
import { isDeletedElsewhere } from '../settle-record.ts';

/** One field that would be written. */
export interface PreviewedField {
  readonly field: string;
  readonly theirs: string;
  readonly before: SystemValue | undefined;
  readonly after: SystemValue;
  /** The source whose value won, and by which rule. */
  readonly from: string;
  readonly rule: string;
}

/** What would happen to one record in one connection. */
export interface PreviewedRecord {
  readonly kind: string;
  readonly id: string;
  readonly connection: string;
  readonly object: string;
  readonly externalId: string | undefined;
  readonly operation: DeliveryPlan['operation'];
  readonly fields: readonly PreviewedField[];
  readonly held: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly pending: readonly string[];
  readonly waiting: DeliveryPlan['waiting'];
}

/**
 * Says what a delivery would write for one record, per connection and field, and writes nothing. `replace` swaps in
 * another mapping for its system and object, so that a new version can be looked at before it counts.
 */
export async function previewRecord(
  hub: Hub,
  bundle: Bundle,
  only: string | undefined,
  replace: CompiledMapping | undefined,
): Promise<readonly PreviewedRecord[]> {
  const view = replace === undefined ? hub : withMapping(hub, replace);
  if (bundle.unified === undefined) return [];
  const vocabulary = vocabularyOf(view, bundle.kind);
  const seating = assignSeats(bundle.unified, bundle.sources, hub.now(), undefined);
  const canonical = await canonicalSources(view, seating.seated);
  const { record } = unifyRecord({
    ...bundle,
    stored: bundle.unified,
    seating,
    canonical,
    vocabulary,
    keys: bundle.unified.keys,
    now: hub.now(),
  });
  const previews: PreviewedRecord[] = [];
  for (const { connection: target, mapping } of targetsOf(view, bundle.kind)) {
    if (only !== undefined && target.id !== only) continue;
    const seat = record.seats[seatKey(target.id, mapping.object)];
    const source = seating.seated.find((seated) => seated.connection === target.id && seated.object === mapping.object);
    if (source === undefined && seat !== undefined && 'externalId' in seat) continue;
    const directory = await hub.directory(target.id);
    const { unseen = {} } = await hub.connectionState(target.id);
    const through = (await readThrough(hub, throughOfMapping(mapping), [{ unified: record }]))(record);
    const plan = planDelivery({
      unified: record,
      through,
      ...(source === undefined ? {} : { source }),
      refused: source?.refused ?? creatingIn(seat)?.refused ?? {},
      mapping,
      directory,
      referenceTo: (id) => ({ id: `(${id})` }),
      unseen: unseen[mapping.object] ?? [],
      isDeletedElsewhere: isDeletedElsewhere(bundle, target.id),
    });
    const isQuiet =
      plan.operation === 'none' && Object.keys(plan.held).length + plan.missing.length + plan.waiting.length === 0;
    if (isQuiet) continue;
    previews.push({
      kind: bundle.kind,
      id: bundle.id,
      connection: target.id,
      object: mapping.object,
      externalId: source?.externalId,
      operation: plan.operation,
      fields: plan.fields.map(({ line, value }) => ({
        field: line.field,
        theirs: line.theirs,
        before: source?.fields[line.field]?.value,
        after: value,
        from: (through[line.field] ?? record.fields[line.field])?.from ?? 'hub',
        rule: through[line.field] === undefined ? (record.fields[line.field]?.rule ?? 'hub') : 'through',
      })),
      held: plan.held,
      missing: plan.missing,
      pending: plan.pending,
      waiting: plan.waiting,
    });
  }
  return previews;
}

function withMapping(hub: Hub, replace: CompiledMapping): Hub {
  const isMeant = (connection: string): boolean =>
    hub.connections.find(({ id }) => id === connection)?.system === replace.system;
  return {
    ...hub,
    mapping: (connection, object) =>
      isMeant(connection) && object === replace.object ? replace : hub.mapping(connection, object),
    mappingsOf: (connection, kind) =>
      hub
        .mappingsOf(connection, kind)
        .map((mapping) => (isMeant(connection) && mapping.object === replace.object ? replace : mapping)),
  };
}
