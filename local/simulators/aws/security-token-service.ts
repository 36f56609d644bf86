import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../shared/http-server.ts';

/** The account that calls are made for, and the time. */
export interface TokenServiceOptions {
  /** 12 digits. */
  readonly accountId: string;
  /** Epoch ms. */
  readonly now: () => number;
}

const ROLE_SESSION_MS = 3_600_000;
const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/**
 * Answers as the Security Token Service does: whose account this is (`GetCallerIdentity`), and a session of one of its roles
 * (`AssumeRole`, for an hour). Clients of a simulated AWS system ask both at the system's own address.
 * `undefined` when the request is for another service: this one alone speaks the AWS query protocol.
 *
 * *Source*: https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html (read November 2026).
 */
export function answerSecurityToken(request: HttpRequest, options: TokenServiceOptions): HttpResponse | undefined {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  if (request.method !== 'POST' || !isForm) return undefined;
  if (request.headers.authorization === undefined) {
    return refusal(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  const form = new URLSearchParams(request.body.toString('utf8'));
  switch (form.get('Action')) {
    case 'GetCallerIdentity':
      return identity(options);
    case 'AssumeRole':
      return assumeRole(form, options);
    default:
      return refusal(400, 'InvalidAction', 'Could not find operation for version 2011-06-15');
  }
}

function identity({ accountId }: TokenServiceOptions): HttpResponse {
  return success(
    'GetCallerIdentity',
    `<Arn>arn:aws:iam::${accountId}:user/simulated</Arn><UserId>AIDASIMULATED</UserId><Account>${accountId}</Account>`,
  );
}

/** Only roles of this account may be assumed, so that a role of another one shows as what it is: a wrong setting. */
function assumeRole(form: URLSearchParams, { accountId, now }: TokenServiceOptions): HttpResponse {
  const session = form.get('RoleSessionName') ?? '';
  const role = /^arn:aws:iam::(\d{12}):role\/([\w+=,.@/-]+)$/.exec(form.get('RoleArn') ?? '');
  if (role === null || !/^[\w+=,.@-]{2,64}$/.test(session)) {
    return refusal(400, 'ValidationError', 'RoleArn or RoleSessionName failed to satisfy constraint.');
  }
  const [, owner, name = ''] = role;
  if (owner !== accountId) {
    return refusal(403, 'AccessDenied', 'User is not authorized to perform: sts:AssumeRole on the resource.');
  }
  const expires = new Date(now() + ROLE_SESSION_MS);
  const secret = createHash('sha256').update(`${name}/${session}/${expires.toISOString()}`).digest('hex');
  return success(
    'AssumeRole',
    [
      `<AssumedRoleUser><Arn>arn:aws:sts::${accountId}:assumed-role/${name}/${session}</Arn>`,
      `<AssumedRoleId>AROASIMULATED:${session}</AssumedRoleId></AssumedRoleUser>`,
      `<Credentials><AccessKeyId>ASIA${secret.slice(0, 16).toUpperCase()}</AccessKeyId>`,
      `<SecretAccessKey>${secret.slice(0, 40)}</SecretAccessKey><SessionToken>${secret}</SessionToken>`,
      `<Expiration>${expires.toISOString()}</Expiration></Credentials>`,
    ].join(''),
  );
}

function success(action: string, result: string): HttpResponse {
  return xml(
    200,
    `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>simulated</RequestId></ResponseMetadata></${action}Response>`,
  );
}

function refusal(status: number, code: string, message: string): HttpResponse {
  return xml(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>simulated</RequestId></ErrorResponse>`,
  );
}

function xml(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
