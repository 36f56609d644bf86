import { existsSync } from 'node:fs';
import * as z from 'zod';
import type { EventSourcePlan, FunctionPlan } from './hub-plan.ts';
import { type ResolvedResource, readProperties } from './resolved-resource.ts';
import { StartFault } from './start-fault.ts';

/** Defaults of https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html. */
const TIMEOUT_SECONDS_DEFAULT = 3;
const MEMORY_MEGABYTES_DEFAULT = 128;

const functionSchema = z.looseObject({
  Code: z.looseObject({ S3Key: z.string('only bundles that are assets are run here') }),
  Handler: z.string(),
  Runtime: z.string().regex(/^nodejs/, 'only Node.js functions are run here'),
  Layers: z.undefined('layers are not run here').optional(),
  Timeout: z.number().default(TIMEOUT_SECONDS_DEFAULT),
  MemorySize: z.number().default(MEMORY_MEGABYTES_DEFAULT),
  ReservedConcurrentExecutions: z.number().exactOptional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).default({ Variables: {} }),
});

/** Plans a function whose bundle is one of the assembly's assets. */
export function planFunction(resource: ResolvedResource, assetDirectories: ReadonlyMap<string, string>): FunctionPlan {
  const properties = readProperties(resource, functionSchema);
  const directory = assetDirectories.get(properties.Code.S3Key);
  if (directory === undefined || !existsSync(directory))
    throw new StartFault(
      `${resource.type} ${resource.logicalId}: its bundle ${properties.Code.S3Key} is not in the assembly.`,
    );
  const dot = properties.Handler.lastIndexOf('.');
  return {
    name: resource.name,
    arn: functionArn(resource.name),
    directory,
    module: properties.Handler.slice(0, dot),
    exportName: properties.Handler.slice(dot + 1),
    environment: properties.Environment.Variables,
    timeoutMs: properties.Timeout * 1000,
    memoryMegabytes: properties.MemorySize,
    concurrencyMax: properties.ReservedConcurrentExecutions,
  };
}

const eventSourceSchema = z.looseObject({
  EventSourceArn: z.string().startsWith('arn:aws:sqs:', 'only queues are event sources here'),
  FunctionName: z.string(),
  BatchSize: z.number().default(10),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  ScalingConfig: z.looseObject({ MaximumConcurrency: z.number().exactOptional() }).exactOptional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  FilterCriteria: z.undefined('filters of event sources are not applied here').optional(),
  Enabled: z.boolean().default(true),
});

/** Plans an event source, unless it is disabled. */
export function planEventSource(resource: ResolvedResource): EventSourcePlan | undefined {
  const properties = readProperties(resource, eventSourceSchema);
  if (!properties.Enabled) return undefined;
  return {
    queueName: properties.EventSourceArn.slice(properties.EventSourceArn.lastIndexOf(':') + 1),
    queueArn: properties.EventSourceArn,
    functionName: functionNameOf(properties.FunctionName),
    batchSize: properties.BatchSize,
    windowMs: properties.MaximumBatchingWindowInSeconds * 1000,
    concurrencyMax: properties.ScalingConfig?.MaximumConcurrency,
    reportsItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
  };
}

/** The name in a function's name or ARN, with or without a version. */
export function functionNameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[6] ?? '') : nameOrArn;
}

function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}
