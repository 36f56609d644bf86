import { TagResourceCommand } from '@aws-sdk/client-marketplace-catalog';
import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import { shortHash } from '../../domain/model/short-hash.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import { type ChangeSetRow, nothing } from './answers.ts';
import { ask } from './ask.ts';
import { HUB_TAG } from './catalog.ts';
import { justStarted, offerUntold, stillRunning } from './change-set-faults.ts';
import { describeChangeSet, startChangeSet, type Undertaking } from './change-sets.ts';
import { findTaggedOffer } from './find-tagged-offer.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { creationOf, type Eula, readDraft, updateOf } from './offer-changes.ts';
import { chooseDimensions } from './product-dimensions.ts';
import { standingOf, tellFailure } from './pursue-change-set.ts';
import { stopping } from './read-each.ts';
import { readEntity, readTags } from './read-entity.ts';

/** Most offers of one write; each takes a few calls of its own. */
export const writeMax = 10;

/**
 * Writes offers, one outcome per item, in order.
 *
 * Every write is a change set, which takes minutes: the first try starts it and answers `throttled` with code `CHANGE_SET_RUNNING`;
 * each later one finds it by its name and answers how it stands, until it ended. `BEHAVIOR.md` says why an offer is never released
 * twice. *Bounds*: a creation takes one call while it runs, four to eight to start and five when it has ended. *Faults*:
 * `rejected` with AWS's own errors, by field where they are of one.
 */
export async function writeOffers(
  call: Call<MarketplaceApi>,
  items: readonly WriteItem[],
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  for (const item of items) outcomes.push(await writeOffer(call, item));
  return outcomes;
}

async function writeOffer(call: Call<MarketplaceApi>, item: WriteItem): Promise<WriteOutcome> {
  switch (item.operation) {
    case 'create':
      return outcomeOf(await createOffer(call, item));
    case 'update':
      return outcomeOf(await updateOffer(call, item));
    case 'delete':
      return { outcome: 'failed', fault: cannotDelete };
  }
}

type Written = Extract<WriteOutcome, { outcome: 'written' }>;

function outcomeOf(written: Result<Written>): WriteOutcome {
  return written.ok ? written.value : { outcome: 'failed', fault: written.fault };
}

async function createOffer(call: Call<MarketplaceApi>, { unifiedId, values }: WriteItem): Promise<Result<Written>> {
  const standing = await standingOf(call, { unifiedId, purpose: 'offer' });
  if (!standing.ok) return asUnderWay(standing.fault);
  const { succeeded, lastEnded, answeredAt } = standing.value;
  if (succeeded !== undefined) return takeOver(await takeMade(call, unifiedId, succeeded), true);

  const draft = readDraft(values, answeredAt);
  if (!draft.ok) return draft;
  if (lastEnded === undefined) {
    const found = await findTaggedOffer(call, draft.value, unifiedId);
    if (!found.ok) return found;
    if (found.value !== undefined) return takeOver(succeed(found.value), false);
  }
  const offered = shortHash(JSON.stringify(values, Object.keys(values).sort()));
  const told = await tellFailure(call, standing.value, offered);
  if (!told.ok) return told;
  const dimensions = await chooseDimensions(call, draft.value.productId, draft.value.dimensions);
  if (!dimensions.ok) return dimensions;
  const changes = (eula: Eula) => creationOf(draft.value, dimensions.value, unifiedId, eula);
  return start(call, { unifiedId, purpose: 'offer', changes, offered }, lastEnded);
}

/** An offer that an earlier attempt made: people, or the deal, may have moved on since, so what it holds is read before it is compared. */
function takeOver(made: Result<string>, created: boolean): Result<Written> {
  return made.ok ? succeed({ outcome: 'written', externalId: made.value, created, isUntouched: true }) : made;
}

/**
 * Finds the offers that change sets made, by unified id, once they have ended.
 *
 * Of one that is under way nothing can be told but that: what the hub sent then, and not what it would send now, is what the offer will
 * hold. *Bounds*: one call for each, four more where it has succeeded. *Faults*: `throttled` with code `CHANGE_SET_RUNNING`, for each that
 * is under way; what would meet the others as well fails all.
 */
export async function findOffers(
  call: Call<MarketplaceApi>,
  unifiedIds: readonly string[],
): Promise<Result<ReadonlyMap<string, string | Fault>>> {
  const found = new Map<string, string | Fault>();
  for (const unifiedId of unifiedIds) {
    const offer = await findOffer(call, unifiedId);
    if (!offer.ok && offer.fault !== stillRunning && stopping.has(offer.fault.kind)) return offer;
    const told = offer.ok ? offer.value : offer.fault;
    if (told !== undefined) found.set(unifiedId, told);
  }
  return succeed(found);
}

async function findOffer(call: Call<MarketplaceApi>, unifiedId: string): Promise<Result<string | undefined>> {
  const standing = await standingOf(call, { unifiedId, purpose: 'offer' });
  if (!standing.ok) return standing;
  const { succeeded } = standing.value;
  return succeeded === undefined ? succeed(undefined) : takeMade(call, unifiedId, succeeded);
}

/** The offer that a change set made; sees to it that it carries the hub's tag, by which it is known when it is read. */
async function takeMade(
  call: Call<MarketplaceApi>,
  unifiedId: string,
  { ChangeSetId }: ChangeSetRow,
): Promise<Result<string>> {
  const described = await describeChangeSet(call, ChangeSetId);
  if (!described.ok) return described;
  const creation = described.value.value.ChangeSet.find(({ ChangeType }) => ChangeType === 'CreateOffer');
  const offerId = creation?.Entity?.Identifier?.split('@')[0];
  if (offerId === undefined || offerId === '') return { ok: false, fault: offerUntold };
  const tagged = await ensureTagged(call, offerId, unifiedId);
  return tagged.ok ? succeed(offerId) : tagged;
}

/** Tags an offer that does not carry the hub's id yet. */
async function ensureTagged(
  call: Call<MarketplaceApi>,
  offerId: string,
  unifiedId: string,
): Promise<Result<undefined>> {
  const told = await readEntity(call, offerId);
  // Just made and not to be seen yet: the list of entities lags behind change sets.
  if (!told.ok) return told.fault.kind === 'missing' ? { ok: false, fault: stillRunning } : told;
  const { EntityArn } = told.value.value;
  const tags = await readTags(call, EntityArn);
  if (!tags.ok) return tags;
  if (tags.value.get(HUB_TAG) !== unifiedId) {
    const tagged = await ask(call, 'TagResource', nothing, (api, signal) =>
      api.catalog(
        new TagResourceCommand({ ResourceArn: EntityArn, Tags: [{ Key: HUB_TAG, Value: unifiedId }] }),
        signal,
      ),
    );
    if (!tagged.ok) return tagged;
  }
  return succeed(undefined);
}

async function updateOffer(
  call: Call<MarketplaceApi>,
  { unifiedId, externalId, values, base }: WriteItem,
): Promise<Result<Written>> {
  if (externalId === undefined) return { ok: false, fault: nameless };
  const changes = updateOf(externalId, values, base);
  if (!changes.ok) return changes;
  if (changes.value.length === 0) return succeed({ outcome: 'written', externalId, created: false });
  const standing = await standingOf(call, { unifiedId, purpose: 'update' });
  if (!standing.ok) return asUnderWay(standing.fault);
  const offered = shortHash(JSON.stringify(changes.value));
  const told = await tellFailure(call, standing.value, offered);
  if (!told.ok) return told;
  // One that succeeded is no answer: the offer was read just now and still holds something else.
  const undertaking = { unifiedId, purpose: 'update', changes: () => changes.value, offered } as const;
  return start(call, undertaking, standing.value.lastEnded);
}

async function start(
  call: Call<MarketplaceApi>,
  undertaking: Undertaking,
  lastEnded: ChangeSetRow | undefined,
): Promise<Result<never>> {
  const started = await startChangeSet(call, undertaking, lastEnded);
  if (started.ok || isTokenTaken(started.fault)) return { ok: false, fault: justStarted };
  if (started.fault.kind !== 'rejected') return started;
  // Another worker may have been faster, with something else to offer: its change set is the one to follow.
  const standing = await standingOf(call, undertaking);
  return standing.ok ? started : asUnderWay(standing.fault);
}

/** A change set that is under way may be the one this very delivery has sent before. */
function asUnderWay(fault: Fault): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: fault === stillRunning ? justStarted : fault };
}

/** What AWS says of a token that stands for another request already; it has no error of its own for that. */
function isTokenTaken({ kind, message }: Fault): boolean {
  return kind === 'rejected' && /client\s?request\s?token|idempoten/i.test(message);
}

const cannotDelete: Fault = {
  kind: 'rejected',
  code: 'OFFER_STAYS',
  message: 'AWS Marketplace deletes no offers; set its last day to yesterday there to withdraw it.',
};

const nameless: Fault = {
  kind: 'defect',
  code: 'OFFER_UNNAMED',
  message: 'An offer was to be updated without its id.',
};
