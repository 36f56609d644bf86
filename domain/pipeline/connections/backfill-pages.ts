import type { Hub } from '../ports.ts';

/** Most ids a page of a sweep has, of any connector. */
const PAGE_IDS_MAX = 2_000;

/** Where a page of a backfill stands: its place in a pass, in pieces of at most a hundred ids. */
export interface PagePlace {
  /** When the pass began, ms; no two passes of one object have the same. */
  readonly pass: number;
  /** The cursor's counter, which moves with every page. */
  readonly page: number;
  /** The first id of the piece, by its place in the page. */
  readonly start: number;
}

/** A page's name: by place, not by chance, so that a page taken twice after a crash is one page. */
export function pageName({ pass, page, start }: PagePlace): string {
  return `${pass}.${page}.${start}`;
}

/** Notes that a page is on the queue; to be called before it is. */
export async function holdPage(hub: Hub, connection: string, object: string, name: string): Promise<void> {
  await hub.store.trackPage(connection, pagesOf(object, name), name, 'add');
}

/** Ticks a page off; answers how many of its pass are left. Pages of another pass, whose messages may be lost, do not count. */
export function releasePage(hub: Hub, connection: string, object: string, name: string): Promise<number> {
  return hub.store.trackPage(connection, pagesOf(object, name), name, 'remove');
}

/**
 * Forgets the pieces that the last page does not have. It may have had them when it was taken before and cut short; records were
 * deleted since, and nobody would ever tick those pieces off.
 */
export async function forgetPiecesBehind(
  hub: Hub,
  connection: string,
  object: string,
  place: PagePlace,
  pieceIds: number,
): Promise<void> {
  for (let { start } = place; start < PAGE_IDS_MAX; start += pieceIds) {
    await releasePage(hub, connection, object, pageName({ ...place, start }));
  }
}

/** The pass a page belongs to, as it was named; what comes behind the place in a name does not matter. */
export function passOf(name: string): number {
  return Number(name.split('.', 1)[0]);
}

/** The set of pages is kept by pass. */
function pagesOf(object: string, name: string): string {
  return `${object}.${passOf(name)}`;
}
