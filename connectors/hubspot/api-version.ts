/**
 * Which version of each HubSpot API is called; the only place that knows.
 *
 * `sdk` is what the SDK's request factories write into a path, `called` is what goes over the wire instead. They are equal as
 * long as the SDK has the version the hub wants: @hubspot/api-client writes numbered versions only (checked in 13.5.0 and
 * 14.0.1). The numbered paths and the dated ones of 2026-03 (`/crm/objects/2026-03`, `/crm/associations/2026-03`) are both
 * served until September 2027, so moving gains nothing before 2026-09; that version enforces an account's required
 * properties on every write, which is a change of behaviour and wants its own test against an account.
 *
 * *Source*: https://developers.hubspot.com/docs/api-reference/latest/overview and
 * https://developers.hubspot.com/changelog/introducing-date-based-api-versioning (checked November 2026).
 */
export const SDK_PATHS: readonly { readonly sdk: string; readonly called: string }[] = [
  { sdk: '/crm/v3/objects/', called: '/crm/v3/objects/' },
  { sdk: '/crm/v4/associations/', called: '/crm/v4/associations/' },
];

/** Paths the connector writes itself, because the SDK does not have them or only with much more code. */
export const OWN_PATHS = {
  owners: '/crm/v3/owners',
  accountDetails: '/account-info/v3/details',
  token: '/oauth/v1/token',
} as const;

/** Where the vendor serves, unless a connection says otherwise. */
export const DEFAULT_BASE_URL = 'https://api.hubapi.com';

/** The address to call for one the SDK made: same host and query, the version replaced by the one in the table. */
export function calledUrl(sdkUrl: string, paths: typeof SDK_PATHS = SDK_PATHS): string {
  const url = new URL(sdkUrl);
  const rule = paths.find(({ sdk }) => url.pathname.includes(sdk));
  if (rule === undefined || rule.sdk === rule.called) return sdkUrl;
  url.pathname = url.pathname.replace(rule.sdk, rule.called);
  return url.href;
}
