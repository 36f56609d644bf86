import type * as z from 'zod';
import type { AwsFault, AwsResult } from './aws-result.ts';
import type { RateLimit } from './rate-limits.ts';

/** What an operation knows of the call beside its input. */
export interface AwsCall {
  /** Epoch ms. */
  readonly now: number;
  /** Sent back as `x-amzn-requestid`; models of newer services repeat it in their exceptions. */
  readonly requestId: string;
  /** The access key the call is signed with: who calls. */
  readonly accessKeyId: string;
}

/** One operation of a simulated service. */
export interface AwsOperation {
  /** As the model names it, for example `DescribeAgreement`. */
  readonly name: string;
  /** Whether a call changes anything; `lose-answer` faults meet only such. */
  readonly writes: boolean;
  /** Limits the call counts against; operations that share a pool name the same object. None: not limited. */
  readonly limits: readonly RateLimit[];
  /** Validates the input and does the work, whole and at once. */
  readonly serve: (input: unknown, call: AwsCall) => AwsResult;
}

/** One thing wrong with a request. `name` is the member's path in the model's words (`ChangeSet.2.Entity.Type`). */
export interface ValidationIssue {
  readonly name: string;
  readonly message: string;
  /** Whether the member is required and was not given. */
  readonly isMissing: boolean;
}

/**
 * How a service is spoken to.
 * - `json`: AWS JSON 1.0 or 1.1, all operations by POST / and `X-Amz-Target: <targetPrefix>.<operation>`.
 * - `rest-json`: one address for each operation; members in the query are named by their query parameter.
 */
export type AwsProtocol =
  | { readonly kind: 'json'; readonly version: '1.0' | '1.1'; readonly targetPrefix: string }
  | { readonly kind: 'rest-json'; readonly routes: readonly RestRoute[] };

export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly operation: string;
  /** Query parameter → member. Its presence means that the request has no body. */
  readonly query?: Readonly<Record<string, string>>;
}

/** A simulated service: operations, how they are spoken to, and how the service words what every operation may answer. */
export interface AwsService {
  /** For statistics and faults: calls are counted as `<name>.<operation>`. */
  readonly name: string;
  /** Service name in the credential scope of signatures. */
  readonly signingName: string;
  readonly protocol: AwsProtocol;
  /** Put before the exception's name in `__type`, for example `com.amazonaws.agreement#`. */
  readonly faultNamespace?: string;
  /** How the service spells the member with the message of an exception. */
  readonly messageMember: 'message' | 'Message';
  readonly operations: readonly AwsOperation[];
  readonly throttled: (requestId: string) => AwsFault;
  /** An answer of 5xx that is asked for by a fault. */
  readonly unavailable: (status: number, requestId: string) => AwsFault;
}

/**
 * Makes an operation of a request schema and its work. The schema should be strict about required members, types,
 * lengths and enumerations as the model is, and loose about members it does not know: AWS ignores those.
 */
export function defineOperation<Input>(definition: {
  readonly name: string;
  readonly writes?: boolean;
  readonly limits?: readonly RateLimit[];
  readonly input: z.ZodType<Input>;
  /** How the service refuses a request that does not fit. */
  readonly invalid: (issues: readonly ValidationIssue[], call: AwsCall) => AwsFault;
  readonly serve: (input: Input, call: AwsCall) => AwsResult;
}): AwsOperation {
  const { name, writes = false, limits = [], input: schema, invalid, serve } = definition;
  return {
    name,
    writes,
    limits,
    serve(input, call) {
      const read = schema.safeParse(input);
      if (read.success) return serve(read.data, call);
      return { ok: false, fault: invalid(read.error.issues.map(issueOf), call) };
    },
  };
}

function issueOf(issue: z.core.$ZodIssue): ValidationIssue {
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('undefined');
  return { name: issue.path.map(String).join('.'), message: issue.message, isMissing };
}
