import { ListEntitiesCommand, type OfferFilters } from '@aws-sdk/client-marketplace-catalog';
import { type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import { openToldRows } from '../kit/told-rows.ts';
import { type EntityRow, entityRows } from './answers.ts';
import { ask, type Page } from './ask.ts';
import { CATALOG } from './catalog.ts';
import { exactInstant } from './exact-instant.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { pageFrom, sweepAll } from './sweep-list.ts';
import { type ChangesPosition, readChangesPosition } from './sweep-position.ts';

/** Most rows AWS answers at once. */
const pageSize = 50;

/**
 * How far passes overlap, ms: AWS does not say how long a change takes to reach its lists, nor whether the bound itself is inside.
 * The walk catches what takes longer.
 */
export const overlapMs = 600_000;

interface Sweep {
  readonly position: unknown;
  readonly connectedAt: number;
  readonly now: number;
}

/**
 * One page of the private offers modified since the last pass, oldest change first. *Bounds*: one call; a pass without news is one
 * page long.
 */
export async function sweepOfferChanges(
  call: Call<MarketplaceApi>,
  { position: stored, connectedAt, now }: Sweep,
): Promise<Result<ChangesPage>> {
  const position = readChangesPosition(stored, connectedAt - overlapMs);
  const answer = await pageFrom(position, (token) =>
    listOffers(call, token, { LastModifiedDate: { DateRange: { AfterValue: wholeSecond(position.since) } } }),
  );
  if (!answer.ok) return answer;
  const { page } = answer.value;
  if (page === undefined) {
    const anew: ChangesPosition = { ...position, token: undefined, restarts: answer.value.restarts };
    return succeed({ ids: [], position: anew, hasMore: true });
  }
  const passBegan = position.passBegan ?? Math.min(page.answeredAt ?? now, now);
  const told = openToldRows(position.told);
  const rows = page.rows.map(({ EntityId, LastModifiedDate }) => ({
    id: EntityId,
    at: exactInstant(LastModifiedDate)?.ms ?? 0,
  }));
  const fresh = rows.filter((row) => !told.has(row));
  for (const row of fresh) told.add(row);
  const ids = [...new Set(fresh.map(({ id }) => id))];
  const token = page.next || undefined;
  if (token !== undefined) {
    return succeed({ ids, position: { ...position, token, passBegan, told: told.memory() }, hasMore: true });
  }
  const since = Math.max(position.since, passBegan - overlapMs);
  told.keep((_, toMs) => toMs > since);
  return succeed({
    ids,
    position: { since, restarts: 0, told: told.memory() } satisfies ChangesPosition,
    hasMore: false,
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
): Promise<Result<Page<EntityRow> & { readonly answeredAt: number | undefined }>> {
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
