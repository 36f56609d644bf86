const ENTRIES_PER_GENERATION = 4_096;
const KEY_LENGTH_MAX = 256;

/**
 * Remembers the answers of a pure function of a text that is dear to compute (phone numbers, domains).
 *
 * *Bounds*: two generations of at most 4,096 entries each; when the younger is full the older is dropped, so that texts
 * in use stay. Texts over 256 characters are computed every time.
 */
export function cached<T extends object>(compute: (text: string) => T): (text: string) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return (text) => {
    const recent = young.get(text);
    if (recent !== undefined) return recent;
    if (text.length > KEY_LENGTH_MAX) return compute(text);
    const answer = old.get(text) ?? compute(text);
    if (young.size >= ENTRIES_PER_GENERATION) {
      old = young;
      young = new Map();
    }
    young.set(text, answer);
    return answer;
  };
}
