import { pathToFileURL } from 'node:url';
import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../functions/runtime/config.ts';
import { readEnvironment } from '../../functions/runtime/environment.ts';
import { FUNCTION_NAMES } from '../../infra/function-names.ts';
import { CONNECTIONS, pick, QUEUES, type SynthesisedFixture, synthesiseFixture } from './synthesise-fixture.ts';

let dev: SynthesisedFixture;

beforeAll(async () => {
  dev = await synthesiseFixture();
});

describe('the functions', () => {
  it('are five, on Node 24 and Arm, each with its own log, role and name', () => {
    const functions = Object.values(dev.resources('AWS::Lambda::Function'));

    expect(functions.map(({ Properties }) => Properties.FunctionName).sort()).toEqual(
      FUNCTION_NAMES.map((name) => `Tributary-dev-${name}`).sort(),
    );
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON' },
      });
    }
    const own = (property: (properties: Readonly<Record<string, unknown>>) => unknown) =>
      new Set(functions.map(({ Properties }) => JSON.stringify(property(Properties)))).size;
    expect(own((properties) => properties.Role)).toBe(FUNCTION_NAMES.length);
    expect(own((properties) => properties.LoggingConfig)).toBe(FUNCTION_NAMES.length);
  });

  it('are told where everything is', () => {
    for (const { Properties } of Object.values(dev.resources('AWS::Lambda::Function'))) {
      const variables = pick(Properties, 'Environment', 'Variables');
      expect(Object.keys(variables ?? {}).sort()).toEqual([
        'BUS_NAME',
        'DEAD_LETTER_QUEUE_URLS',
        'ERASURES_TABLE_NAME',
        'INBOUND_QUEUE_URL',
        'OUTBOUND_QUEUE_URLS',
        'POWERTOOLS_LOG_LEVEL',
        'POWERTOOLS_METRICS_NAMESPACE',
        'POWERTOOLS_SERVICE_NAME',
        'SECRET_NAMES',
        'STAGE',
        'SWEEP_QUEUE_URL',
        'TABLE_NAME',
      ]);
    }
  });

  it('know the addresses of queues by connection and by name, and secrets by connection', () => {
    const [absorb] = Object.values(dev.resources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.FunctionName === 'Tributary-dev-absorb-changes',
    );
    const variable = (name: string) => pick(absorb, 'Properties', 'Environment', 'Variables', name);

    expect(joined(variable('OUTBOUND_QUEUE_URLS'))).toEqual(
      Object.fromEntries(CONNECTIONS.map((id) => [id, dev.queue(`outbound-${id}`).id])),
    );
    expect(joined(variable('DEAD_LETTER_QUEUE_URLS'))).toEqual(
      Object.fromEntries(QUEUES.map((name) => [name, dev.queue(`${name}-dead-letters`).id])),
    );
    expect(JSON.parse(String(variable('SECRET_NAMES')))).toEqual({
      salesforce: 'tributary/dev/salesforce',
      'salesforce-emea': 'crm/salesforce-emea',
      hubspot: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:crm/hubspot-AbCdEf',
    });
  });

  it('understand what they are told, and the configuration beside their code', async () => {
    const [resource] = Object.values(dev.resources('AWS::Lambda::Function'));
    const variables = pick(resource, 'Properties', 'Environment', 'Variables') as Readonly<Record<string, unknown>>;
    const asOnAws = Object.entries(variables).map(([name, value]) => [name, deployed(value)]);

    const environment = readEnvironment(Object.fromEntries(asOnAws));
    const config = await readConfig(pathToFileURL(`${dev.hub.bundles[0]?.directory}/config.json`));

    expect(Object.keys(environment.outboundQueueUrls)).toEqual(CONNECTIONS);
    expect(Object.keys(environment.deadLetterQueueUrls)).toEqual(QUEUES);
    expect(config.connections.map(({ id }) => id)).toEqual(CONNECTIONS);
    // A claim must outlive the function that took it and the vendor call it may have left behind.
    const timeoutMs = dev.hub.config.stage.functions['deliver-changes'].timeoutSeconds * 1000;
    expect(config.limits.deliveryLeaseMs).toBeGreaterThan(timeoutMs + config.limits.vendorCallMs);
  });

  it('read their queues in batches that may succeed in part, within the bounds of the stage', () => {
    const readers = Object.values(dev.resources('AWS::Lambda::EventSourceMapping'));

    expect(readers).toHaveLength(QUEUES.length);
    for (const { Properties } of readers) {
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
    dev.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [dev.queue('inbound').id, 'Arn'] },
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  it('keep a part of the concurrency only where the stage says so', () => {
    dev.template.allResourcesProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
  });
});

/** The JSON text that a variable becomes. */
function joined(value: unknown): unknown {
  return JSON.parse(deployed(value));
}

/** What CloudFormation makes of a value, with logical ids for what it refers to. */
function deployed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'Ref' in value) return String(value.Ref);
  const parts = pick(value, 'Fn::Join', 1);
  if (!Array.isArray(parts)) throw new Error('neither a text nor a reference');
  return parts.map(deployed).join('');
}
