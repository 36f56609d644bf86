import { Logger } from '@aws-lambda-powertools/logger';
import { redact } from '../../connectors/kit/redact.ts';

/** What a line says beside its step. Ids, counts, codes and durations in ms; no values of records, no bodies. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** The hub's log: one structured line a step. */
export interface HubLog {
  log(step: string, facts: Facts): void;
  /** A defect, with its stack; the only line that may hold one. */
  defect(step: string, error: unknown, facts: Facts): void;
  /** Adds the function's name, version and request id to every further line. */
  begin(context: LogContext): void;
}

type LogContext = Parameters<Logger['addContext']>[0];

/** A log through `write` (Powertools' logger in a function), with every text redacted on its way: the one place for that. */
export function hubLog(write: Logger = new Logger()): HubLog {
  const line = (step: string, facts: Facts): Record<string, string | number | boolean> => {
    const clean: Record<string, string | number | boolean> = { step };
    for (const [name, fact] of Object.entries(facts)) {
      if (fact !== undefined) clean[name] = typeof fact === 'string' && !ID_FACTS.has(name) ? redact(fact) : fact;
    }
    return clean;
  };
  return {
    log: (step, facts) => write.info(step, line(step, facts)),
    defect(step, error, facts) {
      const known = error instanceof Error ? error : new Error(String(error));
      write.error(step, {
        ...line(step, facts),
        error: known.name,
        reason: redact(known.message),
        // The first line of a stack repeats the message.
        at:
          known.stack
            ?.split('\n')
            .slice(1, STACK_LINES_MAX)
            .map((text) => text.trim())
            .join(' < ') ?? '',
      });
    },
    begin: (context) => write.addContext(context),
  };
}

const STACK_LINES_MAX = 12;

/** Facts that hold ids the hub or a system made. Redaction would take a long one for a token or a phone number. */
const ID_FACTS: ReadonlySet<string> = new Set([
  'connection',
  'correlationId',
  'externalId',
  'from',
  'kind',
  'id',
  'messageId',
  'object',
  'problem',
  'record',
]);
