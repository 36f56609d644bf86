import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIAL_METRIC as COUNTED, DAY_SPENT_METRIC as SPENT } from '../../functions/runtime/hub-metrics.ts';
import { FUNCTION_NAMES } from '../../infra/function-names.ts';
import {
  makeFolder,
  pick,
  QUEUES,
  ROOT,
  type SynthesisedFixture,
  synthesiseFixture,
  THREE_CONNECTIONS,
} from './synthesise-fixture.ts';

let dev: SynthesisedFixture;
let alarms: readonly Readonly<Record<string, unknown>>[];

beforeAll(async () => {
  dev = await synthesiseFixture();
  alarms = Object.values(dev.resources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
});

/** The alarm of this name. */
function alarm(name: string): Readonly<Record<string, unknown>> {
  const found = alarms.find(({ AlarmName }) => AlarmName === `Tributary-dev-${name}`);
  if (found === undefined) throw new Error(`there is no alarm ${name}`);
  return found;
}

describe('every alarm', () => {
  it('says who is hurt and what to do first, in sentences', () => {
    expect(alarms.length).toBeGreaterThan(20);
    for (const { AlarmDescription } of alarms) {
      expect(AlarmDescription).toMatch(/^Who is hurt: [A-Z].{20,}\. What to do first: [A-Z].{20,}\.$/);
    }
  });

  it('says something of its own', () => {
    expect(new Set(alarms.map(({ AlarmDescription }) => AlarmDescription)).size).toBe(alarms.length);
  });

  it('tells the topic, also when it is over, and takes silence for good news', () => {
    const [topic] = Object.keys(dev.resources('AWS::SNS::Topic'));
    for (const properties of alarms) {
      expect(properties).toMatchObject({
        AlarmActions: [{ Ref: topic }],
        OKActions: [{ Ref: topic }],
        TreatMissingData: 'notBreaching',
      });
    }
  });
});

describe('what is watched', () => {
  it.each([...QUEUES.map((name) => `${name}-dead-letters`), 'undelivered-events'])(
    'the first message in %s',
    (name) => {
      expect(alarm(name)).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [dev.queue(name).id, 'QueueName'] } }],
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        EvaluationPeriods: 1,
      });
    },
  );

  it.each([
    ['inbound', 300],
    ['sweep', 1800],
    ['outbound-hubspot', 900],
  ])('the oldest message of %s, against the limit of the stage', (name, seconds) => {
    expect(alarm(`${name}-late`)).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [dev.queue(name).id, 'QueueName'] } }],
      Threshold: seconds,
    });
  });

  it.each(FUNCTION_NAMES)('crashes and throttles of %s', (name) => {
    expect(alarm(`${name}-errors`)).toMatchObject({ MetricName: 'Errors', Namespace: 'AWS/Lambda' });
    expect(alarm(`${name}-throttled`)).toMatchObject({ MetricName: 'Throttles', Namespace: 'AWS/Lambda' });
  });

  it('webhooks that are refused, apart from the rest of the API', () => {
    const { MetricName, Dimensions, Threshold } = alarm('webhooks-refused');

    expect(MetricName).toBe('4xx');
    expect(Dimensions).toContainEqual({ Name: 'Resource', Value: '/webhooks/{connection}' });
    expect(Threshold).toBe(50);
  });

  it('throttled requests of the table', () => {
    expect(metricNames('table-throttled')).toEqual(['ReadThrottleEvents', 'WriteThrottleEvents']);
  });

  it('credentials that a system refuses, counted by any function', () => {
    const services = (alarm('credentials').Metrics as unknown[])
      .filter((metric) => typeof metric === 'object' && metric !== null && 'MetricStat' in metric)
      .map((metric) => ({
        namespace: pick(metric, 'MetricStat', 'Metric', 'Namespace'),
        service: pick(metric, 'MetricStat', 'Metric', 'Dimensions', 0, 'Value'),
      }));

    expect(metricNames('credentials')).toEqual(FUNCTION_NAMES.map(() => COUNTED));
    expect(services).toEqual(FUNCTION_NAMES.map((service) => ({ namespace: 'Tributary/dev', service })));
    expect(alarm('credentials').Threshold).toBe(0);
  });

  it('allowances of a day that are used up while people wait, when it goes on for a quarter of an hour', () => {
    expect(metricNames('day-allowance-spent')).toEqual(FUNCTION_NAMES.map(() => SPENT));
    expect(alarm('day-allowance-spent')).toMatchObject({ Threshold: 0, EvaluationPeriods: 3 });
  });

  function metricNames(name: string): readonly unknown[] {
    return (alarm(name).Metrics as unknown[])
      .filter((metric) => typeof metric === 'object' && metric !== null && 'MetricStat' in metric)
      .map((metric) => pick(metric, 'MetricStat', 'Metric', 'MetricName'))
      .sort();
  }
});

describe('the topic of the alarms', () => {
  it('is encrypted by a key that turns, and that alarms of this account may use', () => {
    const [key] = Object.entries(dev.resources('AWS::KMS::Key'));
    const [topic] = Object.values(dev.resources('AWS::SNS::Topic'));

    expect(topic?.Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [key?.[0], 'Arn'] });
    expect(key?.[1].Properties.EnableKeyRotation).toBe(true);
    expect(pick(key?.[1], 'Properties', 'KeyPolicy', 'Statement')).toContainEqual(
      expect.objectContaining({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    );
  });

  it('is published to by alarms of this account, and over TLS only', () => {
    const [policy] = Object.values(dev.resources('AWS::SNS::TopicPolicy'));

    const statements = pick(policy, 'Properties', 'PolicyDocument', 'Statement');
    expect(statements).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ]);
  });

  it('writes to the address of the stage, if it has one', async () => {
    const root = makeFolder();
    const stages = readFileSync(join(ROOT, 'infra/stages.yaml'), 'utf8').replace(
      'alarms:\n',
      'alarms:\n    email: ops@example.com\n',
    );
    mkdirSync(join(root, 'infra'));
    writeFileSync(join(root, 'infra/stages.yaml'), stages);
    const fixtures = join(ROOT, 'test/infra/fixtures');

    const told = await synthesiseFixture({
      root,
      connectionsFile: join(ROOT, THREE_CONNECTIONS),
      functions: join(fixtures, 'functions'),
      mappings: join(fixtures, 'mappings'),
    });

    told.template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.com' });
    dev.template.resourceCountIs('AWS::SNS::Subscription', 0);
  });
});

describe('the dashboard', () => {
  it('follows a change on its way', () => {
    const [dashboard] = Object.values(dev.resources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);

    const steps = ['Webhooks', 'sweep-changes', 'absorb-changes', 'deliver-changes', 'Dead letters'];
    const places = steps.map((step) => body.indexOf(`\\"title\\":\\"${step}\\"`));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});
