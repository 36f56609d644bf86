import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createJsonClient } from '../../../local/aws/wire/json-client.ts';
import { startHub } from '../../../local/runtime/hub.ts';
import { functionResource, writeSmallAssembly } from './small-assembly.ts';

const root = mkdtempSync(join(tmpdir(), 'killed-hub-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const sdk = (name: string): string => import.meta.resolve(name);

/** Puts the id it is sent on the bus, and answers only when the bus has it. */
const RECEIVER = `
import { EventBridgeClient, PutEventsCommand } from '${sdk('@aws-sdk/client-eventbridge')}';
const bus = new EventBridgeClient({});
export async function handler({ pathParameters }) {
  const answer = await bus.send(new PutEventsCommand({ Entries: [{ Source: 'small', DetailType: 'Noted', Detail: JSON.stringify(pathParameters) }] }));
  return { statusCode: answer.FailedEntryCount === 0 ? 202 : 500 };
}
`;

const STORER = `
import { DynamoDBClient, PutItemCommand } from '${sdk('@aws-sdk/client-dynamodb')}';
const table = new DynamoDBClient({});
export async function handler({ Records }) {
  for (const { body } of Records) await table.send(new PutItemCommand({ TableName: 'records', Item: { pk: { S: JSON.parse(body).id } } }));
}
`;

const RESOURCES = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'records',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
  },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work', VisibilityTimeout: 900 } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['small'] },
      Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, InputPath: '$.detail' }],
    },
  },
  Receiver: functionResource('Receiver'),
  Storer: functionResource('Storer'),
  Source: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Storer' }, BatchSize: 5 },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
      IntegrationUri: { 'Fn::GetAtt': ['Receiver', 'Arn'] },
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { RouteKey: 'POST /{id}', Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] } },
  },
};

it('a hub killed in the middle of its work has done all of it after the next start', async () => {
  const assembly = writeSmallAssembly({
    directory: join(root, 'assembly'),
    bundles: { Receiver: RECEIVER, Storer: STORER },
    resources: RESOURCES,
  });
  const dataDirectory = join(root, 'data');
  const child = fork(join(import.meta.dirname, 'killed-hub.ts'), [root, assembly, dataDirectory], { execArgv: [] });
  const [url] = (await once(child, 'message')) as [string];
  const accepted: string[] = [];
  const send = async (sender: number): Promise<void> => {
    for (let index = 0; ; index += 1) {
      const id = `s${sender}n${index}`;
      const answer = await fetch(`${url}/${id}`, { method: 'POST' }).catch(() => undefined);
      if (answer?.status !== 202) return;
      accepted.push(id);
      if (accepted.length === 200) child.kill('SIGKILL');
    }
  };
  await Promise.all([1, 2, 3, 4].map(send));
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');

  const hub = await startHub({ root, assembly, dataDirectory, httpPort: 0, show: () => undefined });
  const table = createJsonClient({
    endpoint: hub.endpoints.dynamodb,
    targetPrefix: 'DynamoDB_20120810',
    version: '1.0',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
      'x-amz-date': '20260101T000000Z',
    },
  });
  let missing: readonly string[] = accepted;
  for (const end = Date.now() + 15_000; missing.length > 0 && Date.now() < end; ) {
    const answer = await table.call('Scan', { TableName: 'records' });
    const stored = new Set(answer.ok ? (answer.body.Items as { pk: { S: string } }[]).map(({ pk }) => pk.S) : []);
    missing = accepted.filter((id) => !stored.has(id));
  }
  table.close();
  await hub.stop();

  expect(accepted.length).toBeGreaterThanOrEqual(200);
  expect(missing).toEqual([]);
});
