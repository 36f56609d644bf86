/** Texts that occur more than once in an item (times, references), stored once and named by their place. */
export interface IndexTable {
  /** The text's place in base 36, a lower-case letter or digit for the first 36; adds it when it is new. */
  indexOf(text: string): string;
  /** The texts in the order of their places. */
  texts(): readonly string[];
}

/** An empty table. */
export function indexTable(): IndexTable {
  const places = new Map<string, string>();
  return {
    indexOf(text) {
      const known = places.get(text);
      if (known !== undefined) return known;
      const place = places.size.toString(36);
      places.set(text, place);
      return place;
    },
    texts: () => [...places.keys()],
  };
}

/** Whole milliseconds in base 36: 8 characters for the times of this century. *Faults*: throws a defect for a fraction. */
export function packTime(at: number): string {
  if (!Number.isSafeInteger(at)) throw new RangeError(`A time is whole milliseconds, not ${at}.`);
  return at.toString(36);
}

/** The inverse of {@link packTime}. */
export function unpackTime(packed: string): number {
  return Number.parseInt(packed, 36);
}
