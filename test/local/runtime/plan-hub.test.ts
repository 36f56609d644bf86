import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import { planHub } from '../../../local/runtime/plan-hub.ts';
import { readAssembly } from '../../../local/runtime/template.ts';
import { functionResource, writeSmallAssembly } from './small-assembly.ts';

const root = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const ADDRESSES = { sqs: 'http://127.0.0.1:1', http: 'http://127.0.0.1:2' };

let sequence = 0;
function planOf(resources: Record<string, unknown>) {
  sequence += 1;
  const directory = writeSmallAssembly({
    directory: join(root, String(sequence)),
    bundles: { F: 'export const handler = () => 1;' },
    resources,
  });
  return planHub(readAssembly(directory), ADDRESSES);
}

describe('the plan of a hub', () => {
  it('is what the CDK has synthesised', () => {
    const bundle = join(root, 'bundle');
    mkdirSync(bundle);
    writeFileSync(join(bundle, 'index.mjs'), 'export const handler = () => 1;');
    const app = new App({ outdir: join(root, 'cdk.out'), analyticsReporting: false });
    const stack = new Stack(app, 'Own', { env: { account: '111111111111', region: 'eu-central-1' } });
    new Table(stack, 'Table', {
      tableName: 'records',
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      timeToLiveAttribute: 'ttl',
    });
    const dead = new Queue(stack, 'Dead', { queueName: 'dead' });
    const queue = new Queue(stack, 'Queue', {
      queueName: 'work',
      visibilityTimeout: Duration.seconds(90),
      enforceSSL: true,
      deadLetterQueue: { queue: dead, maxReceiveCount: 5 },
    });
    const handler = new LambdaFunction(stack, 'F', {
      functionName: 'f',
      code: Code.fromAsset(bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(15),
      reservedConcurrentExecutions: 3,
      environment: { QUEUE_URL: queue.queueUrl, URLS: stack.toJsonString({ work: queue.queueUrl }) },
    });
    handler.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(1),
        maxConcurrency: 4,
        reportBatchItemFailures: true,
      }),
    );
    const eventBus = new EventBus(stack, 'Bus', { eventBusName: 'own' });
    new Rule(stack, 'Rule', {
      ruleName: 'deliver',
      eventBus,
      eventPattern: { detailType: ['DeliveryDue'] },
      targets: [
        new SqsQueue(queue, {
          message: RuleTargetInput.fromEventPath('$.detail'),
          deadLetterQueue: dead,
          retryAttempts: 4,
        }),
      ],
    });
    new Schedule(stack, 'Sweep', {
      scheduleName: 'sweep',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
      target: new SqsSendMessage(queue, { input: ScheduleTargetInput.fromObject({ mode: 'changes' }) }),
    });
    app.synth();

    const plan = planHub(readAssembly(join(root, 'cdk.out')), ADDRESSES);

    expect(plan.tables).toMatchObject([
      { TableName: 'records', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] },
    ]);
    expect(plan.queues.find(({ name }) => name === 'work')?.attributes).toEqual({
      VisibilityTimeout: '90',
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":5}',
    });
    const url = 'http://127.0.0.1:1/000000000000/work';
    expect(plan.functions).toMatchObject([
      {
        name: 'f',
        module: 'index',
        exportName: 'handler',
        timeoutMs: 15_000,
        concurrencyMax: 3,
        environment: { QUEUE_URL: url, URLS: JSON.stringify({ work: url }) },
      },
    ]);
    expect(plan.eventSources).toEqual([
      {
        queueName: 'work',
        queueArn: 'arn:aws:sqs:us-east-1:000000000000:work',
        functionName: 'f',
        batchSize: 100,
        windowMs: 1000,
        concurrencyMax: 4,
        reportsItemFailures: true,
      },
    ]);
    expect(plan.buses).toEqual(['own']);
    expect(plan.rules).toMatchObject([
      {
        name: 'deliver',
        busName: 'own',
        isEnabled: true,
        eventPattern: '{"detail-type":["DeliveryDue"]}',
        targets: [
          {
            Arn: 'arn:aws:sqs:us-east-1:000000000000:work',
            InputPath: '$.detail',
            RetryPolicy: { MaximumRetryAttempts: 4 },
            DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
          },
        ],
      },
    ]);
    expect(plan.schedules).toMatchObject([
      {
        Name: 'sweep',
        ScheduleExpression: 'rate(5 minutes)',
        Target: { Arn: 'arn:aws:sqs:us-east-1:000000000000:work', Input: '{"mode":"changes"}' },
      },
    ]);
  });

  it('leaves out a resource whose condition is not met', () => {
    expect(planOf({ Q: { Type: 'AWS::SQS::Queue', Properties: {} } }).queues).toHaveLength(1);
    const directory = writeSmallAssembly({
      directory: join(root, 'condition'),
      bundles: {},
      resources: { Q: { Type: 'AWS::SQS::Queue', Properties: {}, Condition: 'Never' } },
    });
    writeFileSync(
      join(directory, 'Small.template.json'),
      JSON.stringify({
        Conditions: { Never: { 'Fn::Equals': [1, 2] } },
        Resources: { Q: { Type: 'AWS::SQS::Queue', Condition: 'Never' } },
      }),
    );
    expect(planHub(readAssembly(directory), ADDRESSES).queues).toEqual([]);
  });

  it('names every resource type it does not know at once', () => {
    const unknown = { A: { Type: 'AWS::S3::Bucket' }, B: { Type: 'Custom::Thing' }, Q: { Type: 'AWS::SQS::Queue' } };
    expect(() => planOf(unknown)).toThrow(/AWS::S3::Bucket \(A\), Custom::Thing \(B\)/);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'a FIFO queue',
      { Q: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } },
      /Q: FIFO queues are not served/,
    ],
    ['a layer', { F: functionResource('F', { properties: { Layers: ['l'] } }) }, /F: Layers layers are not run here/],
    [
      'another runtime',
      { F: functionResource('F', { properties: { Runtime: 'python3.14' } }) },
      /F: Runtime only Node.js/,
    ],
    [
      'a bundle that is not there',
      { F: functionResource('F', { properties: { Code: { S3Key: 'other.zip' } } }) },
      /F: its bundle other.zip is not in the assembly/,
    ],
    [
      'a filtered event source',
      {
        M: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { EventSourceArn: 'arn:aws:sqs:::q', FunctionName: 'F', FilterCriteria: {} },
        },
      },
      /M: FilterCriteria filters/,
    ],
    [
      'a stream as event source',
      {
        M: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { EventSourceArn: 'arn:aws:dynamodb:::t', FunctionName: 'F' },
        },
      },
      /only queues are event sources/,
    ],
    [
      'a table with a stream',
      {
        T: {
          Type: 'AWS::DynamoDB::Table',
          Properties: { KeySchema: [], AttributeDefinitions: [], StreamSpecification: {} },
        },
      },
      /T: StreamSpecification streams/,
    ],
    [
      'a target with a setting it does not have',
      { R: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: 'a', Arn: 'b', EcsParameters: {} }] } } },
      /R: Targets.0/,
    ],
    [
      'a route that leads nowhere',
      { R: { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey: 'GET /', Target: 'integrations/none' } } },
      /R: it leads to no function/,
    ],
    [
      'an authorizer that is not IAM',
      {
        R: {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: { RouteKey: 'GET /', Target: 'x', AuthorizationType: 'JWT' },
        },
      },
      /only AWS_IAM/,
    ],
    [
      'a REST-like protocol',
      { A: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } } },
      /only HTTP APIs/,
    ],
  ])('refuses %s with its place', (_what, resources, reason) => {
    expect(() => planOf(resources)).toThrow(reason);
  });
});
