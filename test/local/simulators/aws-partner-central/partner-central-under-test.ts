import { onTestFinished } from 'vitest';
import type { AwsEvent } from '../../../../local/simulators/aws/aws-event.ts';
import type { PartnerCentralOptions } from '../../../../local/simulators/aws-partner-central/simulator-options.ts';
import {
  openPartnerCentralAccount,
  type PartnerCentralAccount,
} from '../../../../local/simulators/aws-partner-central/start-aws-partner-central-simulator.ts';

/** An answer of the service: its status and its JSON. */
export interface TestAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and say what they expect there.
  readonly json: any;
}

/** An account in the test's process, with a clock that stands still until it is moved. */
export interface AccountUnderTest {
  readonly account: PartnerCentralAccount;
  readonly events: AwsEvent[];
  /** Calls an operation in the Sandbox, unless the input names a catalog; moves the clock on, so that no limit is met. */
  call(operation: string, input?: Readonly<Record<string, unknown>>): Promise<TestAnswer>;
  /** The same without moving the clock. */
  callAtOnce(operation: string, input?: Readonly<Record<string, unknown>>): Promise<TestAnswer>;
  /** Asks below `/_simulator/`. */
  ask(method: string, path: string, body?: unknown): Promise<TestAnswer>;
  /** A created opportunity with a solution, complete enough to be submitted. */
  draft(fields?: Readonly<Record<string, unknown>>): Promise<string>;
  /** The same, submitted. */
  submitted(fields?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Its answer of GetOpportunity. */
  // biome-ignore lint/suspicious/noExplicitAny: the same as above.
  read(id: string): Promise<any>;
  /** Types of the events since the last time this was asked. */
  told(): readonly string[];
  advance(ms: number): void;
}

/** 2026-03-02T10:15:00.250Z */
export const startMs = Date.UTC(2026, 2, 2, 10, 15, 0, 250);

export function openAccount(options: PartnerCentralOptions = {}): AccountUnderTest {
  let now = startMs;
  const events: AwsEvent[] = [];
  const account = openPartnerCentralAccount(
    { now: () => now, publish: (event) => events.push(event), ...options },
    { refuseConnections: () => undefined },
  );
  onTestFinished(() => account.close());
  let heard = 0;
  let tokens = 0;
  const send = async (method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>) => {
    const answer = await account.handle({
      method,
      target: path,
      path,
      query: new URLSearchParams(),
      headers,
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    });
    if (answer === 'cut-connection') return { status: 0, json: undefined };
    return { status: answer.status, json: answer.body === undefined ? undefined : JSON.parse(answer.body) };
  };
  const callAtOnce: AccountUnderTest['callAtOnce'] = (operation, input = {}) =>
    send('POST', '/', { Catalog: 'Sandbox', ...input }, headersOf(operation));
  const call: AccountUnderTest['call'] = (operation, input) => {
    now += 1_000;
    return callAtOnce(operation, input);
  };
  const succeed = async (operation: string, input: Readonly<Record<string, unknown>>) => {
    const { status, json } = await call(operation, input);
    if (status !== 200) throw new Error(`${operation}: ${JSON.stringify(json)}`);
    return json;
  };
  const draft: AccountUnderTest['draft'] = async (fields = {}) => {
    tokens += 1;
    const { Id } = await succeed('CreateOpportunity', { ...complete, ClientToken: `draft-${tokens}`, ...fields });
    await succeed('AssociateOpportunity', {
      OpportunityIdentifier: Id,
      RelatedEntityType: 'Solutions',
      RelatedEntityIdentifier: 'S-0020001',
    });
    return Id;
  };
  return {
    account,
    events,
    call,
    callAtOnce,
    ask: (method, path, body) => send(method, `/_simulator/${path}`, body, {}),
    draft,
    async submitted(fields) {
      const Identifier = await draft(fields);
      await succeed('SubmitOpportunity', { Identifier, InvolvementType: 'Co-Sell' });
      return Identifier;
    },
    read: (Identifier) => succeed('GetOpportunity', { Identifier }),
    told() {
      const types = events.slice(heard).map((event) => event['detail-type']);
      heard = events.length;
      return types;
    },
    advance(ms) {
      now += ms;
    },
  };
}

export function headersOf(operation: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `AWSPartnerCentralSelling.${operation}`,
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260302/us-east-1/partnercentral-selling/aws4_request, SignedHeaders=host, Signature=0',
  };
}

/** All that a submission needs, but for a solution. */
export const complete = {
  OpportunityType: 'Net New Business',
  PrimaryNeedsFromAws: ['Co-Sell - Deal Support'],
  PartnerOpportunityIdentifier: 'deal-1',
  Customer: {
    Account: {
      CompanyName: 'Northwind Traders',
      Industry: 'Retail',
      WebsiteUrl: 'https://northwind.example',
      Address: { CountryCode: 'DE', City: 'Berlin', PostalCode: '10115' },
    },
    Contacts: [{ Email: 'ada@northwind.example', FirstName: 'Ada' }],
  },
  Project: {
    Title: 'Data platform',
    CustomerBusinessProblem: 'Reports take three days to be made.',
    CustomerUseCase: 'Database',
    DeliveryModels: ['SaaS or PaaS'],
    ExpectedCustomerSpend: [{ Amount: '12500', CurrencyCode: 'USD', Frequency: 'Monthly', TargetCompany: 'AWS' }],
    SalesActivities: ['Conducted POC / Demo'],
  },
  LifeCycle: { Stage: 'Qualified', TargetCloseDate: '2026-09-30', NextSteps: 'Call on Monday.' },
} as const;
