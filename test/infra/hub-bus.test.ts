import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONNECTIONS, type SynthesisedFixture, synthesiseFixture } from './synthesise-fixture.ts';

let dev: SynthesisedFixture;

beforeAll(async () => {
  dev = await synthesiseFixture();
});

describe('the bus', () => {
  it('has one rule for each connection, which brings its deliveries to its own queue, without the envelope', () => {
    const rules = Object.values(dev.resources('AWS::Events::Rule')).filter(({ Properties }) => Properties.EventPattern);

    expect(rules).toHaveLength(CONNECTIONS.length);
    for (const id of CONNECTIONS) {
      dev.template.hasResourceProperties('AWS::Events::Rule', {
        EventBusName: { Ref: Match.anyValue() },
        EventPattern: { source: ['tributary'], 'detail-type': ['DeliveryDue'], detail: { connection: [id] } },
        Targets: [
          {
            Arn: { 'Fn::GetAtt': [dev.queue(`outbound-${id}`).id, 'Arn'] },
            InputPath: '$.detail',
            RetryPolicy: { MaximumEventAgeInSeconds: 86_400 },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': [dev.queue('undelivered-events').id, 'Arn'] } },
          },
        ],
      });
    }
  });

  it('lets each rule send to its own queue only', () => {
    for (const id of CONNECTIONS) {
      const [ruleId] = Object.keys(
        dev.template.findResources('AWS::Events::Rule', { Properties: { Name: `Tributary-dev-${id}-deliver` } }),
      );
      dev.template.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: dev.queue(`outbound-${id}`).id }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Condition: { ArnLike: { 'aws:SourceArn': [{ 'Fn::GetAtt': [ruleId, 'Arn'] }] } },
            }),
          ]),
        },
      });
    }
  });

  it('keeps what was published for as long as the stage says, or not at all', async () => {
    const local = await synthesiseFixture({ stage: 'local' });

    dev.template.hasResourceProperties('AWS::Events::Archive', {
      RetentionDays: 14,
      EventPattern: { source: ['tributary'] },
    });
    local.template.resourceCountIs('AWS::Events::Archive', 0);
  });
});

describe('the schedules', () => {
  it.each([
    ['changes', 'rate(1 minute)'],
    ['deletions', 'rate(5 minutes)'],
    ['walk', 'cron(17 3 * * ? *)'],
  ])('start the sweep for %s of every object of every connection', (mode, expression) => {
    const rules = Object.values(dev.resources('AWS::Events::Rule')).filter(
      ({ Properties }) => Properties.ScheduleExpression === expression,
    );
    const targets = rules.flatMap(({ Properties }) => Properties.Targets as { Arn: unknown; Input: string }[]);

    expect(targets.map(({ Input }) => JSON.parse(Input))).toEqual([
      { schema: 1, connection: 'salesforce', object: 'Account', mode },
      { schema: 1, connection: 'salesforce', object: 'Opportunity', mode },
      { schema: 1, connection: 'salesforce', object: 'Contact', mode },
      { schema: 1, connection: 'salesforce', object: 'Lead', mode },
      { schema: 1, connection: 'salesforce-emea', object: 'Account', mode },
      { schema: 1, connection: 'hubspot', object: 'company', mode },
      { schema: 1, connection: 'hubspot', object: 'deal', mode },
    ]);
    const sweep = { 'Fn::GetAtt': [dev.queue('sweep').id, 'Arn'] };
    expect(targets.map(({ Arn }) => Arn)).toEqual(targets.map(() => sweep));
  });
});
