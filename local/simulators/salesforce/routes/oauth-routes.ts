import { createHmac } from 'node:crypto';
import { type HttpRequest, type HttpResponse, jsonResponse } from '../../shared/http-server.ts';
import { type ClientRegistration, signIn } from '../authentication.ts';
import type { Org } from '../org.ts';
import type { Sessions } from '../sessions.ts';
import type { StoredRecord } from '../stored-record.ts';
import { bearerToken } from './data-api.ts';

/** What signing in needs to know of the org. */
export interface OAuthState {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly registration: ClientRegistration;
  readonly instanceUrl: () => string;
}

/** Signs a client in. The answer names no lifetime: a client learns from a 401 that its session has ended. */
export function answerToken(state: OAuthState, request: HttpRequest): HttpResponse {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const instanceUrl = state.instanceUrl();
  const outcome = signIn(state.org, state.registration, form, [
    ...loginUrls,
    instanceUrl,
    `${instanceUrl}/services/oauth2/token`,
  ]);
  if (!outcome.ok) return jsonResponse(400, outcome.error);
  const id = identityUrl(state, outcome.user.id);
  const issuedAt = String(state.org.now());
  return jsonResponse(200, {
    access_token: state.sessions.open(outcome.user.id),
    signature: createHmac('sha256', state.registration.clientSecret)
      .update(id + issuedAt)
      .digest('base64'),
    scope: 'api',
    instance_url: instanceUrl,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  });
}

/** Ends the session of the token; unknown ones are refused. */
export function answerRevoke(state: OAuthState, request: HttpRequest): HttpResponse {
  const token = new URLSearchParams(request.body.toString('utf8')).get('token') ?? request.query.get('token') ?? '';
  if (state.sessions.close(token)) return jsonResponse(200, {});
  return jsonResponse(400, { error: 'unsupported_token_type', error_description: 'this token type is not supported' });
}

/** Whose session it is, by the OpenID address. */
export function answerUserInfo(state: OAuthState, request: HttpRequest): HttpResponse {
  return withUser(state, request, (user) => ({
    sub: identityUrl(state, user.id),
    user_id: user.id,
    organization_id: state.org.id,
    preferred_username: user.values.Username,
    name: user.values.Name,
    email: user.values.Email,
    email_verified: true,
    zoneinfo: user.values.TimeZoneSidKey,
    active: user.values.IsActive === true,
  }));
}

/** Whose session it is, by the identity address that the token answer names. */
export function answerIdentity(state: OAuthState, request: HttpRequest): HttpResponse {
  return withUser(state, request, (user) => ({
    id: identityUrl(state, user.id),
    user_id: user.id,
    organization_id: state.org.id,
    username: user.values.Username,
    display_name: user.values.Name,
    email: user.values.Email,
    active: user.values.IsActive === true,
    urls: {
      rest: `${state.instanceUrl()}/services/data/v{version}/`,
      sobjects: `${state.instanceUrl()}/services/data/v{version}/sobjects/`,
      query: `${state.instanceUrl()}/services/data/v{version}/query/`,
    },
  }));
}

const loginUrls: readonly string[] = ['https://login.salesforce.com', 'https://test.salesforce.com'];

function identityUrl(state: OAuthState, userId: string): string {
  return `${state.instanceUrl()}/id/${state.org.id}/${userId}`;
}

function withUser(state: OAuthState, request: HttpRequest, answer: (user: StoredRecord) => unknown): HttpResponse {
  const token = bearerToken(request) || (request.query.get('oauth_token') ?? '');
  const user = state.org.store.record(state.sessions.userOf(token) ?? '');
  return user === undefined ? { status: 403, body: 'Bad_OAuth_Token' } : jsonResponse(200, answer(user));
}
