import { busArn } from '../aws/eventbridge/rule-book.ts';
import { secretArn } from '../aws/secrets-manager/secret-store.ts';
import { StartFault } from './start-fault.ts';
import type { Template } from './template.ts';

/** Where embedded services can be reached; both are known before anything that names them is resolved. */
export interface Addresses {
  /** `http://127.0.0.1:<port>` of the queue service. */
  readonly sqs: string;
  /** `http://127.0.0.1:<port>` of the HTTP API. */
  readonly http: string;
}

/** The property in which each type carries a name of its author's choice, if it has one. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
};

const ARN_NAMES: Readonly<Record<string, (name: string) => string>> = {
  'AWS::DynamoDB::Table': (name) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`,
  'AWS::Events::EventBus': busArn,
  'AWS::Events::Rule': (name) => `arn:aws:events:us-east-1:000000000000:rule/${name}`,
  'AWS::Lambda::Function': (name) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
  'AWS::SecretsManager::Secret': secretArn,
  'AWS::SNS::Topic': (name) => `arn:aws:sns:us-east-1:000000000000:${name}`,
  'AWS::SQS::Queue': (name) => `arn:aws:sqs:us-east-1:000000000000:${name}`,
};

/** Types whose `Ref` is their ARN, not their name. */
const REF_IS_ARN = new Set(['AWS::SecretsManager::Secret', 'AWS::SNS::Topic']);

/**
 * The physical name of a resource: the one its author chose, if that is plain text, or one made of the stack and the
 * logical id, as CloudFormation does without its random end.
 */
export function physicalName(template: Template, stackName: string, logicalId: string): string {
  const resource = template.Resources[logicalId];
  const property = resource === undefined ? undefined : NAME_PROPERTY[resource.Type];
  const chosen = property === undefined ? undefined : resource?.Properties[property];
  return typeof chosen === 'string' ? chosen : `${stackName}-${logicalId}`;
}

/** What `Ref` and `Fn::GetAtt` answer for each type of resource. */
export function referenceTo(
  template: Template,
  stackName: string,
  addresses: Addresses,
  logicalId: string,
  attribute: string | undefined,
): string {
  const resource = template.Resources[logicalId];
  if (resource === undefined) throw new StartFault(`The template refers to ${logicalId}, which it does not define.`);
  const name = physicalName(template, stackName, logicalId);
  const arn = ARN_NAMES[resource.Type]?.(name) ?? `arn:aws:local:us-east-1:000000000000:${name}`;

  if (resource.Type === 'AWS::SQS::Queue' && (attribute === undefined || attribute === 'QueueUrl'))
    return `${addresses.sqs}/000000000000/${name}`;
  if (attribute === undefined) return REF_IS_ARN.has(resource.Type) ? arn : name;
  if (attribute === 'Arn' || (attribute === 'Id' && REF_IS_ARN.has(resource.Type))) return arn;
  if (attribute === 'ApiEndpoint') return addresses.http;
  // Ids of roles, keys and APIs and the like: names that only other resources of the template look at.
  return name;
}
