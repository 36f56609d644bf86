import type { SetTimer } from '../aws/agenda.ts';
import type { AwsEvent } from '../aws/aws-event.ts';
import type { LocalBus } from '../aws/bus-sender.ts';
import type { Catalog } from './records.ts';
import type { StampDigits } from './stamps.ts';

/** How a simulated Partner Central account is set up; everything has a default. */
export interface PartnerCentralOptions {
  /** Loopback port; 0 lets the operating system choose. Default 0. */
  readonly port?: number;
  /** Epoch milliseconds. Default: the system's clock. */
  readonly now?: () => number;
  /**
   * Lets what is due (tasks, invitations that expire) happen by itself; `none` leaves it to calls and to `runDue`. Default:
   * Node's timers, but `none` when a clock is handed in.
   */
  readonly setTimer?: SetTimer | 'none';
  /** Where the records are kept over restarts; without it they live in memory only. */
  readonly file?: string;
  /** The partner's AWS account, 12 digits. */
  readonly accountId?: string;
  readonly companyName?: string;
  /** Takes every event of the account, in the order they happen. Must not throw. Default: nobody listens. */
  readonly publish?: (event: AwsEvent) => void;
  /** The bus of a local hub, to which events are sent, too. */
  readonly bus?: LocalBus;
  /** Access keys the service knows. Default: every key is known, signatures are never checked. */
  readonly accessKeyIds?: readonly string[];
  /** Whether the documented limits are kept. Default yes. */
  readonly hasLimits?: boolean;
  /**
   * Digits of `LastModifiedDate` after the second. Default 3, as recorded; with 9, a client that reads the stamp as a
   * JavaScript date cannot send it back, which the service's other stamps already show.
   */
  readonly stampDigits?: StampDigits;
  /**
   * Whether launched and lost opportunities can be edited like other approved ones. Default no: AWS's list of fields closes
   * all but a few then, while the documentation of the API says nothing about it.
   */
  readonly isOpenAfterTheEnd?: boolean;
  /**
   * Whether an update is refused that writes back the need of an opportunity AWS was only shown, which it answers although its
   * model does not have it. Default no: what was read is to be written back. Which is right is recorded nowhere.
   */
  readonly refusesItsOwnNeed?: boolean;
  /** How long a task runs before its work is done, in ms. Default 0: it is complete in the answer that starts it. */
  readonly taskMs?: number;
  /** Solutions the partner has registered; replaces the default ones. */
  readonly solutions?: readonly SolutionOption[];
  /** Told of exceptions while serving, which are defects of the simulator. Default: standard error. */
  readonly onDefect?: (defect: unknown) => void;
}

export interface SolutionOption {
  /** `S-` and digits. */
  readonly id: string;
  readonly catalog: Catalog;
  readonly name: string;
  /** Default Active. */
  readonly status?: 'Active' | 'Inactive' | 'Draft';
  /** Default Software Product. */
  readonly category?: string;
}

export const partnerCentralDefaults = {
  accountId: '111122223333',
  companyName: 'Tributary Test Partner',
  stampDigits: 3,
  taskMs: 0,
  solutions: (['AWS', 'Sandbox'] as const).flatMap((catalog, at) => [
    { id: `S-00${at + 1}0001`, catalog, name: 'Data Platform' },
    { id: `S-00${at + 1}0002`, catalog, name: 'Migration Practice', category: 'Consulting Service' },
    { id: `S-00${at + 1}0003`, catalog, name: 'Data Platform, first edition', status: 'Inactive' },
  ]),
} as const satisfies Partial<PartnerCentralOptions>;
