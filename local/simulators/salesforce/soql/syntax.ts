/** A name in a query as it was written, with its place for error messages. */
export interface QueryName {
  /** One part (`Name`) or two (`Owner.Email`). */
  readonly parts: readonly string[];
  /** Position in the query text. */
  readonly at: number;
}

/** A value in a query. Strings keep their escapes, because LIKE reads some of them differently. */
export type QueryLiteral = { readonly at: number } & (
  | { readonly kind: 'string'; readonly raw: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'datetime'; readonly epochMs: number }
  | { readonly kind: 'null' }
);

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE';
export type SetComparison = 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | {
      readonly kind: 'compare';
      readonly name: QueryName;
      readonly comparison: Comparison;
      readonly literal: QueryLiteral;
    }
  | {
      readonly kind: 'set';
      readonly name: QueryName;
      readonly comparison: SetComparison;
      readonly literals: readonly QueryLiteral[];
    };

export interface Ordering {
  readonly name: QueryName;
  readonly isDescending: boolean;
  readonly areNullsLast: boolean;
}

export type Selection =
  | { readonly kind: 'field'; readonly name: QueryName }
  | { readonly kind: 'children'; readonly query: SoqlQuery };

/** A parsed query. Names are not yet checked against the org. */
export interface SoqlQuery {
  /** Empty for `SELECT COUNT()`. */
  readonly selections: readonly Selection[];
  readonly isCount: boolean;
  /** The object, or in a subquery the children's relationship name. */
  readonly from: QueryName;
  readonly where: Condition | undefined;
  readonly orderings: readonly Ordering[];
  readonly limit: number | undefined;
  readonly offset: number;
}
