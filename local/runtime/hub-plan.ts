import type { TableDefinition } from '../aws/dynamodb/table-definition.ts';
import type { ScheduleFields } from '../aws/eventbridge/event-bus.ts';
import type { TargetFields } from '../aws/eventbridge/rule-book.ts';

/** A queue to be made. */
export interface QueuePlan {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A rule of a bus with its targets. */
export interface RulePlan {
  readonly name: string;
  readonly busName: string;
  readonly isEnabled: boolean;
  readonly eventPattern: string | undefined;
  readonly scheduleExpression: string | undefined;
  readonly targets: readonly TargetFields[];
}

/** A secret to be there, with the value the template gives it when it is new. */
export interface SecretPlan {
  readonly name: string;
  readonly initialValue: string | undefined;
}

/** A Lambda function. */
export interface FunctionPlan {
  readonly name: string;
  readonly arn: string;
  /** Directory of the bundle, as it would be uploaded. */
  readonly directory: string;
  /** Module path inside the bundle, without extension, and the name of the export. */
  readonly module: string;
  readonly exportName: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMegabytes: number;
  readonly concurrencyMax: number | undefined;
}

/** A queue whose messages invoke a function. */
export interface EventSourcePlan {
  readonly queueName: string;
  readonly queueArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly concurrencyMax: number | undefined;
  readonly reportsItemFailures: boolean;
}

/** A route of the HTTP API. */
export interface RoutePlan {
  /** `POST /webhooks/{connection}`, `ANY /x`, or `$default`. */
  readonly key: string;
  readonly functionName: string;
  readonly needsIam: boolean;
  readonly timeoutMs: number;
}

/** Everything of a template that runs on one machine, with all references resolved. */
export interface HubPlan {
  readonly stackName: string;
  readonly tables: readonly TableDefinition[];
  readonly queues: readonly QueuePlan[];
  readonly buses: readonly string[];
  readonly rules: readonly RulePlan[];
  readonly schedules: readonly ScheduleFields[];
  readonly secrets: readonly SecretPlan[];
  readonly functions: readonly FunctionPlan[];
  readonly eventSources: readonly EventSourcePlan[];
  readonly routes: readonly RoutePlan[];
}
