import type { Kind } from './kind.ts';

/** What a canonical field holds. Decimals and integers are text in normal form. */
export type FieldType =
  | 'text'
  | 'email'
  | 'phone'
  | 'domain'
  | 'url'
  | 'country'
  | 'currency'
  | 'decimal'
  | 'integer'
  | 'date'
  | 'instant'
  | 'boolean'
  | 'choice'
  | 'owner'
  | 'reference';

/** How a value wins among the sources. */
export type Survivorship =
  | { readonly by: 'newest' }
  /** Ordered connection ids; the first that has a value of its own. */
  | { readonly by: 'authority'; readonly connections: readonly string[] }
  | { readonly by: 'union' }
  | { readonly by: 'hub' };

/** One field of a kind's vocabulary. */
export interface VocabularyField {
  readonly name: string;
  /** Short, append-only, never reused: the field's name in storage. */
  readonly tag: string;
  readonly type: FieldType;
  /** An ordered set of such values. */
  readonly isMany: boolean;
  /** `choice`: the values allowed. */
  readonly choices?: readonly string[];
  /** `reference`: the kind referred to. */
  readonly kind?: Kind;
  readonly survivorship: Survivorship;
  /** Fields of one group only make sense together and win as one. */
  readonly group?: string;
  /** Whether it tells about a person. */
  readonly isPersonal: boolean;
  readonly note: string;
}

/** The fields of one kind, by name. */
export interface Vocabulary {
  readonly kind: Kind;
  readonly fields: ReadonlyMap<string, VocabularyField>;
}
