/** An event of a vendor's that reached the hub's bus, as EventBridge carries it. */
export interface VendorEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** The AWS account it is about. */
  readonly account: string;
  readonly region: string;
  /** ISO 8601, as it came. */
  readonly time: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/**
 * Why an event is kept as it is: there is no record behind it that could be read (`no-record`), or this version of the hub does not
 * understand it.
 */
export type KeptWhy = 'no-record' | 'unknown-type' | 'unknown-schema' | 'malformed';

/** An event that no record can be read for. It is shown to people; nothing else comes of it. */
export interface KeptEvent {
  readonly why: KeptWhy;
  /** One sentence for people: what happened. No personal data. */
  readonly message: string;
  /** What a person should do; absent: nothing needs doing. */
  readonly nextStep?: string;
  /** What of it is worth keeping, by name: ids, states, amounts. At most 20, each at most 255 characters. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What an event says to one connection. */
export interface EventReceipt {
  /** The records that may have changed. */
  readonly hints: readonly { readonly object: string; readonly externalId: string }[];
  /** Why it is of no use to this connection (another account's, another catalog's, an object that is not ours), counted by reason. */
  readonly ignored: Readonly<Record<string, number>>;
  readonly kept?: KeptEvent;
}

/** A kept event as it is stored: immutable, one for each connection and event id. */
export interface StoredEvent extends KeptEvent {
  readonly connection: string;
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** When it happened, as its system says, ISO 8601. */
  readonly time: string;
  /** When the hub got it, ms. */
  readonly receivedAt: number;
}
