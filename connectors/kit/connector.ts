import type { Fault, Result } from '../../domain/model/fault.ts';
import type { SweepMode } from '../../domain/model/notice.ts';
import type { ReadOutcome, WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { EventReceipt, VendorEvent } from '../../domain/model/vendor-event.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';

export type { EventReceipt, KeptEvent, VendorEvent } from '../../domain/model/vendor-event.ts';

/** A limit of the vendor's, as data, with where it is written. */
export interface Budget {
  /** Name within the system: `calls`, `search`, `daily` … */
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  /** When the vendor gives all of it back: at midnight, else each unit when its window has passed. */
  readonly resets?: 'midnight';
  /** Where the vendor says so. */
  readonly source: string;
}

/** A webhook request as it arrived. Header names in lower case. */
export interface WebhookRequest {
  readonly method: string;
  /** The full address the vendor called, `https://host/path?query`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw bytes; signatures are over these and nothing else. */
  readonly body: Uint8Array;
}

/** Why a webhook request is refused; the status is what the vendor is answered. */
export interface WebhookRefusal {
  readonly status: 400 | 401 | 413;
  /** Short code for the counter and the log: `unsigned`, `forged`, `stale`, `malformed`, `wrong-account` … */
  readonly code: string;
}

/** What a genuine webhook says: which records may have changed. */
export interface WebhookHint {
  readonly object: string;
  readonly externalId: string;
}

/** What to answer a genuine webhook with. */
export interface WebhookReceipt {
  readonly hints: readonly WebhookHint[];
  /** Events understood but of no use here (an object that is not mapped, an unknown type), counted by reason. */
  readonly ignored: Readonly<Record<string, number>>;
  /** Texts that identify this very request, to refuse a replay within the window; empty if the vendor gives none. */
  readonly replayKeys: readonly string[];
  readonly response: { readonly status: number; readonly contentType: string; readonly body: string };
}

/** An access to the vendor's API for a while. */
export interface Session {
  readonly accessToken: string;
  /** The address to call, where the vendor tells it with the token. */
  readonly instanceUrl?: string;
  /** ms since the epoch; absent: until the vendor refuses it. */
  readonly expiresAt?: number;
}

/**
 * How a connector makes a vendor call: the kit takes the budgets, sets the deadline, classifies what is thrown, refreshes an
 * expired session once, and retries only what is `isRepeatable`.
 */
export type Call<Api> = <T>(
  request: {
    /** For logs and counters, e.g. `companies.batch.read`. */
    readonly route: string;
    /** Whether doing it twice does no harm. No default: a create must say `false` unless the vendor makes it idempotent. */
    readonly isRepeatable: boolean;
    /** Names of the budgets it spends from, beside the connection's ceilings. */
    readonly budgets: readonly string[];
  },
  perform: (api: Api, signal: AbortSignal) => Promise<T>,
) => Promise<Result<T>>;

/** What a connector does for one object. */
export interface ObjectConnector<Api> {
  /** Largest batch of one `read` and one `write`. */
  readonly readMax: number;
  readonly writeMax: number;
  read(call: Call<Api>, ids: readonly string[], fields: readonly string[]): Promise<Result<readonly ReadOutcome[]>>;
  write(call: Call<Api>, hubIdField: string, items: readonly WriteItem[]): Promise<readonly WriteOutcome[]>;
  /**
   * Looks for what creations made whose answer was lost: external ids by unified id, of the records that are there; at most
   * `writeMax` ids. A fault stands for one id of which nothing can be told yet. Not by a search that lags behind. Absent where a creation finds its earlier attempt by itself (a client token).
   */
  find?(
    call: Call<Api>,
    hubIdField: string,
    unifiedIds: readonly string[],
  ): Promise<Result<ReadonlyMap<string, string | Fault>>>;
  /**
   * Ids of the records made since an instant (ms) that do not carry the hub's id, the newest first, at most 200. Only where a record
   * is named as soon as it is there: absent in a system whose lists lag behind.
   */
  newcomers?(call: Call<Api>, hubIdField: string, since: number): Promise<Result<readonly string[]>>;
  /** One page of a sweep. `now` and `connectedAt` in ms. A position is plain JSON, written and read by this connector only. */
  changes(
    call: Call<Api>,
    sweep: { readonly mode: SweepMode; readonly position: unknown; readonly connectedAt: number; readonly now: number },
  ): Promise<Result<ChangesPage>>;
}

/** Credentials as resolved from the secret: names to values. Never logged. */
export type Credentials = Readonly<Record<string, string>>;

/** What a connector is told about the connection it serves. */
export interface ConnectionSettings {
  readonly id: string;
  readonly system: string;
  readonly baseUrl?: string;
  readonly auth: string;
  readonly objects: readonly string[];
  readonly accountId?: string;
  /** What else the system wants to know of the connection, by its own names, e.g. `catalog`. */
  readonly options?: Readonly<Record<string, string>>;
}

/** A system's connector: one typed object, data and functions without hidden state. */
export interface Connector<Api> {
  readonly system: string;
  /** Auth schemes it knows, with the credential names each needs. */
  readonly auth: Readonly<
    Record<
      string,
      {
        readonly credentials: readonly string[] /** There is no secret to read at all. */;
        readonly isWithoutSecret?: true;
      }
    >
  >;
  readonly budgets: readonly Budget[];
  /** Gets a session; makes at most one call to the vendor's token address. */
  authenticate(
    settings: ConnectionSettings,
    credentials: Credentials,
    now: number,
    signal: AbortSignal,
  ): Promise<Result<Session>>;
  /** Opens the vendor's SDK on a session, its own retries and limiters off. `now` in ms. */
  open(settings: ConnectionSettings, session: Session, now: () => number): Api;
  /** Pure: what was thrown or answered → who must act. `isRepeatable` decides between `transient` and `uncertain` where no answer came. */
  classify(error: unknown, request: { readonly isRepeatable: boolean }): Fault;
  /** Whether the fault means that the session has ended and a fresh one is worth one more try. */
  isExpired(error: unknown): boolean;
  /** Limit figures the last answer carried, to correct the budgets with: used of limit by budget name. */
  usage(api: Api): readonly { readonly budget: string; readonly used: number; readonly limit: number }[];
  account(
    call: Call<Api>,
  ): Promise<Result<{ readonly accountId: string; readonly owners: Readonly<Record<string, string>> }>>;
  /** Absent: the system calls nobody. */
  readonly webhook?: {
    /** Longest body accepted, bytes. */
    readonly bodyMax: number;
    /** Checks and splits in one go; pure but for the clock handed in. */
    receive(
      request: WebhookRequest,
      settings: ConnectionSettings,
      credentials: Credentials,
      now: number,
    ): WebhookReceipt | WebhookRefusal;
  };
  /** For systems whose events come over an AWS event bus. */
  readonly events?: {
    /** The `source` of its events. */
    readonly sources: readonly string[];
    /** Pure; never throws, whatever the event holds. */
    receive(event: VendorEvent, settings: ConnectionSettings): EventReceipt;
  };
  /** By the object's name in configuration and mappings. */
  readonly objects: Readonly<Record<string, ObjectConnector<Api>>>;
}
