import { randomUUID } from 'node:crypto';
import type { ApiAnswer } from './api-error.ts';
import { errorAnswer } from './api-error.ts';
import type { ChangeOrigin } from './record-version.ts';

/** A token that does not expire, and whose doing its changes count as. */
export interface StaticToken {
  readonly token: string;
  /**
   * Default: the app itself (`INTEGRATION`).
   * A person's edits are `{ changeSource: 'CRM_UI', sourceId: 'userId:…' }`.
   */
  readonly by?: ChangeOrigin;
}

/** The OAuth app, for clients that refresh their tokens. */
export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

export interface AccessTokensOptions {
  readonly staticTokens: readonly StaticToken[];
  readonly oauth: OAuthApp | undefined;
  readonly portalId: number;
  readonly appId: number;
}

/** Who calls. `isStatic` decides about the daily limit. */
export interface Caller {
  readonly by: ChangeOrigin;
  readonly isStatic: boolean;
}

/** https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth (November 2026). */
const tokenLifeSeconds = 1_800;
const tokensMax = 1_000;

/** Issues and knows access tokens. Issued ones live in memory: after a restart callers refresh, as after an expiry. */
export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #static: ReadonlyMap<string, Caller>;
  readonly #issued = new Map<string, number>();

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    this.#static = new Map(
      options.staticTokens.map(({ token, by }) => [token, { by: by ?? this.#app(), isStatic: true }]),
    );
  }

  /** The caller an `Authorization` header stands for, or `undefined` when it is missing, unknown or expired. */
  recognise(authorization: string | undefined, now: number): Caller | undefined {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const known = this.#static.get(token);
    if (known !== undefined) return known;
    const expiresAt = this.#issued.get(token);
    return expiresAt !== undefined && now < expiresAt ? { by: this.#app(), isStatic: false } : undefined;
  }

  /** Answers a form-encoded token request; the refresh token stays valid and stays the same. */
  issue(form: URLSearchParams, now: number): ApiAnswer {
    const { oauth } = this.#options;
    if (form.get('grant_type') !== 'refresh_token') {
      return refusal('BAD_GRANT_TYPE', 'missing or unknown grant type');
    }
    if (oauth === undefined || form.get('client_id') !== oauth.clientId) {
      return refusal('BAD_CLIENT_ID', 'missing or invalid client id');
    }
    if (form.get('client_secret') !== oauth.clientSecret) {
      return refusal('BAD_CLIENT_SECRET', 'missing or invalid client secret');
    }
    if (form.get('refresh_token') !== oauth.refreshToken) {
      return refusal('BAD_REFRESH_TOKEN', 'missing or invalid refresh token');
    }
    const token = `sim-${randomUUID()}`;
    this.#issued.set(token, now + tokenLifeSeconds * 1_000);
    this.#forgetOldest();
    return {
      status: 200,
      body: {
        token_type: 'bearer',
        access_token: token,
        refresh_token: oauth.refreshToken,
        expires_in: tokenLifeSeconds,
        token_use: 'access_token',
        hub_id: this.#options.portalId,
      },
    };
  }

  /** What `GET /oauth/v1/access-tokens/{token}` tells about an issued token. */
  describe(token: string, now: number): ApiAnswer {
    const expiresAt = this.#issued.get(token);
    if (expiresAt === undefined || now >= expiresAt) {
      return errorAnswer({ status: 404, category: 'OBJECT_NOT_FOUND', message: 'access token not found' });
    }
    return {
      status: 200,
      body: {
        token,
        token_type: 'access',
        hub_id: this.#options.portalId,
        app_id: this.#options.appId,
        user_id: 1,
        scopes: ['crm.objects.companies.read', 'crm.objects.companies.write'],
        expires_in: Math.floor((expiresAt - now) / 1_000),
      },
    };
  }

  /** Makes every issued token invalid at once, as a revoked installation does. */
  revokeIssued(): void {
    this.#issued.clear();
  }

  #app(): ChangeOrigin {
    return { changeSource: 'INTEGRATION', sourceId: String(this.#options.appId) };
  }

  #forgetOldest(): void {
    const [oldest] = this.#issued.keys();
    if (this.#issued.size > tokensMax && oldest !== undefined) this.#issued.delete(oldest);
  }
}

/** Token requests are refused in their own words, with the reason as `status`. */
function refusal(reason: string, message: string): ApiAnswer {
  return { status: 400, body: { status: reason, message, correlationId: randomUUID() } };
}
