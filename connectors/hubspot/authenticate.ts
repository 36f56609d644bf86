import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ConnectionSettings, Credentials, Session } from '../kit/connector.ts';
import { faultOfNetwork, faultOfStatus, parseRetryAfter } from '../kit/fault-of-http.ts';
import { tokenSchema } from './answers.ts';
import { DEFAULT_BASE_URL, OWN_PATHS } from './api-version.ts';

/**
 * Ways to get access, with the credentials each needs. `clientSecret` also signs webhooks: a connection with a static token
 * needs it as soon as it receives any, and works without it by sweeps alone.
 */
export const authSchemes = {
  'static-token': { credentials: ['accessToken'] },
  'refresh-token': { credentials: ['clientId', 'clientSecret', 'refreshToken'] },
} as const;

/**
 * Gets a session: the static token as it is, or a fresh access token for the refresh token (which stays the same).
 *
 * *Units*: HubSpot's tokens live 30 minutes; the answer's `expires_in` counts, from before the request was sent, so that the
 * kit renews ahead of time rather than on a refusal. *Faults*: `credential` when something is missing or refused, otherwise
 * those of the network. *Source*: https://developers.hubspot.com/docs/api-reference/auth-oauth-v1/tokens (November 2026).
 */
export async function authenticate(
  settings: ConnectionSettings,
  credentials: Credentials,
  now: number,
  signal: AbortSignal,
): Promise<Result<Session>> {
  if (settings.auth === 'static-token') {
    const { accessToken } = credentials;
    return accessToken ? succeed({ accessToken }) : fail(missing(settings, 'accessToken'));
  }
  if (settings.auth === 'refresh-token') return refresh(settings, credentials, now, signal);
  return fail({
    kind: 'credential',
    code: 'UNKNOWN_AUTH',
    message: `The connection ${settings.id} names a way to log in that HubSpot does not have.`,
  });
}

async function refresh(
  settings: ConnectionSettings,
  credentials: Credentials,
  now: number,
  signal: AbortSignal,
): Promise<Result<Session>> {
  const { clientId, clientSecret, refreshToken } = credentials;
  if (!clientId) return fail(missing(settings, 'clientId'));
  if (!clientSecret) return fail(missing(settings, 'clientSecret'));
  if (!refreshToken) return fail(missing(settings, 'refreshToken'));
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  });
  let answer: Response;
  let body: unknown;
  // fetch says by exceptions that nobody answered, and json that the answer is none; outside `call` nobody else catches them.
  try {
    answer = await fetch(`${(settings.baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, '')}${OWN_PATHS.token}`, {
      method: 'POST',
      body: form,
      headers: { Accept: 'application/json' },
      signal,
      redirect: 'manual',
    });
    body = await answer.json();
  } catch (error) {
    return fail(faultOfNetwork(error, { isRepeatable: true }) ?? unreadable);
  }
  if (!answer.ok) return fail(faultOfTokenAnswer(answer));
  const token = tokenSchema.safeParse(body);
  if (!token.success) return fail(unreadable);
  const { access_token: accessToken, expires_in: lifeSeconds } = token.data;
  return succeed({ accessToken, expiresAt: now + lifeSeconds * 1_000 });
}

function faultOfTokenAnswer(answer: Response): Fault {
  const retryAfterMs = parseRetryAfter(answer.headers.get('retry-after'));
  // The token address answers 400 to a revoked or wrong credential, in words that may repeat it.
  const isRefusal = answer.status >= 400 && answer.status < 500 && answer.status !== 429 && answer.status !== 408;
  return isRefusal
    ? {
        kind: 'credential',
        code: 'TOKEN_REFUSED',
        message:
          'HubSpot does not renew the access of this connection; reconnect the app and store its new refresh token.',
      }
    : faultOfStatus(answer.status, { isRepeatable: true }, retryAfterMs);
}

function missing({ id }: ConnectionSettings, name: string): Fault {
  return {
    kind: 'credential',
    code: 'CREDENTIAL_MISSING',
    message: `The connection ${id} has no credential called ${name}; add it to its secret.`,
  };
}

const unreadable: Fault = {
  kind: 'transient',
  code: 'UNREADABLE_ANSWER',
  message: 'HubSpot’s answer to the request for a token could not be read; the hub tries again.',
};
