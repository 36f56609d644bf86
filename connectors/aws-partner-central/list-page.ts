import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { ask } from './ask.ts';
import { asObjects, asText, type Json } from './json.ts';
import type { OperationName } from './operations.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';

/** One page of a list. */
export interface ListPage {
  readonly rows: readonly Json[];
  /** AWS's token for the next page. */
  readonly next?: string;
}

/** Most rows of a page. *Source*: `MaxResults` of the service model. */
export const pageMax = 100;

/**
 * Asks for one page. *Shape*: `rows` under the member of that name in the answer; `lost` when AWS refuses the token of an earlier page,
 * which it does not keep for ever: then the pass begins anew.
 */
export async function listPage(
  call: Call<PartnerCentralApi>,
  list: { readonly operation: OperationName; readonly rows: string; readonly input: Json },
  token: string | undefined,
): Promise<Result<ListPage | 'lost'>> {
  const answer = await ask(call, list.operation, {
    ...list.input,
    MaxResults: pageMax,
    ...(token === undefined ? {} : { NextToken: token }),
  });
  if (!answer.ok) return token !== undefined && answer.fault.kind === 'rejected' ? succeed('lost') : answer;
  const next = asText(answer.value.NextToken);
  return succeed({ rows: asObjects(answer.value[list.rows]), ...(next === undefined ? {} : { next }) });
}
