import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createJsonClient } from '../../../local/aws/wire/json-client.ts';
import { type Hub, type HubOptions, startHub } from '../../../local/runtime/hub.ts';
import { StartFault } from '../../../local/runtime/start-fault.ts';
import { functionResource, writeSmallAssembly } from './small-assembly.ts';

const root = mkdtempSync(join(tmpdir(), 'hub-'));
const sdk = (name: string): string => import.meta.resolve(name);

/** Takes a request, puts an event on the bus; its address tells which of several things to do instead. */
const RECEIVER = `
import { EventBridgeClient, PutEventsCommand } from '${sdk('@aws-sdk/client-eventbridge')}';
import { SecretsManagerClient, GetSecretValueCommand } from '${sdk('@aws-sdk/client-secrets-manager')}';
const bus = new EventBridgeClient({});
const secrets = new SecretsManagerClient({});
export async function handler(event, context) {
  const what = event.pathParameters?.what;
  if (what === 'echo') return { event, remaining: context.getRemainingTimeInMillis(), environment: { ...process.env } };
  if (what === 'secret') return { secret: (await secrets.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_NAME }))).SecretString };
  if (what === 'header') return { statusCode: 200, headers: { 'x-a': 'one\\ntwo' } };
  if (what === 'throw') throw new Error('made to fail');
  if (what === 'exit') process.exit(3);
  if (what === 'hang') return new Promise(() => setInterval(() => undefined, 1000));
  console.log(JSON.stringify({ level: 'INFO', message: 'taken' }));
  console.log(JSON.stringify({ level: 'WARN', message: 'look at this' }));
  const answer = await bus.send(new PutEventsCommand({ Entries: [{ EventBusName: process.env.BUS_NAME, Source: 'small', DetailType: 'Noted', Detail: event.body }] }));
  return { statusCode: 202, headers: { 'x-failed': String(answer.FailedEntryCount) }, cookies: ['a=1'], body: event.pathParameters.what };
}
`;

/** Stores what it is given; a message that says so fails. */
const STORER = `
import { DynamoDBClient, PutItemCommand } from '${sdk('@aws-sdk/client-dynamodb')}';
const table = new DynamoDBClient({});
export async function handler({ Records }) {
  const failures = [];
  for (const { messageId, body } of Records) {
    const { id, fails } = JSON.parse(body);
    if (fails) failures.push({ itemIdentifier: messageId });
    else await table.send(new PutItemCommand({ TableName: process.env.TABLE_NAME, Item: { pk: { S: id }, sk: { S: 'record' }, batch: { N: String(Records.length) } } }));
  }
  return { batchItemFailures: failures };
}
`;

const RESOURCES = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    },
  },
  Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: 'work',
      VisibilityTimeout: 30,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
    },
  },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'small-bus' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['small'], detail: { id: [{ prefix: 'a' }] } },
      Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, InputPath: '$.detail' }],
    },
  },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'small/secret', SecretString: '{}' } },
  Receiver: functionResource('Receiver', {
    timeoutSeconds: 2,
    environment: {
      BUS_NAME: { Ref: 'Bus' },
      SECRET_NAME: { Ref: 'Secret' },
      SECRET_NAMES: '{"hubspot":"small/secret"}',
      QUEUE_URL: { Ref: 'Queue' },
    },
  }),
  Storer: functionResource('Storer', { environment: { TABLE_NAME: { Ref: 'Table' } } }),
  Source: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      FunctionName: { Ref: 'Storer' },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  },
  Role: { Type: 'AWS::IAM::Role', Properties: {} },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { StageName: '$default' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
      IntegrationUri: { 'Fn::GetAtt': ['Receiver', 'Arn'] },
    },
  },
  Open: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      RouteKey: 'POST /open/{what}',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
  Guarded: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      RouteKey: 'ANY /api/{what}',
      AuthorizationType: 'AWS_IAM',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
};

const CONFIG = {
  connections: [{ id: 'hubspot', credentials: { env: { accessToken: 'SMALL_TOKEN', clientSecret: 'SMALL_UNSET' } } }],
};

const running: Hub[] = [];
afterEach(async () => {
  for (const hub of running.splice(0)) await hub.stop();
});

let sequence = 0;
function options(more: Partial<HubOptions> = {}, resources: object = RESOURCES): HubOptions {
  sequence += 1;
  const assembly = writeSmallAssembly({
    directory: join(root, `assembly-${sequence}`),
    bundles: { Receiver: RECEIVER, Storer: STORER },
    resources: { ...resources },
    config: CONFIG,
  });
  return {
    root,
    assembly,
    httpPort: 0,
    dataDirectory: join(root, `data-${sequence}`),
    variables: { SMALL_TOKEN: 'a token' },
    show: () => undefined,
    ...more,
  };
}

async function start(hubOptions: HubOptions): Promise<Hub> {
  const hub = await startHub(hubOptions);
  running.push(hub);
  return hub;
}

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('It did not happen in 10 seconds.');
}

function item(hub: Hub, id: string): Promise<unknown> {
  const client = createJsonClient({
    endpoint: hub.endpoints.dynamodb,
    targetPrefix: 'DynamoDB_20120810',
    version: '1.0',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
      'x-amz-date': '20260101T000000Z',
    },
  });
  return until(async () => {
    const answer = await client.call('GetItem', {
      TableName: 'Small-Table',
      Key: { pk: { S: id }, sk: { S: 'record' } },
    });
    return answer.ok ? answer.body.Item : undefined;
  }).finally(() => client.close());
}

const note = (hub: Hub, id: string): Promise<Response> =>
  fetch(`${hub.httpUrl}/open/note`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id }),
  });

describe('a hub started from a template', () => {
  it('carries a request through function, bus, rule, queue and function into the table', async () => {
    const shown: string[] = [];
    const hubOptions = options({ show: (line) => void shown.push(line) });
    const hub = await start(hubOptions);

    const answer = await note(hub, 'a1');
    expect(answer.status).toBe(202);
    expect(answer.headers.get('x-failed')).toBe('0');
    expect(answer.headers.get('set-cookie')).toBe('a=1');
    expect(await item(hub, 'a1')).toMatchObject({ pk: { S: 'a1' } });

    const stats = await hub.stats();
    expect(stats.functions.Receiver?.invocations).toBe(1);
    expect(stats.dynamodb.calls.PutItem).toBe(1);
    expect(stats.eventbridge.deliveries).toMatchObject({ open: 0, delivered: 1 });
    expect(readFileSync(join(String(hubOptions.dataDirectory), 'logs', 'Receiver.log'), 'utf8')).toContain('"taken"');
    expect(shown).toContain('Receiver: WARN look at this');
    expect(shown.some((line) => line.includes('taken'))).toBe(false);
  });

  it('gives a function the environment of the template, the endpoints, and none of its own process', async () => {
    const hub = await start(options());
    process.env.NOT_FOR_FUNCTIONS = 'x';

    const echoed = (await (
      await fetch(`${hub.httpUrl}/api/echo?b=2&b=3`, { headers: { 'X-One': '1', cookie: 'c=1; d=2' } })
    ).json()) as {
      event: {
        routeKey: string;
        rawQueryString: string;
        headers: object;
        cookies: string[];
        queryStringParameters: object;
        requestContext: { http: object };
      };
      environment: Record<string, string>;
      remaining: number;
    };
    delete process.env.NOT_FOR_FUNCTIONS;

    expect(echoed.event).toMatchObject({
      routeKey: 'ANY /api/{what}',
      rawQueryString: 'b=2&b=3',
      cookies: ['c=1', 'd=2'],
      queryStringParameters: { b: '2,3' },
      requestContext: { http: { method: 'GET', path: '/api/echo' } },
    });
    expect(echoed.event.headers).toMatchObject({ 'x-one': '1' });
    expect(echoed.environment).toMatchObject({
      BUS_NAME: 'small-bus',
      AWS_ENDPOINT_URL_SQS: hub.endpoints.sqs,
      QUEUE_URL: `${hub.endpoints.sqs}/000000000000/work`,
      AWS_LAMBDA_FUNCTION_NAME: 'Receiver',
      _HANDLER: 'index.handler',
    });
    expect(echoed.environment).not.toHaveProperty('NOT_FOR_FUNCTIONS');
    expect(echoed.environment).not.toHaveProperty('HOME');
    expect(echoed.remaining).toBeGreaterThan(0);
  });

  it('fills the secret of a connection from the environment and names what is missing', async () => {
    const shown: string[] = [];
    const hub = await start(options({ show: (line) => void shown.push(line) }));

    const { secret } = (await (await fetch(`${hub.httpUrl}/api/secret`)).json()) as { secret: string };

    expect(JSON.parse(secret)).toEqual({ accessToken: 'a token' });
    expect(shown).toEqual(['Connection hubspot lacks the environment variable SMALL_UNSET. Set it and start again.']);
  });

  it('answers as AWS does for failures, unknown routes and bodies that are too large', async () => {
    const hub = await start(options());
    const get = async (path: string): Promise<readonly [number, unknown]> => {
      const answer = await fetch(`${hub.httpUrl}${path}`);
      return [answer.status, await answer.json()];
    };

    expect(await get('/nowhere')).toEqual([404, { message: 'Not Found' }]);
    expect(await get('/api/throw')).toEqual([500, { message: 'Internal Server Error' }]);
    expect(await get('/api/exit')).toEqual([500, { message: 'Internal Server Error' }]);
    expect((await get('/api/header'))[0]).toBe(500);
    // A function that has crashed is replaced.
    expect((await get('/api/echo'))[0]).toBe(200);
    const large = await fetch(`${hub.httpUrl}/open/note`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect(large.status).toBe(413);
  });

  it('ends a function that does not end, and goes on with the next', async () => {
    const hub = await start(options());
    expect((await fetch(`${hub.httpUrl}/api/echo`)).status).toBe(200);

    expect((await fetch(`${hub.httpUrl}/api/hang`)).status).toBe(500);

    expect((await hub.stats()).functions.Receiver).toMatchObject({ timeouts: 1 });
    expect((await fetch(`${hub.httpUrl}/api/echo`)).status).toBe(200);
  });

  it('keeps guarded routes from web pages of other sites', async () => {
    const hub = await start(options());

    expect((await fetch(`${hub.httpUrl}/api/echo`, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await fetch(`${hub.httpUrl}/api/echo`, { headers: { origin: hub.httpUrl } })).status).toBe(200);
  });

  it('deletes only the messages of a batch that succeeded', async () => {
    const hub = await start(options());
    const sqs = createJsonClient({ endpoint: hub.endpoints.sqs, targetPrefix: 'AmazonSQS', version: '1.0' });
    const QueueUrl = `${hub.endpoints.sqs}/000000000000/work`;

    await sqs.call('SendMessageBatch', {
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: '{"id":"good"}' },
        { Id: 'b', MessageBody: '{"id":"bad","fails":true}' },
      ],
    });

    expect(await item(hub, 'good')).toBeDefined();
    const left = await until(async () => {
      const { work } = (await hub.stats()).sqs.queues;
      return work?.ready === 0 && work.inFlight === 1 ? work : undefined;
    });
    expect(left).toEqual({ ready: 0, delayed: 0, inFlight: 1 });
    sqs.close();
  });

  it('keeps table, messages and secrets over a restart', async () => {
    const hubOptions = options();
    const first = await start(hubOptions);
    await note(first, 'a-kept');
    await item(first, 'a-kept');
    await first.stop();

    const second = await start(hubOptions);

    expect(await item(second, 'a-kept')).toBeDefined();
    expect(statSync(join(String(hubOptions.dataDirectory), 'secrets', 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('calls its hook when services are there and functions are not', async () => {
    let seen: unknown;
    await start(
      options({
        beforeFunctions: async ({ endpoints, plan, putSecret }) => {
          seen = [Object.keys(endpoints).length, plan.functions.map(({ name }) => name)];
          await putSecret('small/secret', { accessToken: 'other' });
        },
      }),
    );
    expect(seen).toEqual([5, ['Receiver', 'Storer']]);
  });
});

describe('a start that cannot succeed', () => {
  it('names a resource type it does not know, and its logical id', async () => {
    const unknown = { ...RESOURCES, Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: {} } };
    await expect(startHub(options({}, unknown))).rejects.toThrow(/AWS::StepFunctions::StateMachine \(Machine\)/);
  });

  it('leaves nothing behind: the same directory can be used at once', async () => {
    const hubOptions = options();
    await expect(
      startHub({ ...hubOptions, beforeFunctions: () => Promise.reject(new StartFault('not today')) }),
    ).rejects.toThrow('not today');
    expect(existsSync(join(String(hubOptions.dataDirectory), 'lock'))).toBe(false);
    await start(hubOptions);
  });

  it('says that another hub holds the data directory', async () => {
    const hubOptions = options();
    await start(hubOptions);
    await expect(startHub(hubOptions)).rejects.toThrow(
      /Another hub \(process \d+\) is running .*another data directory with --data\./,
    );
  });

  it('takes a directory over from a hub that was killed', async () => {
    const hubOptions = options();
    const first = await start(hubOptions);
    await first.stop();
    // No process has this id on any system the hub runs on.
    writeFileSync(join(String(hubOptions.dataDirectory), 'lock'), '4194399');
    await start(hubOptions);
  });

  it('says which port is taken', async () => {
    const first = await start(options());
    const port = Number(new URL(first.httpUrl).port);
    await expect(startHub(options({ httpPort: port }))).rejects.toThrow(
      `Port ${port} cannot be used (EADDRINUSE). Stop the program that uses it, or choose another port with --port.`,
    );
  });
});

process.on('exit', () => rmSync(root, { recursive: true, force: true }));
