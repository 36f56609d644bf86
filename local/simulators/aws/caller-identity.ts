import type { HttpRequest, HttpResponse } from '../shared/http-server.ts';
import type { AwsFault } from './aws-result.ts';
import { readCaller, unknownAccessKey } from './credential-scope.ts';

/** Who is behind access keys, for callers that ask. */
export interface CallerDirectory {
  /** Access keys that are known; absent: every key is. */
  readonly accessKeyIds?: readonly string[] | undefined;
  /** The account of a key, 12 digits. */
  accountOf(accessKeyId: string): string;
}

/** How the call is named in statistics and faults. */
export const callerIdentityLabel = 'SecurityTokenService.GetCallerIdentity';

/**
 * Whether a request is `GetCallerIdentity` of the Security Token Service, the one thing of it that is served here.
 * *Source*: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html, in the AWS query protocol.
 */
export function asksForCaller({ method, path, headers, body }: HttpRequest): boolean {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  if (method !== 'POST' || path !== '/' || !isForm) return false;
  return new URLSearchParams(Buffer.from(body).toString()).get('Action') === 'GetCallerIdentity';
}

/** Tells the account behind the key a request is signed with. */
export function answerCaller(request: HttpRequest, directory: CallerDirectory, requestId: string): HttpResponse {
  const caller = readCaller(request, 'sts');
  if ('fault' in caller) return refused(caller.fault, requestId);
  const { accessKeyId } = caller;
  if (directory.accessKeyIds?.includes(accessKeyId) === false) return refused(unknownAccessKey, requestId);
  const account = directory.accountOf(accessKeyId);
  const result = `<Arn>arn:aws:iam::${account}:user/tributary</Arn><UserId>${account}</UserId><Account>${account}</Account>`;
  return xml(
    200,
    'GetCallerIdentityResponse',
    `<GetCallerIdentityResult>${result}</GetCallerIdentityResult>`,
    requestId,
  );
}

function refused({ type, message, status }: AwsFault, requestId: string): HttpResponse {
  // The query protocol names exceptions without their ending.
  const code = type === 'UnrecognizedClientException' ? 'InvalidClientTokenId' : type.replace(/Exception$/, '');
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return xml(status, 'ErrorResponse', error, requestId);
}

function xml(status: number, root: string, content: string, requestId: string): HttpResponse {
  const id = `<RequestId>${requestId}</RequestId>`;
  const meta = root === 'ErrorResponse' ? id : `<ResponseMetadata>${id}</ResponseMetadata>`;
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<${root} xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${content}${meta}</${root}>`,
  };
}
