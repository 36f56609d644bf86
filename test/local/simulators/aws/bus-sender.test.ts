import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventBridge, startEventBridge } from '../../../../local/aws/eventbridge.ts';
import { type Sqs, startSqs } from '../../../../local/aws/sqs.ts';
import { createJsonClient, type JsonClient } from '../../../../local/aws/wire/json-client.ts';
import type { AwsEvent } from '../../../../local/simulators/aws/aws-event.ts';
import { createBusSender } from '../../../../local/simulators/aws/bus-sender.ts';

const directory = mkdtempSync(join(tmpdir(), 'bus-sender-'));
let sqs: Sqs;
let service: EventBridge;
let queues: JsonClient;
let queueUrl: string;
let bus: EventBridgeClient;

const event: AwsEvent = {
  version: '0',
  id: '5f2b1c1e-0000-4000-8000-000000000001',
  'detail-type': 'Offer Released',
  source: 'aws.marketplacecatalog',
  account: '111122223333',
  time: '2026-03-02T10:15:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:aws-marketplace:us-east-1:111122223333:AWSMarketplace/Offer/offer-1'],
  detail: { catalog: 'AWSMarketplace', offer: { id: 'offer-1' } },
};

beforeAll(async () => {
  sqs = await startSqs({ directory: join(directory, 'sqs') });
  service = await startEventBridge({
    directory: join(directory, 'bus'),
    sqsEndpoint: sqs.endpoint,
    lambdaEndpoint: 'http://127.0.0.1:1',
  });
  queues = createJsonClient({ endpoint: sqs.endpoint, targetPrefix: 'AmazonSQS', version: '1.0' });
  const created = await queues.call('CreateQueue', { QueueName: 'heard' });
  queueUrl = created.ok ? String(created.body.QueueUrl) : '';
  bus = new EventBridgeClient({
    endpoint: service.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const pattern = JSON.stringify({ source: [{ prefix: 'aws.' }] });
  await bus.send(new PutRuleCommand({ Name: 'from-aws', EventPattern: pattern }));
  const target = { Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:000000000000:heard' };
  await bus.send(new PutTargetsCommand({ Rule: 'from-aws', Targets: [target] }));
  await service.resume();
});

afterAll(async () => {
  bus.destroy();
  queues.close();
  await service.stop();
  await sqs.stop();
  rmSync(directory, { recursive: true });
});

async function heard(): Promise<readonly unknown[]> {
  const answer = await queues.call('ReceiveMessage', {
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 10,
  });
  const messages = answer.ok ? ((answer.body.Messages ?? []) as readonly { Body: string }[]) : [];
  return messages.map(({ Body }) => JSON.parse(Body) as unknown);
}

describe('a simulated AWS service', () => {
  it('puts its events on the default bus with their own id, account and time', async () => {
    const sender = createBusSender({ endpoint: service.endpoint });

    sender.publish(event);
    await sender.idle();
    sender.close();

    expect(await heard()).toEqual([event]);
    expect(sender.statistics()).toMatchObject({ taken: 1, abandoned: 0, failedPosts: 0 });
  });
});

describe('the door for simulated AWS services', () => {
  const door = () => createJsonClient({ endpoint: service.endpoint, targetPrefix: 'AWSEvents', version: '1.1' });

  it('leaves PutEvents as strict as it is with AWS', async () => {
    const answer = await bus.send(
      new PutEventsCommand({ Entries: [{ Source: event.source, DetailType: 'Offer Released', Detail: '{}' }] }),
    );

    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries?.[0]?.ErrorCode).toBe('NotAuthorizedForSourceException');
  });

  it.each([
    ['a source that is not of AWS', { ...event, source: 'tributary' }],
    ['no account', { ...event, account: 'me' }],
    ['a detail that is no object', { ...event, detail: 'text' }],
  ])('refuses an event with %s', async (_name, wrong) => {
    const client = door();

    const answer = await client.call('PublishServiceEvents', { Events: [wrong] });
    client.close();

    expect(answer).toMatchObject({
      ok: true,
      body: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InvalidArgument' }] },
    });
  });

  it('refuses a bus that is not there, and more than ten events', async () => {
    const client = door();

    const unknown = await client.call('PublishServiceEvents', { EventBusName: 'none', Events: [event] });
    const many = await client.call('PublishServiceEvents', { Events: Array.from({ length: 11 }, () => event) });
    client.close();

    expect(unknown).toMatchObject({ ok: false, fault: { code: 'ResourceNotFoundException' } });
    expect(many).toMatchObject({ ok: false, fault: { code: 'ValidationException' } });
  });
});
