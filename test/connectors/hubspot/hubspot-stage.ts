import type { HubspotApi } from '../../../connectors/hubspot/api.ts';
import { hubspot } from '../../../connectors/hubspot/connector.ts';
import type { ConnectionSettings, WebhookRequest } from '../../../connectors/kit/connector.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import type { ObjectType } from '../../../local/simulators/hubspot/object-types.ts';
import { signatureV3 } from '../../../local/simulators/hubspot/signature-v3.ts';
import {
  type HubspotSimulator,
  type HubspotSimulatorOptions,
  startHubspotSimulator,
} from '../../../local/simulators/hubspot/start-hubspot-simulator.ts';
import type { ContractStage, ContractSubject, StepClock } from '../contract/contract-stage.ts';

const clientSecret = 'a-client-secret-for-tests';
const personToken = 'token-of-a-person';
const portalId = 48_120_337;

/** A started HubSpot simulator, a connection to it, and a person who works in it. */
export interface HubspotStage {
  readonly simulator: HubspotSimulator;
  readonly settings: ConnectionSettings;
  readonly credentials: Readonly<Record<string, string>>;
  /** Sends a call as a person in the app does; throws when it is refused. */
  asPerson(method: string, path: string, body?: unknown): Promise<unknown>;
  /** A signed webhook request carrying these events. */
  webhook(events: readonly unknown[]): WebhookRequest;
}

/** Starts a simulator on the clock, with a connection by refresh token. */
export async function startHubspotStage(
  clock: StepClock,
  options: Partial<HubspotSimulatorOptions> = {},
): Promise<HubspotStage> {
  const oauth = { clientId: 'client-of-tests', refreshToken: 'refresh-token-of-tests' };
  const by = { changeSource: 'CRM_UI', sourceId: 'userId:9300101' };
  const simulator = await startHubspotSimulator({
    now: clock.now,
    clientSecret,
    oauth,
    accessTokens: [{ token: personToken, by }],
    account: { portalId },
    ...options,
  });
  const settings: ConnectionSettings = {
    id: 'hubspot',
    system: 'hubspot',
    baseUrl: simulator.url,
    auth: 'refresh-token',
    objects: ['company', 'deal', 'contact', 'lead'],
    accountId: String(portalId),
  };
  return {
    simulator,
    settings,
    credentials: { ...oauth, clientSecret },
    async asPerson(method, path, body) {
      const [route = '', query = ''] = path.split('?');
      const answer = await simulator.handle({
        method,
        target: path,
        path: route,
        query: new URLSearchParams(query),
        headers: { authorization: `Bearer ${personToken}`, 'content-type': 'application/json' },
        body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      });
      if (answer === 'cut-connection') throw new Error('The simulator cut the connection.');
      if (answer.status >= 300) throw new Error(`The simulator answered ${answer.status} to ${method} ${path}.`);
      return answer.body === undefined ? undefined : JSON.parse(String(answer.body));
    },
    webhook(events) {
      const url = 'https://hub.example/webhooks/hubspot';
      const body = JSON.stringify(events);
      const timestamp = String(clock.now());
      return {
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          'x-hubspot-request-timestamp': timestamp,
          'x-hubspot-signature-v3': signatureV3(clientSecret, 'POST', url, body, timestamp),
        },
        body: new TextEncoder().encode(body),
      };
    },
  };
}

/** What HubSpot hands to the contract suite: its companies. */
export const hubspotSubject: ContractSubject<HubspotApi> = {
  connector: hubspot,
  start: startContractStage,
  samples: {
    object: 'company',
    hubIdField: 'tributary_id',
    nameField: 'name',
    textField: 'description',
    refused: { values: { industry: 'NO_SUCH_INDUSTRY' }, field: 'industry' },
    unknownId: '99999999',
    tieCount: 650,
    walkCount: 250,
    webhook: { isDated: true, answer: { status: 200, bodyIncludes: '' } },
  },
};

async function startContractStage(clock: StepClock): Promise<ContractStage> {
  const type: ObjectType = 'companies';
  const stage = await startHubspotStage(clock);
  const { simulator } = stage;
  let nextId = 1_000_001;
  return {
    settings: stage.settings,
    credentials: stage.credentials,
    async create(values) {
      const records = values.map((properties) => ({
        type,
        id: String(nextId++),
        properties: properties as Record<string, string>,
      }));
      const { rejected } = simulator.admin.seed(records);
      if (rejected.length > 0) throw new Error(rejected.join(', '));
      return records.map(({ id }) => id);
    },
    async change(id, values) {
      await stage.asPerson('PATCH', `/crm/v3/objects/${type}/${id}`, { properties: values });
    },
    async remove(id) {
      await stage.asPerson('DELETE', `/crm/v3/objects/${type}/${id}`);
    },
    async merge(survivorId, loserId) {
      const merge = { primaryObjectId: survivorId, objectIdToMerge: loserId };
      const merged = (await stage.asPerson('POST', `/crm/v3/objects/${type}/merge`, merge)) as { id: string };
      return merged.id;
    },
    async count() {
      return simulator.admin.records(type).length;
    },
    async held(id, fields) {
      const properties = simulator.admin.record(type, id)?.properties ?? {};
      const values: Record<string, SystemValues[string]> = {};
      for (const field of fields) values[field] = properties[field] ?? null;
      return values;
    },
    expireSessions: () => simulator.admin.revokeIssuedTokens(),
    inject: (fault) => simulator.admin.addFault(fault),
    calls: () => simulator.admin.statistics().calls,
    webhook: (ids) =>
      stage.webhook(
        ids.map((id, index) => ({
          eventId: index + 1,
          subscriptionId: 3_100_001,
          portalId,
          appId: 7_414_209,
          occurredAt: clock.now(),
          subscriptionType: 'company.propertyChange',
          attemptNumber: 0,
          changeSource: 'CRM_UI',
          objectId: Number(id),
          propertyName: 'name',
          propertyValue: 'not looked at',
        })),
      ),
    forge(request) {
      const { url, method } = request;
      const timestamp = request.headers['x-hubspot-request-timestamp'] ?? '';
      const body = new TextDecoder().decode(request.body);
      const signature = signatureV3('a-secret-somebody-guessed', method, url, body, timestamp);
      return { ...request, headers: { ...request.headers, 'x-hubspot-signature-v3': signature } };
    },
    close: () => simulator.close(),
  };
}
