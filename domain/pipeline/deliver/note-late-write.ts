import { intentHash } from '../../absorb/absorb-snapshot.ts';
import type { MappedField } from '../../mapping/compiled-mapping.ts';
import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import type { Intent } from '../../model/source-record.ts';
import type { SystemValue } from '../../model/value.ts';
import { claimedForMs } from './claim-delivery.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';

/** So often a note is tried when others keep writing the record. */
const ATTEMPTS_MAX = 5;

/**
 * What was written after its claim was over stands on top of what others have written meanwhile, and nobody expects it any more: found there,
 * it would be somebody's edit, and newer than all that is known.
 *
 *     A claims ── is frozen ────────────────────── writes the former value ── looks, and notes it
 *                     B takes over, writes the newer value                                      ── seen, it is the hub's
 *
 * So who has outlived its lease looks at the record, and notes as open intents what stands there of its own. Where the system cannot be
 * asked, all of it may.
 *
 * Answers for how long somebody else has the record still, ms. *Bounds*: one read, and one write if no one else writes the record.
 */
export async function noteLateWrite(batch: DeliveryBatch, delivery: Delivery, ref: ExternalRef): Promise<number> {
  const { hub, mapping, system, work } = batch;
  const { kind, bundle, claim, plan } = delivery;
  if (plan.fields.length === 0) return 0;
  const read = await system.read(batch.object, [ref.externalId], mapping.theirFields, work);
  const outcome = read.ok ? read.value[0] : undefined;
  const isUnseen = outcome === undefined || outcome.outcome === 'failed';
  const late = plan.fields.filter(
    ({ line, intent }) =>
      isUnseen || (outcome.outcome === 'found' && isHash(batch, line, outcome.snapshot.values[line.theirs], intent)),
  );
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { sources } = await hub.store.readBundle(kind, bundle.id);
    const held = sources.find((each) => refKey(each) === refKey(ref));
    // Nobody took it over: what was declared is open still.
    if (held === undefined || held.state !== 'present' || held.claim?.token === claim?.token) return 0;
    const unknown = late.filter(
      ({ line, intent }) =>
        held.intents[line.field]?.hash !== intent.hash && !isHash(batch, line, held.fields[line.field]?.value, intent),
    );
    const waitMs = claimedForMs(held, hub.now());
    if (unknown.length === 0) return waitMs;
    const intents = { ...held.intents, ...Object.fromEntries(unknown.map(({ line, intent }) => [line.field, intent])) };
    if (await hub.store.putSource({ ...held, intents, counter: held.counter + 1 }, held.counter)) return waitMs;
  }
  return 0;
}

function isHash(
  { directory }: DeliveryBatch,
  line: MappedField,
  value: SystemValue | undefined,
  { hash }: Intent,
): boolean {
  return value !== undefined && intentHash(line, value, directory) === hash;
}
