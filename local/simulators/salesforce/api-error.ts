/** An error as the REST API reports it for a whole request. */
export interface ApiError {
  readonly errorCode: string;
  readonly message: string;
  readonly fields?: readonly string[];
  readonly duplicateResult?: DuplicateResult;
}

/** An error as it is reported for one row of a collection: the same facts under other names. */
export interface RowError {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
  readonly duplicateResult?: DuplicateResult;
}

/** What a duplicate rule found. */
export interface DuplicateResult {
  readonly allowSave: boolean;
  readonly duplicateRule: string;
  readonly duplicateRuleEntityType: string;
  readonly errorMessage: string;
  readonly matchResults: readonly unknown[];
}

/** A row's error under the names a single-record request uses; one of a duplicate rule names no fields there. */
export function toApiError({ statusCode, fields, duplicateResult, message }: RowError): ApiError {
  if (duplicateResult !== undefined) return { duplicateResult, errorCode: statusCode, message };
  return { message, errorCode: statusCode, fields };
}

export function rowError(statusCode: string, message: string, fields: readonly string[] = []): RowError {
  return { statusCode, message, fields };
}
