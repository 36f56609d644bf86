import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Page } from './ask.ts';
import { type ListPosition, readListPosition, restartsMax } from './sweep-position.ts';

/**
 * A page on from a position, or where to begin anew because AWS refused the token.
 *
 * AWS does not say how long its tokens live. One that is refused begins the pass anew: pages told twice do no harm. *Faults*:
 * `defect` with code `TOKENS_REFUSED` when that happened three times in one pass.
 */
export async function pageFrom<Row, Extra>(
  position: ListPosition,
  askPage: (token: string | undefined) => Promise<Result<Page<Row> & Extra>>,
): Promise<Result<{ readonly page: Page<Row> & Extra } | { readonly page?: undefined; readonly restarts: number }>> {
  const answer = await askPage(position.token);
  if (answer.ok) return succeed({ page: answer.value });
  if (position.token === undefined || answer.fault.kind !== 'rejected') return answer;
  return position.restarts >= restartsMax ? fail(tokensRefused) : succeed({ restarts: position.restarts + 1 });
}

/** One page of a walk over a whole list. *Bounds*: one call a page. */
export async function sweepAll<Row>(
  stored: unknown,
  askPage: (token: string | undefined) => Promise<Result<Page<Row>>>,
  idOf: (row: Row) => string,
): Promise<Result<ChangesPage>> {
  const position = readListPosition(stored);
  const answer = await pageFrom(position, askPage);
  if (!answer.ok) return answer;
  const { page } = answer.value;
  if (page === undefined) return succeed({ ids: [], position: { restarts: answer.value.restarts }, hasMore: true });
  const token = page.next || undefined;
  return succeed({
    ids: [...new Set(page.rows.map(idOf))],
    position: token === undefined ? { restarts: 0 } : { token, restarts: position.restarts },
    hasMore: token !== undefined,
  });
}

/** AWS Marketplace keeps offers and agreements for good: there is no list of deletions, and nothing that could be in it. */
export const noDeletions: Result<ChangesPage> = succeed({ ids: [], position: null, hasMore: false });

const tokensRefused: Fault = {
  kind: 'defect',
  code: 'TOKENS_REFUSED',
  message: 'AWS Marketplace refused the tokens of its own list several times; the sweep begins anew with the next run.',
};
