import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Environment } from '../runtime/environment.ts';

/** Rounds of up to 10 messages for each queue in one call; the rest is for the next. */
const ROUNDS_MAX = 50;

/** How many dead letters went back, by queue. */
export interface RedriveReport {
  readonly moved: Readonly<Record<string, number>>;
  /** Whether a queue may have more. */
  readonly hasMore: boolean;
}

/**
 * Sends dead letters to the queue they came from again, and takes each away only after its queue accepted it: a crash in
 * between sends it twice, which is harmless. Bounded; call again while `hasMore`.
 */
export async function redriveDeadLetters(sqs: SQSClient, environment: Environment): Promise<RedriveReport> {
  const moved: Record<string, number> = {};
  let hasMore = false;
  for (const [queue, deadUrl] of Object.entries(environment.deadLetterQueueUrls)) {
    const targetUrl = urlOf(queue, environment);
    if (targetUrl === undefined) continue;
    let count = 0;
    let round = 0;
    for (; round < ROUNDS_MAX; round++) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: deadUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['MessageGroupId'],
        }),
      );
      if (Messages.length === 0) break;
      count += await move(sqs, deadUrl, targetUrl, Messages);
    }
    moved[queue] = count;
    hasMore ||= round === ROUNDS_MAX;
  }
  return { moved, hasMore };
}

async function move(sqs: SQSClient, fromUrl: string, toUrl: string, messages: readonly Message[]): Promise<number> {
  const sent = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: toUrl,
      Entries: messages.map(({ Body = '', Attributes }, index) => ({
        Id: String(index),
        MessageBody: Body,
        ...(Attributes?.MessageGroupId === undefined ? {} : { MessageGroupId: Attributes.MessageGroupId }),
      })),
    }),
  );
  const accepted = (sent.Successful ?? []).flatMap(({ Id }) => messages[Number(Id)] ?? []);
  if (accepted.length === 0) return 0;
  await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: fromUrl,
      Entries: accepted.map(({ ReceiptHandle = '' }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
  return accepted.length;
}

function urlOf(queue: string, environment: Environment): string | undefined {
  if (queue === 'inbound') return environment.inboundQueueUrl;
  if (queue === 'sweep') return environment.sweepQueueUrl;
  const connection = queue.startsWith('outbound-') ? queue.slice('outbound-'.length) : '';
  return environment.outboundQueueUrls[connection];
}
