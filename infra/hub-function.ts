import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionBundle } from './bundle-functions.ts';
import { FUNCTION_DUTIES } from './function-duties.ts';
import type { HubQueue } from './hub-queue.ts';
import { removalPolicyOf } from './hub-table.ts';
import { metricsNamespace } from './own-metric.ts';
import type { HubStage, QueueSettings } from './stages-file.ts';

/** What a function needs. */
export interface HubFunctionProps {
  readonly stage: HubStage;
  readonly bundle: FunctionBundle;
  /** Beside what every function has. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A Lambda function with a role of its own, which may write its log and, at first, nothing else. */
export class HubFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, { stage, bundle, environment }: HubFunctionProps) {
    super(scope, id);
    const { name } = bundle;
    const { does } = FUNCTION_DUTIES[name];
    const settings = stage.functions[name];
    const variables = {
      ...environment,
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(stage),
      POWERTOOLS_LOG_LEVEL: stage.logs.level,
    };
    const logGroup = new LogGroup(this, 'Log', {
      retention: stage.logs.retentionDays,
      removalPolicy: removalPolicyOf(stage),
    });
    // A role of our own: the one the library would make carries AWS's managed policy, which reaches every log group.
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} of Tributary ${stage.name} may do.`,
    });
    logGroup.grantWrite(this.role);
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: `Tributary-${stage.name}-${name}`,
      description: does,
      code: Code.fromAsset(bundle.directory),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: settings.memoryMb,
      timeout: Duration.seconds(settings.timeoutSeconds),
      ...(settings.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: settings.reservedConcurrency }),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel[stage.logs.level],
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: variables,
    });
    this.node.addValidation({ validate: () => flawOfEnvironment(name, Stack.of(this).resolve(variables)) });
  }

  /** Makes the function the reader of a queue; one batch may succeed in part. */
  reads(queue: HubQueue, settings: QueueSettings): void {
    this.lambda.addEventSource(
      new SqsEventSource(queue.queue, {
        batchSize: settings.batchSize,
        maxBatchingWindow: Duration.seconds(settings.batchWindowSeconds),
        maxConcurrency: settings.maxConcurrency,
        reportBatchItemFailures: true,
      }),
    );
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ENVIRONMENT_BYTES_MAX = 4096;

/** The longest a reference can become: the address of a queue with the longest names of stage and connection. */
const REFERENCE_BYTES_MAX = 140;

/** What CloudFormation would say only in the middle of a deployment. */
function flawOfEnvironment(name: string, variables: Readonly<Record<string, unknown>>): string[] {
  const bytes = Object.entries(variables).reduce((sum, [key, value]) => sum + key.length + bytesOf(value), 0);
  return bytes <= ENVIRONMENT_BYTES_MAX
    ? []
    : [
        `the environment of ${name} may come to ${bytes} bytes and Lambda takes ${ENVIRONMENT_BYTES_MAX}: there are too many connections for one stack, or their ids are too long`,
      ];
}

/** The length of a resolved value, at most: text, a reference, or texts and references joined. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'object' && value !== null && 'Fn::Join' in value) {
    const parts = Array.isArray(value['Fn::Join']) ? value['Fn::Join'][1] : [];
    return Array.isArray(parts) ? parts.reduce((sum: number, part: unknown) => sum + bytesOf(part), 0) : 0;
  }
  return REFERENCE_BYTES_MAX;
}
