import { createHmac, timingSafeEqual } from 'node:crypto';

/** How old a request may be, ms. */
const ageMaxMs = 300_000;
/** How far ahead of ours the sender's clock may be, ms. */
const aheadMaxMs = 60_000;

/** The parts of a request its signature covers. Header names in lower case. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Whether a request is HubSpot's. */
export type SignatureVerdict =
  | { readonly isGenuine: true; readonly signature: string }
  | { readonly isGenuine: false; readonly code: 'no-secret' | 'unsigned' | 'stale' | 'ahead' | 'forged' };

/**
 * Checks HubSpot's signature, version 3: the base64 of HMAC-SHA256 over method, address, raw body and timestamp.
 *
 * *Shape*: `genuine` with the signature in its one canonical spelling (base64 has several for the same bytes, so the header
 * itself would not recognise a replay), or the reason why not, as a code for counters. *Bounds*: at most 5 minutes old, at most one minute
 * ahead. Compared in constant time, on the decoded bytes. *Source*:
 * https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests (checked November 2026). The SDK's
 * `Signature.isValid` is not used: it decodes nothing of the address, compares with `===` and lets a timestamp that is no
 * number pass.
 */
export function checkSignature(
  request: SignedRequest,
  clientSecret: string | undefined,
  now: number,
): SignatureVerdict {
  if (clientSecret === undefined || clientSecret === '') return { isGenuine: false, code: 'no-secret' };
  const signature = request.headers['x-hubspot-signature-v3'];
  const timestamp = request.headers['x-hubspot-request-timestamp'];
  if (signature === undefined || timestamp === undefined || !/^\d{1,15}$/.test(timestamp)) {
    return { isGenuine: false, code: 'unsigned' };
  }
  const ageMs = now - Number(timestamp);
  if (ageMs > ageMaxMs) return { isGenuine: false, code: 'stale' };
  if (ageMs < -aheadMaxMs) return { isGenuine: false, code: 'ahead' };

  const expected = createHmac('sha256', clientSecret)
    .update(`${request.method}${signedAddress(request.url)}`, 'utf8')
    .update(request.body)
    .update(timestamp, 'utf8')
    .digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected)
    ? { isGenuine: true, signature: expected.toString('base64') }
    : { isGenuine: false, code: 'forged' };
}

/** The escapes HubSpot decodes before it signs; all others stay as they are. */
const decodedEscapes: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/** The address as HubSpot signs it: exactly these escapes decoded, in one pass, and no fragment. */
export function signedAddress(url: string): string {
  const [address = ''] = url.split('#', 1);
  return address.replaceAll(
    /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/g,
    (sequence) => decodedEscapes[sequence] ?? sequence,
  );
}
