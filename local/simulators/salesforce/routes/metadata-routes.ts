import { describeGlobal, describeObject } from '../schema/describe.ts';
import type { ApiAnswer, ApiCall, ApiRoute } from './api-route.ts';
import { shownOf, withObject } from './record-routes.ts';

/** What the org is made of and how much of its allowance is left. */
export const metadataRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: '', writes: false, answer: resources },
  { method: 'GET', path: 'limits', writes: false, answer: limits },
  {
    method: 'GET',
    path: 'sobjects',
    writes: false,
    answer: (call) => ({ status: 200, json: describeGlobal(call.state.org.schema, call.dataPath) }),
  },
  {
    method: 'GET',
    path: 'sobjects/:object',
    writes: false,
    answer: (call) =>
      withObject(call, (object) => {
        const { fields: _fields, ...objectDescribe } = describeObject(
          call.state.org.schema,
          shownOf(call, object),
          call.dataPath,
        );
        return { status: 200, json: { objectDescribe, recentItems: [] } };
      }),
  },
  {
    method: 'GET',
    path: 'sobjects/:object/describe',
    writes: false,
    answer: (call) =>
      withObject(call, (object) => ({
        status: 200,
        json: describeObject(call.state.org.schema, shownOf(call, object), call.dataPath),
      })),
  },
];

function resources({ dataPath, state, userId }: ApiCall): ApiAnswer {
  const json = {
    composite: `${dataPath}/composite`,
    identity: `${state.instanceUrl()}/id/${state.org.id}/${userId}`,
    limits: `${dataPath}/limits`,
    query: `${dataPath}/query`,
    queryAll: `${dataPath}/queryAll`,
    sobjects: `${dataPath}/sobjects`,
  };
  return { status: 200, json };
}

function limits({ state: { usage } }: ApiCall): ApiAnswer {
  const json = { DailyApiRequests: { Max: usage.max, Remaining: Math.max(0, usage.max - usage.used) } };
  return { status: 200, json };
}
