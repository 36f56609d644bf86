/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/**
 * Cuts a page out of a list. The token names the last item of the page before by its key, not by its place, so that items
 * that come or go in between make no page skip or repeat others; `key` must order the list as it is given.
 *
 * *Faults*: `invalid-token` for a token of another list or of none, as when an item it names is gone.
 */
export function pageOf<Item>(
  list: readonly Item[],
  key: (item: Item) => string,
  { token, sizeMax }: { readonly token: string | undefined; readonly sizeMax: number },
): Page<Item> | 'invalid-token' {
  let start = 0;
  if (token !== undefined) {
    const after = Buffer.from(token, 'base64url').toString('utf8');
    const at = list.findIndex((item) => key(item) === after);
    if (at < 0) return 'invalid-token';
    start = at + 1;
  }
  const items = list.slice(start, start + sizeMax);
  const last = items.at(-1);
  const hasMore = start + sizeMax < list.length && last !== undefined;
  return { items, nextToken: hasMore ? Buffer.from(key(last), 'utf8').toString('base64url') : undefined };
}
