import { awsPartnerCentral } from '../../../connectors/aws-partner-central/connector.ts';
import type { OperationName } from '../../../connectors/aws-partner-central/operations.ts';
import type { PartnerCentralApi } from '../../../connectors/aws-partner-central/partner-central-api.ts';
import type { Call } from '../../../connectors/kit/connector.ts';
import { fail, succeed } from '../../../domain/model/fault.ts';

type Json = Readonly<Record<string, unknown>>;

/** One thing the connector asked. */
export interface Asked {
  readonly operation: OperationName;
  readonly input: Json;
  readonly budgets: readonly string[];
}

/** A stand-in for the Selling API that answers what a test says, and keeps what it was asked. */
export interface FakeSelling {
  readonly call: Call<PartnerCentralApi>;
  readonly asked: readonly Asked[];
  /** The names of what was asked, in order. */
  operations(): readonly string[];
}

type Answers = Readonly<Partial<Record<OperationName, (input: Json) => Json>>>;

/** Starts a fake; an operation without an answer fails the test. */
export function fakeSelling(answers: Answers): FakeSelling {
  const asked: Asked[] = [];
  const call: Call<PartnerCentralApi> = async (request, perform) => {
    const api = {
      identity: { send: async () => ({ Account: '111122223333' }) },
      async ask(operation: OperationName, input: Json) {
        asked.push({ operation, input, budgets: request.budgets });
        const answer = answers[operation];
        if (answer === undefined) throw new Error(`nobody said what ${operation} answers`);
        return answer(input);
      },
    } as unknown as PartnerCentralApi;
    try {
      return succeed(await perform(api, new AbortController().signal));
    } catch (error) {
      return fail(awsPartnerCentral.classify(error, request));
    }
  };
  return { call, asked, operations: () => asked.map(({ operation }) => operation) };
}

/** What the SDK throws for an error of AWS's. */
export function awsError(name: string, more: Json = {}): Error {
  return Object.assign(new Error(`${name} of a test`), { name, $metadata: { httpStatusCode: 400 }, ...more });
}

/** An opportunity as AWS answers it, with a stamp no `Date` can hold. */
export function opportunity(more: Json = {}): Json {
  return {
    Catalog: 'Sandbox',
    Id: 'O1111111',
    Arn: 'arn:aws:partnercentral:us-east-1:111122223333:catalog/Sandbox/opportunity/O1111111',
    CreatedDate: '2026-03-01T10:00:00Z',
    LastModifiedDate: '2026-03-02T10:15:00.123456789Z',
    PartnerOpportunityIdentifier: '01J00000000000000000000001',
    OpportunityType: 'Net New Business',
    NationalSecurity: 'No',
    PrimaryNeedsFromAws: ['Do Not Need Support from AWS Sales Rep'],
    Customer: {
      Account: {
        CompanyName: 'Nordlicht AG',
        Industry: 'Retail',
        WebsiteUrl: 'https://nordlicht.example',
        Duns: null,
        Address: { CountryCode: 'DE', PostalCode: '20095', City: null },
      },
      Contacts: [{ Email: 'jo@nordlicht.example', FirstName: 'Jo', Phone: null }],
    },
    Project: {
      Title: 'Rollout',
      CustomerBusinessProblem: 'Reports take a night, and should not.',
      CustomerUseCase: 'Database',
      DeliveryModels: ['SaaS or PaaS'],
      ExpectedCustomerSpend: [{ Amount: '531.0', CurrencyCode: 'USD', Frequency: 'Monthly', TargetCompany: 'AWS' }],
      SalesActivities: ['Conducted POC / Demo'],
      SomethingNew: { of: 'tomorrow' },
    },
    LifeCycle: {
      Stage: 'Prospect',
      ReviewStatus: 'Pending Submission',
      TargetCloseDate: '2026-12-01',
      NextSteps: null,
    },
    Marketing: { Source: 'None', CampaignName: null },
    SoftwareRevenue: null,
    RelatedEntityIdentifiers: { Solutions: ['S-0000001'], AwsMarketplaceOffers: [], AwsProducts: [] },
    OpportunityTeam: [{ Email: 'owner@partner.example' }],
    ...more,
  };
}
