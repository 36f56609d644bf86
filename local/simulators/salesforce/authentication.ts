import { createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { Org } from './org.ts';
import { userNamed } from './org-users.ts';
import type { StoredRecord } from './stored-record.ts';

/** How clients may sign in. */
export interface ClientRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The user the client-credentials flow runs as. */
  readonly runAsUsername: string;
  /** PEM. With none, JWT assertions are accepted by their claims alone. */
  readonly jwtPublicKeys: readonly string[];
}

/** An OAuth error, as the token address answers it with status 400. */
export interface OAuthError {
  readonly error: string;
  readonly error_description: string;
}

export type SignIn =
  | { readonly ok: true; readonly user: StoredRecord }
  | { readonly ok: false; readonly error: OAuthError };

/** The user a token request stands for. `audiences` are the values a JWT may name as its audience. */
export function signIn(
  org: Org,
  registration: ClientRegistration,
  form: URLSearchParams,
  audiences: readonly string[],
): SignIn {
  switch (form.get('grant_type')) {
    case 'client_credentials':
      return byClientCredentials(org, registration, form);
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return byAssertion(org, registration, form.get('assertion') ?? '', audiences);
    default:
      return denied('unsupported_grant_type', 'grant type not supported');
  }
}

function byClientCredentials(org: Org, registration: ClientRegistration, form: URLSearchParams): SignIn {
  if (form.get('client_id') !== registration.clientId) return denied('invalid_client_id', 'client identifier invalid');
  if (!isSame(form.get('client_secret') ?? '', registration.clientSecret)) {
    return denied('invalid_client', 'invalid client credentials');
  }
  const user = activeUser(org, registration.runAsUsername);
  return user === undefined ? denied('invalid_grant', 'no client credentials user enabled') : { ok: true, user };
}

/** *Source*: https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm */
function byAssertion(
  org: Org,
  registration: ClientRegistration,
  assertion: string,
  audiences: readonly string[],
): SignIn {
  const [header = '', payload = '', signature = '', ...more] = assertion.split('.');
  const algorithm = decodePart(header)?.alg;
  const claims = decodePart(payload);
  if (claims === undefined || algorithm !== 'RS256' || more.length > 0)
    return denied('invalid_grant', 'invalid assertion');
  if (!isSigned(registration.jwtPublicKeys, `${header}.${payload}`, signature)) {
    return denied('invalid_grant', 'invalid signature');
  }
  const { iss: issuer, aud: audience, exp: expiresAtSeconds, sub: username } = claims;
  if (issuer !== registration.clientId) return denied('invalid_client_id', 'client identifier invalid');
  if (typeof audience !== 'string' || !audiences.includes(audience)) {
    return denied('invalid_grant', 'audience is invalid');
  }
  if (typeof expiresAtSeconds !== 'number' || expiresAtSeconds * 1000 <= org.now()) {
    return denied('invalid_grant', 'assertion has expired');
  }
  const user = typeof username === 'string' ? activeUser(org, username) : undefined;
  return user === undefined ? denied('invalid_grant', "user hasn't approved this consumer") : { ok: true, user };
}

/** The active user with that name. */
export function activeUser(org: Org, username: string): StoredRecord | undefined {
  const user = userNamed(org, username);
  return user?.values.IsActive === true ? user : undefined;
}

function denied(error: string, description: string): SignIn {
  return { ok: false, error: { error, error_description: description } };
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function isSigned(pems: readonly string[], signed: string, signature: string): boolean {
  if (pems.length === 0) return true;
  const bytes = Buffer.from(signature, 'base64url');
  return pems.some((pem) => verify('RSA-SHA256', Buffer.from(signed), createPublicKey(pem), bytes));
}

function decodePart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // Not JSON: whoever sent it has no assertion.
    return undefined;
  }
}
