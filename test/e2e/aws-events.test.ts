import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refKey } from '../../domain/model/external-ref.ts';
import type { StoredEvent } from '../../domain/model/vendor-event.ts';
import { SAMPLE_OFFER_ID } from '../../local/simulators/aws-marketplace/sample-products.ts';
import type { AwsMarketplaceSimulator } from '../../local/simulators/aws-marketplace/start-aws-marketplace-simulator.ts';
import { type ConnectedHub, connectedHub } from '../support/connected-hub.ts';
import { type Received, receiveBatch } from '../support/inbound-queue.ts';
import { agreementEvent, type Envelope, opportunityEvent, STRANGE } from '../support/strange-aws-events.ts';

let world: ConnectedHub;

beforeAll(async () => {
  world = await connectedHub({ hasMarketplace: true, hasPartnerCentral: true });
  await world.firstSync();
});

afterAll(async () => {
  await world.close();
});

const text = (event: Envelope): string => JSON.stringify(event);

function receive(events: readonly Envelope[], receiveCount = 1): Promise<Received> {
  return receiveBatch(world.hub, events.map(text), receiveCount);
}

/** How events ended, without what became of the records they named. */
function endsOf({ outcomes }: Received): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(outcomes).filter(([outcome]) => outcome.startsWith('event-')));
}

/** The events the simulated marketplace has sent about an agreement, as they are. */
function aboutAgreement(agreementId: string): readonly Envelope[] {
  return market()
    .recentEvents()
    .filter(({ detail }) => JSON.stringify(detail).includes(agreementId))
    .map((event) => ({ ...event }));
}

function market(): AwsMarketplaceSimulator {
  if (world.marketplace === undefined) throw new Error('There is no marketplace.');
  return world.marketplace;
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

async function keptEvents(): Promise<ReadonlyMap<string, StoredEvent>> {
  const kept = new Map<string, StoredEvent>();
  let before: string | undefined;
  for (let page = 0; page < 100; page += 1) {
    const { events, next } = await world.store.listEvents({ limit: 200, ...(before === undefined ? {} : { before }) });
    for (const event of events) kept.set(event.id, event);
    if (next === undefined) return kept;
    before = next;
  }
  throw new Error('There is no end to the kept events.');
}

describe('events of AWS, as the inbound queue brings them', () => {
  test.each(STRANGE)('%s', async (_title, event, ends, why) => {
    const received = await receive([event]);

    expect(received.returned).toEqual([]);
    expect(received.defects).toEqual([]);
    expect(endsOf(received)).toEqual(ends);
    const stored = (await keptEvents()).get(String(event.id));
    expect(stored?.why).toBe(why);
    if (stored !== undefined) {
      expect(stored.time).toBe(event.time);
      expect(stored.message.length).toBeLessThan(300);
      expect(text({ ...stored }).length).toBeLessThan(20_000);
    }
  });

  test('of types and versions nobody knows are a question each, once', async () => {
    await receive(STRANGE.map(([, event]) => event));

    const { problems } = await world.store.listProblems({ limit: 200 });
    const asked = problems.flatMap(({ cause, externalId }) => (cause === 'event' ? [externalId] : []));
    const wanted = STRANGE.filter(([, , , why]) => why !== undefined && why !== 'malformed');
    expect(asked).toEqual(expect.arrayContaining(wanted.map(([, event]) => event['detail-type'])));
    expect(new Set(asked).size).toBe(asked.length);
  });

  test.each(['0.000000001', '1e3', '12,50', '', '-0', '99999999999999999999999999.99', 'NaN'])(
    'the amount “%s” in one is kept as it came',
    async (amount) => {
      const event = agreementEvent(
        { 'detail-type': 'Purchase Agreement Billing Adjustment Failed - Proposer' },
        { billingAdjustmentRequest: { id: 'ba-1', adjustmentAmount: amount, currencyCode: 'USD' } },
      );

      const received = await receive([event]);

      expect(endsOf(received)).toEqual({ 'event-hint': 1, 'event-kept': 1 });
      const stored = (await keptEvents()).get(String(event.id));
      expect(stored?.facts['billingAdjustmentRequest.adjustmentAmount']).toBe(amount);
    },
  );

  test.each([
    ['without an id', agreementEvent({ id: undefined })],
    ['with a list for its type', agreementEvent({ 'detail-type': [] })],
    ['of a source that is not AWS', agreementEvent({ source: 'com.example' })],
  ])('%s goes to the dead letters and is told of, without keeping others from their way', async (_title, event) => {
    const good = opportunityEvent();

    const received = await receive([event, good]);

    expect(received.returned).toEqual([0]);
    expect(received.lines).toContainEqual(
      expect.objectContaining({ step: 'message-unreadable', messageId: '0', reason: 'malformed' }),
    );
    expect(endsOf(received)).toEqual({ 'event-hint': 1 });
  });

  test('delivered again and again is kept once and asked once', async () => {
    const event = agreementEvent({ 'detail-type': 'Seen Thrice' });

    const first = await receive([event, event]);
    const again = await receive([event], 2);

    expect(endsOf(first)).toEqual({ 'event-hint': 2, 'event-kept': 2 });
    expect(endsOf(again)).toEqual({ 'event-hint': 1, 'event-kept': 1 });
    const { events } = await world.store.listEvents({ limit: 200 });
    expect(events.filter(({ detailType }) => detailType === 'Seen Thrice')).toHaveLength(1);
    const { problems } = await world.store.listProblems({ limit: 200 });
    expect(problems.filter(({ externalId }) => externalId === 'Seen Thrice')).toHaveLength(1);
  });

  test('that are strange do not keep a company from being taken in by the same batch', async () => {
    const [id = ''] = world.salesforce.seed([
      { object: 'Account', values: { Name: 'Havelwerke', Website: 'https://havelwerke.example' } },
    ]);
    const notice = {
      schema: 1,
      connection: 'salesforce',
      object: 'Account',
      ids: [id],
      reason: 'webhook',
      attempts: 0,
      correlationId: 'c',
    };

    const received = await receiveBatch(world.hub, [
      ...STRANGE.map(([, event]) => text(event)),
      JSON.stringify(notice),
    ]);

    expect(received.returned).toEqual([]);
    expect(received.lines.map(({ step }) => step)).toContain('absorb-changes');
    expect(sum(endsOf(received))).toBe(STRANGE.reduce((total, [, , ends]) => total + sum(ends), 0));
    const refs = await world.store.readRefs([{ connection: 'salesforce', object: 'Account', externalId: id }]);
    expect(refs.size).toBe(1);
  });
});

describe('what AWS tells of an agreement with more decimals than anybody writes', () => {
  test.each([
    ['0.5', '1200.5', 1200.5, []],
    ['0.00000001', '1200.00000001', 1200, ['salesforce amount']],
    ['1000000.005', '1001200.005', 1200, ['salesforce amount']],
  ])(
    'arrives as it is, %s more, or waits for a person where it does not fit',
    async (addedValue, inHubspot, inSalesforce, asked) => {
      const marketplace = market();
      const choice = { buyerAccountId: '444455556666', dimensions: { platform: 1 } };
      const accepted = marketplace.admin.accept(SAMPLE_OFFER_ID, choice);
      if (!accepted.ok) throw new Error(accepted.reason);
      const agreementId = accepted.result.id;
      await receive(aboutAgreement(agreementId));
      await world.settle();
      marketplace.admin.amend(agreementId, { addedValue });

      await receive(aboutAgreement(agreementId));
      await world.settle();
      const first = [amountsOf(agreementId), await heldFor(agreementId)];
      await world.sync();

      expect(first).toEqual([[inHubspot, inSalesforce], asked]);
      // Nor does it come back from anywhere, rounded.
      expect([amountsOf(agreementId), await heldFor(agreementId)]).toEqual(first);
    },
  );
});

/** The amount of an agreement's deal in HubSpot, and in Salesforce. */
function amountsOf(agreementId: string): readonly unknown[] {
  const deals = world.hubspot.admin.records('deals').map(({ properties }) => properties);
  const deal = deals.find(({ aws_agreement_id: id }) => id === agreementId);
  const opportunity = world.salesforce.records('Opportunity').find(({ AWS_Agreement_Id__c: id }) => id === agreementId);
  return [deal?.amount, opportunity?.Amount];
}

/** What of an agreement's deal waits for a person, as `connection field`. */
async function heldFor(agreementId: string): Promise<readonly string[]> {
  const ref = { connection: 'aws-marketplace', object: 'Agreement', externalId: agreementId };
  const id = (await world.store.readRefs([ref])).get(refKey(ref));
  const { problems } = await world.store.listProblems({ limit: 200 });
  return problems.flatMap(({ cause, connection, field, unifiedId }) =>
    cause === 'unmapped-value' && unifiedId === id ? [`${connection} ${field}`] : [],
  );
}

const folder = resolve(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts/aws');
const isThere = existsSync(folder);

describe.skipIf(!isThere)(
  `the vendor’s own events${isThere ? '' : ' (skipped: the shared contract files are not there)'}`,
  () => {
    test.each([
      'events/marketplace.events.synthetic.json',
      'events/partnercentral-selling.events.synthetic.json',
      'partner-central-recorded/partnercentral-selling.events.recorded.json',
    ])('of %s all come to an end that is counted, and what is kept can be seen', async (file) => {
      // The files hold envelopes; only what every envelope has is used of them.
      const events = JSON.parse(readFileSync(resolve(folder, file), 'utf8')) as readonly Envelope[];

      for (const event of events) {
        const alone = await receive([event]);
        expect(alone.returned).toEqual([]);
        expect(sum(endsOf(alone))).toBeGreaterThan(0);
        expect((await keptEvents()).has(String(event.id))).toBe('event-kept' in endsOf(alone));
      }
      const together = await receive(events, 2);

      expect(events.length).toBeGreaterThan(9);
      expect(together.returned).toEqual([]);
      expect(sum(endsOf(together))).toBeGreaterThanOrEqual(events.length);
    });
  },
);

describe('whatever is done to an event,', () => {
  test('the function does not throw, and no message is left without an end', async () => {
    const mutated = fc
      .tuple(fc.constantFrom(agreementEvent, opportunityEvent), fc.array(mutation, { minLength: 1, maxLength: 3 }))
      .map(([make, mutations]) => mutations.reduce<unknown>((event, mutate) => mutate(event), make()));
    await fc.assert(
      fc.asyncProperty(fc.array(mutated, { minLength: 1, maxLength: 5 }), async (events) => {
        const bodies = events.map((event) => JSON.stringify(event) ?? '');
        const received = await receiveBatch(world.hub, bodies);

        expect(received.defects).toEqual([]);
        const unreadable = received.lines.filter(({ step }) => step === 'message-unreadable');
        expect(unreadable.map(({ messageId }) => Number(messageId))).toEqual(received.returned);
        for (const [place, body] of bodies.entries()) {
          if (received.returned.includes(place)) continue;
          const alone = await receiveBatch(world.hub, [body], 2);
          expect(alone.returned).toEqual([]);
          expect(sum(endsOf(alone))).toBeGreaterThan(0);
          const { id } = JSON.parse(body) as Envelope;
          if ('event-kept' in endsOf(alone)) expect((await keptEvents()).has(String(id))).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** Something a member may be instead of what AWS says. */
const odd = fc.oneof(
  fc.constantFrom(null, '', 0, -1, true, [], {}, [[]], '\uD800', '__proto__', 'x'.repeat(9_999)),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Makes one member of an event, at any depth, something else; takes it away; or adds one. */
const mutation = fc
  .record({
    way: fc.array(fc.nat(40), { minLength: 1, maxLength: 3 }),
    what: fc.constantFrom('set', 'take', 'add'),
    odd,
  })
  .map(({ way, what, odd: value }) => {
    const change = (part: unknown, [place = 0, ...rest]: readonly number[]): unknown => {
      if (typeof part !== 'object' || part === null || Array.isArray(part)) return value;
      const members = Object.entries(part);
      const at = members[place % Math.max(1, members.length)];
      if (what === 'add' && rest.length === 0) return { ...part, [`member${place}`]: value };
      if (at === undefined) return value;
      const [name, held] = at;
      if (rest.length > 0) return { ...part, [name]: change(held, rest) };
      const { [name]: _taken, ...others } = Object.fromEntries(members);
      return what === 'take' ? others : { ...part, [name]: value };
    };
    return (event: unknown): unknown => change(event, way);
  });
