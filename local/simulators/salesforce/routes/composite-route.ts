import { type ApiAnswer, type ApiCall, type ApiRoute, apiErrors } from './api-route.ts';

/** Serves one subrequest: an address below the version prefix. */
export type Dispatch = (call: ApiCall, path: string) => ApiAnswer;

/**
 * Up to 25 requests in one; a later one may use values of an earlier answer as `@{referenceId.path}`.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm
 */
export function compositeRoute(dispatch: Dispatch): ApiRoute {
  return { method: 'POST', path: 'composite', writes: true, answer: (call) => composite(call, dispatch) };
}

const subrequestsMax = 25;

interface Subrequest {
  readonly method: string;
  readonly url: string;
  readonly referenceId: string;
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
}

function composite(call: ApiCall, dispatch: Dispatch): ApiAnswer {
  const { compositeRequest, allOrNone } = isObject(call.body) ? call.body : {};
  const subrequests = Array.isArray(compositeRequest) ? compositeRequest.map(readSubrequest) : [];
  if (subrequests.length === 0 || subrequests.includes(undefined)) {
    return apiErrors(400, { errorCode: 'JSON_PARSER_ERROR', message: 'compositeRequest is a list of requests' });
  }
  if (subrequests.length > subrequestsMax) {
    const message = `A composite request has at most ${subrequestsMax} subrequests`;
    return apiErrors(400, { errorCode: 'LIMIT_EXCEEDED', message });
  }
  const { store } = call.state.org;
  const mark = store.mark();
  const answers = new Map<string, unknown>();
  const results: { readonly referenceId: string; readonly answer: ApiAnswer }[] = [];
  for (const subrequest of subrequests) {
    if (subrequest === undefined) continue;
    const answer = serve(call, subrequest, answers, dispatch);
    answers.set(subrequest.referenceId, answer.json);
    results.push({ referenceId: subrequest.referenceId, answer });
  }
  const isHalted = allOrNone === true && results.some(({ answer }) => answer.status >= 400);
  if (isHalted) store.rollBackTo(mark);
  return { status: 200, json: { compositeResponse: results.map((result) => resultJson(result, isHalted)) } };
}

function serve(
  call: ApiCall,
  subrequest: Subrequest,
  answers: ReadonlyMap<string, unknown>,
  dispatch: Dispatch,
): ApiAnswer {
  const { method, url, body, httpHeaders } = substitute(subrequest, answers);
  const [path = '', query = ''] = url.split('?', 2);
  const prefix = `${call.dataPath}/`;
  if (!path.toLowerCase().startsWith(prefix.toLowerCase())) {
    const message = `The url of a subrequest begins with ${prefix}`;
    return apiErrors(400, { errorCode: 'INVALID_INPUT', message });
  }
  const headers = Object.fromEntries(Object.entries(httpHeaders).map(([name, value]) => [name.toLowerCase(), value]));
  const inner: ApiCall = {
    ...call,
    method,
    body,
    query: new URLSearchParams(query),
    headers: { ...call.headers, ...headers },
  };
  return dispatch(inner, path.slice(prefix.length));
}

/** Of a rolled back composite every success turns into "halted"; the failure that caused it stays as it was. */
function resultJson(
  { referenceId, answer }: { readonly referenceId: string; readonly answer: ApiAnswer },
  isHalted: boolean,
): Record<string, unknown> {
  if (isHalted && answer.status < 400) {
    const message = 'The transaction was rolled back since another operation in the same transaction failed.';
    return { body: [{ errorCode: 'PROCESSING_HALTED', message }], httpHeaders: {}, httpStatusCode: 400, referenceId };
  }
  return { body: answer.json ?? null, httpHeaders: answer.headers ?? {}, httpStatusCode: answer.status, referenceId };
}

function readSubrequest(json: unknown): Subrequest | undefined {
  if (!isObject(json)) return undefined;
  const { method, url, referenceId, body, httpHeaders } = json;
  if (typeof method !== 'string' || typeof url !== 'string' || typeof referenceId !== 'string') return undefined;
  const headers = isObject(httpHeaders) ? Object.entries(httpHeaders) : [];
  return {
    method: method.toUpperCase(),
    url,
    referenceId,
    body,
    httpHeaders: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
  };
}

function substitute(subrequest: Subrequest, answers: ReadonlyMap<string, unknown>): Subrequest {
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return replaceReferences(value, answers);
    if (Array.isArray(value)) return value.map(replace);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner)]));
  };
  return { ...subrequest, url: replaceReferences(subrequest.url, answers), body: replace(subrequest.body) };
}

function replaceReferences(text: string, answers: ReadonlyMap<string, unknown>): string {
  return text.replace(/@\{([^}]+)\}/g, (whole, reference: string) => {
    const [referenceId = '', ...path] = reference.split(/[.[\]]+/).filter((part) => part !== '');
    const value = path.reduce<unknown>((json, part) => memberOf(json, part), answers.get(referenceId));
    return value === undefined ? whole : String(value);
  });
}

function memberOf(json: unknown, name: string): unknown {
  if (Array.isArray(json)) return json[Number(name)];
  return isObject(json) ? json[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
