import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether a text from outside is the expected secret, in a time that says nothing about where they differ.
 *
 * Both are hashed first, so that texts of different lengths take the same path. Text that is absent or empty, on either
 * side, never matches: an unset secret must not let everybody in.
 */
export function isSameSecret(given: string | undefined, expected: string | undefined): boolean {
  if (!given || !expected) return false;
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
