import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { classify } from '../../../connectors/aws-marketplace/classify.ts';
import { type MarketplaceApi, openMarketplace } from '../../../connectors/aws-marketplace/marketplace-api.ts';
import type { Call, ConnectionSettings } from '../../../connectors/kit/connector.ts';
import { fail, succeed } from '../../../domain/model/fault.ts';

export type Input = Readonly<Record<string, unknown>>;

/** A request as AWS would have got it. */
export interface SentRequest {
  readonly operation: string;
  readonly input: Input;
}

/** An error as AWS answers it. */
export class AwsRefusal extends Error {
  readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** What the double answers; JSON text is sent as it is, digits and all. */
export type Answers = Readonly<Record<string, (input: Input) => object | string>>;

/** AWS's two marketplace APIs over real HTTP, answered by the test; the real SDK stands in between. */
export interface FakeMarketplace {
  readonly call: Call<MarketplaceApi>;
  /** Every request, in order. */
  readonly requests: readonly SentRequest[];
  /** Names of the operations asked for, in order. */
  asked(): readonly string[];
  /** Takes over the answers of these operations. */
  answer(answers: Answers): void;
  /** The next request of the operation is carried out, and its answer lost. */
  loseAnswer(operation: string): void;
  close(): Promise<void>;
}

/** AWS's clock in every answer. */
export const AWS_NOW = 'Mon, 02 Mar 2026 10:15:00 GMT';

export const settings: ConnectionSettings = {
  id: 'aws',
  system: 'aws-marketplace',
  auth: 'access-key',
  objects: ['Offer', 'Agreement'],
  accountId: '111122223333',
};

export async function startFakeMarketplace(options: Readonly<Record<string, string>> = {}): Promise<FakeMarketplace> {
  const answers = new Map<string, Answers[string]>();
  const requests: SentRequest[] = [];
  const lost = new Set<string>();
  const server = createServer((request, response) => {
    void readRequest(request).then((sent) => {
      requests.push(sent);
      response.setHeader('date', AWS_NOW);
      response.setHeader('content-type', 'application/json');
      try {
        const handler = answers.get(sent.operation);
        if (handler === undefined) throw new AwsRefusal('ResourceNotFoundException', `no ${sent.operation}`, 404);
        const answer = handler(sent.input);
        if (lost.delete(sent.operation)) {
          response.destroy();
          return;
        }
        response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      } catch (error) {
        // Only refusals are thrown on purpose; anything else is a mistake of the test and shows as a 500.
        const { name, message, status } =
          error instanceof AwsRefusal ? error : { name: 'Broken', message: `${error}`, status: 500 };
        response.statusCode = status;
        response.setHeader('x-amzn-errortype', name);
        response.end(JSON.stringify({ __type: name, message, Message: message }));
      }
    });
  });
  await listen(server);
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const accessToken = JSON.stringify({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'made-up' });
  const api = openMarketplace({ ...settings, baseUrl, options }, { accessToken });
  return {
    requests,
    asked: () => requests.map(({ operation }) => operation),
    answer(more) {
      for (const [operation, handler] of Object.entries(more)) answers.set(operation, handler);
    },
    loseAnswer: (operation) => lost.add(operation),
    call: async (request, perform) => {
      try {
        return succeed(await perform(api, AbortSignal.timeout(10_000)));
      } catch (error) {
        return fail(classify(error, request));
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

async function readRequest(request: IncomingMessage): Promise<SentRequest> {
  let body = '';
  for await (const piece of request) body += piece;
  const url = new URL(request.url ?? '/', 'http://aws');
  const target = request.headers['x-amz-target'];
  const operation = typeof target === 'string' ? (target.split('.')[1] ?? '') : url.pathname.slice(1);
  const input: Input = body === '' ? Object.fromEntries(url.searchParams) : JSON.parse(body);
  return { operation, input };
}
