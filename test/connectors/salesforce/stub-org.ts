import type { ConnectionSettings, Credentials } from '../../../connectors/kit/connector.ts';
import {
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  startHttpServer,
} from '../../../local/simulators/shared/http-server.ts';

/** A server that answers as a test says, for what the simulator does not do on demand; and what it was asked. */
export interface StubOrg {
  readonly url: string;
  readonly settings: ConnectionSettings;
  readonly credentials: Credentials;
  readonly requests: readonly HttpRequest[];
  close(): Promise<void>;
}

/** Starts a stub; it gives out tokens by itself, and hands every other request to `answer`. */
export async function startStubOrg(answer: (request: HttpRequest, turn: number) => HttpResponse): Promise<StubOrg> {
  const requests: HttpRequest[] = [];
  let tokens = 0;
  const server = await startHttpServer({
    async handle(request) {
      if (request.path === '/services/oauth2/token') {
        tokens += 1;
        return jsonResponse(200, { access_token: `token-${tokens}`, instance_url: server.url });
      }
      requests.push(request);
      return answer(request, requests.length);
    },
  });
  return {
    url: server.url,
    settings: {
      id: 'salesforce',
      system: 'salesforce',
      baseUrl: server.url,
      auth: 'client-credentials',
      objects: ['Account', 'Opportunity'],
    },
    credentials: { clientId: 'client', clientSecret: 'secret' },
    requests,
    close: () => server.close(),
  };
}
