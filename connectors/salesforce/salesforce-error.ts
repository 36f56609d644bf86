/** One error as Salesforce reports it, for a whole request (`errorCode`) or for a row of a collection (`statusCode`). */
export interface SalesforceFault {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
  /** Records a duplicate rule found, 18-character ids. */
  readonly duplicates: readonly string[];
}

/** A request that Salesforce refused as a whole. */
export class SalesforceError extends Error {
  readonly status: number;
  /** In the order answered; at least one. */
  readonly faults: readonly [SalesforceFault, ...SalesforceFault[]];
  /** From the answer's header, ms. */
  readonly retryAfterMs: number | undefined;

  constructor(
    status: number,
    faults: readonly SalesforceFault[],
    options: { readonly retryAfterMs?: number | undefined; readonly cause?: unknown } = {},
  ) {
    const [first = unknownFault(status), ...others] = faults;
    // Only the code: vendors' messages may quote what people typed, and messages of exceptions end up in logs.
    super(`Salesforce answered ${status} ${first.code}`, { cause: options.cause });
    this.name = 'SalesforceError';
    this.status = status;
    this.faults = [first, ...others];
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Reads the errors out of an answer's body or a row's `errors`.
 *
 * *Shape*: an array or a single one; the code is `errorCode` for requests and `statusCode` for rows; the token address says
 * `error` and `error_description`. Anything else gives an empty list.
 */
export function readFaults(body: unknown): readonly SalesforceFault[] {
  const entries: readonly unknown[] = Array.isArray(body) ? body : [body];
  return entries.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { errorCode, statusCode, error, message, fields, duplicateResult } = entry as Readonly<
      Record<string, unknown>
    >;
    const code = [errorCode, statusCode, error].find((each) => typeof each === 'string' && each !== '');
    if (typeof code !== 'string') return [];
    return [
      {
        code,
        message: typeof message === 'string' ? message : '',
        fields: fieldsOf(fields, message),
        duplicates: duplicatesOf(duplicateResult),
      },
    ];
  });
}

/** Some errors name their field in the message only. */
function fieldsOf(fields: unknown, message: unknown): readonly string[] {
  const named = Array.isArray(fields) ? fields.filter((field) => typeof field === 'string') : [];
  if (named.length > 0 || typeof message !== 'string') return named;
  const field = fieldInMessage.map((pattern) => pattern.exec(message)?.[1]).find((name) => name !== undefined);
  return field === undefined ? [] : [field];
}

/** `No such column 'X' on sobject of type Y` and `duplicate value found: X duplicates value on record with id: …`. */
const fieldInMessage: readonly RegExp[] = [/No such column '(\w{1,128})'/, /duplicate value found: (\w{1,128}) /];

function unknownFault(status: number): SalesforceFault {
  return { code: `HTTP_${status}`, message: '', fields: [], duplicates: [] };
}

/** At most this many candidates are named. */
const duplicatesMax = 5;

function duplicatesOf(result: unknown): readonly string[] {
  const ids = listOf(result, 'matchResults')
    .flatMap((match) => listOf(match, 'matchRecords'))
    .map((match) => member(member(match, 'record'), 'Id'))
    .filter((id) => typeof id === 'string');
  return [...new Set(ids)].slice(0, duplicatesMax);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = member(value, name);
  return Array.isArray(list) ? list : [];
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
