import { SQSClient } from '@aws-sdk/client-sqs';
import type { Hub } from '../../../domain/pipeline/ports.ts';
import type { HubRuntime } from '../../../functions/runtime/composition.ts';
import { hubApi } from '../../../functions/serve-api/hub-api.ts';
import { type SmallHub, smallHub } from '../../support/small-hub.ts';

/** An answer of the API, its body parsed. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The API over a small hub; queues are whatever the test's mock of the SQS client says. */
export interface ServedHub {
  readonly small: SmallHub;
  /** Steps of the defects that were logged. */
  readonly defects: readonly string[];
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
}

/** Mapping files in force, as the runtime keeps them for previews of others. */
const MAPPING_DOCUMENTS = {
  'vocabulary/partner.yaml': {
    note: 'Companies.',
    fields: [{ name: 'name', tag: 'a', type: 'text', note: 'Name.' }],
  },
  'hubspot/thing.partner.yaml': {
    version: 1,
    note: 'Things.',
    hubId: 'HUB_ID',
    fields: [{ hub: 'name', theirs: 'NAME', flow: 'both', codec: 'text' }],
  },
};

/** Serves a small hub; `change` replaces parts of it. */
export async function servedHub(
  known?: SmallHub,
  change: (hub: Hub) => Partial<Hub> = () => ({}),
  budgets: readonly { readonly connection: string }[] = [],
): Promise<ServedHub> {
  const small = known ?? (await smallHub(['one', 'two']));
  const defects: string[] = [];
  // What the API uses of a runtime.
  const runtime = {
    hub: { ...small.hub, ...change(small.hub) },
    stage: 'test',
    mappingDocuments: MAPPING_DOCUMENTS,
    environment: {
      inboundQueueUrl: 'https://sqs.example/inbound',
      sweepQueueUrl: 'https://sqs.example/sweep',
      outboundQueueUrls: { one: 'https://sqs.example/outbound-one', two: 'https://sqs.example/outbound-two' },
      deadLetterQueueUrls: {
        inbound: 'https://sqs.example/inbound-dead',
        sweep: 'https://sqs.example/sweep-dead',
        'outbound-two': 'https://sqs.example/outbound-two-dead',
        'outbound-gone': 'https://sqs.example/outbound-gone-dead',
      },
    },
    systems: { budgets: async (connection: string) => budgets.filter((each) => each.connection === connection) },
    clients: { sqs: new SQSClient({ region: 'eu-central-1' }) },
    log: { log: () => {}, defect: (step: string) => void defects.push(step), begin: () => {} },
    begin: () => {},
  } as unknown as HubRuntime;
  const api = hubApi(async () => runtime);
  const call = async (method: string, path: string, body?: string): Promise<Answer> => {
    const answer = await api.request(`/api${path}`, { method, ...(body === undefined ? {} : { body }) });
    // Every answer of the API is an object.
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  return {
    small,
    defects,
    get: (path) => call('GET', path),
    post: (path, body) =>
      call('POST', path, typeof body === 'string' || body === undefined ? body : JSON.stringify(body)),
  };
}
