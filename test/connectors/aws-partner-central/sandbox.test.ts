import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsPartnerCentral } from '../../../connectors/aws-partner-central/connector.ts';
import { receiveEvent } from '../../../connectors/aws-partner-central/events.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import type { AwsEvent } from '../../../local/simulators/aws/aws-event.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { drain, type ServedConnection, serveStage } from '../contract/served-connection.ts';
import { type PartnerCentralStage, startPartnerCentralStage } from './partner-central-stage.ts';

/** The connector on the simulated account, with the account's limits, stamps of nine digits, and tasks that take a while. */
describe('a partner’s sandbox', () => {
  const hubId = 'PartnerOpportunityIdentifier';
  const unifiedId = '01J00000000000000000000001';
  const fields = [
    'Id',
    hubId,
    'LastModifiedDate',
    'Project.Title',
    'LifeCycle.ReviewStatus',
    'LifeCycle.NextSteps',
    'RelatedEntityIdentifiers.Solution',
    'AwsSubmission',
  ];
  const deal: SystemValues = {
    'Project.Title': 'Nordlicht – rollout',
    'Project.ExpectedCustomerSpend.Self.Amount': '48000.25',
    'Project.ExpectedCustomerSpend.Self.CurrencyCode': 'EUR',
    'Project.ExpectedContractDuration.Value': '12',
    'Project.CustomerUseCase': 'Database',
    'Project.CustomerBusinessProblem': 'Reports take a night. They should take minutes.',
    'Project.DeliveryModels': 'SaaS or PaaS',
    PrimaryNeedsFromAws: 'Co-Sell - Deal Support',
    OpportunityType: 'Net New Business',
    'LifeCycle.Stage': 'Qualified',
    'LifeCycle.TargetCloseDate': '2026-12-31',
    'Customer.Account.CompanyName': 'Nordlicht AG',
    'Customer.Account.WebsiteUrl': 'https://nordlicht.example',
    'Customer.Account.Industry': 'Financial Services',
    'Customer.Account.Address.CountryCode': 'DE',
    'Customer.Account.Address.PostalCode': '20095',
  };
  const asked: SystemValues = { 'RelatedEntityIdentifiers.Solution': 'S-0020001', AwsSubmission: true };
  let clock: StepClock;
  let stage: PartnerCentralStage;
  let served: ServedConnection;
  let events: AwsEvent[];

  async function begin(taskMs: number): Promise<void> {
    clock = stepClock();
    events = [];
    stage = await startPartnerCentralStage(clock, { taskMs, publish: (event) => events.push(event) });
    served = serveStage(awsPartnerCentral, stage, clock);
  }

  beforeEach(() => begin(0));
  afterEach(async () => {
    // Whatever was done, the account's limits were kept.
    expect(stage.simulator.admin.statistics().overLimit).toEqual({});
    await stage.simulator.close();
  });

  async function write(object: string, item: Partial<WriteItem> & Pick<WriteItem, 'operation' | 'values'>) {
    const [outcome] = await served.port.write(object, hubId, [{ unifiedId, base: {}, ...item }]);
    return outcome;
  }

  async function valuesOf(object: string, id: string, names: readonly string[]): Promise<SystemValues> {
    const read = await served.port.read(object, [id], names);
    const [outcome] = read.ok ? read.value : [];
    if (outcome?.outcome !== 'found') throw new Error(`${id} is not read`);
    return outcome.snapshot.values;
  }

  it('takes a deal through creation, review, parked edits, approval and the edits afterwards', async () => {
    const made = await write('Opportunity', { operation: 'create', values: { ...deal, ...asked } });
    const externalId = made?.outcome === 'written' ? made.externalId : '';
    const submitted = await valuesOf('Opportunity', externalId, fields);
    const early = await write('Opportunity', {
      operation: 'update',
      externalId,
      values: { 'LifeCycle.NextSteps': 'Call' },
    });
    stage.simulator.admin.review({ opportunityId: externalId, status: 'In review' });
    stage.simulator.admin.review({ opportunityId: externalId, status: 'Approved' });
    const late = await write('Opportunity', {
      operation: 'update',
      externalId,
      values: { 'LifeCycle.NextSteps': 'Call' },
    });
    const after = await valuesOf('Opportunity', externalId, fields);

    expect(made).toMatchObject({ outcome: 'written', created: true });
    expect(submitted).toMatchObject({
      [hubId]: unifiedId,
      'LifeCycle.ReviewStatus': 'Submitted',
      'RelatedEntityIdentifiers.Solution': 'S-0020001',
      AwsSubmission: true,
    });
    expect(String(submitted.LastModifiedDate)).toMatch(/\.\d{7,9}Z$/);
    expect(early).toMatchObject({ fault: { kind: 'rejected', fields: ['LifeCycle.NextSteps'] } });
    expect(late).toMatchObject({ outcome: 'written' });
    expect(after).toMatchObject({ 'LifeCycle.ReviewStatus': 'Approved', 'LifeCycle.NextSteps': 'Call' });
    const record = stage.simulator.admin.opportunities()[0];
    expect(record?.fields.Project?.ExpectedCustomerSpend).toEqual([
      { Amount: '48000.25', CurrencyCode: 'EUR', Frequency: 'Monthly', TargetCompany: 'Self' },
    ]);
    expect(record?.fields.Customer?.Account?.CompanyName).toBe('Nordlicht AG');
  });

  it('corrects what AWS asks to be corrected, and nothing else', async () => {
    const made = await write('Opportunity', { operation: 'create', values: { ...deal, ...asked } });
    const externalId = made?.outcome === 'written' ? made.externalId : '';
    stage.simulator.admin.review({
      opportunityId: externalId,
      status: 'Action Required',
      comments: 'Which postal code?',
    });

    const outcome = await write('Opportunity', {
      operation: 'update',
      externalId,
      values: { 'Customer.Account.Address.PostalCode': '20097' },
    });

    expect(outcome).toMatchObject({ outcome: 'written' });
    expect(await valuesOf('Opportunity', externalId, ['LifeCycle.ReviewStatus'])).toEqual({
      'LifeCycle.ReviewStatus': 'Submitted',
    });
  });

  it.each(['CreateOpportunity', 'AssociateOpportunity', 'StartEngagementFromOpportunityTask'])(
    'ends in one opportunity, submitted once, when the answer to %s is lost for a while',
    async (operation) => {
      stage.simulator.admin.faults.add({ kind: 'lose-answer', count: 3, match: { pathIncludes: operation } });

      const first = await write('Opportunity', { operation: 'create', values: { ...deal, ...asked } });
      const found = await served.port.find('Opportunity', hubId, [unifiedId]);
      const externalId = found.ok ? String(found.value.get(unifiedId)) : '';
      const rest = await write('Opportunity', { operation: 'update', externalId, values: asked });

      const { isUnanswered, kind } = first?.outcome === 'failed' ? first.fault : { kind: '', isUnanswered: undefined };
      expect(kind === 'uncertain' || isUnanswered === true).toBe(true);
      expect(rest).toMatchObject({ outcome: 'written', externalId });
      expect(stage.simulator.admin.opportunities()).toHaveLength(1);
      expect(await valuesOf('Opportunity', externalId, fields)).toMatchObject({
        'LifeCycle.ReviewStatus': 'Submitted',
        'RelatedEntityIdentifiers.Solution': 'S-0020001',
      });
      expect(stage.simulator.admin.statistics().records.tasks).toBe(1);
    },
  );

  it('follows a task that takes a while over several tries, and starts no other', async () => {
    await stage.simulator.close();
    await begin(40_000);
    const made = await write('Opportunity', { operation: 'create', values: deal });
    const externalId = made?.outcome === 'written' ? made.externalId : '';
    const outcomes: unknown[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const outcome = await write('Opportunity', { operation: 'update', externalId, values: asked });
      outcomes.push(outcome?.outcome === 'failed' ? outcome.fault.code : outcome?.outcome);
      clock.advance(15_000);
    }

    expect(outcomes.slice(0, 3)).toEqual(['TASK_RUNNING', 'TASK_RUNNING', 'TASK_RUNNING']);
    expect(outcomes[3]).toBe('written');
    expect(stage.simulator.admin.statistics().records.tasks).toBe(1);
  });

  it('shows AWS’s invitation, leaves it alone without a decision, and accepts it with one', async () => {
    await stage.simulator.close();
    await begin(20_000);
    const { simulator } = stage;
    const sent = simulator.admin.sendReferral({
      catalog: 'Sandbox',
      fields: { Project: { Title: 'From AWS' }, Customer: { Account: { CompanyName: 'Nordlicht AG' } } } as never,
    });
    const id = sent.ok ? (sent.ids.invitationId ?? '') : '';
    const seen = ['Status', 'Decision', 'OpportunityId', 'Payload.Customer.CompanyName'];
    const sweep = await drain(served.port, 'EngagementInvitation', 'changes', { position: undefined, connectedAt: 0 });
    const pending = await valuesOf('EngagementInvitation', id, seen);

    const undecided = await write('EngagementInvitation', {
      operation: 'update',
      externalId: id,
      values: { Decision: null },
    });
    const before = await valuesOf('EngagementInvitation', id, ['Status']);
    const accept = () =>
      write('EngagementInvitation', { operation: 'update', externalId: id, values: { Decision: 'ACCEPTED' } });
    const running = await accept();
    const stillRunning = await accept();
    clock.advance(30_000);
    const accepted = await accept();
    const after = await valuesOf('EngagementInvitation', id, seen);
    const next = await drain(served.port, 'EngagementInvitation', 'changes', {
      position: sweep.at(-1)?.position,
      connectedAt: 0,
    });

    expect(sweep.flatMap(({ ids }) => ids)).toEqual([id]);
    expect(pending).toEqual({
      Status: 'PENDING',
      Decision: null,
      OpportunityId: null,
      'Payload.Customer.CompanyName': 'Nordlicht AG',
    });
    expect(undecided).toMatchObject({ outcome: 'written' });
    expect(before).toEqual({ Status: 'PENDING' });
    for (const each of [running, stillRunning]) expect(each).toMatchObject({ fault: { code: 'TASK_RUNNING' } });
    expect(accepted).toMatchObject({ outcome: 'written' });
    expect(after).toMatchObject({
      Status: 'ACCEPTED',
      Decision: 'ACCEPTED',
      OpportunityId: expect.stringMatching(/^O\d+$/),
    });
    expect(simulator.admin.statistics().records.tasks).toBe(1);
    expect(next.flatMap(({ ids }) => ids)).toEqual([id]);
  });

  it('declines with a reason, once, and answers nothing that has run out', async () => {
    const send = (): string => {
      const sent = stage.simulator.admin.sendReferral({
        catalog: 'Sandbox',
        fields: { Project: { Title: 'From AWS' }, Customer: { Account: { CompanyName: 'Nordlicht AG' } } } as never,
      });
      return sent.ok ? (sent.ids.invitationId ?? '') : '';
    };
    const [declined, late] = [send(), send()];
    const values = { Decision: 'REJECTED', RejectionReason: 'Next steps unclear' };

    const first = await write('EngagementInvitation', { operation: 'update', externalId: declined, values });
    const again = await write('EngagementInvitation', { operation: 'update', externalId: declined, values });
    const otherwise = await write('EngagementInvitation', {
      operation: 'update',
      externalId: declined,
      values: { Decision: 'ACCEPTED' },
    });
    clock.advance(16 * 86_400_000);
    const tooLate = await write('EngagementInvitation', { operation: 'update', externalId: late, values });

    expect([first, again]).toMatchObject([{ outcome: 'written' }, { outcome: 'written' }]);
    expect(await valuesOf('EngagementInvitation', declined, ['Decision', 'RejectionReason'])).toEqual({
      Decision: 'REJECTED',
      RejectionReason: 'Next steps unclear',
    });
    expect(otherwise).toMatchObject({ fault: { kind: 'rejected', code: 'NOT_PENDING' } });
    expect(tooLate).toMatchObject({ fault: { kind: 'rejected', code: 'NOT_PENDING' } });
  });

  it('sends only events that name a record, or are ignored for a reason', async () => {
    const made = await write('Opportunity', { operation: 'create', values: { ...deal, ...asked } });
    const externalId = made?.outcome === 'written' ? made.externalId : '';
    stage.simulator.admin.review({ opportunityId: externalId, status: 'Approved' });
    stage.simulator.admin.sendReferral({ catalog: 'Sandbox', fields: { Project: { Title: 'From AWS' } } as never });

    expect(events.length).toBeGreaterThan(4);
    for (const { 'detail-type': detailType, ...event } of events) {
      const receipt = receiveEvent({ ...event, detailType }, stage.settings);
      expect(receipt.kept, detailType).toBeUndefined();
      expect(receipt.hints.length + Object.keys(receipt.ignored).length, detailType).toBe(1);
    }
  });
});
