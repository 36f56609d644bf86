import type { LocalBus } from './aws/bus-sender.ts';

/** What a simulator's thread is told. */
export type SimulatorTask = CrmSimulatorTask | AwsSimulatorTask;

/** A simulated AWS account: what it tells goes to the bus of the hub. */
export interface AwsSimulatorTask {
  readonly system: 'aws-marketplace' | 'aws-partner-central';
  /** Port on the loopback interface; 0 takes any free one. */
  readonly port: number;
  /** Where its state is kept; absent: in memory only. */
  readonly file: string | undefined;
  readonly bus: LocalBus | undefined;
}

/** A simulated CRM: what it tells goes to a webhook. */
export interface CrmSimulatorTask {
  readonly system: 'salesforce' | 'hubspot';
  /** Port on the loopback interface; 0 takes any free one. */
  readonly port: number;
  /** Where its state is kept; absent: in memory only. */
  readonly file: string | undefined;
  /** The credentials the hub will use, by the names the connection uses. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Where it sends its webhooks; absent: nowhere. */
  readonly webhookUrl: string | undefined;
  /** Objects it tells about, by the vendor's names. */
  readonly objects: readonly string[];
  /** Whether it is filled with the sample data when it is empty. */
  readonly isSeeded: boolean;
  /** How much of the sample data, 0.1 to 1 (default). */
  readonly sampleScale?: number;
  /** The account's limits, where they differ from the vendor's usual ones. */
  readonly limits?: { readonly per10Seconds?: number; readonly searchesPerSecond?: number; readonly perDay?: number };
}

/** What the thread answers. */
export type SimulatorAnswer =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly reason: string };
