import type { JsonObject } from './aws-result.ts';

/** An event as EventBridge delivers it. */
export interface AwsEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  /** The account it happened in, 12 digits. */
  readonly account: string;
  /** Whole seconds, UTC: `2026-03-02T10:15:00Z`. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/** An instant as AWS writes it where it writes whole seconds. */
export function wholeSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
