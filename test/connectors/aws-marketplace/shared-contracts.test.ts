import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { awsMarketplace } from '../../../connectors/aws-marketplace/connector.ts';
import { receiveEvent } from '../../../connectors/aws-marketplace/receive-event.ts';
import type { VendorEvent } from '../../../connectors/kit/connector.ts';
import { ServiceModel, type ServiceModelFile } from '../../support/aws-service-model.ts';
import { type SentRequest, settings, startFakeMarketplace } from './fake-marketplace.ts';
import { agreementAnswers, agreementHeld } from './small-agreements.ts';
import { SmallCatalog } from './small-catalog.ts';

const folder = resolve(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts/aws');
const isThere = existsSync(folder);
const title = isThere ? '' : ' (skipped: the shared contract files are not there)';

function load(file: string): unknown {
  return JSON.parse(readFileSync(resolve(folder, file), 'utf8'));
}

/** Patterns of the catalog's model that refuse AWS's own samples: `Offer@1.0`, `$Change.Entity.Identifier`, names of many letters. */
const WRONG_PATTERNS = /(?:Entity\.Type|Entity\.Identifier|ChangeName|NextToken)$/;
/** What a change says in detail is a document, of which the model says nothing. */
const DOCUMENT = /\.DetailsDocument\./;

describe.skipIf(!isThere)(`requests by the vendor’s models${title}`, () => {
  const models = () =>
    ['catalog', 'agreement'].map((name) => {
      const file = load(`botocore/marketplace-${name}.service-2.json`);
      return new ServiceModel(file as ServiceModelFile);
    });

  it('fit them, every one the connector makes', async () => {
    const [catalog, agreement] = models();
    const requests = await allRequests();

    const flaws = requests.flatMap(({ operation, input }) => {
      const model = [catalog, agreement].find((each) => each?.operations.includes(operation));
      if (model === undefined) return [`${operation}: not in any model`];
      return model
        .flaws(model.inputOf(operation), namedAsMembers(input))
        .filter(({ path, kind }) => !DOCUMENT.test(path) && !(kind === 'pattern' && WRONG_PATTERNS.test(path)))
        .map(({ path, kind }) => `${operation}: ${path}: ${kind}`);
    });

    expect(flaws).toEqual([]);
    expect([...new Set(requests.map(({ operation }) => operation))].toSorted()).toEqual(
      awsMarketplace.budgets.map(({ name }) => name).toSorted(),
    );
  });
});

interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly account: string;
  readonly region: string;
  readonly time: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

describe.skipIf(!isThere)(`the vendor’s events${title}`, () => {
  const all = (): readonly VendorEvent[] =>
    (load('events/marketplace.events.synthetic.json') as readonly Envelope[]).map(
      ({ 'detail-type': detailType, ...rest }) => ({
        ...rest,
        detailType,
      }),
    );
  const isUnderstood = (event: VendorEvent): boolean => {
    const { hints, ignored, kept } = receiveEvent(event, settings);
    return hints.length > 0 || Object.keys(ignored).length > 0 || kept?.why === 'no-record';
  };

  it('are read, kept or ignored with a reason, all of them, and none is a stranger', () => {
    const events = all();

    expect(events).toHaveLength(32);
    expect(events.filter((event) => !isUnderstood(event)).map(({ detailType }) => detailType)).toEqual([]);
    const outcomes = Object.groupBy(events, (event) => {
      const { hints, ignored, kept } = receiveEvent(event, settings);
      return [hints[0]?.object, ...Object.keys(ignored), kept?.why].filter((each) => each !== undefined).join('+');
    });
    expect(Object.fromEntries(Object.entries(outcomes).map(([outcome, of]) => [outcome, of?.length]))).toEqual({
      Agreement: 19,
      'Agreement+no-record': 3,
      Offer: 2,
      'bought-by-us': 3,
      'change-set': 3,
      'no-record': 2,
    });
  });

  it('are none of another account’s', () => {
    const others = { ...settings, accountId: '999999999999' };

    for (const event of all()) {
      expect(receiveEvent(event, others)).toEqual({ hints: [], ignored: { 'other-account': 1 } });
    }
  });

  it('survive whatever is added to them, taken from them, or made of another type', () => {
    const wrong: readonly unknown[] = [
      undefined,
      null,
      '',
      7,
      true,
      [],
      {},
      [[]],
      '2026-03-02T10:15:00.123456789Z',
      'x'.repeat(9_999),
    ];
    for (const event of all()) {
      const detail = event.detail as Envelope['detail'];
      const mutants = Object.keys(detail).flatMap((key) => wrong.map((value) => ({ ...detail, [key]: value })));
      for (const mutant of [...mutants, { ...detail, neverSeen: { deep: [1] } }, ...wrong]) {
        const { hints, ignored, kept } = receiveEvent({ ...event, detail: mutant }, settings);

        expect(hints.length + Object.keys(ignored).length + (kept === undefined ? 0 : 1)).toBeGreaterThan(0);
      }
    }
  });
});

/** Query parameters have the members' names in lower case. */
function namedAsMembers(input: SentRequest['input']): object {
  const { catalog, entityId, changeSetId } = input;
  if (catalog === undefined || (entityId === undefined && changeSetId === undefined)) return input;
  return {
    Catalog: catalog,
    ...(entityId === undefined ? {} : { EntityId: entityId }),
    ...(changeSetId === undefined ? {} : { ChangeSetId: changeSetId }),
  };
}

/** Has the connector do everything it can, and answers what it asked AWS. */
async function allRequests(): Promise<readonly SentRequest[]> {
  const aws = await startFakeMarketplace();
  onTestFinished(() => aws.close());
  const catalog = new SmallCatalog();
  const invoices = [{ invoiceType: 'INVOICE', pricingCurrencyAmount: { amount: '1', currencyCode: 'USD' } }];
  aws.answer({ ...agreementAnswers([{ ...agreementHeld('agmt-1'), invoices }]), ...catalog.answers });
  const { Offer, Agreement } = awsMarketplace.objects;
  if (Offer?.find === undefined || Agreement === undefined) throw new Error('An object is missing.');
  const unifiedId = '01JNQ3ZK8Y2N4W5V6X7Y8Z9A0B';
  const values = {
    Name: 'Nordlicht – rollout',
    ProductId: 'prod-1',
    'Targeting.BuyerAccounts': '444455556666, 777788889999',
    Price: '48000.25',
    CurrencyCode: 'EUR',
    AgreementMonths: '36',
    AvailabilityEndDate: '2026-07-01',
  };
  const create = () => Offer.write(aws.call, 'tributary:deal', [{ operation: 'create', unifiedId, values, base: {} }]);

  await create();
  catalog.end('FAILED', 'CLIENT_ERROR');
  await create();
  await create();
  catalog.end('SUCCEEDED');
  await Offer.find(aws.call, 'tributary:deal', [unifiedId]);
  const later = { Name: 'Renamed', AvailabilityEndDate: '2026-08-01' };
  await Offer.write(aws.call, 'tributary:deal', [
    { operation: 'update', unifiedId, externalId: 'offer-1', values: later, base: { Description: 'Old' } },
  ]);
  await Offer.read(aws.call, ['offer-1'], ['Name', 'tributary:deal']);
  await Agreement.read(aws.call, ['agmt-1'], ['status']);
  const sweep = { position: undefined, connectedAt: 0, now: 1 };
  for (const mode of ['changes', 'walk'] as const) {
    await Offer.changes(aws.call, { ...sweep, mode });
    await Agreement.changes(aws.call, { ...sweep, mode });
  }
  return aws.requests;
}
