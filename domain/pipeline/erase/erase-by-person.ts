import type { Erasure } from '../../model/erasure.ts';
import { refOfKey } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import { noEffects, sendEffects } from '../effects.ts';
import type { Hub } from '../ports.ts';
import { driverOf } from '../tombstone.ts';
import { endErasure } from './erase-in-system.ts';
import { buryRecord } from './erase-record.ts';
import { erasureScope, followedId, refsOf } from './erasure-scope.ts';
import { previewErasure } from './preview-erasure.ts';

/** What to erase, where not, and who says so. */
export interface EraseRequest {
  readonly kind: Kind;
  readonly id: string;
  /** Connections in which the record stays. */
  readonly keepIn: readonly string[];
  readonly by: string;
}

/** How asking for an erasure ended. `refused`: something must be said first; nothing was written. */
export type EraseEnd =
  | { readonly end: 'begun'; readonly erasure: Erasure }
  | { readonly end: 'refused'; readonly reasons: readonly string[] }
  | { readonly end: 'unknown' };

const ATTEMPTS_MAX = 5;
/** The message that sees it through waits until this call has done what it can, ms. */
const DRIVER_DELAY_MS = 5_000;

/**
 * A person has a record erased. What the hub keeps goes at once, if nobody is writing the record just now; the systems follow, and
 * a message sees all of it through. Asking again does no harm; another `keepIn` then counts from there on.
 */
export async function eraseByPerson(hub: Hub, request: EraseRequest): Promise<EraseEnd> {
  const { kind, keepIn, by } = request;
  const preview = await previewErasure(hub, kind, request.id, keepIn);
  if (preview === undefined) return { end: 'unknown' };
  if (preview.refusals.length > 0) return { end: 'refused', reasons: preview.refusals };
  const { id } = preview;
  const { ids, refs } = await concerned(hub, kind, id);
  const erasure = await enter(hub, { kind, id, ids, refs, keepIn, at: hub.now(), by, counter: 1 });
  await seeThrough(hub, erasure);
  return { end: 'begun', erasure };
}

async function concerned(hub: Hub, kind: Kind, id: string): Promise<Pick<Erasure, 'ids' | 'refs'>> {
  const scope = await erasureScope(hub.store, kind, [await followedId(hub.store, kind, id)]);
  return { ids: [...scope.bundles.keys()].sort(), refs: refsOf(scope) };
}

async function enter(hub: Hub, asked: Erasure): Promise<Erasure> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const known = await hub.store.readErasure(asked.kind, asked.id);
    if (known === undefined) {
      if (await hub.store.putErasure(asked, null)) return asked;
      continue;
    }
    const { doneAt: _, emptySince: __, ...rest } = known;
    const next: Erasure = {
      ...rest,
      ids: [...new Set([...known.ids, ...asked.ids])].sort(),
      refs: [...new Set([...known.refs, ...asked.refs])].sort(),
      keepIn: asked.keepIn,
      counter: known.counter + 1,
    };
    if (await hub.store.putErasure(next, known.counter)) return next;
  }
  throw new Error(`The erasure of ${asked.kind} ${asked.id} kept changing.`);
}

/** Queues the message that goes on until everything is done, and does here and now what can be done. */
async function seeThrough(hub: Hub, erasure: Erasure): Promise<void> {
  await hub.outbox.notice([driverOf(hub, erasure)], DRIVER_DELAY_MS);
  const effects = noEffects();
  const buried = await buryRecord(hub, erasure.kind, erasure.id, effects);
  await sendEffects(hub, effects);
  if (buried.end === 'buried') await endErasure(hub, buried.erasure);
}

/** What applying the list again came to. */
export interface ReapplyPage {
  readonly applied: number;
  /** Records of systems on the list that belong to a record which is not: for a person to look at. */
  readonly elsewhere: readonly { readonly ref: string; readonly kind: Kind; readonly id: string }[];
  readonly next?: string;
}

const REAPPLY_PAGE = 10;

/**
 * Applies the next erasures of the list again, as after a restore of the table: what came back is erased once more, and what the
 * table never knew is recognised from then on. *Bounds*: 10 a call.
 */
export async function reapplyErasures(hub: Hub, after: string | undefined): Promise<ReapplyPage> {
  const page = await hub.store.listErasures({ limit: REAPPLY_PAGE, ...(after === undefined ? {} : { after }) });
  const elsewhere: { ref: string; kind: Kind; id: string }[] = [];
  for (const listed of page.erasures) {
    const { kind, ids } = listed;
    const holders = await hub.store.readRefs(listed.refs.map(refOfKey));
    for (const [ref, id] of holders) if (!ids.includes(id)) elsewhere.push({ ref, kind, id });
    await seeThrough(hub, await enter(hub, listed));
  }
  return { applied: page.erasures.length, elsewhere, ...(page.next === undefined ? {} : { next: page.next }) };
}
