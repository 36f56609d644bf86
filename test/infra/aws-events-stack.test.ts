import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { AwsEventsStack } from '../../infra/aws-events-stack.ts';
import { AWS_PERMISSIONS } from '../../infra/grant-aws.ts';
import { pick, type SynthesisedFixture, synthesiseFixture } from './synthesise-fixture.ts';

const AWS_CONNECTIONS = 'test/infra/fixtures/aws-connections.yaml';
const MARKETPLACE = ['aws.agreement-marketplace', 'aws.marketplacecatalog', 'aws.marketplace'];

let hub: SynthesisedFixture;
const forwarders: { readonly name: string; readonly region: string; readonly account: string; template: Template }[] =
  [];

beforeAll(async () => {
  hub = await synthesiseFixture({
    connectionsFile: AWS_CONNECTIONS,
    inspect: (app) => {
      for (const child of app.node.children) {
        if (!(child instanceof AwsEventsStack)) continue;
        const { stackName: name, region, account } = child;
        forwarders.push({ name, region, account, template: Template.fromStack(child) });
      }
    },
  });
});

describe('events of AWS', () => {
  it('are sent on from us-east-1 of each account that sells, by a stack of its own', () => {
    expect(forwarders.map(({ template: _, ...where }) => where)).toEqual([
      { name: 'Tributary-dev-aws-events-111122223333', region: 'us-east-1', account: '111122223333' },
      { name: 'Tributary-dev-aws-events-444455556666', region: 'us-east-1', account: '444455556666' },
    ]);
    const sources = [[...MARKETPLACE, 'aws.partnercentral-selling'], MARKETPLACE];
    for (const [index, { account, template }] of forwarders.entries()) {
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { source: sources[index], account: [account] },
        Targets: [{ DeadLetterConfig: { Arn: Match.anyValue() }, RoleArn: Match.anyValue() }],
      });
      expect(Object.keys(template.findParameters('*', { Type: 'String' }))).toEqual(
        expect.arrayContaining(['HubRegion', 'HubAccount']),
      );
    }
  });

  it('go to the account of the hub, which is the one whose connections need no role', () => {
    const accounts = forwarders.map(({ template }) => template.findParameters('HubAccount').HubAccount);

    expect(accounts).toMatchObject([{ Default: '111122223333' }, { Default: '111122223333' }]);
  });

  it('may be put on the bus by these accounts, and no other events by anybody else', () => {
    const policies = Object.values(hub.resources('AWS::Events::EventBusPolicy'));

    expect(policies).toHaveLength(2);
    hub.template.hasResourceProperties('AWS::Events::EventBusPolicy', {
      StatementId: 'cdk-AwsEventsOf444455556666',
      Statement: {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Condition: {
          'ForAllValues:StringEquals': { 'events:source': MARKETPLACE },
          Null: { 'events:source': 'false' },
        },
      },
    });
  });

  it('go from the bus to the inbound queue as they came', () => {
    hub.template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.anyValue() },
      EventPattern: {
        source: [...MARKETPLACE, 'aws.partnercentral-selling'],
        account: ['111122223333', '444455556666'],
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [hub.queue('inbound').id, 'Arn'] }, InputPath: '$' }],
    });
  });

  it('are nobody’s where no connection is of AWS', async () => {
    const plain = await synthesiseFixture();

    expect(plain.resources('AWS::Events::EventBusPolicy')).toEqual({});
    expect(plain.text).not.toContain('aws.marketplace');
  });
});

describe('a connection without anything secret', () => {
  it('has no secret', () => {
    expect(hub.resources('AWS::SecretsManager::Secret')).toEqual({});
    expect(hub.text).not.toContain('secretsmanager:GetSecretValue');
  });
});

describe('what the functions may do at AWS', () => {
  const statementsOf = (name: string) => {
    const policies = Object.entries(hub.resources('AWS::IAM::Policy')).filter(([id]) =>
      id.toLowerCase().startsWith(name.replaceAll('-', '')),
    );
    return policies.flatMap(([, { Properties }]) => pick(Properties, 'PolicyDocument', 'Statement') as Statement[]);
  };

  it('is what the connectors do, in the hub’s own account; elsewhere it is to assume one role', () => {
    const statements = statementsOf('deliver-changes');

    const own = statements.find(({ Sid }) => Sid === 'AtMarketplace');
    expect(own?.Action).toEqual(AWS_PERMISSIONS['aws-marketplace']?.map(({ action }) => action));
    expect(statements.find(({ Sid }) => Sid === 'AtCoSell')).toMatchObject({
      Action: 'sts:AssumeRole',
      Resource: 'arn:aws:iam::111122223333:role/co-sell',
    });
    expect(statements.find(({ Sid }) => Sid === 'AtCoSellSandbox')).toMatchObject({
      Resource: '*',
      Condition: { StringEquals: { 'partnercentral:Catalog': 'Sandbox' } },
    });
    expect(statements.find(({ Sid }) => Sid === 'AtMarketplaceEmea')).toMatchObject({ Action: 'sts:AssumeRole' });
  });

  it('is nothing for the function that only takes webhooks in', () => {
    expect(statementsOf('receive-webhook').filter(({ Sid }) => Sid?.startsWith('At'))).toEqual([]);
  });
});

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
}
