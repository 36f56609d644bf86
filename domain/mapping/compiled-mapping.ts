import type { Kind } from '../model/kind.ts';
import type { SystemValue, SystemValues, Value, Values } from '../model/value.ts';
import type { VocabularyField } from '../model/vocabulary.ts';

/** The users of one connected account: who is behind an owner id. E-mails in lower case. */
export interface Directory {
  emailOf(ownerId: string): string | undefined;
  ownerIdOf(email: string): string | undefined;
}

/** A value carried over, or why it is not. */
export type Carried<T> = { readonly ok: true; readonly value: T } | NotCarried;

/** Why a value is not carried over. Either way it competes with nothing and nothing is written over it. */
export interface NotCarried {
  readonly ok: false;
  /** For people; names the rule and never holds a value. */
  readonly reason: string;
  /** The mapping says to leave such values alone: no person needs to look. Absent: the field waits as a problem. */
  readonly isIgnored?: true;
}

/** Of a line whose values only move a field forward, in the order of its choices (docs/mappings.md): those that may always be set. */
export interface Moves {
  readonly back: ReadonlySet<string>;
}

/** One line of a mapping. */
export interface MappedField {
  /** The hub's field. */
  readonly field: string;
  /** The vendor's field name, as the connector's snapshots use it. */
  readonly theirs: string;
  readonly flow: 'both' | 'in' | 'out';
  /** The system takes no record without it. */
  readonly isRequired: boolean;
  readonly vocabulary: VocabularyField;
  /** Set for references: `theirs` holds ids of this object of the same system. Values pass unchanged; the pipeline resolves them by the crosswalk. */
  readonly referenceTo?: { readonly object: string; readonly kind: Kind };
  /** Set where the line's lookup says that this system's values only move the field forward. */
  readonly moves?: Moves;
  readIn(value: SystemValue, directory: Directory): Carried<Value>;
  writeOut(value: Value, directory: Directory): Carried<SystemValue>;
}

/** What happens in this system when the record's other seats are deleted. */
export type OnDelete = 'keep' | 'archive' | 'delete';

/** A state of the system's record in which it takes no edits of some fields (`waits` of the file). */
export interface Wait {
  /** The vendor's field that says so. */
  readonly theirs: string;
  /** The hub field by whose line it is read, and under which a source record keeps it in the system's own form. */
  readonly readAs: string;
  /** The hub fields that are not written then; fields of one group wait together. */
  readonly fields: ReadonlySet<string>;
  /** No field is written then, and the record is not deleted there either. */
  readonly isWhole: boolean;
  /** Why, for people. */
  readonly note: string;
  /** Whether this value of `theirs` is such a state. */
  isMetBy(value: SystemValue): boolean;
}

/** A mapping file, compiled once to closures; works both ways and obeys the three laws (docs/mappings.md). */
export interface CompiledMapping {
  /** `<system>/<object>.<kind>`. */
  readonly id: string;
  readonly system: string;
  readonly object: string;
  readonly kind: Kind;
  readonly version: number;
  /** The vendor's field that holds the hub's unified id. */
  readonly hubIdField: string;
  readonly fields: readonly MappedField[];
  readonly byField: ReadonlyMap<string, MappedField>;
  /** Every vendor field a read must ask for, the hub's id included. */
  readonly theirFields: readonly string[];
  readonly onDelete: OnDelete;
  /** A record is made there with everything that is to be written or not at all (`whole` of the file). */
  readonly isMadeWhole: boolean;
  readonly waits: readonly Wait[];
  /** Whether a record with these canonical values is created in that system (`filter` of the file); a seat once taken stays. */
  isSent(values: Values): boolean;
  /** Whether a record with these system values is taken in (`take` of the file). */
  isTaken(values: SystemValues): boolean;
}

/** Finds the mappings in force. */
export interface Mappings {
  of(system: string, object: string): CompiledMapping | undefined;
  /** One for each of the system's objects that are of this kind. */
  ofKind(system: string, kind: Kind): readonly CompiledMapping[];
  all(): readonly CompiledMapping[];
}
