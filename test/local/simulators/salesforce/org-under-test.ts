import { onTestFinished } from 'vitest';
import {
  type SalesforceSimulatorOptions,
  salesforceDefaults,
} from '../../../../local/simulators/salesforce/simulator-options.ts';
import {
  type SalesforceSimulator,
  startSalesforceSimulator,
} from '../../../../local/simulators/salesforce/start-salesforce-simulator.ts';

/** An answer with its JSON; `json` is undefined when there was no content. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and say what they expect there.
  readonly json: any;
}

export interface OrgUnderTest {
  readonly simulator: SalesforceSimulator;
  /** A call below `/services/data/v67.0/`, signed in as the integration user. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<TestAnswer>;
  query(soql: string, resource?: 'query' | 'queryAll'): Promise<TestAnswer>;
  /** Creates one record and answers its id. */
  create(object: string, values: Readonly<Record<string, unknown>>): Promise<string>;
  admin(method: string, path: string, body?: unknown): Promise<TestAnswer>;
}

/** The instant at which the tests' clock stands still: 2026-03-04T05:06:07.890Z. */
export const testNow = Date.UTC(2026, 2, 4, 5, 6, 7, 890);

/** Starts an org for one test and stops it when the test has finished. */
export async function startOrg(options: SalesforceSimulatorOptions = {}): Promise<OrgUnderTest> {
  const simulator = await startSalesforceSimulator({ now: () => testNow, ...options });
  onTestFinished(() => simulator.close());
  const token = simulator.openSession(options.users?.[0]?.username ?? 'integration@tributary.example');
  const send = async (method: string, url: string, body: unknown, headers: Readonly<Record<string, string>>) => {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: answer.status, headers: answer.headers, json: isJson ? JSON.parse(text) : text || undefined };
  };
  const call: OrgUnderTest['call'] = (method, path, body, headers = {}) =>
    send(method, `${simulator.url}/services/data/v${salesforceDefaults.apiVersion}/${path}`, body, {
      authorization: `Bearer ${token}`,
      ...headers,
    });
  return {
    simulator,
    call,
    query: (soql, resource = 'query') => call('GET', `${resource}?q=${encodeURIComponent(soql)}`),
    async create(object, values) {
      const answer = await call('POST', `sobjects/${object}`, values);
      if (answer.status !== 201) throw new Error(`Not created: ${JSON.stringify(answer.json)}`);
      return String(answer.json.id);
    },
    admin: (method, path, body) => send(method, `${simulator.url}/_simulator/${path}`, body, {}),
  };
}
