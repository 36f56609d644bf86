import {
  DescribeEntityCommand,
  ListEntitiesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-marketplace-catalog';
import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { type EntityAnswer, type EntityRow, entity, entityRows, tags } from './answers.ts';
import { ask, type Told } from './ask.ts';
import { CATALOG } from './catalog.ts';
import type { MarketplaceApi } from './marketplace-api.ts';

/** Reads an entity of the catalog: an offer or a product. *Faults*: `missing` where there is none, or it is somebody else's. */
export function readEntity(call: Call<MarketplaceApi>, entityId: string): Promise<Result<Told<EntityAnswer>>> {
  return ask(call, 'DescribeEntity', entity, (api, signal) =>
    api.catalog(new DescribeEntityCommand({ Catalog: CATALOG, EntityId: entityId }), signal),
  );
}

/** Reads the tags of an offer or a change set, by its ARN. */
export async function readTags(call: Call<MarketplaceApi>, arn: string): Promise<Result<ReadonlyMap<string, string>>> {
  const told = await ask(call, 'ListTagsForResource', tags, (api, signal) =>
    api.catalog(new ListTagsForResourceCommand({ ResourceArn: arn }), signal),
  );
  return told.ok ? succeed(new Map(told.value.value.Tags.map(({ Key, Value }) => [Key, Value]))) : told;
}

/** The catalog's list entries of up to ten offers: they tell the day of release, which the offer itself does not. */
export async function readSummaries(
  call: Call<MarketplaceApi>,
  offerIds: readonly string[],
): Promise<Result<ReadonlyMap<string, EntityRow>>> {
  const told = await ask(call, 'ListEntities', entityRows, (api, signal) =>
    api.catalog(
      new ListEntitiesCommand({
        Catalog: CATALOG,
        EntityType: 'Offer',
        MaxResults: summariesMax,
        EntityTypeFilters: { OfferFilters: { EntityId: { ValueList: [...offerIds] } } },
      }),
      signal,
    ),
  );
  if (!told.ok) return told;
  return succeed(new Map(told.value.value.EntitySummaryList.map((row) => [row.EntityId, row])));
}

/** Most ids one filter takes. */
export const summariesMax = 10;
