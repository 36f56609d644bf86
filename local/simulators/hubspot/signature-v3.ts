import { createHmac } from 'node:crypto';

/**
 * The `X-HubSpot-Signature-v3` of a webhook call: base64 HMAC-SHA256 over method, URI, body and timestamp.
 * The URI is signed with a dozen escapes decoded and without its fragment.
 * *Source*: https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
 * (checked November 2026).
 * @param timestamp epoch ms, exactly as in the header `X-HubSpot-Request-Timestamp`
 */
export function signatureV3(
  clientSecret: string,
  method: string,
  url: string,
  body: string,
  timestamp: string,
): string {
  return createHmac('sha256', clientSecret)
    .update(method + signedUri(url) + body + timestamp)
    .digest('base64');
}

function signedUri(url: string): string {
  const [address = ''] = url.split('#', 1);
  return address.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/g, (escaped) => decodeURIComponent(escaped));
}
