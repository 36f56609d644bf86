import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES, type FunctionName } from '../../infra/function-names.ts';
import { pick, type SynthesisedFixture, synthesiseFixture } from './synthesise-fixture.ts';

/** One statement of a policy, with its lists as lists and its resources as short text. */
interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

let dev: SynthesisedFixture;

beforeAll(async () => {
  dev = await synthesiseFixture();
});

/** Statements that may reach further than one resource, each with the reason why it may. */
const WILDCARDS: Readonly<Record<string, string>> = {
  'kms:* on *': 'The policy of a key: * is the key itself, and the account decides by IAM who may use it.',
  'kms:GenerateDataKey* on *':
    'The policy of a key: * is the key itself; the ending is for the two ways SNS asks for data keys.',
  'kms:Decrypt on *': 'The policy of a key: * is the key itself.',
  'secretsmanager:GetSecretValue on secret:crm/salesforce-emea-??????':
    'The six characters Secrets Manager adds to the name are not known before; ? stands for one each.',
};

describe('what anybody may do', () => {
  it('reaches no further than one resource and one action, but for what has a reason', () => {
    const found = new Set<string>();
    for (const { effect, actions, resources } of statementsOf(dev, ALL_POLICIES)) {
      if (effect !== 'Allow') continue;
      for (const action of actions) {
        for (const resource of resources) {
          if (/[*?]/.test(action) || /[*?]/.test(resource)) found.add(`${action} on ${resource}`);
        }
      }
    }

    expect([...found].sort()).toEqual(Object.keys(WILDCARDS).sort());
  });

  it('is never given by a policy that AWS or somebody else manages', () => {
    for (const { Properties } of Object.values(dev.resources('AWS::IAM::Role'))) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });
});

describe('what each function may do', () => {
  const record = ['GetItem', 'BatchGetItem', 'Query'].map((action) => `dynamodb:${action} on Table`);
  const change = ['PutItem', 'BatchWriteItem', 'UpdateItem', 'DeleteItem'].map(
    (action) => `dynamodb:${action} on Table`,
  );
  const erasures = (...actions: readonly string[]) => actions.map((action) => `dynamodb:${action} on Erasures`);
  const log = (name: FunctionName) => [
    `logs:CreateLogStream on ${idOf(name)}Log`,
    `logs:PutLogEvents on ${idOf(name)}Log`,
  ];
  const secrets = [
    'secretsmanager:GetSecretValue on ConnectionsalesforceSecret',
    'secretsmanager:GetSecretValue on secret:crm/hubspot-AbCdEf',
    'secretsmanager:GetSecretValue on secret:crm/salesforce-emea-??????',
  ];
  const outbound = ['salesforce', 'salesforceemea', 'hubspot'].map((id) => `Connection${id}OutboundQueue`);
  const send = (...queues: readonly string[]) => queues.map((queue) => `sqs:SendMessage on ${queue}`);
  const consume = (...queues: readonly string[]) =>
    ['ReceiveMessage', 'ChangeMessageVisibility', 'GetQueueUrl', 'DeleteMessage', 'GetQueueAttributes'].flatMap(
      (action) => queues.map((queue) => `sqs:${action} on ${queue}`),
    );
  const queues = ['InboundQueue', 'SweepQueue', ...outbound];
  const deadLetters = queues.map((queue) => queue.replace(/Queue$/, 'DeadLetters'));
  const publish = ['events:PutEvents on EventsBus'];

  const expected: Readonly<Record<FunctionName, readonly string[]>> = {
    'receive-webhook': [
      ...log('receive-webhook'),
      ...['GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action} on Table`),
      ...send('InboundQueue'),
      ...secrets,
    ],
    'sweep-changes': [
      ...log('sweep-changes'),
      ...record,
      ...change,
      'dynamodb:Query on Table/index/lists',
      ...send('InboundQueue', 'SweepQueue'),
      ...consume('SweepQueue'),
      ...publish,
      ...secrets,
    ],
    'absorb-changes': [
      ...log('absorb-changes'),
      ...record,
      ...change,
      ...erasures('GetItem', 'PutItem'),
      ...send('InboundQueue', 'SweepQueue'),
      ...consume('InboundQueue'),
      ...publish,
      ...secrets,
    ],
    'deliver-changes': [
      ...log('deliver-changes'),
      ...record,
      ...change,
      ...send('InboundQueue', ...outbound),
      ...consume(...outbound),
      ...publish,
      ...secrets,
    ],
    'serve-api': [
      ...log('serve-api'),
      ...record,
      ...change,
      'dynamodb:Query on Table/index/lists',
      ...erasures('GetItem', 'Query', 'PutItem'),
      ...send('InboundQueue', 'SweepQueue', ...outbound),
      ...deadLetters.flatMap((queue) => [`sqs:ReceiveMessage on ${queue}`, `sqs:DeleteMessage on ${queue}`]),
      ...[...queues, ...deadLetters].map((queue) => `sqs:GetQueueAttributes on ${queue}`),
      ...publish,
      ...secrets,
    ],
  };

  it.each(FUNCTION_NAMES)('%s may do what its work needs, on exactly these resources, and nothing else', (name) => {
    const allowed = statementsOf(dev, (resource) => resource.Type === 'AWS::IAM::Policy' && belongsTo(name, resource))
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ actions, resources }) =>
        actions.flatMap((action) => resources.map((resource) => `${action} on ${resource}`)),
      );

    expect([...new Set(allowed)].sort()).toEqual([...expected[name]].sort());
  });

  it('is in one policy, and its role is lent to Lambda only', () => {
    const roles = Object.values(dev.resources('AWS::IAM::Role'));

    expect(roles).toHaveLength(FUNCTION_NAMES.length);
    for (const { Properties } of roles) {
      expect(Properties).not.toHaveProperty('Policies');
      expect(pick(Properties, 'AssumeRolePolicyDocument', 'Statement')).toEqual([
        { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
      ]);
    }
  });
});

interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const ALL_POLICIES = () => true;

/** A function's name as it begins its resources' logical ids. */
function idOf(name: FunctionName): string {
  return name.replaceAll('-', '');
}

function belongsTo(name: FunctionName, { Properties }: TemplateResource): boolean {
  return String(pick(Properties, 'Roles', 0, 'Ref')).startsWith(`${idOf(name)}Role`);
}

/** Every statement of every policy document in the resources chosen: of roles, queues, topics and keys alike. */
function statementsOf(
  hub: SynthesisedFixture,
  isChosen: (resource: TemplateResource) => boolean,
): readonly Statement[] {
  const { Resources } = JSON.parse(hub.text) as { Resources: Record<string, TemplateResource> };
  return Object.values(Resources)
    .filter(isChosen)
    .flatMap(({ Properties }) => [Properties.PolicyDocument, Properties.KeyPolicy])
    .filter((document) => document !== undefined)
    .flatMap((document) => pick(document, 'Statement') as Record<string, unknown>[])
    .map(({ Effect, Action, Resource }) => ({
      effect: String(Effect),
      actions: listOf(Action).map(String),
      resources: listOf(Resource).map(short),
    }));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A resource as short text: a logical id without its hash and what follows it, or the last part of an ARN. */
function short(resource: unknown): string {
  if (typeof resource === 'string') return resource.replace(/^arn:.*?:(secret:)/, '$1');
  if (typeof resource === 'object' && resource !== null) {
    if ('Fn::GetAtt' in resource) return withoutHash(String(pick(resource, 'Fn::GetAtt', 0)));
    if ('Ref' in resource) return withoutHash(String(resource.Ref));
    const parts = pick(resource, 'Fn::Join', 1) as unknown[];
    return parts
      .map(short)
      .join('')
      .replace(/^arn:.*?:(secret:)/, '$1');
  }
  throw new Error('a policy names no resource');
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
