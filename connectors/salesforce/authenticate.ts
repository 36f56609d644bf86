import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ConnectionSettings, Credentials, Session } from '../kit/connector.ts';
import { faultOfNetwork, parseRetryAfter } from '../kit/fault-of-http.ts';
import { classify } from './classify.ts';
import { assertionFor } from './jwt-assertion.ts';
import { readFaults, SalesforceError } from './salesforce-error.ts';

/** The OAuth flows this connector knows, and the credentials each needs. `webhookKey` guards the webhook address. */
export const authSchemes = {
  'client-credentials': { credentials: ['clientId', 'clientSecret'] },
  'jwt-bearer': { credentials: ['clientId', 'username', 'privateKey'] },
} as const;

/**
 * Gets an access token, with one call to the token address.
 *
 * *Shape*: `baseUrl` is the org's My Domain address; the JWT flow also works at the login address, which is its default.
 * The session is to be used at the `instanceUrl` the answer names. *Faults*: `credential` for what an administrator must
 * put right; no text repeats what Salesforce said, because that can hold the user's name.
 * *Source*: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm and
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
export async function authenticate(
  settings: ConnectionSettings,
  credentials: Credentials,
  now: number,
  signal: AbortSignal,
): Promise<Result<Session>> {
  const baseUrl = (settings.baseUrl ?? productionLogin).replace(/\/+$/, '');
  const form = grantOf(settings.auth, credentials, baseUrl, now);
  if (!form.ok) return form;
  let response: Response;
  let text: string;
  // fetch says by exceptions that nobody answered.
  try {
    response = await fetch(`${baseUrl}/services/oauth2/token`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: form.value,
      redirect: 'manual',
      signal,
    });
    text = await response.text();
  } catch (error) {
    const fault = faultOfNetwork(error, { isRepeatable: true });
    return fail(fault ?? { kind: 'transient', code: 'UNREACHABLE', message: unreachable, cause: error });
  }
  return readAnswer(response, parseJson(text), now);
}

const productionLogin = 'https://login.salesforce.com';
const unreachable = 'The token address of Salesforce could not be reached; the hub tries again.';
function grantOf(auth: string, credentials: Credentials, baseUrl: string, now: number): Result<URLSearchParams> {
  const scheme = Object.hasOwn(authSchemes, auth) ? authSchemes[auth as keyof typeof authSchemes] : undefined;
  if (scheme === undefined)
    return fail(credentialFault('UNKNOWN_AUTH', 'The auth scheme of the connection is unknown.'));
  const missing = scheme.credentials.filter((name) => !credentials[name]);
  if (missing.length > 0) {
    return fail(credentialFault('CREDENTIAL_MISSING', `The connection lacks the credential ${missing.join(', ')}.`));
  }
  const { clientId = '', clientSecret = '' } = credentials;
  if (auth === 'client-credentials') {
    return succeed(
      new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
    );
  }
  const assertion = assertionFor(credentials, baseUrl, now);
  if (assertion === undefined) {
    return fail(
      credentialFault('PRIVATE_KEY_UNREADABLE', 'The private key of the connection is no RSA key in PEM form.'),
    );
  }
  return succeed(new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }));
}

function readAnswer(response: Response, body: unknown, now: number): Result<Session> {
  const { access_token: accessToken, instance_url: instanceUrl, expires_in: expiresIn } = membersOf(body);
  if (response.ok && typeof accessToken === 'string' && accessToken !== '') {
    return succeed({
      accessToken,
      ...(typeof instanceUrl === 'string' ? { instanceUrl } : {}),
      // Salesforce tells no life time for most apps; then the session lasts until it is refused.
      ...(typeof expiresIn === 'number' ? { expiresAt: now + expiresIn * 1_000 } : {}),
    });
  }
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
  const refusal = new SalesforceError(response.status, readFaults(body), { retryAfterMs });
  const [{ code }] = refusal.faults;
  const known = tokenErrors[code];
  if (known !== undefined) return fail({ kind: known[0], code, message: known[1] });
  const fault = classify(refusal, { isRepeatable: true });
  if (fault.kind === 'transient' || fault.kind === 'throttled') return fail(fault);
  return fail(credentialFault(code, 'Salesforce refused the token; check the connected app and base URL.'));
}

/** *Source*: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm */
const tokenErrors: Readonly<Record<string, readonly [Fault['kind'], string]>> = {
  invalid_client: ['credential', 'The connected app is unknown, or its secret is wrong.'],
  invalid_client_id: ['credential', 'The connected app is unknown.'],
  invalid_client_credentials: ['credential', 'The secret of the connected app is wrong.'],
  invalid_grant: ['credential', "The connected app may not act as the hub's user, or the key or clock is wrong."],
  invalid_app_access: ['credential', "The hub's user is not admitted to the connected app."],
  invalid_assertion: ['credential', 'The signed assertion was refused; check private key, user and clock.'],
  inactive_user: ['credential', "The hub's user is inactive."],
  inactive_org: ['credential', 'The org is inactive.'],
  unsupported_grant_type: ['credential', 'The flow is not enabled for the connected app.'],
  unauthorized_client: ['credential', 'The flow is not enabled for the connected app.'],
  rate_limit_exceeded: ['throttled', 'Too many tokens were asked for; the hub waits.'],
  login_rate_exceeded: ['throttled', 'Too many tokens were asked for; the hub waits.'],
  server_error: ['transient', 'Salesforce could not give a token at the moment.'],
  temporarily_unavailable: ['transient', 'Salesforce could not give a token at the moment.'],
  unknown_error: ['transient', 'Salesforce could not give a token at the moment.'],
};

function credentialFault(code: string, message: string): Fault {
  return { kind: 'credential', code, message };
}

function membersOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A gateway's HTML page; the status alone decides then.
    return undefined;
  }
}
