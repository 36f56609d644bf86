/** Random numbers that are the same for the same seed, everywhere and for ever. */
export interface SeededRandom {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, `from` ≤ x ≤ `to`. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Its own stream, so that what is asked of one does not move the other. */
  fork(name: string): SeededRandom;
}

/** A generator from text. *Source*: sfc32 and FNV-1a, both in the public domain. */
export function seededRandom(seed: string): SeededRandom {
  let [a, b, c] = [textHash(`${seed}/a`), textHash(`${seed}/b`), textHash(`${seed}/c`)];
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let turn = 0; turn < WARM_UP; turn++) next();
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError('Nothing to pick from.');
      return item;
    },
    fork: (name) => seededRandom(`${seed}/${name}`),
  };
}

const WARM_UP = 12;

/** A 32-bit hash of a text. */
export function textHash(text: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  }
  return hash >>> 0;
}
