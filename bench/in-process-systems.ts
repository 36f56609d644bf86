import { SIMULATED_CREDENTIALS } from '../local/cli/simulated-systems.ts';
import { startHubspotSimulator } from '../local/simulators/hubspot/start-hubspot-simulator.ts';
import { handleRequest } from '../local/simulators/salesforce/handle-request.ts';
import { SimulatedOrg } from '../local/simulators/salesforce/simulated-org.ts';
import { OWNERS } from '../local/simulators/sample-data/words.ts';
import {
  type HttpAnswer,
  type HttpRequest,
  type RunningHttpServer,
  startHttpServer,
} from '../local/simulators/shared/http-server.ts';
import { hubspotSide } from './hubspot-side.ts';
import { salesforceSide } from './salesforce-side.ts';
import type { VendorSide } from './vendor-side.ts';

/** Both simulated systems in this process, called by `fetch` without a network in between. */
export interface InProcessSystems {
  readonly salesforce: VendorSide;
  readonly hubspot: VendorSide;
  /** CPU time that the systems themselves took to answer `fetch`, in seconds. */
  cpuSeconds(): number;
  /** Frees the ports and gives `fetch` back. */
  stop(): Promise<void>;
}

type Handle = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * Starts both simulated systems, empty and without limits. Until {@link InProcessSystems.stop}, `fetch` of this process hands
 * requests to them as function calls; the bench itself edits over the loopback interface, outside of what it measures.
 */
export async function startInProcessSystems(): Promise<InProcessSystems> {
  const hubspot = await startHubspotSimulator({
    accessTokens: [
      { token: SIMULATED_CREDENTIALS.HUBSPOT_SIM_ACCESS_TOKEN ?? '' },
      { token: 'person', by: { changeSource: 'CRM_UI', sourceId: 'userId:1' } },
    ],
    account: {
      owners: OWNERS.map(({ first, last, email, hubspotId }, index) => ({
        id: hubspotId,
        email,
        firstName: first,
        lastName: last,
        userId: index + 1,
        archived: false,
      })),
    },
    limits: { per10Seconds: 1_000_000, searchesPerSecond: 100_000, perDay: 1_000_000_000 },
  });
  let server: RunningHttpServer | undefined;
  const org = new SimulatedOrg(
    { dailyRequestsMax: 1_000_000_000 },
    { instanceUrl: () => server?.url ?? '', refuseConnections: () => undefined },
  );
  const handleSalesforce: Handle = (request) => handleRequest(org, request);
  server = await startHttpServer({ handle: handleSalesforce });
  const salesforceUrl = server.url;
  const meter = { cpuMicroseconds: 0 };
  const giveFetchBack = answerFetch(
    new Map([
      [new URL(salesforceUrl).host, handleSalesforce],
      [new URL(hubspot.url).host, hubspot.handle],
    ]),
    meter,
  );
  const sides = { salesforce: await salesforceSide(salesforceUrl), hubspot: hubspotSide(hubspot.url) };
  await sides.salesforce.reset();
  return {
    ...sides,
    cpuSeconds: () => meter.cpuMicroseconds / 1_000_000,
    async stop() {
      giveFetchBack();
      org.close();
      await server?.close();
      await hubspot.close();
    },
  };
}

/** Has `fetch` call these handlers, by host; answers how to undo it. Other hosts are refused: nothing here goes further. */
function answerFetch(handlers: ReadonlyMap<string, Handle>, meter: { cpuMicroseconds: number }): () => void {
  const before = globalThis.fetch;
  globalThis.fetch = async (input, init = {}) => {
    const url = new URL(String(input));
    const handle = handlers.get(url.host);
    if (handle === undefined) throw new TypeError(`nobody answers at ${url.host}`);
    const request = {
      method: init.method ?? 'GET',
      target: `${url.pathname}${url.search}`,
      path: url.pathname,
      query: url.searchParams,
      headers: lowerCased(init.headers),
      body: Buffer.from(bodyText(init.body)),
    };
    // The simulators do their whole work before they first give way, so this is all of it and nothing else.
    const began = process.threadCpuUsage();
    const answering = handle(request);
    const { user, system } = process.threadCpuUsage(began);
    meter.cpuMicroseconds += user + system;
    const answer = await answering;
    if (answer === 'cut-connection') throw new TypeError('fetch failed');
    return new Response(answer.body ?? null, {
      status: answer.status,
      headers: { ...answer.headers, date: httpDate() },
    });
  };
  return () => {
    globalThis.fetch = before;
  };
}

function lowerCased(headers: RequestInit['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function bodyText(body: RequestInit['body']): string {
  return body instanceof URLSearchParams || typeof body === 'string' ? body.toString() : '';
}

function httpDate(): string {
  return new Date().toUTCString();
}
