import type { SystemValue, Value } from '../../model/value.ts';
import type { FieldType, VocabularyField } from '../../model/vocabulary.ts';
import type { Carried, Directory, NotCarried } from '../compiled-mapping.ts';
import type { Lookup } from '../lookup.ts';
import type { OwnerAliases } from '../owner-aliases.ts';
import type { ProductNames } from '../product-names.ts';
import type { SystemForm } from '../system-form.ts';

/** Both directions of one line, compiled. */
export interface Translator {
  readIn(value: SystemValue, directory: Directory): Carried<Value>;
  writeOut(value: Value, directory: Directory): Carried<SystemValue>;
}

/** What a codec is compiled for. */
export interface CodecContext {
  readonly form: SystemForm;
  readonly field: VocabularyField;
  /** Present when the line names a lookup. */
  readonly lookup?: Lookup;
  readonly owners: OwnerAliases;
  /** Present when products are read by the names of `products.yaml`. */
  readonly products?: ProductNames;
  /** What happens to a value nobody listed. */
  readonly unlisted: string;
}

/**
 * A named way of carrying values between a system's form and the canonical one. Every codec obeys the three laws of
 * docs/mappings.md; test/domain/mapping/codecs/codec-laws.test.ts holds it to them in every system's form.
 */
export interface Codec {
  readonly name: string;
  /** What it does, for people who write mappings: one sentence. */
  readonly note: string;
  /** The vocabulary types it serves. */
  readonly types: readonly FieldType[];
  /** Whether it carries sets. */
  readonly isMany: boolean;
  /** It derives a value from another field and cannot be written back: only for lines with flow `in`. */
  readonly isReadOnly?: true;
  /** It brings what the hub keeps as typed into one spelling, so that it does not come back as it went: only for lines with flow `out`. */
  readonly isWriteOnly?: true;
  /** Whether its line may name a lookup, for the elements. */
  readonly takesLookup?: true;
  compile(context: CodecContext): Translator;
}

/** A value carried over. */
export function carry<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** A value that waits for a person. */
export function hold(reason: string): NotCarried {
  return { ok: false, reason };
}

/** A value the mapping leaves alone. */
export function ignore(reason: string): NotCarried {
  return { ok: false, reason, isIgnored: true };
}

/** A single system value as text, empty for `null`; `undefined` for a list. */
export function textOf(value: SystemValue): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  return typeof value === 'object' ? undefined : String(value);
}

/** Nothing, in canonical form; shared, since it never changes. */
export const NOTHING: Carried<null> = carry(null);
