/** One mistake in a mapping document, placed by the way to it. */
export interface MappingIssue {
  /** The document's path, as it was given. */
  readonly file: string;
  /** The way to the mistake: keys and indexes. */
  readonly path: readonly PropertyKey[];
  readonly reason: string;
}

/** Something compiled, or everything that is wrong with it. */
export type Compiled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly MappingIssue[] };

/** Takes note of a mistake in the document at hand; compiling goes on, so that all mistakes are told at once. */
export type Report = (path: readonly PropertyKey[], reason: string) => void;
