import { salesforce } from '../../../connectors/salesforce/connector.ts';
import type { SalesforceApi } from '../../../connectors/salesforce/salesforce-api.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { salesforceDefaults } from '../../../local/simulators/salesforce/simulator-options.ts';
import {
  type SalesforceSimulator,
  startSalesforceSimulator,
} from '../../../local/simulators/salesforce/start-salesforce-simulator.ts';
import { type HttpRequest, startHttpServer } from '../../../local/simulators/shared/http-server.ts';
import type { ContractStage, ContractSubject, StepClock } from '../contract/contract-stage.ts';

/** A simulated org and the connection to it. */
export interface SalesforceStage extends ContractStage {
  readonly simulator: SalesforceSimulator;
}

/** What the contract suite needs to know about Salesforce; accounts stand for all objects. */
export const salesforceSubject: ContractSubject<SalesforceApi> = {
  connector: salesforce,
  start: (clock) => startSalesforceStage(clock),
  samples: {
    object: 'Account',
    hubIdField: 'Tributary_Id__c',
    nameField: 'Name',
    textField: 'Description',
    refused: { values: { Partner_Tier__c: 'No such tier' }, field: 'Partner_Tier__c' },
    unknownId: '001Tb00000zzzzzIAA',
    tieCount: 2_300,
    walkCount: 4_100,
    webhook: { isDated: false, answer: { status: 200, bodyIncludes: '<Ack>true</Ack>' } },
  },
};

const webhookKey = 'a-long-random-webhook-key';

/** Starts an org on the clock given; `object` is what the stage's own actions work on. */
export async function startSalesforceStage(clock: StepClock, object: string = 'Account'): Promise<SalesforceStage> {
  const simulator = await startSalesforceSimulator({ now: clock.now, outboundBackOffMs: () => 10 });
  const seed = (values: SystemValues): string => simulator.seed([{ object, values }])[0] ?? '';
  return {
    simulator,
    settings: {
      id: 'salesforce',
      system: 'salesforce',
      baseUrl: simulator.url,
      auth: 'client-credentials',
      objects: ['Account', 'Contact', 'Lead', 'Opportunity'],
      accountId: simulator.organizationId,
    },
    credentials: { clientId: salesforceDefaults.clientId, clientSecret: salesforceDefaults.clientSecret, webhookKey },
    create: async (values) => simulator.seed(values.map((each) => ({ object, values: each }))),
    async change(id, values) {
      seed({ ...values, Id: id });
    },
    async remove(id) {
      seed({ Id: id, IsDeleted: true });
    },
    async merge(survivorId, loserId) {
      const outcome = simulator.merge({ masterId: survivorId, loserIds: [loserId] });
      if (!outcome.ok) throw new Error('The simulator refused to merge.');
      return survivorId;
    },
    count: async () => simulator.records(object).filter((record) => record.IsDeleted !== true).length,
    async held(id, fields) {
      const record = simulator.records(object).find((each) => each.Id === id);
      // The simulator's records hold what its API would answer.
      return Object.fromEntries(fields.map((field) => [field, record?.[field] ?? null])) as SystemValues;
    },
    expireSessions() {
      simulator.expireSessions();
    },
    inject: (fault) => simulator.faults.add(fault),
    calls: () => simulator.statistics().calls,
    webhook: (ids) => captureOutboundMessage(simulator, object, ids),
    forge: (request) => ({ ...request, url: request.url.replace(webhookKey, 'another-key') }),
    close: () => simulator.close(),
  };
}

/** Lets the org send an outbound message about these records to a listener, and hands over what it sent. */
async function captureOutboundMessage(simulator: SalesforceSimulator, object: string, ids: readonly string[]) {
  const arrived = Promise.withResolvers<HttpRequest>();
  const listener = await startHttpServer({
    handle: async (request) => {
      arrived.resolve(request);
      return { status: 200, body: '<Ack>true</Ack>' };
    },
  });
  const path = `/webhooks/salesforce?key=${webhookKey}`;
  simulator.outboundMessages.setTargets([{ object, url: listener.url + path, fields: ['Name'] }]);
  const token = simulator.openSession('maya.lindqvist@tributary.example');
  await fetch(`${simulator.url}/services/data/v64.0/composite/sobjects`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ records: ids.map((id) => ({ attributes: { type: object }, id, Description: 'edited' })) }),
  });
  const request = await arrived.promise;
  await simulator.outboundMessages.idle();
  await listener.close();
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return { method: request.method, url: `https://hub.example${path}`, headers, body: new Uint8Array(request.body) };
}
