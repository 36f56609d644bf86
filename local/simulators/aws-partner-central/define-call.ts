import type * as z from 'zod';
import type { AwsResult } from '../aws/aws-result.ts';
import type { AwsOperation } from '../aws/aws-service.ts';
import { perSecond, type RateLimit } from '../aws/rate-limits.ts';
import { refuseIssues } from './service-faults.ts';

const DAY_MS = 86_400_000;

/**
 * The account's pools of calls, over both catalogs.
 * *Source*: https://docs.aws.amazon.com/partner-central/latest/developer-guide/quotas.md (read November 2026).
 */
const READS = [perSecond('reads in a second', 10), perDay('reads in 24 hours', 100_000)];
const WRITES = [perSecond('writes in a second', 1), perDay('writes in 24 hours', 10_000)];
const ENGAGEMENT_CREATIONS = [perSecond('engagements created in a second', 15)];

/** An operation that reads. */
export function readCall<Input>(
  name: string,
  input: z.ZodType<Input>,
  serve: (input: Input) => AwsResult,
): AwsOperation {
  return { name, writes: false, limits: READS, serve: served(input, serve) };
}

/** An operation that writes; creating engagements has a limit of its own. */
export function writeCall<Input>(
  name: string,
  input: z.ZodType<Input>,
  serve: (input: Input) => AwsResult,
): AwsOperation {
  const limits = name === 'CreateEngagement' ? ENGAGEMENT_CREATIONS : WRITES;
  return { name, writes: true, limits, serve: served(input, serve) };
}

function served<Input>(schema: z.ZodType<Input>, serve: (input: Input) => AwsResult): (input: unknown) => AwsResult {
  return (input) => {
    const read = schema.safeParse(input, { reportInput: true });
    return read.success ? serve(read.data) : refuseIssues(read.error.issues);
  };
}

function perDay(name: string, callsMax: number): RateLimit {
  return { name, callsMax, windowMs: DAY_MS };
}
