import type { ApiRoute } from './api-route.ts';

/** What an address below the version prefix leads to. */
export type RouteMatch =
  | { readonly kind: 'route'; readonly route: ApiRoute; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'other-methods'; readonly methods: readonly string[] }
  | { readonly kind: 'nothing' };

/** Finds the first route that fits; routes with fixed segments must stand before those with named ones. */
export function matchRoute(routes: readonly ApiRoute[], method: string, path: string): RouteMatch {
  const segments = decodeSegments(path);
  if (segments === undefined) return { kind: 'nothing' };
  const methods: string[] = [];
  for (const route of routes) {
    const params = paramsOf(route.path === '' ? [] : route.path.split('/'), segments);
    if (params === undefined) continue;
    if (route.method === method) return { kind: 'route', route, params };
    methods.push(route.method);
  }
  return methods.length > 0 ? { kind: 'other-methods', methods } : { kind: 'nothing' };
}

function decodeSegments(path: string): string[] | undefined {
  try {
    const segments = path.split('/').map(decodeURIComponent);
    return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
  } catch {
    // A percent sign that begins no escape: no address of the API looks like that.
    return undefined;
  }
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, wanted] of pattern.entries()) {
    const segment = segments[at] ?? '';
    if (wanted.startsWith(':')) params[wanted.slice(1)] = segment;
    else if (wanted.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return params;
}
