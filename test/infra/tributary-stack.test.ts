import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/function-names.ts';
import { makeFolder, pick, type SynthesisedFixture, synthesiseFixture } from './synthesise-fixture.ts';

let dev: SynthesisedFixture;

beforeAll(async () => {
  dev = await synthesiseFixture();
});

describe('the data', () => {
  it('lies in one table: on demand, encrypted, restorable, with the two sparse indexes', () => {
    dev.template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'lists',
          KeySchema: [
            { AttributeName: 'listPk', KeyType: 'HASH' },
            { AttributeName: 'listSk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
        {
          IndexName: 'recent',
          KeySchema: [
            { AttributeName: 'recentPk', KeyType: 'HASH' },
            { AttributeName: 'recentSk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
  });

  it('has the list of erasures apart, so that a restore of the one does not set back the other', () => {
    const tables = Object.entries(dev.resources('AWS::DynamoDB::Table'));
    const [, erasures] = tables.find(([id]) => id.startsWith('Erasures')) ?? [];

    expect(tables).toHaveLength(2);
    expect(erasures).toMatchObject({
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      },
    });
  });

  it('stays when the stack goes, by default', () => {
    dev.template.allResources('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    });
    dev.template.allResources('AWS::SecretsManager::Secret', { DeletionPolicy: 'Retain' });
    dev.template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
  });

  it('goes with the stack where the stage says so', async () => {
    const sandbox = await synthesiseFixture({ stage: 'sandbox' });

    sandbox.template.allResources('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
    sandbox.template.allResources('AWS::SecretsManager::Secret', { DeletionPolicy: 'Delete' });
    sandbox.template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  it('is logged for as long as the stage says', () => {
    dev.template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 14 });
    dev.template.resourceCountIs('AWS::Logs::LogGroup', FUNCTION_NAMES.length + 1);
  });

  it('needs a secret only for connections that do not name one', () => {
    dev.template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    dev.template.hasResourceProperties('AWS::SecretsManager::Secret', {
      Name: 'tributary/dev/salesforce',
      SecretString: '{}',
    });
  });

  it('is not in the configuration beside the code: names of credentials are, and limits', () => {
    const [bundle] = dev.hub.bundles;
    const config = JSON.parse(readFileSync(`${bundle?.directory}/config.json`, 'utf8'));

    expect(Object.keys(config).sort()).toEqual(['connections', 'limits', 'mappings', 'stage']);
    expect(config.connections[0].credentials).toEqual({
      env: { clientId: 'SALESFORCE_CLIENT_ID', clientSecret: 'SALESFORCE_CLIENT_SECRET' },
    });
  });
});

describe('the door', () => {
  it('is open for webhooks, and for the API only to those IAM lets in', () => {
    const routes = Object.values(dev.resources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]);

    expect(Object.fromEntries(routes)).toEqual({
      'POST /webhooks/{connection}': 'NONE',
      'GET /api/{proxy+}': 'AWS_IAM',
      'POST /api/{proxy+}': 'AWS_IAM',
    });
    dev.template.allResourcesProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0' });
  });

  it('is throttled and logged, without what may be personal or secret', () => {
    const [stage] = Object.values(dev.resources('AWS::ApiGatewayV2::Stage'));

    expect(stage?.Properties).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400, DetailedMetricsEnabled: true },
      AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': expect.anything() } },
    });
    const format = String(pick(stage, 'Properties', 'AccessLogSettings', 'Format'));
    expect(JSON.parse(format)).toMatchObject({ status: '$context.status', route: '$context.routeKey' });
    expect(format).not.toMatch(/sourceIp|userAgent|querystring|path|user\b/i);
  });

  it('is told in the outputs, with the other things an administrator asks for', () => {
    const outputs = dev.template.findOutputs('*');

    expect(Object.keys(outputs).sort()).toEqual(['AlarmTopicArn', 'ApiUrl', 'BusName', 'TableName', 'WebhookBaseUrl']);
  });
});

describe('the stack', () => {
  it('is made of types that the hub on one machine knows, and of no custom resources', () => {
    const { Resources } = JSON.parse(dev.text) as { Resources: Record<string, { Type: string }> };
    const services = new Set(Object.values(Resources).map(({ Type }) => Type.split('::').slice(0, 2).join('::')));

    expect([...services].sort()).toEqual([
      'AWS::ApiGatewayV2',
      'AWS::CloudWatch',
      'AWS::DynamoDB',
      'AWS::Events',
      'AWS::IAM',
      'AWS::KMS',
      'AWS::Lambda',
      'AWS::Logs',
      'AWS::SNS',
      'AWS::SQS',
      'AWS::SecretsManager',
    ]);
  });

  it('is the same, byte for byte, when it is synthesised again elsewhere', async () => {
    const again = await synthesiseFixture({ outdir: makeFolder() });

    expect(again.text).toBe(dev.text);
    expect(readFileSync(again.hub.assetsFile, 'utf8')).toBe(readFileSync(dev.hub.assetsFile, 'utf8'));
  });
});
