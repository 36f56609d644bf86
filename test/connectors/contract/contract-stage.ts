import type { ConnectionSettings, Connector, Credentials, WebhookRequest } from '../../../connectors/kit/connector.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import type { CallStatistics } from '../../../local/simulators/shared/call-counter.ts';
import type { InjectedFault } from '../../../local/simulators/shared/fault-plan.ts';

/** A clock that moves only when told to, or when somebody sleeps on it. ms since the epoch. */
export interface StepClock {
  now(): number;
  advance(ms: number): void;
  sleep(ms: number): Promise<void>;
}

/** What a system hands to the contract suite: its connector, a simulator to start, and how to do there what people do. */
export interface ContractSubject<Api> {
  readonly connector: Connector<Api>;
  /** Starts a fresh simulator without records, whose clock is the one given. */
  start(clock: StepClock): Promise<ContractStage>;
  /** What the samples are called there. */
  readonly samples: ContractSamples;
  /** What the system does not have, so that nothing can be promised of it. */
  readonly lacks?: readonly Lack[];
}

/**
 * - `deletions`, `merges`: records stay, or stay apart;
 * - `sessions`: each request carries its own credentials, so that there is nothing to renew;
 * - `owners`: its records have none that it could name;
 * - `repetition`: a creation that is repeated is answered just as the first one was.
 */
export type Lack = 'deletions' | 'merges' | 'owners' | 'repetition' | 'sessions';

/** Whether the system lacks one of these. */
export function isLacking(subject: { readonly lacks?: readonly Lack[] }, ...lacks: readonly Lack[]): boolean {
  return lacks.some((lack) => subject.lacks?.includes(lack) === true);
}

export interface ContractSamples {
  /** The object under test; it can be merged, and its hub id field is unique there. */
  readonly object: string;
  readonly hubIdField: string;
  /** A text every record has, at least 60 characters long. */
  readonly nameField: string;
  /** A text that may be empty, at least 2,000 characters long, line breaks allowed. */
  readonly textField: string;
  /** Values the system refuses in this object, and the field it names. */
  readonly refused: { readonly values: SystemValues; readonly field: string };
  /** A well-formed id of this object that no record has. */
  readonly unknownId: string;
  /** Records of one change time that are more than one page of `changes` holds. */
  readonly tieCount: number;
  /** Records that are more than two pages of `backfill` hold. */
  readonly walkCount: number;
  /** Absent for systems that call nobody. */
  readonly webhook?: {
    /** Whether a request says when it was sent, so that a stale one can be told. */
    readonly isDated: boolean;
    /** A status and body part the vendor demands of the answer to a genuine request. */
    readonly answer: { readonly status: number; readonly bodyIncludes: string };
  };
}

/** A started simulator, and a person who works in it by hand. */
export interface ContractStage {
  readonly settings: ConnectionSettings;
  readonly credentials: Credentials;
  /** Makes records as a person would, all with the change time of the clock; ids in order. */
  create(values: readonly SystemValues[]): Promise<readonly string[]>;
  change(id: string, values: SystemValues): Promise<void>;
  remove(id: string): Promise<void>;
  /** Answers the id the record lives on under, which some systems choose anew. */
  merge(survivorId: string, loserId: string): Promise<string>;
  /** The living records the system holds of the object. */
  count(): Promise<number>;
  /** What it holds in these fields of a living record. */
  held(id: string, fields: readonly string[]): Promise<SystemValues>;
  /** Ends every session given out so far. */
  expireSessions(): void;
  inject(fault: InjectedFault): void;
  calls(): CallStatistics;
  /** A genuine webhook request that tells of these records, sent at the clock's time. */
  webhook(ids: readonly string[]): WebhookRequest | Promise<WebhookRequest>;
  /** The same request as somebody without the secret would send it. */
  forge(request: WebhookRequest): WebhookRequest;
  close(): Promise<void>;
}

/** A step clock that begins at a whole second, so that vendors' stamps are not rounded. */
export function stepClock(startAt: number = Date.UTC(2026, 4, 4, 9, 0, 0)): StepClock {
  let at = startAt;
  return {
    now: () => at,
    advance(ms) {
      at += ms;
    },
    async sleep(ms) {
      at += ms;
    },
  };
}
