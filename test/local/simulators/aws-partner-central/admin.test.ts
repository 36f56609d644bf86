import { describe, expect, it } from 'vitest';
import { complete, openAccount } from './partner-central-under-test.ts';

describe('asking the simulator', () => {
  it('plays AWS over HTTP', async () => {
    const under = openAccount();
    const opportunityId = await under.submitted();

    const taken = await under.ask('POST', 'review', { opportunityId, status: 'In review' });
    const edited = await under.ask('POST', 'edit', { opportunityId, insights: { EngagementScore: 'High' } });
    const referral = await under.ask('POST', 'referral', { catalog: 'AWS', fields: complete });
    const { invitationId, engagementId } = referral.json;
    const expired = await under.ask('POST', 'invitation/answer', { invitationId, answer: 'expire' });
    const member = { engagementId, accountId: '666677778888', companyName: 'Third Partner' };
    const joined = await under.ask('POST', 'engagement/member', member);
    const context = await under.ask('POST', 'engagement/context', { engagementId, context: { Type: 'Lead' } });

    expect([taken, edited, referral, expired, joined, context].map(({ status }) => status)).toEqual(Array(6).fill(200));
    const { opportunities } = (await under.ask('GET', 'opportunities')).json;
    expect(opportunities).toMatchObject([
      { id: opportunityId, review: { status: 'In review' }, aws: { insights: { EngagementScore: 'High' } } },
      { catalog: 'AWS', isVisible: false },
    ]);
    expect((await under.ask('GET', 'invitations')).json.invitations).toMatchObject([{}, { status: 'EXPIRED' }]);
    expect((await under.ask('GET', 'engagements')).json.engagements).toMatchObject([{}, { members: [{}, {}] }]);
  });

  it('says why something cannot be done, or is no such thing', async () => {
    const { ask } = openAccount();

    expect((await ask('POST', 'review', { opportunityId: 'O1', status: 'Approved' })).status).toBe(409);
    expect((await ask('POST', 'review', { opportunityId: 'O1', status: 'Pending Submission' })).status).toBe(400);
    expect((await ask('POST', 'approve')).status).toBe(404);
  });

  it('loses, repeats, delays and sends events again', async () => {
    const { ask, draft, told, events, advance, account } = openAccount();
    await ask('PUT', 'events/misbehaviour', { lose: { every: 2, count: 1 }, repeat: { every: 1, count: 1 } });

    await draft();
    expect(told()).toEqual(['Opportunity Created', 'Opportunity Created']);

    await ask('PUT', 'events/misbehaviour', { delay: { every: 1, count: 1, byMs: 5_000 } });
    await draft();
    expect(told()).toEqual(['Opportunity Updated']);
    advance(5_000);
    account.runDue();
    expect(told()).toEqual(['Opportunity Created']);

    const id = events[0]?.id;
    await ask('POST', 'events/again', { id });
    expect(events.at(-1)?.id).toBe(id);
  });

  it('lets calls fail, and counts them', async () => {
    const { ask, call, draft, account } = openAccount();
    const Identifier = await draft();
    await ask('POST', 'faults', [
      { kind: 'throttle', match: { pathIncludes: 'GetOpportunity' } },
      { kind: 'unavailable', status: 500 },
      { kind: 'cut-request' },
    ]);

    const types = [];
    for (let at = 0; at < 4; at += 1) types.push((await call('GetOpportunity', { Identifier })).json?.__type);

    expect(types).toEqual([
      'com.amazonaws.partnercentralselling#ThrottlingException',
      'com.amazonaws.partnercentralselling#InternalServerException',
      undefined,
      undefined,
    ]);
    expect((await ask('GET', 'statistics')).json).toMatchObject({
      calls: {
        byRoute: {
          'PartnerCentralSelling.GetOpportunity': { byStatus: { 200: 1, 400: 1, 500: 1, cut: 1 } },
        },
      },
      events: { happened: 2, published: 2 },
      records: { opportunities: 1 },
      openFaults: [],
    });
    await ask('POST', 'reset');
    expect(account.admin.statistics()).toMatchObject({ calls: { calls: 0 }, records: { opportunities: 0 } });
  });
});
