import type { Problem } from '../../../domain/model/problem.ts';
import type { MemoryStore } from '../../../local/memory/memory-store.ts';
import type { Erased, HubMerge } from '../hub/hub-deeds.ts';
import type { United } from '../people/people.ts';
import type { PeopleKind } from '../people/people-kinds.ts';
import type { PlaceId, Plan, SystemId } from '../plan/plan.ts';
import type { Change, VendorCall } from '../world/chronicle.ts';
import type { SystemRecord } from '../world/vendor.ts';
import type { AwsEnd } from './aws/aws-end.ts';

/** All that an oracle may look at: what happened in the systems, what they hold in the end, and what the hub shows to people. */
export interface EndOfRun {
  readonly plan: Plan;
  /** Connected in the end, in the order of the configuration. */
  readonly systems: readonly SystemId[];
  readonly records: ReadonlyMap<SystemId, readonly SystemRecord[]>;
  readonly changes: readonly Change[];
  readonly calls: readonly VendorCall[];
  /** Changes with this serial or a later one happened when everything had come to rest. */
  readonly restsAt: number;
  /** Changes from `from` to `to` happened in the first walk, after the sweeps had told all they could. */
  readonly walk: { readonly from: number; readonly to: number };
  /** Open ones. */
  readonly problems: readonly Problem[];
  /** Values that the hub has not taken over from connected systems, because they wait for a person. */
  readonly held: readonly HeldValue[];
  /** Records that the hub could not see, with edits that waited, and of which nobody was asked. */
  readonly unasked: readonly string[];
  /** What people merged in a system although it was two things. */
  readonly united: readonly United[];
  readonly deadLetters: readonly string[];
  readonly defects: readonly string[];
  readonly waiting: readonly string[];
  readonly store: MemoryStore;
  /** What the hub was told to forget. */
  readonly erased: readonly Erased[];
  /** What was merged in the hub by hand, and undone. */
  readonly merges: readonly HubMerge[];
  /** The records that erased things were made of, as {@link placeOf} names them. */
  readonly forgotten: ReadonlySet<string>;
  readonly releasedAt: Readonly<Partial<Record<PlaceId, number>>>;
  /** What is known of the AWS accounts of the world. */
  readonly aws: AwsEnd;
  /** When the plan's time began, true time, ms. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A value of a record of a system that waits for a person in the hub. */
export interface HeldValue {
  readonly connection: string;
  readonly externalId: string;
  readonly field: string;
}

/** One name for a record of a system. */
export function placeOf(system: string, kind: PeopleKind, externalId: string): string {
  return `${system} ${kind} ${externalId}`;
}

/** A broken invariant. */
export interface Violation {
  readonly invariant: string;
  /** One line: which thing, where, and what is wrong. */
  readonly what: string;
}
