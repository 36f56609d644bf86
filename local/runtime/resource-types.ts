import { StartFault } from './start-fault.ts';
import type { Template } from './template.ts';

/** Resource types that the local runtime makes or runs. */
export const RUN_TYPES = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Scheduler::Schedule',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
] as const;

/** Resource types that need nothing locally, each with the reason why the hub behaves the same without them. */
export const INERT_TYPES: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::ApiMapping': 'a custom domain; the local address is the loopback one',
  'AWS::ApiGatewayV2::DomainName': 'a custom domain; the local address is the loopback one',
  'AWS::CDK::Metadata': 'usage statistics of the CDK',
  'AWS::CloudWatch::Alarm': 'tells people about a deployed hub; locally errors are on the console',
  'AWS::CloudWatch::CompositeAlarm': 'as an alarm',
  'AWS::CloudWatch::Dashboard': 'shows metrics of a deployed hub; locally `hub status` does',
  'AWS::Events::EventBusPolicy': 'no permissions are checked on one machine',
  'AWS::Events::Archive': 'keeps events for a replay by an operator; the local journal keeps only what is undelivered',
  'AWS::IAM::ManagedPolicy': 'no permissions are checked on one machine',
  'AWS::IAM::Policy': 'no permissions are checked on one machine',
  'AWS::IAM::Role': 'no permissions are checked on one machine',
  'AWS::KMS::Alias': 'nothing is encrypted at rest on one machine; files belong to their owner',
  'AWS::KMS::Key': 'nothing is encrypted at rest on one machine; files belong to their owner',
  'AWS::Lambda::EventInvokeConfig': 'asynchronous invocations are kept by the event bus here',
  'AWS::Lambda::Permission': 'no permissions are checked on one machine',
  'AWS::Logs::LogGroup': 'logs are files in the data directory',
  'AWS::Logs::MetricFilter': 'makes metrics for alarms',
  'AWS::Logs::QueryDefinition': 'a saved query of the AWS console',
  'AWS::Logs::ResourcePolicy': 'no permissions are checked on one machine',
  'AWS::Scheduler::ScheduleGroup': 'a name under which schedules are listed',
  'AWS::SecretsManager::ResourcePolicy': 'no permissions are checked on one machine',
  'AWS::SNS::Subscription': 'carries alarms to people',
  'AWS::SNS::Topic': 'carries alarms to people',
  'AWS::SNS::TopicPolicy': 'no permissions are checked on one machine',
  'AWS::SQS::QueuePolicy': 'no permissions are checked on one machine',
};

/** Refuses a template with a resource that this runtime would silently leave out. */
export function checkResourceTypes(template: Template): void {
  const run: ReadonlySet<string> = new Set(RUN_TYPES);
  const unknown = Object.entries(template.Resources).filter(([, { Type }]) => !run.has(Type) && !(Type in INERT_TYPES));
  if (unknown.length === 0) return;
  const list = unknown.map(([logicalId, { Type }]) => `${Type} (${logicalId})`).join(', ');
  throw new StartFault(
    `The template holds what the local runtime does not know: ${list}. Teach it in local/runtime/resource-types.ts, so that both sides stay the same.`,
  );
}
