import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decideByPerson } from '../../domain/pipeline/decide-by-person.ts';
import { jsonCall } from '../../local/cli/demo/json-call.ts';
import type { AwsPartnerCentralSimulator } from '../../local/simulators/aws-partner-central/start-aws-partner-central-simulator.ts';
import { type ConnectedHub, connectedHub } from '../support/connected-hub.ts';

let world: ConnectedHub;

beforeEach(async () => {
  world = await connectedHub({ hasPartnerCentral: true });
});

afterEach(async () => {
  await world.close();
});

/** A person's own calls to the simulated HubSpot. */
async function hubspot<T>(method: string, path: string, body?: unknown): Promise<T> {
  return jsonCall<T>(`${world.hubspot.url}${path}`, method, { authorization: 'Bearer simulated-hubspot-token' }, body);
}

function aws(): AwsPartnerCentralSimulator {
  if (world.partnerCentral === undefined) throw new Error('There is no Partner Central.');
  return world.partnerCentral;
}

const deal = (id: string) => world.hubspot.admin.record('deals', id)?.properties;

async function causes(): Promise<readonly string[]> {
  const { problems } = await world.store.listProblems({ limit: 100 });
  return problems.map(({ cause, field, message }) => `${cause}:${field ?? ''} ${message}`);
}

/** A company and its deal in HubSpot, marked to be shared. */
async function makeDeal(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const company = await hubspot<{ id: string }>('POST', '/crm/v3/objects/companies', {
    properties: {
      name: 'Nordlicht Systeme GmbH',
      domain: 'nordlicht-systeme.com',
      website: 'https://www.nordlicht-systeme.com',
      industry: 'INSURANCE',
      country: 'Germany',
      zip: '20095',
    },
  });
  const made = await hubspot<{ id: string }>('POST', '/crm/v3/objects/deals', {
    properties: {
      dealname: 'Nordlicht – rollout',
      amount: '48000.25',
      deal_currency_code: 'EUR',
      closedate: '2027-05-31T00:00:00.000Z',
      dealstage: 'qualifiedtobuy',
      dealtype: 'newbusiness',
      contract_months: '12',
      aws_co_sell_requested: 'true',
      aws_co_sell_solution: 'S-0020001',
      aws_co_sell_needs: 'deal-support',
      aws_co_sell_use_case: 'Database',
      aws_co_sell_problem: 'Reports take a night. They should take minutes.',
      aws_co_sell_delivery: 'saas-or-paas',
      ...more,
    },
    associations: [
      { to: { id: company.id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }] },
    ],
  });
  return made.id;
}

describe('a deal that is sold together with AWS', () => {
  test('becomes one opportunity, is handed over, waits through the review, and follows it', async () => {
    await world.firstSync();
    const id = await makeDeal();
    await world.sync();
    const [opportunity, ...others] = aws().admin.opportunities();

    expect(await causes()).toEqual([]);
    expect(others).toEqual([]);
    expect(opportunity).toMatchObject({
      review: { status: 'Submitted' },
      related: { Solutions: ['S-0020001'] },
      fields: {
        Customer: {
          Account: {
            CompanyName: 'Nordlicht Systeme GmbH',
            Industry: 'Financial Services',
            Address: { CountryCode: 'DE' },
          },
        },
        Project: {
          Title: 'Nordlicht – rollout',
          ExpectedCustomerSpend: [{ TargetCompany: 'Self', Amount: '48000.25', CurrencyCode: 'EUR' }],
          ExpectedContractDuration: { Term: 'Months', Value: '12' },
        },
        LifeCycle: { Stage: 'Qualified' },
      },
    });
    const opportunityId = opportunity?.id ?? '';
    await world.sync();
    expect(deal(id)).toMatchObject({ aws_co_sell_id: opportunityId, aws_co_sell_status: 'submitted' });

    // Edits wait while AWS reviews, and nobody is asked anything.
    await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, {
      properties: { hs_next_step: 'Call them', amount: '50000' },
    });
    await world.sync();
    expect(writes()).not.toHaveProperty(['PartnerCentralSelling.UpdateOpportunity']);
    expect(await causes()).toEqual([]);

    aws().admin.review({ opportunityId, status: 'In review' });
    aws().admin.review({ opportunityId, status: 'Approved' });
    await world.sync();
    const approved = aws().admin.opportunities()[0];
    expect(approved?.fields.LifeCycle?.NextSteps).toBe('Call them');
    expect(approved?.fields.Project?.ExpectedCustomerSpend).toMatchObject([{ TargetCompany: 'Self', Amount: '50000' }]);
    expect(deal(id)).toMatchObject({ aws_co_sell_status: 'approved', hs_next_step: 'Call them', amount: '50000' });

    // At rest, nothing is written.
    await world.sync();
    const before = writes();
    await world.sync();
    await world.sync();
    expect(writes()).toEqual(before);
    expect(aws().admin.statistics().overLimit).toEqual({});
    expect(await causes()).toEqual([]);
  });

  test('is not shared unless it is marked, and says what is missing when it is', async () => {
    await world.firstSync();
    const id = await makeDeal({ aws_co_sell_requested: '' });
    await world.sync();
    expect(aws().admin.opportunities()).toEqual([]);

    await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, {
      properties: { aws_co_sell_requested: 'true', contract_months: '' },
    });
    await world.sync();
    expect(aws().admin.opportunities()).toEqual([]);
    expect((await causes()).join()).toContain('contractMonths');
    expect(deal(id)).toMatchObject({
      aws_co_sell_request: 'incomplete',
      aws_co_sell_error: 'Not sent: contract months is empty.',
    });

    await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, { properties: { contract_months: '24' } });
    await world.sync();
    expect(aws().admin.opportunities()).toHaveLength(1);
    await world.sync();
    expect(deal(id)).toMatchObject({ aws_co_sell_request: 'made' });
    expect(deal(id)?.aws_co_sell_error ?? '').toBe('');
  });

  test('says itself what AWS refuses of it, until it is mended', async () => {
    await world.firstSync();
    const id = await makeDeal({ aws_co_sell_problem: 'Too short.' });
    await world.sync();

    expect((await causes()).join()).toContain('refused-value:coSellProblem');
    expect(aws().admin.opportunities()).toEqual([]);
    expect(deal(id)).toMatchObject({
      aws_co_sell_request: 'refused',
      aws_co_sell_error: expect.stringContaining('must have 20 to 2000 characters'),
    });

    await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, {
      properties: { aws_co_sell_problem: 'Reports take a night. They should take minutes.' },
    });
    await world.sync();
    await world.sync();

    expect(deal(id)).toMatchObject({ aws_co_sell_request: 'made' });
    expect(deal(id)?.aws_co_sell_error ?? '').toBe('');
    expect(await causes()).toEqual([]);
  });

  test('with more decimals than AWS takes waits for a person, and is not rounded', async () => {
    await world.firstSync();
    await makeDeal({ amount: '48000.255' });
    await world.sync();

    expect(aws().admin.opportunities()).toEqual([]);
    expect((await causes()).join()).toContain('two decimals');
  });

  test('that AWS brings is shown as an invitation, and is a deal once it was accepted there', async () => {
    await world.firstSync();
    aws().admin.sendReferral({
      catalog: 'Sandbox',
      fields: {
        Project: { Title: 'Referred by AWS', CustomerBusinessProblem: 'A problem that is long enough.' },
        Customer: { Account: { CompanyName: 'Nordlicht Systeme GmbH' } },
        LifeCycle: { Stage: 'Prospect', TargetCloseDate: '2027-05-31' },
      } as never,
    });
    await world.sync();
    await world.sync();

    expect(aws().admin.statistics().records.tasks).toBe(0);
    expect(aws().admin.invitations()[0]).toMatchObject({ status: 'PENDING' });
    expect(world.hubspot.admin.records('deals')).toEqual([]);
    const { problems } = await world.store.listProblems({ limit: 10 });
    const invitation = problems.find(({ cause }) => cause === 'invitation')?.unifiedId ?? '';

    const decided = {
      kind: 'invitation',
      id: invitation,
      values: { decision: 'accept' },
      by: 'ann@example.com',
    } as const;
    expect(await decideByPerson(world.hub, decided)).toMatchObject({ end: 'done' });
    await world.settle();
    await world.sync();
    await world.sync();

    expect(aws().admin.invitations()[0]).toMatchObject({ status: 'ACCEPTED' });
    expect(aws().admin.statistics().records.tasks).toBe(1);
    const [made, ...others] = world.hubspot.admin.records('deals');
    expect(others).toEqual([]);
    expect(made?.properties).toMatchObject({ dealname: 'Referred by AWS', dealstage: 'appointmentscheduled' });
    const { unified } = await world.store.readBundle('invitation', invitation);
    expect(unified?.fields).toMatchObject({ status: { value: 'accepted' }, deal: { value: expect.any(String) } });
    expect(await causes()).toEqual([]);
  });
});

/** The calls to Partner Central that may change something there. */
function writes(): Readonly<Record<string, number>> {
  const routes = Object.entries(aws().admin.statistics().calls.byRoute);
  return Object.fromEntries(
    routes.flatMap(([route, { calls }]) => (/\.(?:Get|List)/.test(route) ? [] : [[route, calls]])),
  );
}
