import { type Fault, type Result, succeed } from '../../domain/model/fault.ts';
import type { ReadOutcome } from '../../domain/model/snapshot.ts';
import type { SystemValue } from '../../domain/model/value.ts';
import { chunk } from '../kit/chunk.ts';
import type { Call } from '../kit/connector.ts';
import type { EntityRow } from './answers.ts';
import { HUB_TAG } from './catalog.ts';
import { exactInstant } from './exact-instant.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { offerValues, readOfferDocument } from './offer-document.ts';
import { readEach } from './read-each.ts';
import { readEntity, readSummaries, readTags, summariesMax } from './read-entity.ts';

/** Most offers of one read. */
export const readMax = summariesMax;

/**
 * Reads offers by their ids, one answer per id, in order.
 *
 * *Bounds*: one call for each offer, one more where its tags are asked for, and one for every ten: the day of release. *Faults*: an
 * offer that cannot be read is a fault of its own; what would meet the others as well fails all of them.
 */
export async function readOffers(
  call: Call<MarketplaceApi>,
  ids: readonly string[],
  fields: readonly string[],
): Promise<Result<readonly ReadOutcome[]>> {
  const wellFormed = [...new Set(ids.filter(isOfferId))];
  const summaries = new Map<string, EntityRow>();
  for (const piece of chunk(wellFormed, summariesMax)) {
    const told = await readSummaries(call, piece);
    if (!told.ok) return told;
    for (const [id, row] of told.value) summaries.set(id, row);
  }
  return readEach(ids, isOfferId, (id) => readOffer(call, id, fields, summaries.get(id)?.OfferSummary?.ReleaseDate));
}

/** What AWS takes for an entity's id; anything else it refuses without looking. */
const offerIdForm = /^offer-[\w-]{1,249}$/;

function isOfferId(text: string): boolean {
  return offerIdForm.test(text);
}

async function readOffer(
  call: Call<MarketplaceApi>,
  id: string,
  fields: readonly string[],
  releaseDate: string | null | undefined,
): Promise<Result<ReadOutcome>> {
  const told = await readEntity(call, id);
  // The catalog keeps offers for good: one it does not know is not a deleted one.
  if (!told.ok) return told.fault.kind === 'missing' ? succeed({ outcome: 'missing' }) : told;
  const { value, answeredAt } = told.value;
  const document = readOfferDocument(value);
  const modified = exactInstant(value.LastModifiedDate);
  if (document === undefined || modified === undefined) return succeed({ outcome: 'failed', fault: shapeless });
  const all = offerValues(id, document, value.LastModifiedDate, answeredAt);
  const values: Record<string, SystemValue> = {};
  for (const [field, told] of Object.entries(all)) if (fields.includes(field)) values[field] = told;
  if (fields.includes(HUB_TAG)) {
    const tags = await readTags(call, value.EntityArn);
    if (!tags.ok) return tags;
    values[HUB_TAG] = tags.value.get(HUB_TAG) ?? null;
  }
  const createdAt = exactInstant(releaseDate)?.ms;
  return succeed({
    outcome: 'found',
    snapshot: { externalId: id, modifiedAt: modified.ms, ...(createdAt === undefined ? {} : { createdAt }), values },
  });
}

const shapeless: Fault = {
  kind: 'defect',
  code: 'UNKNOWN_OFFER_SHAPE',
  message:
    'AWS Marketplace answered an offer in a shape the hub does not know; a new version of the connector is needed.',
};
