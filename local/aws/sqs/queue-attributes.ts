/** What a queue does with its messages. Durations are milliseconds, sizes bytes. */
export interface QueueSettings {
  readonly visibilityMs: number;
  readonly delayMs: number;
  readonly retentionMs: number;
  readonly waitMs: number;
  readonly messageBytesMax: number;
  readonly redrive: { readonly deadLetterArn: string; readonly receivesMax: number } | undefined;
  /** All attributes as they were given, to be shown again. */
  readonly given: Readonly<Record<string, string>>;
}

const ONE_MEBIBYTE = 1_048_576;

/**
 * Bounds and defaults of the attributes that act here.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const BOUNDS = {
  VisibilityTimeout: { min: 0, max: 43_200, initial: 30 },
  DelaySeconds: { min: 0, max: 900, initial: 0 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, initial: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, initial: 0 },
  MaximumMessageSize: { min: 1024, max: ONE_MEBIBYTE, initial: ONE_MEBIBYTE },
} as const;

/** Attributes that say how a message is protected or who may send it; accepted, shown again and otherwise without effect here. */
const INERT = new Set([
  'Policy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'RedriveAllowPolicy',
]);

/** Reads queue attributes, or answers why they cannot be. */
export function parseQueueAttributes(
  given: Readonly<Record<string, string>>,
): QueueSettings | { readonly fault: string } {
  const unknown = Object.keys(given).find((name) => !(name in BOUNDS) && !INERT.has(name) && name !== 'RedrivePolicy');
  if (unknown !== undefined) return { fault: `Unknown attribute ${unknown}.` };

  const numbers = new Map<string, number>();
  for (const [name, bound] of Object.entries(BOUNDS)) {
    const text = given[name];
    const value = text === undefined ? bound.initial : Number(text);
    if (!Number.isInteger(value) || value < bound.min || value > bound.max) {
      return { fault: `Invalid value for the parameter ${name}.` };
    }
    numbers.set(name, value);
  }
  const redrive = parseRedrivePolicy(given.RedrivePolicy);
  if (redrive === 'unreadable') return { fault: 'Invalid value for the parameter RedrivePolicy.' };

  const number = (name: keyof typeof BOUNDS): number => numbers.get(name) ?? BOUNDS[name].initial;
  return {
    visibilityMs: number('VisibilityTimeout') * 1000,
    delayMs: number('DelaySeconds') * 1000,
    retentionMs: number('MessageRetentionPeriod') * 1000,
    waitMs: number('ReceiveMessageWaitTimeSeconds') * 1000,
    messageBytesMax: number('MaximumMessageSize'),
    redrive,
    given: { ...Object.fromEntries([...numbers].map(([name, value]) => [name, String(value)])), ...given },
  };
}

function parseRedrivePolicy(text: string | undefined): QueueSettings['redrive'] | 'unreadable' {
  if (text === undefined || text === '') return undefined;
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy !== 'object' || policy === null) return 'unreadable';
    const { deadLetterTargetArn, maxReceiveCount } = policy as Record<string, unknown>;
    // CloudFormation writes the count as a number, the API reference as a string of digits; both are accepted.
    const receivesMax = Number(maxReceiveCount);
    if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(receivesMax) || receivesMax < 1)
      return 'unreadable';
    return { deadLetterArn: deadLetterTargetArn, receivesMax };
  } catch {
    return 'unreadable';
  }
}
