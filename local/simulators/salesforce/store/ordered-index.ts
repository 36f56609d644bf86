/**
 * A sorted collection with cheap insertion, removal and range reads: sorted chunks of at most 512 items.
 * Inserting and removing cost one binary search over the chunks, one inside a chunk, and moving part of that chunk.
 * Must not change while it is being iterated.
 */
export class OrderedIndex<Item> {
  readonly #compare: (left: Item, right: Item) => number;
  /** Never holds an empty chunk. */
  #chunks: Item[][] = [];

  /** `compare` must be a total order in which no two items of the index are equal. */
  constructor(compare: (left: Item, right: Item) => number) {
    this.#compare = compare;
  }

  insert(item: Item): void {
    const chunkAt = this.#chunkFor((first) => this.#compare(first, item) <= 0);
    const chunk = this.#chunks[chunkAt];
    if (chunk === undefined) {
      this.#chunks.push([item]);
      return;
    }
    chunk.splice(
      partitionPoint(chunk.length, (at) => this.#compare(itemAt(chunk, at), item) < 0),
      0,
      item,
    );
    if (chunk.length > chunkLengthMax) this.#chunks.splice(chunkAt + 1, 0, chunk.splice(chunk.length / 2));
  }

  /** Removes the item that compares equal; answers whether there was one. */
  delete(item: Item): boolean {
    const chunkAt = this.#chunkFor((first) => this.#compare(first, item) <= 0);
    const chunk = this.#chunks[chunkAt];
    if (chunk === undefined) return false;
    const at = partitionPoint(chunk.length, (index) => this.#compare(itemAt(chunk, index), item) < 0);
    const found = chunk[at];
    if (found === undefined || this.#compare(found, item) !== 0) return false;
    chunk.splice(at, 1);
    if (chunk.length === 0) this.#chunks.splice(chunkAt, 1);
    return true;
  }

  /** Items in ascending order, from the first that does not lie before the range. `isBefore` must be monotonic. */
  *ascending(isBefore: (item: Item) => boolean = () => false): Generator<Item, void> {
    for (let chunkAt = this.#chunkFor(isBefore); chunkAt < this.#chunks.length; chunkAt += 1) {
      const chunk = this.#chunks[chunkAt] ?? [];
      const start = partitionPoint(chunk.length, (at) => isBefore(itemAt(chunk, at)));
      for (let at = start; at < chunk.length; at += 1) yield itemAt(chunk, at);
    }
  }

  /** Items in descending order, from the last that does not lie behind the range. `isBehind` must be monotonic. */
  *descending(isBehind: (item: Item) => boolean = () => false): Generator<Item, void> {
    for (let chunkAt = this.#chunkFor((item) => !isBehind(item)); chunkAt >= 0; chunkAt -= 1) {
      const chunk = this.#chunks[chunkAt] ?? [];
      const end = partitionPoint(chunk.length, (at) => !isBehind(itemAt(chunk, at)));
      for (let at = end - 1; at >= 0; at -= 1) yield itemAt(chunk, at);
    }
  }

  clear(): void {
    this.#chunks = [];
  }

  /** The last chunk whose first item satisfies the condition, or the first chunk. */
  #chunkFor(isReached: (first: Item) => boolean): number {
    const reached = partitionPoint(this.#chunks.length, (at) => isReached(itemAt(this.#chunks[at] ?? [], 0)));
    return Math.max(0, reached - 1);
  }
}

const chunkLengthMax = 512;

/** The number of leading positions for which the condition holds. */
function partitionPoint(length: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function itemAt<Item>(items: readonly Item[], at: number): Item {
  const item = items[at];
  if (item === undefined) throw new Error(`No item at ${at} of ${items.length}.`);
  return item;
}
