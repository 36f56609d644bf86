import { sign } from 'node:crypto';
import type { Credentials } from '../kit/connector.ts';

/**
 * The signed assertion of the JWT bearer flow, or `undefined` when the private key cannot be read.
 *
 * *Shape*: RS256 over issuer (the connected app), subject (the hub's user), audience and expiry. *Units*: `now` in ms; the assertion
 * lives three minutes: Salesforce takes at most five, which leaves room for clocks that differ.
 * *Source*: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
export function assertionFor(credentials: Credentials, baseUrl: string, now: number): string | undefined {
  const claims = {
    iss: credentials.clientId,
    sub: credentials.username,
    aud: audienceOf(baseUrl),
    exp: Math.floor((now + lifeMs) / 1_000),
  };
  const signed = [{ alg: 'RS256', typ: 'JWT' }, claims].map(base64Url).join('.');
  // Environment variables cannot hold line breaks everywhere, so they come written out as \\n.
  const privateKey = (credentials.privateKey ?? '').replaceAll('\\n', '\n');
  try {
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
  } catch {
    // node:crypto says only by an exception that a text is no key.
    return undefined;
  }
}

const lifeMs = 180_000;

/** Who the assertion is for: the login server of production or of sandboxes, whatever host of theirs is called. */
function audienceOf(baseUrl: string): string {
  const { hostname, origin } = new URL(baseUrl);
  if (!/(^|\.)(salesforce|force|cloudforce)\.com$/.test(hostname)) return origin;
  const isSandbox = hostname === 'test.salesforce.com' || hostname.includes('.sandbox.');
  return isSandbox ? 'https://test.salesforce.com' : 'https://login.salesforce.com';
}

function base64Url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
