import * as z from 'zod';

/** What a function is told by its environment: where things are. Names and addresses, never secrets. */
export interface Environment {
  readonly tableName: string;
  readonly erasuresTableName: string;
  readonly busName: string;
  readonly inboundQueueUrl: string;
  readonly sweepQueueUrl: string;
  /** By connection. */
  readonly outboundQueueUrls: Readonly<Record<string, string>>;
  /** Dead-letter queues by the name of the queue they belong to. */
  readonly deadLetterQueueUrls: Readonly<Record<string, string>>;
  /** Names or ARNs of secrets by connection. */
  readonly secretNames: Readonly<Record<string, string>>;
}

/** Reads a function's environment. *Faults*: throws a defect that names what is missing; the template sets all of it. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const checked = shape.safeParse(variables);
  if (!checked.success) {
    const names = checked.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new Error(`The function's environment is not as the template sets it: ${names}.`);
  }
  const { data } = checked;
  return {
    tableName: data.TABLE_NAME,
    erasuresTableName: data.ERASURES_TABLE_NAME,
    busName: data.BUS_NAME,
    inboundQueueUrl: data.INBOUND_QUEUE_URL,
    sweepQueueUrl: data.SWEEP_QUEUE_URL,
    outboundQueueUrls: data.OUTBOUND_QUEUE_URLS,
    deadLetterQueueUrls: data.DEAD_LETTER_QUEUE_URLS,
    secretNames: data.SECRET_NAMES,
  };
}

const text = z.string().min(1);

/** A JSON object of texts, in one variable. */
const texts = z
  .string()
  .transform((json, context) => {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      // Reported as any other flaw of the variable.
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), text));

const shape = z.object({
  TABLE_NAME: text,
  ERASURES_TABLE_NAME: text,
  BUS_NAME: text,
  INBOUND_QUEUE_URL: text,
  SWEEP_QUEUE_URL: text,
  OUTBOUND_QUEUE_URLS: texts,
  DEAD_LETTER_QUEUE_URLS: texts,
  SECRET_NAMES: texts,
});
