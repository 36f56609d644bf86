import type { HttpRequest, HttpResponse } from '../../shared/http-server.ts';
import { soapFault } from '../soap-xml.ts';

/**
 * The SOAP address exists to say no: signing in by it is retired, and the rest of the SOAP API is not simulated.
 * *Source*: https://help.salesforce.com/s/articleView?id=release-notes.rn_api_upcoming_retirement_258rn.htm
 */
export function answerSoap(request: HttpRequest): HttpResponse {
  const isLogin = /<(?:\w+:)?login[\s>]/.test(request.body.toString('utf8'));
  const message = isLogin
    ? 'SOAP API login() is disabled by default in this org.'
    : 'This SOAP call is not available in the simulated org.';
  return {
    status: 500,
    headers: { 'content-type': 'text/xml;charset=utf-8' },
    body: soapFault('INVALID_OPERATION', message),
  };
}
