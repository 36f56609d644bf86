import type { RoutePlan } from './hub-plan.ts';

/** A route and the path parameters it found, decoded. */
export interface RouteMatch {
  readonly route: RoutePlan;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Finds the route of a request, or nothing. */
export type Router = (method: string, path: string) => RouteMatch | undefined;

interface CompiledRoute {
  readonly route: RoutePlan;
  readonly method: string;
  readonly segments: readonly string[];
}

/**
 * Makes the router of an HTTP API: full matches before greedy ones, a method before ANY, `$default` last.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function createRouter(routes: readonly RoutePlan[]): Router {
  const fallback = routes.find(({ key }) => key === '$default');
  const compiled = routes
    .filter(({ key }) => key !== '$default')
    .map(compileRoute)
    .sort((a, b) => rank(a) - rank(b));
  return (method, path) => {
    const segments = segmentsOf(path);
    for (const candidate of compiled) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = matchSegments(candidate.segments, segments);
      if (pathParameters !== undefined) return { route: candidate.route, pathParameters };
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: {} };
  };
}

function compileRoute(route: RoutePlan): CompiledRoute {
  const [method = '', path = ''] = route.key.split(' ');
  return { route, method, segments: segmentsOf(path) };
}

/** Lower is tried first: literal segments before parameters, parameters before a greedy one, a method before ANY. */
function rank({ method, segments }: CompiledRoute): number {
  const greedy = segments.some(isGreedy) ? 1000 : 0;
  const parameters = segments.filter((segment) => segment.startsWith('{')).length;
  return greedy + parameters * 10 - segments.length * 20 + (method === 'ANY' ? 1 : 0);
}

function matchSegments(
  wanted: readonly string[],
  given: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    if (value === undefined) return undefined;
    if (isGreedy(segment)) {
      parameters[segment.slice(1, -2)] = given.slice(index).map(decode).join('/');
      return parameters;
    }
    if (segment.startsWith('{')) parameters[segment.slice(1, -1)] = decode(value);
    else if (segment !== value) return undefined;
  }
  return given.length === wanted.length ? parameters : undefined;
}

function isGreedy(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('+}');
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
