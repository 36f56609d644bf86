import type * as z from 'zod';
import type { Report } from './mapping-issue.ts';

/** Checks a document against its schema. Mistakes are reported where they stand, unknown settings one by one; `undefined` then. */
export function parseDocument<T>(schema: z.ZodType<T>, content: unknown, report: Report): T | undefined {
  const result = schema.safeParse(content, { error: sayMissing });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) report([...issue.path, key], `there is no setting "${key}" here`);
    } else {
      report(issue.path, issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message);
    }
  }
  return undefined;
}

/** The library speaks of types where a person wants to know that something is not there. */
const sayMissing: z.core.$ZodErrorMap = (issue) => (issue.input === undefined ? MISSING : undefined);

const MISSING = 'this setting is missing';
