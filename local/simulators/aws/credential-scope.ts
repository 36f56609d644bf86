import type { HttpRequest } from '../shared/http-server.ts';
import type { AwsFault } from './aws-result.ts';

/**
 * Reads who calls from a Signature V4 header. The signature itself is not checked, as the simulator knows no secrets; that
 * the request is signed, and for this service, is.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export function readCaller(
  request: HttpRequest,
  signingName: string,
): { readonly accessKeyId: string } | { readonly fault: AwsFault } {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    return denied('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const [, accessKeyId, service] =
    /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request,/.exec(authorization) ?? [];
  if (accessKeyId === undefined || service === undefined) {
    return denied('IncompleteSignatureException', 'Authorization header is no Signature Version 4.');
  }
  if (service !== signingName) {
    return denied(
      'InvalidSignatureException',
      `Credential should be scoped to correct service: '${signingName}', not '${service}'.`,
    );
  }
  return { accessKeyId };
}

/** The answer for an access key the simulator was told not to know. */
export const unknownAccessKey: AwsFault = {
  type: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
  status: 403,
};

function denied(type: string, message: string): { readonly fault: AwsFault } {
  return { fault: { type, message, status: 403 } };
}
