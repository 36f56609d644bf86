import type { StoredRecord } from '../stored-record.ts';
import { type ApiAnswer, type ApiCall, apiErrors } from './api-route.ts';

/**
 * The answer to a conditional request whose condition does not hold, otherwise undefined.
 * Only single records know conditions, and only by time: `If-Modified-Since` (304) and `If-Unmodified-Since` (412).
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest_conditional_requests.htm
 */
export function precondition(call: ApiCall, record: StoredRecord): ApiAnswer | undefined {
  const modified = Number(record.values.LastModifiedDate);
  const unmodifiedSince = call.headers['if-unmodified-since'];
  if (unmodifiedSince !== undefined) {
    const since = Date.parse(unmodifiedSince);
    if (Number.isNaN(since)) {
      return apiErrors(400, { errorCode: 'INVALID_ARGUMENT_TYPE', message: 'If-Unmodified-Since is not a date' });
    }
    if (modified > since) {
      return apiErrors(412, { errorCode: 'PRECONDITION_FAILED', message: 'The record was modified after that time' });
    }
  }
  const modifiedSince = Date.parse(call.headers['if-modified-since'] ?? '');
  return call.method === 'GET' && modified <= modifiedSince ? { status: 304 } : undefined;
}
