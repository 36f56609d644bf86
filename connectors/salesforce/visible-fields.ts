import type { Result } from '../../domain/model/fault.ts';
import { FIELDS_KNOWN_MS } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import type { Row } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';

/** What is known of the fields that a user may see, by object. It is forgotten after a while: a permission may be given at any time. */
export class VisibleFields {
  readonly #byObject = new Map<string, { readonly fields: ReadonlySet<string>; readonly until: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(object: string): ReadonlySet<string> | undefined {
    const known = this.#byObject.get(object);
    return known === undefined || known.until <= this.#now() ? undefined : known.fields;
  }

  set(object: string, fields: ReadonlySet<string>): void {
    this.#byObject.set(object, { fields, until: this.#now() + FIELDS_KNOWN_MS });
  }
}

/**
 * Asks which fields of an object the hub's user sees, and remembers it for five minutes.
 *
 * Only called after a request was refused for a field: an org where everything mapped is visible never pays for it.
 * `except` are lists of rows whose own fields turned out to be hidden. *Shape*: field names; for reference fields the relationship's name too (`Account` of `AccountId`), and those of children
 * (`OpportunityContactRoles`).
 */
export async function learnVisibleFields(
  call: Call<SalesforceApi>,
  object: string,
  except: readonly string[] = [],
): Promise<Result<ReadonlySet<string>>> {
  return call({ route: `${object}.describe`, isRepeatable: true, budgets: ['daily'] }, async (api, signal) => {
    const body = await api.request({ method: 'GET', path: `/sobjects/${object}/describe` }, signal);
    const { fields, childRelationships } = (typeof body === 'object' && body !== null ? body : {}) as Row;
    if (!Array.isArray(fields)) throw new TypeError('Salesforce described an object without fields.');
    const children: readonly unknown[] = Array.isArray(childRelationships) ? childRelationships : [];
    const names = ([...fields, ...children] as readonly Row[]).flatMap((each) => [each.name, each.relationshipName]);
    const visible = new Set(names.filter((name): name is string => typeof name === 'string' && !except.includes(name)));
    api.visibleFields.set(object, visible);
    return visible;
  });
}

/** Whether a field, or a path that begins with a relationship, is among the visible ones; everything is while nothing is known. */
export function isVisible(visible: ReadonlySet<string> | undefined, field: string): boolean {
  return visible === undefined || visible.has(field.split('.', 1)[0] ?? field);
}
