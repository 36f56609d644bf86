import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import type { AgreementAnswer } from './answers.ts';
import { HUB_TAG } from './catalog.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { isPrivate, type OfferDocument, readOfferDocument } from './offer-document.ts';
import { readEntity, readTags } from './read-entity.ts';
import { searchOfOffer } from './search-agreements.ts';
import { isFirstAmong, type Succession } from './succession.ts';

/** What the offer that an agreement came from says of the deal it belongs to. */
export interface OfferBehind {
  /** Whether it is shown to named accounts only; `undefined` where it could not be read. */
  readonly isPrivate: boolean | undefined;
  /** Whether the agreement is the one that the offer's own deal is about. */
  readonly isOwn: boolean;
  /** The hub's id of the deal that the offer was made for, of an agreement that is its own. */
  readonly dealId?: string;
}

/** Offers read so far, by id; those of somebody else, and of shapes nobody knows, are `undefined`. */
export type OffersRead = Map<string, { readonly document: OfferDocument; readonly arn: string } | undefined>;

/**
 * Looks at the offer behind an agreement. A private offer is the deal of the first agreement that came of it, and of that one only: renewals
 * keep the offer's id, and one that is made to several accounts comes to an agreement with each of them.
 *
 * *Bounds*: one call for the offer, one for its tags where the agreement is its own, and one to four for its other agreements where it
 * was made to several accounts. *Faults*: none for an offer that is not ours to read.
 */
export async function readOfferBehind(
  call: Call<MarketplaceApi>,
  agreement: AgreementAnswer,
  succession: Succession | undefined,
  offers: OffersRead,
): Promise<Result<OfferBehind>> {
  const offerId = agreement.proposalSummary?.offerId;
  const offer = offerId ? await readOffer(call, offerId, offers) : succeed(undefined);
  if (!offer.ok) return offer;
  if (!offerId || offer.value === undefined) return succeed({ isPrivate: undefined, isOwn: false });
  const { document, arn } = offer.value;
  if (!isPrivate(document)) return succeed({ isPrivate: false, isOwn: false });
  if (succession?.isFirstOfOffer !== true) return succeed({ isPrivate: true, isOwn: false });
  if (buyersOf(document).length > 1) {
    const others = await searchOfOffer(call, offerId);
    if (!others.ok) return others;
    if (!isFirstAmong(agreement, others.value)) return succeed({ isPrivate: true, isOwn: false });
  }
  const tags = await readTags(call, arn);
  if (!tags.ok && tags.fault.kind !== 'missing') return tags;
  const dealId = tags.ok ? tags.value.get(HUB_TAG) : undefined;
  return succeed({ isPrivate: true, isOwn: true, ...(dealId === undefined ? {} : { dealId }) });
}

async function readOffer(
  call: Call<MarketplaceApi>,
  offerId: string,
  offers: OffersRead,
): Promise<Result<ReturnType<OffersRead['get']>>> {
  if (offers.has(offerId)) return succeed(offers.get(offerId));
  const told = await readEntity(call, offerId);
  // A channel partner's offer is not ours to read, and a deal of ours was never offered by it.
  if (!told.ok && told.fault.kind !== 'missing') return told;
  const document = told.ok ? readOfferDocument(told.value.value) : undefined;
  const offer = told.ok && document !== undefined ? { document, arn: told.value.value.EntityArn } : undefined;
  offers.set(offerId, offer);
  return succeed(offer);
}

function buyersOf({ Rules }: OfferDocument): readonly string[] {
  return Rules.flatMap(({ PositiveTargeting }) => PositiveTargeting?.BuyerAccounts ?? []);
}
