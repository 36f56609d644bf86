/**
 * Things to do at a time, earliest first: a binary heap.
 *
 * An entry is never taken out of the middle: whoever changes a thing's time adds it again, and skips entries that no
 * longer agree with the thing when they come up.
 */
export class DueHeap<T> {
  readonly #entries: { readonly at: number; readonly item: T }[] = [];

  get length(): number {
    return this.#entries.length;
  }

  /** Time of the earliest entry, or nothing when the heap is empty. */
  nextAt(): number | undefined {
    return this.#entries[0]?.at;
  }

  push(at: number, item: T): void {
    const entries = this.#entries;
    let index = entries.length;
    entries.push({ at, item });
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= at) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Takes the earliest entry out if its time has come. */
  popDue(now: number): { readonly at: number; readonly item: T } | undefined {
    const first = this.#entries[0];
    if (first === undefined || first.at > now) return undefined;
    const last = this.#entries.pop();
    if (last !== undefined && this.#entries.length > 0) {
      this.#entries[0] = last;
      this.#sink();
    }
    return first;
  }

  clear(): void {
    this.#entries.length = 0;
  }

  #sink(): void {
    for (let index = 0; ; ) {
      const left = index * 2 + 1;
      const right = left + 1;
      let least = index;
      if (this.#at(left) < this.#at(least)) least = left;
      if (this.#at(right) < this.#at(least)) least = right;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #at(index: number): number {
    return this.#entries[index]?.at ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const entries = this.#entries;
    const [first, second] = [entries[a], entries[b]];
    if (first === undefined || second === undefined) return;
    entries[a] = second;
    entries[b] = first;
  }
}
