import type { AwsFault } from '../../aws/aws-result.ts';
import type { ValidationIssue } from '../../aws/aws-service.ts';

/** The Catalog's exceptions, with the statuses of its model (2018-09-17). */
const STATUSES = {
  ValidationException: 422,
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
  ResourceInUseException: 423,
  ResourceNotSupportedException: 415,
  ServiceQuotaExceededException: 402,
  ThrottlingException: 429,
  InternalServiceException: 500,
} as const;

export function catalogFault(type: keyof typeof STATUSES, message: string): AwsFault {
  return { type, message, status: STATUSES[type] };
}

/** All that is wrong with a request, in one sentence. */
export function invalidRequest(issues: readonly ValidationIssue[]): AwsFault {
  return catalogFault('ValidationException', issues.map(({ name, message }) => `${name}: ${message}`).join('; '));
}

/** Entities of other accounts are as unknown as those that are not there. */
export function notFound(what: string): AwsFault {
  return catalogFault('ResourceNotFoundException', `${what} was not found.`);
}
