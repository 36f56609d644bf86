import type { Kind } from '../../domain/model/kind.ts';
import type { Values } from '../../domain/model/value.ts';

/** A record of which it is known who it really is. */
export interface LabelledRecord {
  readonly id: string;
  readonly kind: Kind;
  /** Records of one cluster are one company or person. Never shown to the hub. */
  readonly cluster: string;
  /** Canonical values, as a mapping would have read them. */
  readonly values: Values;
}

/** Records with their truth, in the order in which the hub meets them. */
export interface LabelledSet {
  readonly name: string;
  /** One store each: sets of labelled pairs, whose other pairs nobody labelled, have as many as pairs. */
  readonly worlds: readonly (readonly LabelledRecord[])[];
  /** The best figures that are published for it, if there are any. */
  readonly published?: { readonly recall: number; readonly precision: number; readonly by: string };
}
