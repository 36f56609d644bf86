import type { PeopleKind } from '../people/people-kinds.ts';
import type { AwsDeed } from './aws-deeds.ts';

/** The three accounts of every simulated world, in the order of the hub's configuration. */
export const SYSTEM_IDS = ['org-a', 'portal', 'org-b'] as const;

/** One of {@link SYSTEM_IDS}. */
export type SystemId = (typeof SYSTEM_IDS)[number];

/** The AWS accounts that a world may have beside them. */
export const AWS_IDS = ['marketplace', 'partner-central'] as const;

/** One of {@link AWS_IDS}. */
export type AwsId = (typeof AWS_IDS)[number];

/** Any system that the hub is connected to. */
export type PlaceId = SystemId | AwsId;

/** How likely small mishaps are, at every opportunity; 0 to 1. */
export interface Temper {
  /** An await that takes seconds instead of milliseconds. */
  readonly slow: number;
  /** A message handed out twice. */
  readonly twice: number;
  /** A message up to two minutes late, and so after others. */
  readonly late: number;
  /** A call to the table or a queue that fails, after doing nothing or a part. */
  readonly awsOutage: number;
  /** A webhook that never comes. */
  readonly webhookLost: number;
  /** A webhook that comes twice or late. */
  readonly webhookTwice: number;
  /** Reads of the portal are at times answered from a copy that is behind by this much, ms; absent: never. */
  readonly readsBehindMs?: number;
}

/** Nothing goes wrong. */
export const CALM: Temper = { slow: 0, twice: 0, late: 0, awsOutage: 0, webhookLost: 0, webhookTwice: 0 };

/** How the systems of a world are. Times in ms. */
export interface Setup {
  /** How far each system's clock is from the hub's. */
  readonly skewMs: Readonly<Record<SystemId, number>>;
  /** How late searches of the portal see a change. */
  readonly indexLagMs: number;
  /** The lag comes and goes: for minutes at a time the index is up to date, or as late as `indexLagMs`. */
  readonly isLagUneven?: true;
  /** The portal stamps in whole seconds, as Salesforce always does. */
  readonly hasWholeSeconds: boolean;
  /** Calls the portal takes in ten seconds. */
  readonly portalPer10Seconds: number;
  /** API calls an org takes in a day. */
  readonly orgPerDay: number;
  /** An automation of the second org writes phone numbers its own way. */
  readonly reformats: boolean;
  /** How often changes are swept. */
  readonly sweepEveryMs: number;
  /** The second org is not connected from the beginning. */
  readonly comesLater: boolean;
}

/** What a person enters: by field of `people/fields.ts`, the place of a value in its pool, or `null` to clear it. */
export type Entries = Readonly<Record<string, number | null>>;

/** What one item of a plan does. */
export type Deed =
  | {
      readonly do: 'create';
      readonly kind: PeopleKind;
      readonly entity: string;
      readonly system: SystemId;
      readonly entries: Entries;
      /** The entity of the partner it belongs to. */
      readonly partner?: string;
    }
  | { readonly do: 'edit'; readonly entity: string; readonly system: SystemId; readonly entries: Entries }
  | { readonly do: 'relate'; readonly entity: string; readonly system: SystemId; readonly partner: string }
  | { readonly do: 'delete'; readonly entity: string; readonly system: SystemId }
  | { readonly do: 'restore'; readonly entity: string; readonly system: SystemId }
  /** Makes a second record of the same thing in the same system, by mistake. */
  | { readonly do: 'duplicate'; readonly entity: string; readonly system: SystemId; readonly entries: Entries }
  /** Merges what was made twice. */
  | { readonly do: 'merge'; readonly entity: string; readonly system: SystemId }
  /** Kills a process at work, or freezes it for `forMs`; `draw` decides which. */
  | { readonly do: 'kill'; readonly draw: number }
  | { readonly do: 'freeze'; readonly draw: number; readonly forMs: number }
  /** The next write to the system: its answer is lost, or comes too late, or it is carried out late. */
  | { readonly do: 'lose-answer' | 'late-answer' | 'late-write'; readonly system: PlaceId; readonly forMs: number }
  /** Whoever makes the next write to the system is killed when it is answered, before anything of that is noted. */
  | { readonly do: 'die-after-write'; readonly system: PlaceId; readonly forMs: number }
  /** The next write to the system is done, and every call after it is throttled: what takes several calls is done by half. */
  | { readonly do: 'stop-halfway'; readonly system: PlaceId; readonly forMs: number }
  | { readonly do: 'throttle' | 'daily-limit' | 'down'; readonly system: PlaceId; readonly forMs: number }
  | { readonly do: 'refuse-rows'; readonly system: SystemId; readonly count: number }
  | { readonly do: 'expire-sessions'; readonly system: SystemId }
  | { readonly do: 'pause' | 'resume'; readonly system: PlaceId }
  | { readonly do: 'connect' | 'remove'; readonly system: SystemId }
  /** Somebody takes whatever is deleted there of the thing out of the recycle bin. */
  | { readonly do: 'bring-back'; readonly entity: string; readonly system: SystemId }
  /** Somebody merges two things in a system's own screens that were two everywhere; the first one lives on. */
  | { readonly do: 'unite'; readonly entity: string; readonly other: string; readonly system: SystemId }
  /** The hub's user may see the org's records of the thing no more, or again. */
  | { readonly do: 'hide' | 'show'; readonly entity: string; readonly system: 'org-a' | 'org-b' }
  /** The hub's user may see a field of an org's records no more, or again: field-level security. */
  | {
      readonly do: 'hide-field' | 'show-field';
      readonly kind: PeopleKind;
      readonly field: string;
      readonly system: 'org-a' | 'org-b';
    }
  /** Somebody asks that the hub forget the thing, naming it by its record in this system. */
  | { readonly do: 'erase'; readonly entity: string; readonly system: SystemId }
  /** Somebody says in the hub that two things are one, naming them by their records in this system; the first one lives on. */
  | { readonly do: 'merge-in-hub'; readonly entity: string; readonly other: string; readonly system: SystemId }
  /** Somebody says that it was wrong. */
  | { readonly do: 'unmerge-in-hub'; readonly entity: string; readonly other: string }
  /** The next release of the mappings. */
  | { readonly do: 'remap' }
  | AwsDeed;

/** A deed and when it is done, ms after the beginning. */
export interface PlanItem {
  readonly at: number;
  readonly deed: Deed;
}

/** Everything a run depends on. The same plan takes the same course. */
export interface Plan {
  /** Decides every latency and chance that the plan does not name. */
  readonly seed: string;
  readonly setup: Setup;
  readonly temper: Temper;
  readonly items: readonly PlanItem[];
  /** The AWS accounts of this world; absent: none. */
  readonly aws?: readonly AwsId[];
}
