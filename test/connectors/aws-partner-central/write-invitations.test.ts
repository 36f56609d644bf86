import { describe, expect, it } from 'vitest';
import { writeInvitations } from '../../../connectors/aws-partner-central/write-invitations.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import { awsError, fakeSelling } from './fake-selling.ts';

const id = 'engi-0123456789abc';

function answer(values: WriteItem['values']): WriteItem {
  return { operation: 'update', unifiedId: '01J00000000000000000000001', externalId: id, values, base: {} };
}

function invitation(status: string, more: Readonly<Record<string, unknown>> = {}) {
  return () => ({ Id: id, Status: status, PayloadType: 'OpportunityInvitation', ...more });
}

describe('an invitation', () => {
  it.each([{}, { Decision: null }, { Decision: '' }, { RejectionReason: 'Next steps unclear' }])(
    'is not even looked at without a decision: %j',
    async (values) => {
      const { call, operations } = fakeSelling({});

      expect(await writeInvitations(call, [answer(values)])).toMatchObject([{ outcome: 'written' }]);
      expect(operations()).toEqual([]);
    },
  );

  it('to a lead is accepted at once, for there is no opportunity to make of it', async () => {
    const { call, operations } = fakeSelling({
      GetEngagementInvitation: invitation('PENDING', { PayloadType: 'LeadInvitation' }),
      AcceptEngagementInvitation: () => ({}),
    });

    expect(await writeInvitations(call, [answer({ Decision: 'ACCEPTED' })])).toMatchObject([{ outcome: 'written' }]);
    expect(operations()).toEqual(['GetEngagementInvitation', 'AcceptEngagementInvitation']);
  });

  it('tells why accepting failed that it was waiting for, and accepts again only when somebody asks', async () => {
    const { call, operations } = fakeSelling({
      GetEngagementInvitation: invitation('PENDING'),
      ListEngagementByAcceptingInvitationTasks: () => ({
        TaskSummaries: [{ TaskId: 'task-7', TaskStatus: 'FAILED', ReasonCode: 'InvitationValidationFailed' }],
      }),
      StartEngagementByAcceptingInvitationTask: () => ({ TaskStatus: 'IN_PROGRESS' }),
    });
    const accepting = answer({ Decision: 'ACCEPTED' });

    const [told] = await writeInvitations(call, [{ ...accepting, unanswered: ['Decision'] }]);
    const before = operations();
    const [again] = await writeInvitations(call, [accepting]);

    expect(told).toMatchObject({
      fault: { kind: 'rejected', code: 'InvitationValidationFailed', fields: ['Decision'] },
    });
    expect(before).not.toContain('StartEngagementByAcceptingInvitationTask');
    expect(again).toMatchObject({ fault: { code: 'TASK_RUNNING' } });
  });

  it.each(['x'.repeat(81), 'two\nlines', 'no 🙂'])(
    'is not declined with the reason %j, which AWS does not take',
    async (reason) => {
      const { call, operations } = fakeSelling({ GetEngagementInvitation: invitation('PENDING') });

      const [outcome] = await writeInvitations(call, [answer({ Decision: 'REJECTED', RejectionReason: reason })]);

      expect(outcome).toMatchObject({ fault: { kind: 'rejected', fields: ['RejectionReason', 'Decision'] } });
      expect(operations()).toEqual(['GetEngagementInvitation']);
    },
  );

  it.each(['EXPIRED', 'ACCEPTED'])('that is %s is not declined any more', async (status) => {
    const { call, operations } = fakeSelling({ GetEngagementInvitation: invitation(status) });

    const [outcome] = await writeInvitations(call, [answer({ Decision: 'REJECTED' })]);

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', code: 'NOT_PENDING', fields: ['Decision'] } });
    expect(operations()).toEqual(['GetEngagementInvitation']);
  });

  it('says by its field why AWS does not take the answer, and knows no other decision', async () => {
    const { call } = fakeSelling({
      GetEngagementInvitation: invitation('PENDING'),
      RejectEngagementInvitation: () => {
        throw awsError('ValidationException');
      },
    });

    const outcomes = await writeInvitations(call, [answer({ Decision: 'REJECTED' }), answer({ Decision: 'MAYBE' })]);

    expect(outcomes).toMatchObject([
      { fault: { kind: 'rejected', fields: ['Decision'] } },
      { fault: { kind: 'rejected', code: 'UNKNOWN_DECISION' } },
    ]);
  });

  it('is neither made nor deleted', async () => {
    const { call, operations } = fakeSelling({});

    const outcomes = await writeInvitations(call, [
      { ...answer({ Decision: 'ACCEPTED' }), operation: 'create' },
      { ...answer({}), operation: 'delete' },
    ]);

    expect(outcomes.map((each) => each.outcome === 'failed' && each.fault.kind)).toEqual(['rejected', 'rejected']);
    expect(operations()).toEqual([]);
  });
});
