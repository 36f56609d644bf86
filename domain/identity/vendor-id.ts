import { isPlaceholder } from './placeholder.ts';

const LENGTH_MIN = 4;
const LENGTH_MAX = 80;

/**
 * An identifier that a cloud provider gave: an offer, an agreement, an opportunity, a product. In small letters, without
 * white space, and of an ARN or a path only what comes last, since people paste those; `undefined` when it is a
 * placeholder or has the length or the letters of none.
 */
export function normaliseVendorId(id: string): string | undefined {
  const bare = id.normalize('NFKC').toLowerCase().replace(/\s+/g, '').split('/').at(-1) ?? '';
  const isUsable = bare.length >= LENGTH_MIN && bare.length <= LENGTH_MAX && /^[a-z0-9][a-z0-9._:-]*$/.test(bare);
  return isUsable && !isPlaceholder(bare) ? bare : undefined;
}

/** A customer's account at a cloud provider: as {@link normaliseVendorId}, without the hyphens that people put between its digits. */
export function normaliseAccountId(id: string): string | undefined {
  return normaliseVendorId(id.replace(/[-‐-―]/g, ''));
}
