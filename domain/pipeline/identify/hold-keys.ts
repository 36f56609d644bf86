import type { UnifiedRecord } from '../../model/unified-record.ts';
import type { Bundle, Hub, MatchKey } from '../ports.ts';
import { raiseProblem } from '../problems/raise-problem.ts';

/**
 * Claims the match keys a record should hold and answers those it does. A key another record still holds is a conflict
 * of two established records: a person decides. A key whose holder no longer has it is taken over.
 */
export async function holdKeys(
  hub: Hub,
  bundle: Bundle,
  wanted: readonly string[],
  cause: { readonly claimedKeys?: readonly string[]; readonly doubts?: readonly string[]; readonly from?: string },
): Promise<readonly string[]> {
  const before = bundle.unified?.keys ?? [];
  const doubts = [...(bundle.unified?.doubts ?? []), ...(cause.doubts ?? [])];
  const held: string[] = [];
  for (const text of wanted) {
    const isOurs = before.includes(text) || cause.claimedKeys?.includes(text) === true;
    if (isOurs || (await claimKey(hub, bundle, text, doubts))) held.push(text);
  }
  return held;
}

/** Gives up the keys the record held and no longer should; runs after the record was written. */
export async function dropKeys(hub: Hub, before: Bundle, kept: readonly string[]): Promise<void> {
  for (const text of before.unified?.keys ?? []) {
    if (!kept.includes(text)) await hub.store.deleteKey(asKey(before, text), before.id);
  }
}

async function claimKey(hub: Hub, bundle: Bundle, text: string, doubts: readonly string[]): Promise<boolean> {
  const key = asKey(bundle, text);
  if (await hub.store.putKey(key, bundle.id, null)) return true;
  const holder = (await hub.store.readKeys([key])).get(`${key.kind}#${key.type}#${key.value}`);
  if (holder === undefined) return hub.store.putKey(key, bundle.id, null);
  if (holder === bundle.id) return true;
  const other = (await hub.store.readUnified(bundle.kind, [holder])).get(holder);
  // A record not written yet may be under way; its key stays until its own message has ended.
  if (other === undefined) return false;
  const rivalId = other.mergedInto ?? holder;
  if (rivalId === bundle.id || !(await isKept(hub, other, text))) return hub.store.putKey(key, bundle.id, holder);
  // A person is asked about the two already, or has answered.
  if (doubts.includes(rivalId) || (await hub.store.readPin(bundle.kind, bundle.id, rivalId))) return false;
  const [connection = 'hub', object, externalId] = bundle.sources[0]
    ? [bundle.sources[0].connection, bundle.sources[0].object, bundle.sources[0].externalId]
    : [];
  await raiseProblem(hub, {
    cause: 'merge-conflict',
    connection,
    ...(object === undefined ? {} : { object }),
    ...(externalId === undefined ? {} : { externalId }),
    kind: bundle.kind,
    unifiedId: bundle.id,
    message: `Two established ${bundle.kind} records have the same ${key.type}.`,
    nextStep: 'Compare the two records; merge them, or say that they are not the same.',
    candidates: [bundle.id, rivalId],
  });
  return false;
}

/** Whether a record still has a key, or the one that it is just being merged into. */
async function isKept(hub: Hub, { kind, keys, mergedInto }: UnifiedRecord, text: string): Promise<boolean> {
  if (keys.includes(text)) return true;
  if (mergedInto === undefined) return false;
  return (await hub.store.readUnified(kind, [mergedInto])).get(mergedInto)?.keys.includes(text) === true;
}

function asKey(bundle: Bundle, text: string): MatchKey {
  const colon = text.indexOf(':');
  return { kind: bundle.kind, type: text.slice(0, colon), value: text.slice(colon + 1) };
}
