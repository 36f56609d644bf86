import { ListEntitiesCommand, type OfferFilters } from '@aws-sdk/client-marketplace-catalog';
import { type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import { type EntityRow, entityRows } from './answers.ts';
import { ask } from './ask.ts';
import { CATALOG } from './catalog.ts';
import { exactInstant } from './exact-instant.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { type DatedPage, type Sweep, sweepAll, sweepChanges } from './sweep-list.ts';

/** Most rows AWS answers at once. */
const pageSize = 50;

/**
 * How far passes overlap, ms: AWS does not say how long a change takes to reach its lists, nor whether the bound itself is inside.
 * The walk catches what takes longer.
 */
export const overlapMs = 600_000;

/**
 * One page of the private offers modified since the last pass, oldest change first. *Bounds*: one call; a pass without news is one
 * page long.
 */
export function sweepOfferChanges(call: Call<MarketplaceApi>, sweep: Sweep): Promise<Result<ChangesPage>> {
  return sweepChanges<EntityRow>(sweep, {
    overlapMs,
    goesOnAtOnce: true,
    askPage: (token, since) =>
      listOffers(call, token, { LastModifiedDate: { DateRange: { AfterValue: wholeSecond(since) } } }),
    newsIn: (rows) =>
      rows.map(({ EntityId: id, LastModifiedDate }) => ({
        id,
        found: { id, at: exactInstant(LastModifiedDate)?.ms ?? 0 },
      })),
    // The filter has left out what is older.
    isBehind: () => false,
  });
}

/** One page of all private offers. */
export function sweepAllOffers(call: Call<MarketplaceApi>, { position }: Sweep): Promise<Result<ChangesPage>> {
  return sweepAll<EntityRow>(
    position,
    (token) => listOffers(call, token, {}),
    ({ EntityId }) => EntityId,
  );
}

async function listOffers(
  call: Call<MarketplaceApi>,
  token: string | undefined,
  filters: OfferFilters,
): Promise<Result<DatedPage<EntityRow>>> {
  const told = await ask(call, 'ListEntities', entityRows, (api, signal) =>
    api.catalog(
      new ListEntitiesCommand({
        Catalog: CATALOG,
        EntityType: 'Offer',
        MaxResults: pageSize,
        // Public offers are thousands' at once, and no deal's.
        EntityTypeFilters: { OfferFilters: { Targeting: { ValueList: ['BuyerAccounts'] }, ...filters } },
        EntityTypeSort: { OfferSort: { SortBy: 'LastModifiedDate', SortOrder: 'ASCENDING' } },
        ...(token === undefined ? {} : { NextToken: token }),
      }),
      signal,
    ),
  );
  if (!told.ok) return told;
  const { EntitySummaryList, NextToken } = told.value.value;
  return succeed({ rows: EntitySummaryList, next: NextToken, answeredAt: told.value.answeredAt });
}

/** The form the catalog's dates have: whole seconds, twenty characters. */
function wholeSecond(ms: number): string {
  return `${new Date(Math.max(0, ms)).toISOString().slice(0, 19)}Z`;
}
