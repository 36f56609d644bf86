import { basename } from 'node:path';
import * as z from 'zod';
import type { HubPlan } from './hub-plan.ts';
import { createResolver } from './intrinsics.ts';
import { planEventSource, planFunction } from './plan-functions.ts';
import { planRoutes } from './plan-routes.ts';
import { type ResolvedResource, readProperties } from './resolved-resource.ts';
import { type Addresses, physicalName, referenceTo } from './resource-names.ts';
import { checkResourceTypes } from './resource-types.ts';
import { StartFault } from './start-fault.ts';
import type { Assembly } from './template.ts';

/** Works out from a template what is to be made and run, or refuses it with a reason. */
export function planHub({ template, stackName, assetDirectories }: Assembly, addresses: Addresses): HubPlan {
  checkResourceTypes(template);
  const resolve = createResolver(template, stackName, (logicalId, attribute) =>
    referenceTo(template, stackName, addresses, logicalId, attribute),
  );
  const resources = Object.entries(template.Resources)
    .filter(([, { Condition }]) => Condition === undefined || resolve.condition(Condition))
    .map(
      ([logicalId, resource]): ResolvedResource => ({
        logicalId,
        type: resource.Type,
        name: physicalName(template, stackName, logicalId),
        // Resolving keeps objects objects.
        properties: resolve(resource.Properties, `${resource.Type} ${logicalId}`) as Readonly<Record<string, unknown>>,
      }),
    );
  const all = <T>(type: string, plan: (resource: ResolvedResource) => T): readonly T[] =>
    resources.filter((resource) => resource.type === type).map(plan);

  const functions = all('AWS::Lambda::Function', (resource) => planFunction(resource, assetDirectories));
  return {
    stackName,
    tables: all('AWS::DynamoDB::Table', planTable),
    queues: all('AWS::SQS::Queue', planQueue),
    buses: all('AWS::Events::EventBus', ({ name }) => name),
    rules: all('AWS::Events::Rule', planRule),
    schedules: all('AWS::Scheduler::Schedule', planSchedule),
    secrets: all('AWS::SecretsManager::Secret', planSecret),
    functions,
    eventSources: all('AWS::Lambda::EventSourceMapping', planEventSource).flatMap((source) => source ?? []),
    routes: planRoutes(resources, functions),
  };
}

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const tableSchema = z.looseObject({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  LocalSecondaryIndexes: z.undefined('local secondary indexes are not made here').optional(),
  StreamSpecification: z.undefined('streams are not served here').optional(),
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({ ProjectionType: z.string(), NonKeyAttributes: z.array(z.string()).exactOptional() }),
      }),
    )
    .exactOptional(),
});

function planTable(resource: ResolvedResource): HubPlan['tables'][number] {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = readProperties(resource, tableSchema);
  return {
    TableName: resource.name,
    AttributeDefinitions,
    KeySchema,
    ...(GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes }),
  };
}

/** Properties of a queue that are not attributes of it. */
const NOT_ATTRIBUTES = new Set(['QueueName', 'Tags']);

function planQueue(resource: ResolvedResource): HubPlan['queues'][number] {
  if (resource.properties.FifoQueue === true)
    throw new StartFault(`${resource.type} ${resource.logicalId}: FIFO queues are not served here.`);
  const attributes = Object.entries(resource.properties).filter(([name]) => !NOT_ATTRIBUTES.has(name));
  return {
    name: resource.name,
    attributes: Object.fromEntries(
      attributes.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
    ),
  };
}

const targetSchema = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  RoleArn: z.string().exactOptional(),
  Input: z.string().exactOptional(),
  InputPath: z.string().exactOptional(),
  InputTransformer: z
    .strictObject({ InputPathsMap: z.record(z.string(), z.string()).exactOptional(), InputTemplate: z.string() })
    .exactOptional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.number().exactOptional(),
      MaximumEventAgeInSeconds: z.number().exactOptional(),
    })
    .exactOptional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().exactOptional() }).exactOptional(),
  SqsParameters: z.strictObject({ MessageGroupId: z.string().exactOptional() }).exactOptional(),
});

const ruleSchema = z.looseObject({
  EventBusName: z.string().exactOptional(),
  EventPattern: z.record(z.string(), z.unknown()).exactOptional(),
  ScheduleExpression: z.string().exactOptional(),
  State: z.string().exactOptional(),
  Targets: z.array(targetSchema).default([]),
});

function planRule(resource: ResolvedResource): HubPlan['rules'][number] {
  const {
    EventBusName = 'default',
    EventPattern,
    ScheduleExpression,
    State,
    Targets,
  } = readProperties(resource, ruleSchema);
  return {
    name: resource.name,
    busName: basename(EventBusName),
    isEnabled: State !== 'DISABLED',
    eventPattern: EventPattern === undefined ? undefined : JSON.stringify(EventPattern),
    scheduleExpression: ScheduleExpression,
    targets: Targets,
  };
}

const scheduleSchema = z.looseObject({
  GroupName: z.string().exactOptional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().exactOptional(),
  State: z.string().exactOptional(),
  StartDate: z.undefined('start and end dates are not served here').optional(),
  EndDate: z.undefined('start and end dates are not served here').optional(),
  Target: targetSchema.omit({ Id: true, InputPath: true, InputTransformer: true }),
});

function planSchedule(resource: ResolvedResource): HubPlan['schedules'][number] {
  const { GroupName, ScheduleExpression, ScheduleExpressionTimezone, State, Target } = readProperties(
    resource,
    scheduleSchema,
  );
  return {
    Name: resource.name,
    ScheduleExpression,
    Target,
    ...(GroupName === undefined ? {} : { GroupName }),
    ...(ScheduleExpressionTimezone === undefined ? {} : { ScheduleExpressionTimezone }),
    ...(State === undefined ? {} : { State }),
  };
}

function planSecret(resource: ResolvedResource): HubPlan['secrets'][number] {
  const { SecretString } = readProperties(resource, z.looseObject({ SecretString: z.string().exactOptional() }));
  return { name: resource.name, initialValue: SecretString };
}
