import { hash } from 'node:crypto';
import { normalForm } from './changed-paths.ts';

/** How a list is ordered and cut. */
export interface PageRequest {
  readonly NextToken?: string | null | undefined;
  readonly MaxResults?: number | null | undefined;
  readonly Sort?: { readonly SortOrder: string } | null | undefined;
}

/** Page size of lists that are not told one. */
const PAGE_SIZE_DEFAULT = 20;

/**
 * One page of a list, newest (or highest) first unless the request says otherwise.
 *
 * A token holds the sort key of the last record given and a digest of the request, so records that come or change between
 * two pages neither repeat nor hide others that stood still, and a token of another request is no token.
 * *Faults*: `invalid-token`.
 */
export function pageOfRecords<Item extends { readonly id: string }>(
  records: readonly Item[],
  request: PageRequest,
  sortKey: (record: Item) => string,
): { readonly items: readonly Item[]; readonly nextToken: string | null } | 'invalid-token' {
  const { NextToken, MaxResults, ...question } = request;
  const digest = hash('sha256', normalForm(question)).slice(0, 16);
  const after = NextToken ? readToken(NextToken, digest) : undefined;
  if (NextToken && after === undefined) return 'invalid-token';
  const direction = request.Sort?.SortOrder === 'ASCENDING' ? 1 : -1;
  const keyed = records
    .map((record) => ({ record, key: `${sortKey(record)}\n${record.id}` }))
    .filter(({ key }) => after === undefined || order(key, after) * direction > 0)
    .sort((a, b) => order(a.key, b.key) * direction);
  const page = keyed.slice(0, MaxResults ?? PAGE_SIZE_DEFAULT);
  const last = page.at(-1);
  return {
    items: page.map(({ record }) => record),
    nextToken: last !== undefined && keyed.length > page.length ? tokenOf(digest, last.key) : null,
  };
}

/** Real tokens begin so and are opaque. */
const TOKEN_HEAD = 'AAMA-';

function tokenOf(digest: string, key: string): string {
  return TOKEN_HEAD + Buffer.from(`${digest}${key}`, 'utf8').toString('base64url');
}

function readToken(token: string, digest: string): string | undefined {
  if (!token.startsWith(TOKEN_HEAD)) return undefined;
  const text = Buffer.from(token.slice(TOKEN_HEAD.length), 'base64url').toString('utf8');
  return text.startsWith(digest) ? text.slice(digest.length) : undefined;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
