import type { AccessTokens } from './access-tokens.ts';
import type { ApiAnswer } from './api-error.ts';
import type { Route, RouteCall } from './route.ts';

/** Token requests, form-encoded, at the addresses of all versions. Date-named ones arrive as v1. */
export function oauthRoutes(tokens: AccessTokens): readonly Route[] {
  const open = { policy: 'none', writes: false } as const;
  const issue = ({ body, now }: RouteCall): ApiAnswer =>
    tokens.issue(body instanceof URLSearchParams ? body : new URLSearchParams(), now);
  return [
    { method: 'POST', path: '/oauth/v1/token', ...open, handle: issue },
    { method: 'POST', path: '/oauth/v3/token', ...open, handle: issue },
    {
      method: 'GET',
      path: '/oauth/v1/access-tokens/:token',
      ...open,
      handle: ({ parameters, now }) => tokens.describe(parameters.token ?? '', now),
    },
  ];
}
