import type { Kind } from './kind.ts';
import type { Values } from './value.ts';

/**
 * What a canonical field holds. `text` is one line, `long-text` may have several. Decimals and integers are text in
 * normal form. A `boolean` is `true` or holds nothing: no system can tell a box somebody unticked from one nobody touched.
 */
export type FieldType =
  | 'text'
  | 'long-text'
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

/** The way to a value that stands with another record. */
export interface Through {
  /** The reference of this kind that leads there. */
  readonly reference: string;
  readonly kind: Kind;
  /** The field of that kind. */
  readonly field: string;
}

/** One field of a kind's vocabulary. */
export interface VocabularyField {
  readonly name: string;
  /** Short, append-only, never reused: the field's name in storage. */
  readonly tag: string;
  readonly type: FieldType;
  /** An ordered set of such values. */
  readonly isMany: boolean;
  /** `choice`: the values allowed, in their order. */
  readonly choices?: readonly string[];
  /** `choice`: the values that end the order, all of them equally far. */
  readonly ends?: readonly string[];
  /** `reference`: the kind referred to. */
  readonly kind?: Kind;
  /** `phone`: the country national numbers are read in, ISO 3166 alpha-2; without it they stay as typed. */
  readonly region?: string;
  readonly survivorship: Survivorship;
  /** The value is that of the record referred to: nobody enters it, nothing competes for it, and the record does not keep it. */
  readonly through?: Through;
  /** Fields of one group only make sense together and win as one. */
  readonly group?: string;
  /** Whether it tells about a person. */
  readonly isPersonal: boolean;
  readonly note: string;
}

/** How match keys are made from fields; whether a key is strong or weak follows from the recipe and the value. */
export type KeyRecipe =
  | 'domain'
  | 'email'
  | 'tax-id'
  | 'registration-id'
  | 'offer-id'
  | 'agreement-id'
  | 'co-sell-id'
  | 'company-name'
  | 'person-name'
  | 'phone'
  | 'address'
  | 'birth-date'
  | 'identifier';

/** One way in which records of a kind are recognised. */
export interface KeyRule {
  readonly recipe: KeyRecipe;
  /** The fields it reads, in the order the recipe names them. */
  readonly fields: readonly string[];
}

/** How sole keys are made from fields. */
export type SoleRecipe = 'buyer-product';

/**
 * A key by which a record just met of certain objects finds the one open record it belongs to. Records are never linked among each
 * other by it: only what is new, and only if there is exactly one that has room for it.
 */
export interface SoleRule {
  readonly recipe: SoleRecipe;
  /** The fields it reads, in the order the recipe names them. */
  readonly fields: readonly string[];
  /** A record with a value in one of these has found its counterpart. */
  readonly spokenFor: readonly string[];
  /** Which new records look for one: by `<system>/<object>`, whether one with these values does. */
  readonly seekers: ReadonlyMap<string, (values: Values) => boolean>;
}

/** How the records of a kind are recognised as the same. */
export interface IdentityRules {
  readonly keys: readonly KeyRule[];
  readonly sole?: readonly SoleRule[];
  /** End states: a record with one of these values gives no keys. */
  readonly releasedBy?: { readonly field: string; readonly values: readonly string[] };
}

/** A rule by which the hub itself sets fields of a record. */
export interface DecisionRule {
  readonly name: string;
  /** Whether its conditions hold for a record with these canonical values. */
  readonly holds: (values: Values) => boolean;
  readonly set: Values;
}

/** The fields of a kind that hold money, and those in which the hub keeps the rate of its day beside it. */
export interface ExchangeFields {
  readonly amount: string;
  readonly currency: string;
  readonly rate: string;
  /** The day the rate was published. */
  readonly day: string;
  /** The reporting currency. */
  readonly into: string;
}

/**
 * How far what people asked a system to make of a record is.
 *
 * - `waiting`: nothing is missing, and the hub may not write there yet, or a question about the record is open.
 * - `incomplete`: something it needs is empty, or cannot be carried over.
 * - `under-way`: the hub is at it.
 * - `refused`: the system, or the hub's own check, said no; tried again when the record changes or somebody retries.
 * - `made`: it is there.
 */
export const REQUEST_STATES = ['waiting', 'incomplete', 'under-way', 'refused', 'made'] as const;

/** One of {@link REQUEST_STATES}. */
export type RequestState = (typeof REQUEST_STATES)[number];

/** An object that people ask for in a record, and the hub's own fields that tell them there what became of it. */
export interface RequestRule {
  readonly system: string;
  readonly object: string;
  /** A choice of {@link REQUEST_STATES}. */
  readonly state: string;
  /** A long text: why it goes no further. */
  readonly error: string;
}

/** The fields of one kind, by name. */
export interface Vocabulary {
  readonly kind: Kind;
  readonly fields: ReadonlyMap<string, VocabularyField>;
  /** Fields whose values, in this order, are what people call a record in a list. */
  readonly called?: readonly string[];
  /** Absent: records of this kind are never recognised by their values. */
  readonly identity?: IdentityRules;
  /** The first that holds decides. */
  readonly decisions?: readonly DecisionRule[];
  /** Absent: no exchange rates are kept. */
  readonly exchange?: ExchangeFields;
  /** Absent: nothing is told. */
  readonly requests?: readonly RequestRule[];
}
