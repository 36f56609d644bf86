import type { ApiAnswer, ApiError } from './api-error.ts';
import { errorAnswer, validationError } from './api-error.ts';
import { findObjectType, type ObjectType } from './object-types.ts';
import type { RatePolicy } from './rate-limits.ts';
import type { ChangeContext } from './record-writer.ts';

/** One call as a route sees it: parameters of the path decoded, the body parsed. */
export interface RouteCall extends ChangeContext {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; `undefined` when there was none. */
  readonly body: unknown;
  readonly bodyLength: number;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In the numbered form (`/crm/v3/…`), parameters as `:name`; date-named versions arrive here as well. */
  readonly path: string;
  readonly policy: RatePolicy;
  /** Whether it changes records: only such calls can lose their answer. */
  readonly writes: boolean;
  readonly handle: (call: RouteCall) => ApiAnswer;
}

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
  /** The route with its object types named, for statistics: `POST /crm/v3/objects/deals/batch/read`. */
  readonly label: string;
}

/** A table of routes that finds the first whose path and method fit a call. */
export class RouteTable {
  readonly #routes: readonly { readonly route: Route; readonly segments: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, segments: route.path.split('/') }));
  }

  find(method: string, path: string): RouteMatch | 'unknown-path' | 'wrong-method' {
    const called = numberedPath(path).replace(/\/$/, '').split('/');
    let isPathKnown = false;
    for (const { route, segments } of this.#routes) {
      const parameters = matchSegments(segments, called);
      if (parameters === undefined) continue;
      isPathKnown = true;
      if (route.method === method) return { route, parameters, label: labelOf(route, parameters) };
    }
    return isPathKnown ? 'wrong-method' : 'unknown-path';
  }
}

/**
 * The numbered path a date-named one stands for: `/crm/objects/2026-03/deals` → `/crm/v3/objects/deals`.
 * *Source*: https://developers.hubspot.com/docs/api-reference/latest (checked November 2026); associations were at v4.
 */
export function numberedPath(path: string): string {
  const match = datedPath.exec(path);
  if (match === null) return path;
  const [, family = '', rest = ''] = match;
  if (family === 'account-info') return `/account-info/v3${rest}`;
  if (family === 'oauth') return `/oauth/v1${rest}`;
  const area = family.slice('crm/'.length);
  const isAssociation = area === 'associations' || /^\/[^/]+\/[^/]+\/associations\//.test(rest);
  return `/crm/${isAssociation ? 'v4' : 'v3'}/${area}${rest}`;
}

const datedPath =
  /^\/(crm\/(?:objects|associations|properties|pipelines|owners)|account-info|oauth)\/\d{4}-\d{2}(?:-beta)?(\/.*)?$/;

/** The object type a parameter names, or the refusal the vendor gives for an unknown one. */
export function readObjectType(name: string | undefined): ObjectType | ApiError {
  const facts = findObjectType(name ?? '');
  return facts?.type ?? validationError(`Unable to infer object type from: ${(name ?? '').slice(0, 60)}`);
}

/** Gives a handler the object type its path names. */
export function typed(handle: (type: ObjectType, call: RouteCall) => ApiAnswer): (call: RouteCall) => ApiAnswer {
  return (call) => {
    const type = readObjectType(call.parameters.type);
    return typeof type === 'string' ? handle(type, call) : errorAnswer(type);
  };
}

function matchSegments(segments: readonly string[], called: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== called.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const given = called[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== given) return undefined;
    } else {
      const decoded = decode(given);
      if (decoded === undefined || decoded === '') return undefined;
      parameters[segment.slice(1)] = decoded;
    }
  }
  return parameters;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A path that cannot be decoded names nothing; the caller gets the answer of an unknown path.
    return undefined;
  }
}

/** Only object types are filled in: names of ids would make the statistics grow without bound. */
function labelOf(route: Route, parameters: Readonly<Record<string, string>>): string {
  const path = route.path.replace(/:(type|fromType|toType)\b/g, (_all, name: string) => {
    return findObjectType(parameters[name] ?? '')?.type ?? '{unknown}';
  });
  return `${route.method} ${path.replace(/:(\w+)/g, '{$1}')}`;
}
