import { isPlaceholder } from './placeholder.ts';

const LENGTH_MIN = 4;
const LENGTH_MAX = 80;

/**
 * An identifier that a deal was registered under, in capitals and without white space; `undefined` when it is a
 * placeholder, too short to be one of a kind, or has no digit.
 */
export function normaliseRegistrationId(id: string): string | undefined {
  const bare = id.normalize('NFKC').toUpperCase().replace(/\s+/g, '');
  const isUsable = bare.length >= LENGTH_MIN && bare.length <= LENGTH_MAX && /\d/.test(bare);
  return isUsable && !isPlaceholder(bare) ? bare : undefined;
}
