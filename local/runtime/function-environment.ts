import { devNull } from 'node:os';
import type { FunctionPlan } from './hub-plan.ts';

/** Endpoints of the embedded services, by the standard variables through which the AWS SDK finds them. */
export interface ServiceEndpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly eventbridge: string;
  readonly secretsManager: string;
  readonly lambda: string;
}

/**
 * The environment of a function: what the template says, what Lambda adds
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), and where the embedded services are. Nothing
 * of the environment of the hub's own process gets in, credentials least of all.
 */
export function functionEnvironment(plan: FunctionPlan, endpoints: ServiceEndpoints): Record<string, string> {
  return {
    ...plan.environment,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    // The SDK reads no files of the person at this machine.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventbridge,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: plan.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(plan.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${plan.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: plan.directory,
    _HANDLER: `${plan.module}.${plan.exportName}`,
    TZ: ':UTC',
  };
}
