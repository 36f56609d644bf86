import * as z from 'zod';
import {
  checkYaml,
  type FileProblem,
  type FileResult,
  problemAt,
  readYaml,
  type YamlFile,
  type YamlPath,
} from '../connectors/kit/yaml-file.ts';
import { canonicalCurrency } from '../domain/mapping/canonical/currency.ts';
import type { FunctionName } from './function-names.ts';

/** The queues; there is one `outbound` for each connection. */
export const QUEUE_NAMES = ['inbound', 'sweep', 'outbound'] as const;

/** One of {@link QUEUE_NAMES}. */
export type QueueName = (typeof QUEUE_NAMES)[number];

/** Which function reads each queue. */
export const QUEUE_READERS = {
  inbound: 'absorb-changes',
  sweep: 'sweep-changes',
  outbound: 'deliver-changes',
} as const satisfies Record<QueueName, FunctionName>;

/** Everything that differs between deployed hubs; see `stages.yaml` for what each setting means. */
export type StageSettings = z.output<typeof settingsSchema>;

/** How a queue is read. */
export type QueueSettings = StageSettings['queues']['inbound'];

/** A stage, by name. */
export interface HubStage extends StageSettings {
  readonly name: string;
}

/**
 * Reads one stage from the text of the stages file. Pure.
 *
 * *Shape*: `defaults` say everything a stage must have; a stage says what differs, as deep as it likes.
 *
 * *Faults*: a stage that is not there, and every mistake in `defaults` or in the stage, each with its line.
 */
export function readStage(file: string, text: string, name: string): FileResult<HubStage> {
  const yaml = readYaml(file, text);
  if (!yaml.ok) return yaml;
  const outline = checkYaml(yaml.value, outlineSchema);
  if (!outline.ok) return outline;
  const { defaults, stages } = outline.value;
  const misnamed = Object.keys(stages).filter((stage) => !STAGE_NAME.test(stage));
  if (misnamed.length > 0) {
    const reason = 'a stage is named by 1 to 12 of a-z, 0-9 and -, beginning with a letter';
    return { ok: false, problems: misnamed.map((stage) => problemAt(yaml.value, ['stages', stage], reason)) };
  }
  if (!Object.hasOwn(stages, name)) {
    const reason = `there is no stage "${name}"; there are ${Object.keys(stages).join(', ')}`;
    return { ok: false, problems: [problemAt(yaml.value, ['stages'], reason)] };
  }
  const settings = checkYaml(yaml.value, settingsSchema, merged(defaults, stages[name]), (path) =>
    whereSaid(yaml.value, name, path),
  );
  return settings.ok ? { ok: true, value: { name, ...settings.value } } : settings;
}

/** A mistake in a setting in force that only shows beside other files; placed where the setting was said. */
export function problemInStage(
  file: string,
  text: string,
  { name, path, reason }: { readonly name: string; readonly path: YamlPath; readonly reason: string },
): readonly FileProblem[] {
  const yaml = readYaml(file, text);
  return yaml.ok ? [problemAt(yaml.value, whereSaid(yaml.value, name, path), reason)] : yaml.problems;
}

/** The JSON Schema of a stages file, for editors: `defaults` in full, a stage in part. */
export function stagesJsonSchema(): object {
  const { $schema, ...settings } = z.toJSONSchema(settingsSchema, { io: 'input' });
  return {
    $schema,
    $id: 'stages.schema.json',
    title: 'Stages of Tributary',
    type: 'object',
    properties: {
      defaults: settings,
      stages: { type: 'object', additionalProperties: inPart(settings) },
    },
    required: ['defaults', 'stages'],
    additionalProperties: false,
  };
}

const STAGE_NAME = /^[a-z][a-z0-9-]{0,11}$/;

/** Days that CloudWatch Logs can keep: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const outlineSchema = z.strictObject({
  defaults: z.record(z.string(), z.unknown(), 'must be a map of settings'),
  stages: z.record(
    z.string(),
    z.record(z.string(), z.unknown(), 'must be a map of settings'),
    'must be a map of stages',
  ),
});

const positive = whole(1, Number.MAX_SAFE_INTEGER);

const functionSchema = (timeoutSecondsMax: number) =>
  z.strictObject({
    memoryMb: whole(128, 10_240),
    timeoutSeconds: whole(1, timeoutSecondsMax),
    reservedConcurrency: whole(1, 1000).exactOptional(),
  });

/** API Gateway ends an HTTP API's integration after 30 seconds; a Lambda function may take 15 minutes. */
const httpFunction = functionSchema(30);
const queueFunction = functionSchema(900);

// Bounds of an SQS event source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
const queueSchema = z
  .strictObject({
    batchSize: whole(1, 10_000),
    batchWindowSeconds: whole(0, 300),
    maxConcurrency: whole(2, 1000),
    maxReceiveCount: whole(1, 1000),
  })
  .refine((queue) => queue.batchSize <= 10 || queue.batchWindowSeconds >= 1, {
    path: ['batchWindowSeconds'],
    error: 'must be at least 1, because batchSize is more than 10',
  });

const settingsSchema = z.strictObject({
  /** Connections to use while the connections file is empty; a path from the root of the repository. */
  whenNoConnections: z.string().min(1).exactOptional(),
  aws: z.strictObject({
    account: z
      .string('must be text: put it in quotes')
      .regex(/^\d{12}$/, 'must be 12 digits')
      .exactOptional(),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-central-1')
      .exactOptional(),
  }),
  /** Without one the hub keeps no exchange rates. */
  reportingCurrency: z
    .string()
    .refine((text) => canonicalCurrency(text) === text, 'must be a currency such as EUR')
    .exactOptional(),
  retainData: z.boolean('must be true or false'),
  table: z.strictObject({ recoveryDays: whole(1, 35) }),
  archiveDays: whole(0, 3650),
  logs: z.strictObject({
    retentionDays: z.literal(LOG_RETENTION_DAYS, `must be one of ${LOG_RETENTION_DAYS.join(', ')}`),
    level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR'], 'must be DEBUG, INFO, WARN or ERROR'),
  }),
  http: z.strictObject({ ratePerSecond: positive, burst: positive }),
  functions: z.strictObject({
    'receive-webhook': httpFunction,
    'sweep-changes': queueFunction,
    'absorb-changes': queueFunction,
    'deliver-changes': queueFunction,
    'serve-api': httpFunction,
  } satisfies Record<FunctionName, z.ZodType>),
  queues: z.strictObject({ inbound: queueSchema, sweep: queueSchema, outbound: queueSchema } satisfies Record<
    QueueName,
    z.ZodType
  >),
  deadLetterDays: whole(1, 14),
  sweeps: z.strictObject({
    changesEveryMinutes: whole(1, 1440),
    deletionsEveryMinutes: whole(1, 1440),
    walkDailyAtUtc: z
      .string('must be text: put it in quotes')
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "03:17"'),
  }),
  limits: z.strictObject({
    vendorCallSeconds: whole(1, 60),
    leaseMarginSeconds: whole(1, 300),
    journalDays: whole(1, 3650),
  }),
  alarms: z.strictObject({
    email: z.email('must be an e-mail address').exactOptional(),
    oldestMessageSeconds: z.strictObject({ inbound: positive, sweep: positive, outbound: positive }),
    functionErrors: positive,
    functionThrottles: positive,
    webhookRefusals: positive,
    serverErrors: positive,
    tableThrottles: positive,
  }),
});

/** A whole number within bounds, both included. */
function whole(min: number, max: number) {
  const bounds = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`;
  const error = (issue: { readonly input: unknown }) =>
    issue.input === undefined ? 'is missing' : `must be a whole number ${bounds}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A stage's own settings over the defaults: maps are merged, everything else is replaced. */
function merged(defaults: unknown, own: unknown): unknown {
  if (!isMap(defaults) || !isMap(own)) return own === undefined ? defaults : own;
  const keys = new Set([...Object.keys(defaults), ...Object.keys(own)]);
  return Object.fromEntries([...keys].map((key) => [key, merged(defaults[key], own[key])]));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where a setting in force was said: in the stage, or else in the defaults. */
function whereSaid(yaml: YamlFile, name: string, path: YamlPath): YamlPath {
  const own: YamlPath = ['stages', name, ...path];
  return yaml.lineOf(own) === undefined ? ['defaults', ...path] : own;
}

/** A JSON Schema in which nothing is required. */
function inPart(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(inPart);
  if (!isMap(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== 'required')
      .map(([key, value]) => [key, inPart(value)]),
  );
}

/**
 * How long a message taken from a queue stays hidden: six times its reader's timeout and the batch window, so that the retries of
 * a throttled reader fit in: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function visibilitySeconds(stage: StageSettings, queue: QueueName): number {
  return 6 * stage.functions[QUEUE_READERS[queue]].timeoutSeconds + stage.queues[queue].batchWindowSeconds;
}
