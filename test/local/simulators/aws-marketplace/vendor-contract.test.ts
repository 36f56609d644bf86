import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  AcceptAgreementCancellationRequestCommand,
  BatchCreateBillingAdjustmentRequestCommand,
  CancelAgreementCancellationRequestCommand,
  DescribeAgreementCommand,
  GetAgreementCancellationRequestCommand,
  GetAgreementEntitlementsCommand,
  GetAgreementTermsCommand,
  GetBillingAdjustmentRequestCommand,
  ListAgreementCancellationRequestsCommand,
  ListAgreementChargesCommand,
  ListAgreementInvoiceLineItemsCommand,
  ListBillingAdjustmentRequestsCommand,
  MarketplaceAgreementClient,
  RejectAgreementCancellationRequestCommand,
  SearchAgreementsCommand,
  SendAgreementCancellationRequestCommand,
} from '@aws-sdk/client-marketplace-agreement';
import {
  BatchDescribeEntitiesCommand,
  CancelChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeEntityCommand,
  ListChangeSetsCommand,
  ListEntitiesCommand,
  ListTagsForResourceCommand,
  MarketplaceCatalogClient,
  StartChangeSetCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-marketplace-catalog';
import {
  GetEntitlementsCommand,
  MarketplaceEntitlementServiceClient,
} from '@aws-sdk/client-marketplace-entitlement-service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_OFFER_ID } from '../../../../local/simulators/aws-marketplace/sample-products.ts';
import {
  type AwsMarketplaceAccount,
  openAwsMarketplaceAccount,
} from '../../../../local/simulators/aws-marketplace/start-aws-marketplace-simulator.ts';
import {
  type HttpRequest,
  type HttpResponse,
  type RunningHttpServer,
  startHttpServer,
} from '../../../../local/simulators/shared/http-server.ts';
import { ServiceModel, type ServiceModelFile } from '../../../support/aws-service-model.ts';
import { BUYER, privateOffer, startOfTests } from './market-session.ts';

const Catalog = 'AWSMarketplace';

interface Exchange {
  readonly service: 'catalog' | 'agreement' | 'entitlement';
  readonly operation: string;
  readonly request: HttpRequest;
  readonly input: Readonly<Record<string, unknown>>;
  readonly answer: HttpResponse;
}

/** One call of each operation, as the SDK makes it, taken down on the way. */
async function converse(): Promise<{
  readonly exchanges: readonly Exchange[];
  readonly account: AwsMarketplaceAccount;
}> {
  const clock = { now: startOfTests };
  const exchanges: Exchange[] = [];
  const account = openAwsMarketplaceAccount(
    { now: () => clock.now, setTimer: 'none', hasLimits: false, accessKeys: { BUYER } },
    { refuseConnections: () => {} },
  );
  const server: RunningHttpServer = await startHttpServer({
    async handle(request) {
      const answer = await account.handle(request);
      if (answer !== 'cut-connection') exchanges.push(exchangeOf(request, answer));
      return answer;
    },
  });
  const config = (accessKeyId: string) => ({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const catalog = new MarketplaceCatalogClient(config('SELLER'));
  const seller = new MarketplaceAgreementClient(config('SELLER'));
  const buyer = new MarketplaceAgreementClient(config('BUYER'));
  const entitlement = new MarketplaceEntitlementServiceClient(config('SELLER'));
  const pass = (ms: number): void => {
    clock.now += ms;
    account.runDue();
  };

  const ChangeSetTags = [{ Key: 'deal', Value: '1' }];
  const start = (ChangeSet = privateOffer()) =>
    catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet, ChangeSetTags, ClientRequestToken: `${clock.now}` }));
  const cancelled = await start();
  await catalog.send(new CancelChangeSetCommand({ Catalog, ChangeSetId: cancelled.ChangeSetId }));
  pass(1_000);
  const { ChangeSetId } = await start();
  await catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }));
  pass(10_000);
  await start(privateOffer({ details: { UpdateLegalTerms: null } }));
  pass(10_000);
  await catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }));
  const list = await catalog.send(new ListChangeSetsCommand({ Catalog, MaxResults: 2 }));
  for (const { ChangeSetId: id } of list.ChangeSetSummaryList ?? [])
    await catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId: id }));
  await catalog.send(new ListEntitiesCommand({ Catalog, EntityType: 'SaaSProduct' }));
  const offers = await catalog.send(new ListEntitiesCommand({ Catalog, EntityType: 'Offer' }));
  const offerId = offers.EntitySummaryList?.find(({ EntityId }) => EntityId !== SAMPLE_OFFER_ID)?.EntityId ?? '';
  const offer = await catalog.send(new DescribeEntityCommand({ Catalog, EntityId: offerId }));
  await catalog.send(new BatchDescribeEntitiesCommand({ EntityRequestList: [{ Catalog, EntityId: offerId }] }));
  await catalog.send(new TagResourceCommand({ ResourceArn: offer.EntityArn, Tags: ChangeSetTags }));
  await catalog.send(new ListTagsForResourceCommand({ ResourceArn: offer.EntityArn }));
  await catalog.send(new UntagResourceCommand({ ResourceArn: offer.EntityArn, TagKeys: ['deal'] }));
  await catalog.send(new DescribeEntityCommand({ Catalog, EntityId: 'offer-none' })).catch(() => undefined);

  const accepted = account.admin.accept(offerId, { buyerAccountId: BUYER, purchaseOrder: 'PO-1' });
  const chosen = account.admin.accept(SAMPLE_OFFER_ID, { buyerAccountId: BUYER, autoRenew: true });
  if (!accepted.ok || !chosen.ok) throw new Error('The offers can be accepted.');
  const agreementId = accepted.result.id;
  await seller.send(new DescribeAgreementCommand({ agreementId }));
  await seller.send(new DescribeAgreementCommand({ agreementId: 'agmt-none' })).catch(() => undefined);
  await seller.send(new GetAgreementTermsCommand({ agreementId, maxResults: 2 }));
  await seller.send(new GetAgreementTermsCommand({ agreementId: chosen.result.id }));
  await seller.send(new GetAgreementEntitlementsCommand({ agreementId }));
  const filters = [
    { name: 'PartyType', values: ['Proposer'] },
    { name: 'AgreementType', values: ['PurchaseAgreement'] },
  ];
  await seller.send(new SearchAgreementsCommand({ catalog: Catalog, filters, maxResults: 1 }));
  await seller.send(new SearchAgreementsCommand({ catalog: Catalog })).catch(() => undefined);
  await buyer.send(new ListAgreementChargesCommand({ agreementId }));
  const invoice = account.admin.invoiceNext(agreementId);
  const originalInvoiceId = invoice.ok ? invoice.result.id : '';
  const entry = {
    agreementId,
    originalInvoiceId,
    adjustmentAmount: '100.00',
    currencyCode: 'EUR',
    adjustmentReasonCode: 'OTHER' as const,
    clientToken: 'token-1',
    description: 'Too much',
  };
  const adjusted = await seller.send(
    new BatchCreateBillingAdjustmentRequestCommand({
      billingAdjustmentRequestEntries: [entry, { ...entry, clientToken: 'token-2', currencyCode: 'USD' }],
    }),
  );
  const billingAdjustmentRequestId = adjusted.items?.[0]?.billingAdjustmentRequestId;
  await seller.send(new GetBillingAdjustmentRequestCommand({ agreementId, billingAdjustmentRequestId }));
  pass(10_000);
  await seller.send(new ListBillingAdjustmentRequestsCommand({ agreementId, status: 'COMPLETED' }));
  await seller.send(
    new ListAgreementInvoiceLineItemsCommand({ agreementId, groupBy: 'INVOICE_ID', afterIssuedTime: new Date(0) }),
  );
  const product = account.admin.records('products')[0] as { readonly code: string };
  await entitlement.send(new GetEntitlementsCommand({ ProductCode: product.code, MaxResults: 1 }));
  await entitlement.send(new GetEntitlementsCommand({ ProductCode: 'none' })).catch(() => undefined);
  const send = async () => {
    const sent = await seller.send(
      new SendAgreementCancellationRequestCommand({ agreementId, reasonCode: 'OTHER', description: 'A test' }),
    );
    return { agreementId, agreementCancellationRequestId: sent.agreementCancellationRequestId };
  };
  const first = await send();
  await seller.send(new GetAgreementCancellationRequestCommand(first));
  await seller.send(new CancelAgreementCancellationRequestCommand({ ...first, cancellationReason: 'Never mind' }));
  await buyer.send(new RejectAgreementCancellationRequestCommand({ ...(await send()), rejectionReason: 'No' }));
  await seller.send(new ListAgreementCancellationRequestsCommand({ partyType: 'Proposer', status: 'REJECTED' }));
  const last = await send();
  await buyer.send(new AcceptAgreementCancellationRequestCommand(last));
  await buyer.send(new AcceptAgreementCancellationRequestCommand(last)).catch(() => undefined);

  for (const client of [catalog, seller, buyer, entitlement]) client.destroy();
  await server.close();
  return { exchanges, account };
}

function exchangeOf(request: HttpRequest, answer: HttpResponse): Exchange {
  const target = request.headers['x-amz-target'];
  const body = request.body.length === 0 ? {} : JSON.parse(request.body.toString('utf8'));
  if (typeof target === 'string') {
    const service = target.startsWith('AWSMPEntitlement') ? 'entitlement' : 'agreement';
    return { service, operation: target.split('.')[1] ?? '', request, input: body, answer };
  }
  const members = { catalog: 'Catalog', changeSetId: 'ChangeSetId', entityId: 'EntityId' } as const;
  const fromQuery = Object.entries(members).flatMap(([parameter, member]) => {
    const value = request.query.get(parameter);
    return value === null ? [] : [[member, value] as const];
  });
  const input = { ...Object.fromEntries(fromQuery), ...body };
  return { service: 'catalog', operation: request.path.slice(1), request, input, answer };
}

const folder = resolve(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts/aws/botocore');
const isThere = existsSync(folder);
const title = isThere ? '' : ' (skipped: the shared contract files are not there)';

/** Patterns of the catalog's model that refuse AWS's own samples: `Offer@1.0`, `$Change.Entity.Identifier`, names of many letters. */
const WRONG_PATTERNS =
  /(?:Entity\.Type|EntityType|Entity\.Identifier|ChangeName|NextToken|EntitySummaryList\[\d+\]\.Name)$/;

function modelOf(service: Exchange['service']): ServiceModel {
  const file: unknown = JSON.parse(readFileSync(resolve(folder, `marketplace-${service}.service-2.json`), 'utf8'));
  return new ServiceModel(file as ServiceModelFile);
}

describe.skipIf(!isThere)(`the vendor’s models${title}`, () => {
  let exchanges: readonly Exchange[];
  let account: AwsMarketplaceAccount;
  let models: Readonly<Record<Exchange['service'], ServiceModel>>;

  beforeAll(async () => {
    models = { catalog: modelOf('catalog'), agreement: modelOf('agreement'), entitlement: modelOf('entitlement') };
    ({ exchanges, account } = await converse());
  });
  afterAll(() => account?.close());

  it('have every operation that was called, and all that are simulated were', () => {
    const called = new Set(exchanges.map(({ service, operation }) => `${service} ${operation}`));

    expect(called.size).toBe(26);
    expect(
      [...called].filter((each) => {
        const [service, operation = ''] = each.split(' ');
        // The first word is one of the three services.
        return !models[service as Exchange['service']].operations.includes(operation);
      }),
    ).toEqual([]);
  });

  it('fit every request and every answer', () => {
    const flaws = exchanges.flatMap(({ service, operation, input, answer }) => {
      const body = JSON.parse(answer.body ?? '{}') as Readonly<Record<string, unknown>>;
      const model = models[service];
      const { __type, ...members } = body;
      const found =
        answer.status === 200
          ? [...model.flaws(model.inputOf(operation), input), ...model.flaws(model.outputOf(operation) ?? '', body)]
          : model.refusalFlaws(operation, String(__type).replace(/^.*#/, ''), answer.status, members);
      return found
        .filter(({ path, kind }) => !(kind === 'pattern' && WRONG_PATTERNS.test(path)))
        .map(({ path, kind }) => `${operation}: ${path}: ${kind}`);
    });

    expect([...new Set(flaws)]).toEqual([]);
    expect(exchanges.filter(({ answer }) => answer.status !== 200)).toHaveLength(5);
  });

  it('say which members are required, and which have only some values: all others are refused', async () => {
    const taken: string[] = [];
    for (const { service, operation, request, input, answer } of exchanges) {
      if (answer.status !== 200) continue;
      const { required, enumerated } = models[service].requestRules(operation);
      const wrong = [
        ...required.map((member) => [`without ${member}`, { ...input, [member]: undefined }] as const),
        ...enumerated
          .filter((member) => input[member] !== undefined)
          .map((member) => [`with another ${member}`, { ...input, [member]: 'NO_SUCH_VALUE' }] as const),
      ];
      for (const [what, changed] of wrong) {
        const given = await account.handle(withInput(request, changed));
        const type = given === 'cut-connection' ? '' : (JSON.parse(given.body ?? '{}').__type ?? '');
        if (!/ValidationException|InvalidParameterException/.test(type)) taken.push(`${operation} ${what}: ${type}`);
      }
    }

    expect([...new Set(taken)]).toEqual([]);
  });
});

/** The same call with other input. */
function withInput(request: HttpRequest, input: Readonly<Record<string, unknown>>): HttpRequest {
  if (request.body.length > 0) return { ...request, body: Buffer.from(JSON.stringify(input)) };
  const query = new URLSearchParams();
  for (const [member, value] of Object.entries(input))
    if (value !== undefined) query.set(`${member.slice(0, 1).toLowerCase()}${member.slice(1)}`, String(value));
  return { ...request, query };
}
