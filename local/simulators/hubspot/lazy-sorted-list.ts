export interface LazySortedListOptions<Item> {
  /** Total order; items that compare as 0 count as one. */
  readonly compare: (a: Item, b: Item) => number;
  /** Whether the item still counts. Items are never taken out one by one; they are left behind and swept up later. */
  readonly isCurrent: (item: Item) => boolean;
}

/**
 * A list in order that is cheap to add to at its end, which is where the newest records and the newest changes go.
 * Anything added elsewhere is sorted in at the next read. Items that are no longer current are skipped, and dropped
 * once they are more than half, so memory stays within twice what is current (plus 1,024 items).
 */
export class LazySortedList<Item> {
  readonly #options: LazySortedListOptions<Item>;
  #items: Item[] = [];
  #isSorted = true;
  #sweepAt = 1_024;

  constructor(options: LazySortedListOptions<Item>) {
    this.#options = options;
  }

  /** Adds an item that is current, or is about to be. */
  add(item: Item): void {
    // Before the new item is in: its owner may make it current only afterwards.
    if (this.#items.length >= this.#sweepAt) this.#sweep();
    const last = this.#items.at(-1);
    if (last !== undefined && this.#options.compare(last, item) > 0) this.#isSorted = false;
    this.#items.push(item);
  }

  /** Current items in order, beginning with the first that `isReached` accepts; it must stay true once it is. */
  *from(isReached?: (item: Item) => boolean): Generator<Item, void, undefined> {
    this.#sort();
    const { compare, isCurrent } = this.#options;
    let former: Item | undefined;
    for (let index = isReached === undefined ? 0 : this.#search(isReached); index < this.#items.length; index += 1) {
      const item = this.#items[index];
      if (item === undefined || !isCurrent(item)) continue;
      if (former !== undefined && compare(former, item) === 0) continue;
      former = item;
      yield item;
    }
  }

  #search(isReached: (item: Item) => boolean): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#items[middle];
      if (item !== undefined && isReached(item)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #sort(): void {
    if (this.#isSorted) return;
    this.#items.sort(this.#options.compare);
    this.#isSorted = true;
  }

  #sweep(): void {
    this.#items = this.#items.filter(this.#options.isCurrent);
    this.#sweepAt = 2 * this.#items.length + 1_024;
  }
}
