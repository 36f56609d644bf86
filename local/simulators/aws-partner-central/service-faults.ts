import type { ValidationExceptionErrorCode } from '@aws-sdk/client-partnercentral-selling';
import type * as z from 'zod';
import { type AwsFault, type AwsResult, refused } from '../aws/aws-result.ts';

/** One entry of a `ValidationException`'s `ErrorList`. */
export interface FieldError {
  readonly FieldName?: string;
  readonly Message: string;
  readonly Code: ValidationExceptionErrorCode;
}

/** The request does not fit the model. */
export function invalidRequest(errors: readonly FieldError[]): AwsResult {
  return refused(validation('REQUEST_VALIDATION_FAILED', 'The request is not valid.', errors));
}

/** The request fits the model, and a rule of the business forbids it. */
export function forbidden(errors: readonly FieldError[]): AwsResult {
  return refused(validation('BUSINESS_VALIDATION_FAILED', 'The request breaks a business rule.', errors));
}

export function notFound(what: string): AwsResult {
  return refused({ type: 'ResourceNotFoundException', message: `${what} was not found.`, status: 400 });
}

export function conflict(message: string): AwsResult {
  return refused({ type: 'ConflictException', message, status: 400 });
}

export function throttled(): AwsFault {
  return { type: 'ThrottlingException', message: 'Rate exceeded', status: 400 };
}

export function unavailable(status: number): AwsFault {
  return { type: 'InternalServerException', message: 'The service failed.', status };
}

/** How a request that a schema does not take is refused. Values of the wrong JSON type never reach validation at AWS. */
export function refuseIssues(issues: readonly z.core.$ZodIssue[]): AwsResult {
  const mistyped = issues.find((issue) => issue.code === 'invalid_type' && !isAbsent(issue.input));
  if (mistyped !== undefined) {
    const message = `${fieldNameOf(mistyped.path)} is of the wrong type.`;
    return refused({ type: 'SerializationException', message, status: 400 });
  }
  return invalidRequest(
    issues.map((issue) => ({
      FieldName: fieldNameOf(issue.path),
      Message: issue.message,
      Code: isAbsent(issue.input) && issue.code !== 'custom' ? 'REQUIRED_FIELD_MISSING' : codeOf(issue),
    })),
  );
}

function codeOf(issue: z.core.$ZodIssue): ValidationExceptionErrorCode {
  switch (issue.code) {
    case 'invalid_value':
      return 'INVALID_ENUM_VALUE';
    case 'invalid_format':
      return 'INVALID_STRING_FORMAT';
    case 'too_small':
      return issue.origin === 'array' ? 'NOT_ENOUGH_VALUES' : 'VALUE_OUT_OF_RANGE';
    case 'too_big':
      return issue.origin === 'array' ? 'TOO_MANY_VALUES' : 'VALUE_OUT_OF_RANGE';
    default:
      return 'INVALID_VALUE';
  }
}

function validation(reason: string, message: string, errors: readonly FieldError[]): AwsFault {
  return { type: 'ValidationException', message, status: 400, members: { Reason: reason, ErrorList: errors } };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** `Project.ExpectedCustomerSpend[0].Amount` */
function fieldNameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`,
    '',
  );
}
