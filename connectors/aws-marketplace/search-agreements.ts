import { type Filter, SearchAgreementsCommand } from '@aws-sdk/client-marketplace-agreement';
import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { type AgreementRow, agreementRows } from './answers.ts';
import { ask, askAll, type Page } from './ask.ts';
import { CATALOG } from './catalog.ts';
import type { MarketplaceApi } from './marketplace-api.ts';

/** Most rows AWS answers at once. */
export const searchPageSize = 50;

/** Purchase agreements the account proposed; with nothing else that is one of the combinations of filters AWS takes. */
const proposed: readonly Filter[] = [
  { name: 'PartyType', values: ['Proposer'] },
  { name: 'AgreementType', values: ['PurchaseAgreement'] },
];

/**
 * One page of the agreements the account proposed, the latest end first.
 *
 * The end is the only thing AWS sorts by, and there is no filter for what was modified. *Source*: SearchAgreements in the service
 * model lists the combinations of filters that it takes; any other is refused.
 */
export async function searchProposed(
  call: Call<MarketplaceApi>,
  token: string | undefined,
): Promise<Result<Page<AgreementRow> & { readonly answeredAt: number | undefined }>> {
  const page = await search(call, proposed, token);
  return page;
}

/** How many pages of one buyer's agreements about one product, or of one offer's, are read: 200 agreements. */
const siblingPagesMax = 4;

/** All agreements of one buyer about one product, in no order that means anything. *Bounds*: 200 of them, four calls. */
export function searchSiblings(
  call: Call<MarketplaceApi>,
  buyer: string,
  product: string,
): Promise<Result<readonly AgreementRow[]>> {
  const filters: readonly Filter[] = [
    ...proposed,
    { name: 'AcceptorAccountId', values: [buyer] },
    { name: 'ResourceIdentifier', values: [product] },
  ];
  return askAll('SearchAgreements', siblingPagesMax, (token) => search(call, filters, token));
}

/** All agreements that came of one offer, of every buyer, in no order that means anything. *Bounds*: 200 of them, four calls. */
export function searchOfOffer(call: Call<MarketplaceApi>, offerId: string): Promise<Result<readonly AgreementRow[]>> {
  const filters: readonly Filter[] = [...proposed, { name: 'OfferId', values: [offerId] }];
  return askAll('SearchAgreements', siblingPagesMax, (token) => search(call, filters, token));
}

async function search(
  call: Call<MarketplaceApi>,
  filters: readonly Filter[],
  token: string | undefined,
): Promise<Result<Page<AgreementRow> & { readonly answeredAt: number | undefined }>> {
  const told = await ask(call, 'SearchAgreements', agreementRows, (api, signal) =>
    api.agreement(
      new SearchAgreementsCommand({
        catalog: CATALOG,
        filters: [...filters],
        sort: { sortBy: 'EndTime', sortOrder: 'DESCENDING' },
        maxResults: searchPageSize,
        ...(token === undefined ? {} : { nextToken: token }),
      }),
      signal,
    ),
  );
  if (!told.ok) return told;
  const { agreementViewSummaries, nextToken } = told.value.value;
  return succeed({ rows: agreementViewSummaries, next: nextToken, answeredAt: told.value.answeredAt });
}
