import { ListEntitiesCommand } from '@aws-sdk/client-marketplace-catalog';
import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { entityRows } from './answers.ts';
import { ask } from './ask.ts';
import { CATALOG, HUB_TAG } from './catalog.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import type { OfferDraft } from './offer-changes.ts';
import { readTags } from './read-entity.ts';

/** Most offers to one buyer whose tags are read. */
const candidatesMax = 20;

/**
 * The offer that carries the deal's id already, if there is one: AWS forgets change sets after sixty days, offers never.
 *
 * *Bounds*: looks at the twenty newest offers of the product to the buyer: one call, and one for each of them.
 */
export async function findTaggedOffer(
  call: Call<MarketplaceApi>,
  { productId, buyerAccounts }: OfferDraft,
  unifiedId: string,
): Promise<Result<string | undefined>> {
  const [buyer] = buyerAccounts;
  const listed = await ask(call, 'ListEntities', entityRows, (api, signal) =>
    api.catalog(
      new ListEntitiesCommand({
        Catalog: CATALOG,
        EntityType: 'Offer',
        MaxResults: candidatesMax,
        EntityTypeFilters: {
          OfferFilters: {
            ProductId: { ValueList: [productId] },
            ...(buyer === undefined ? {} : { BuyerAccounts: { WildCardValue: buyer } }),
          },
        },
        EntityTypeSort: { OfferSort: { SortBy: 'LastModifiedDate', SortOrder: 'DESCENDING' } },
      }),
      signal,
    ),
  );
  if (!listed.ok) return listed;
  for (const { EntityId, EntityArn } of listed.value.value.EntitySummaryList) {
    if (!EntityArn) continue;
    const tags = await readTags(call, EntityArn);
    if (!tags.ok) return tags;
    if (tags.value.get(HUB_TAG) === unifiedId) return succeed(EntityId);
  }
  return succeed(undefined);
}
