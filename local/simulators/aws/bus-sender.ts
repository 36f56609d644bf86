import { WebhookSender, type WebhookStatistics } from '../shared/webhook-sender.ts';
import type { AwsEvent } from './aws-event.ts';

/** Where the embedded EventBridge of a local hub listens, and the bus on which AWS services put their events. */
export interface LocalBus {
  /** For example `http://127.0.0.1:41001`. */
  readonly endpoint: string;
  /** With AWS always the default bus of the account, which is the default here too. */
  readonly busName?: string;
}

/** Sends events to the bus of a local hub. */
export interface BusSender {
  readonly publish: (event: AwsEvent) => void;
  /** Resolves when everything was taken or given up. */
  idle(): Promise<void>;
  statistics(): WebhookStatistics;
  close(): void;
}

/**
 * Puts events on the bus of a local hub in the place of an AWS service.
 *
 * PutEvents is not the way: like AWS, the embedded bus refuses sources that begin with `aws.` from everybody. It has a
 * door of its own for simulated AWS services, `PublishServiceEvents`, which takes whole events and keeps their id,
 * account, region and time. *Faults*: none are thrown; what could not be delivered after ten tries is counted as
 * abandoned, as AWS delivers on a best-effort basis.
 */
export function createBusSender({ endpoint, busName = 'default' }: LocalBus): BusSender {
  const sender = new WebhookSender<AwsEvent>({
    batchSizeMax: 10,
    // Events of one account in the order they happened, as long as nothing fails.
    concurrencyMax: 1,
    post: (events) => ({
      url: endpoint,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PublishServiceEvents' },
      body: JSON.stringify({ EventBusName: busName, Events: events }),
    }),
    isTaken: (status, body) => status === 200 && body.includes('"FailedEntryCount":0'),
  });
  return {
    publish: (event) => sender.send([event]),
    idle: () => sender.idle(),
    statistics: () => sender.statistics(),
    close: () => sender.close(),
  };
}
