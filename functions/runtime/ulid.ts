/**
 * Makes ULIDs: 26 characters that sort by the time they were made. Of the same millisecond (or when the clock goes back) each is
 * the one before plus one, so a process's own always rise.
 *
 * *Shape*: 10 characters of time in ms, 16 of randomness, Crockford's base 32. *Source*: https://github.com/ulid/spec
 *
 * *Bounds*: after 2⁸⁰ in one millisecond it throws, as the specification says.
 */
export function ulidFactory(now: () => number, randomBytes: (length: number) => Uint8Array): () => string {
  let time = -1;
  let randomness = 0n;
  return () => {
    const at = now();
    if (at > time) {
      time = at;
      randomness = randomBytes(RANDOM_BYTES).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    } else {
      randomness += 1n;
      if (randomness >> RANDOM_BITS > 0n) throw new RangeError('No more ULIDs can be made in this millisecond.');
    }
    return digits(BigInt(time), TIME_LENGTH) + digits(randomness, RANDOM_LENGTH);
  };
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;
const RANDOM_BYTES = 10;
const RANDOM_BITS = 80n;

function digits(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest >>= 5n) text = ALPHABET.charAt(Number(rest & 31n)) + text;
  return text;
}
