import { awsPartnerCentral } from '../../../connectors/aws-partner-central/connector.ts';
import {
  openPartnerCentral,
  type PartnerCentralApi,
} from '../../../connectors/aws-partner-central/partner-central-api.ts';
import type { ConnectionSettings } from '../../../connectors/kit/connector.ts';
import type { SystemValue, SystemValues } from '../../../domain/model/value.ts';
import type { PartnerCentralOptions } from '../../../local/simulators/aws-partner-central/simulator-options.ts';
import {
  type AwsPartnerCentralSimulator,
  startAwsPartnerCentralSimulator,
} from '../../../local/simulators/aws-partner-central/start-aws-partner-central-simulator.ts';
import type { ContractStage, ContractSubject, StepClock } from '../contract/contract-stage.ts';

type Json = Readonly<Record<string, unknown>>;

/** A started Partner Central simulator, a connection to its sandbox, and a person who works in it. */
export interface PartnerCentralStage {
  readonly simulator: AwsPartnerCentralSimulator;
  readonly settings: ConnectionSettings;
  readonly credentials: Readonly<Record<string, string>>;
  /** What a person in the partner's account does, by the same API. */
  readonly person: PartnerCentralApi;
}

/** Starts a simulator on the clock, with stamps of nine digits. */
export async function startPartnerCentralStage(
  clock: StepClock,
  options: PartnerCentralOptions = {},
): Promise<PartnerCentralStage> {
  const credentials = { accessKeyId: 'AKIDOFTESTS', secretAccessKey: 'secret-key-of-tests' };
  const simulator = await startAwsPartnerCentralSimulator({
    now: clock.now,
    stampDigits: 9,
    accessKeyIds: [credentials.accessKeyId],
    ...options,
  });
  const settings: ConnectionSettings = {
    id: 'ace',
    system: 'aws-partner-central',
    auth: 'access-key',
    baseUrl: simulator.url,
    objects: ['Opportunity', 'EngagementInvitation'],
    accountId: simulator.accountId,
    options: { catalog: 'Sandbox' },
  };
  const person = openPartnerCentral(settings, { accessToken: JSON.stringify(credentials) });
  return { simulator, settings, credentials, person };
}

/** What Partner Central hands to the contract suite: its opportunities. */
export const partnerCentralSubject: ContractSubject<PartnerCentralApi> = {
  connector: awsPartnerCentral,
  start: startContractStage,
  lacks: ['deletions', 'merges', 'owners', 'repetition', 'sessions'],
  samples: {
    object: 'Opportunity',
    hubIdField: 'PartnerOpportunityIdentifier',
    nameField: 'Project.Title',
    textField: 'Project.AdditionalComments',
    refused: { values: { 'LifeCycle.TargetCloseDate': '2020-01-01' }, field: 'LifeCycle.TargetCloseDate' },
    unknownId: 'O9999999999',
    tieCount: 250,
    walkCount: 250,
  },
};

async function startContractStage(clock: StepClock): Promise<ContractStage> {
  // The person's calls would count against the partner's limits as well.
  const { simulator, settings, credentials, person } = await startPartnerCentralStage(clock, { hasLimits: false });
  const signal = new AbortController().signal;
  const nobodyCan = async (): Promise<never> => {
    throw new Error('Nobody can do that in Partner Central.');
  };
  return {
    settings,
    credentials,
    async create(values) {
      const opportunities = values.map((each) => ({ catalog: 'Sandbox' as const, fields: nested(each) as never }));
      return simulator.admin.seed({ opportunities });
    },
    async change(id, values) {
      const { Id, LastModifiedDate, ...held } = await person.ask('GetOpportunity', { Identifier: id }, signal);
      const changed = Object.entries(values).reduce(
        (json, [path, value]) => withMember(json, path.split('.'), value),
        held,
      );
      await person.ask('UpdateOpportunity', { ...changed, Identifier: Id, LastModifiedDate }, signal);
    },
    remove: nobodyCan,
    merge: nobodyCan,
    count: async () => simulator.admin.opportunities().length,
    async held(id, fields) {
      const record = simulator.admin.opportunities().find((each) => each.id === id);
      const values: Record<string, SystemValue> = {};
      for (const field of fields) values[field] = memberAt(record?.fields as Json, field.split('.'));
      return values;
    },
    expireSessions: () => {},
    inject: (fault) => simulator.admin.faults.add(fault),
    calls: () => simulator.admin.statistics().calls,
    webhook: nobodyCan,
    forge: (request) => request,
    close: () => simulator.close(),
  };
}

function nested(values: SystemValues): Json {
  return Object.entries(values).reduce<Json>((json, [path, value]) => withMember(json, path.split('.'), value), {});
}

function withMember(json: Json, [name = '', ...rest]: readonly string[], value: SystemValue): Json {
  if (rest.length === 0) return { ...json, [name]: value };
  return { ...json, [name]: withMember((json[name] ?? {}) as Json, rest, value) };
}

function memberAt(json: Json | undefined, [name = '', ...rest]: readonly string[]): SystemValue {
  const member = json?.[name] ?? null;
  return rest.length === 0 ? (member as SystemValue) : memberAt((member ?? {}) as Json, rest);
}
