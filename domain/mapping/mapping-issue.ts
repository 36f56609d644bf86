/** One mistake in a mapping document, placed by the way to it. Holds no values but those of the document itself. */
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

/** Collects the mistakes of one document. */
export class IssueList {
  readonly issues: MappingIssue[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  add(path: readonly PropertyKey[], reason: string): void {
    this.issues.push({ file: this.#file, path, reason });
  }
}
