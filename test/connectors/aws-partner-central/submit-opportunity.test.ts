import { describe, expect, it } from 'vitest';
import { updateOpportunity } from '../../../connectors/aws-partner-central/update-opportunity.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import { awsError, fakeSelling, opportunity } from './fake-selling.ts';

function update(values: WriteItem['values']): WriteItem {
  return { operation: 'update', unifiedId: '01J00000000000000000000001', externalId: 'O1111111', values, base: {} };
}

function held(status: string) {
  return opportunity({ LifeCycle: { Stage: 'Prospect', ReviewStatus: status, TargetCloseDate: '2026-12-01' } });
}

describe('handing an opportunity to AWS', () => {
  const submit = update({ AwsSubmission: true, 'AwsSubmission.InvolvementType': 'Co-Sell' });

  it('starts one task, with a token that is the same for the same attempt', async () => {
    const { call, asked } = fakeSelling({
      GetOpportunity: () => opportunity(),
      ListEngagementFromOpportunityTasks: () => ({ TaskSummaries: [] }),
      StartEngagementFromOpportunityTask: () => ({ TaskStatus: 'COMPLETE', ReasonCode: 'null' }),
    });

    const first = await updateOpportunity(call, submit);
    await updateOpportunity(call, submit);

    expect(first).toMatchObject({ outcome: 'written' });
    const starts = asked.filter(({ operation }) => operation === 'StartEngagementFromOpportunityTask');
    expect(starts[0]?.input).toEqual({
      ClientToken: 'tributary-01J00000000000000000000001-submit-first',
      Identifier: 'O1111111',
      AwsSubmission: { InvolvementType: 'Co-Sell', Visibility: 'Full' },
    });
    expect(starts[1]?.input).toEqual(starts[0]?.input);
    expect(starts[0]?.budgets).toEqual(['writes', 'writes-of-day']);
  });

  it.each([
    [
      { TaskStatus: 'IN_PROGRESS', TaskId: 'task-1' },
      { kind: 'throttled', code: 'TASK_RUNNING' },
    ],
    [
      { TaskStatus: 'FAILED', TaskId: 'task-1', ReasonCode: 'OpportunityValidationFailed', Message: 'Title missing' },
      { kind: 'rejected', code: 'OpportunityValidationFailed', fields: ['AwsSubmission'] },
    ],
    [{ TaskStatus: 'FAILED', ReasonCode: 'RequestThrottled' }, { kind: 'throttled' }],
    [{ TaskStatus: 'FAILED', ReasonCode: 'InternalError' }, { kind: 'transient' }],
    [
      { TaskStatus: 'FAILED', ReasonCode: 'OpportunityAccessDenied' },
      { kind: 'rejected', fields: ['AwsSubmission'] },
    ],
    [{ TaskStatus: 'FAILED', ReasonCode: 'EngagementConflict' }, { kind: 'conflict' }],
    [
      { TaskStatus: 'FAILED', ReasonCode: 'null' },
      { kind: 'rejected', code: 'TASK_FAILED' },
    ],
    [{}, { kind: 'throttled', code: 'TASK_RUNNING' }],
  ])('follows the task %j', async (task, fault) => {
    const { call } = fakeSelling({
      GetOpportunity: () => opportunity(),
      ListEngagementFromOpportunityTasks: () => ({ TaskSummaries: [] }),
      StartEngagementFromOpportunityTask: () => task,
    });

    expect(await updateOpportunity(call, submit)).toMatchObject({ outcome: 'failed', fault });
  });

  it('starts nothing while a task is at it, and begins again after one that failed', async () => {
    let status = 'IN_PROGRESS';
    const { call, asked, operations } = fakeSelling({
      GetOpportunity: () => opportunity(),
      ListEngagementFromOpportunityTasks: () => ({ TaskSummaries: [{ TaskId: 'task-7', TaskStatus: status }] }),
      StartEngagementFromOpportunityTask: () => ({ TaskStatus: 'COMPLETE' }),
    });

    const running = await updateOpportunity(call, submit);
    const before = operations();
    status = 'FAILED';
    const again = await updateOpportunity(call, submit);

    expect(running).toMatchObject({ fault: { code: 'TASK_RUNNING', retryAfterMs: 15_000 } });
    expect(before).not.toContain('StartEngagementFromOpportunityTask');
    expect(again).toMatchObject({ outcome: 'written' });
    expect(asked.at(-1)?.input.ClientToken).toBe('tributary-01J00000000000000000000001-submit-task-7');
  });

  it('tells why a task failed that it was waiting for, and starts no other until somebody asks again', async () => {
    const { call, operations } = fakeSelling({
      GetOpportunity: () => opportunity(),
      ListEngagementFromOpportunityTasks: () => ({
        TaskSummaries: [{ TaskId: 'task-7', TaskStatus: 'FAILED', ReasonCode: 'OpportunityValidationFailed' }],
      }),
    });

    expect(await updateOpportunity(call, { ...submit, unanswered: ['AwsSubmission'] })).toMatchObject({
      outcome: 'failed',
      fault: { kind: 'rejected', code: 'OpportunityValidationFailed', fields: ['AwsSubmission'] },
    });
    expect(operations()).not.toContain('StartEngagementFromOpportunityTask');
  });

  it('tries again by itself after a failure that is nobody’s to mend', async () => {
    const { call, operations } = fakeSelling({
      GetOpportunity: () => opportunity(),
      ListEngagementFromOpportunityTasks: () => ({
        TaskSummaries: [{ TaskId: 'task-7', TaskStatus: 'FAILED', ReasonCode: 'InternalError' }],
      }),
      StartEngagementFromOpportunityTask: () => ({ TaskStatus: 'COMPLETE' }),
    });

    expect(await updateOpportunity(call, { ...submit, unanswered: ['AwsSubmission'] })).toMatchObject({
      outcome: 'written',
    });
    expect(operations()).toContain('StartEngagementFromOpportunityTask');
  });

  it('is done where the task ended after the opportunity was read, and no other is started', async () => {
    const statuses = ['Pending Submission', 'Submitted'];
    const { call, operations } = fakeSelling({
      GetOpportunity: () => held(statuses.shift() ?? 'Submitted'),
      ListEngagementFromOpportunityTasks: () => ({ TaskSummaries: [{ TaskId: 'task-7', TaskStatus: 'COMPLETE' }] }),
      StartEngagementFromOpportunityTask: () => {
        throw awsError('ValidationException');
      },
    });

    expect(await updateOpportunity(call, submit)).toMatchObject({ outcome: 'written' });
    expect(operations()).toEqual(['GetOpportunity', 'ListEngagementFromOpportunityTasks', 'GetOpportunity']);
  });

  it('does nothing when AWS has it, and cannot be taken back', async () => {
    const { call, operations } = fakeSelling({ GetOpportunity: () => held('Approved') });

    expect(await updateOpportunity(call, submit)).toMatchObject({ outcome: 'written' });
    expect(await updateOpportunity(call, update({ AwsSubmission: false }))).toMatchObject({
      fault: { kind: 'rejected', code: 'ALREADY_SUBMITTED', fields: ['AwsSubmission'] },
    });
    expect(operations()).toEqual(['GetOpportunity', 'GetOpportunity']);
  });

  it('is not done unless the deal asks for it', async () => {
    const { call, operations } = fakeSelling({ GetOpportunity: () => opportunity() });

    await updateOpportunity(call, update({ AwsSubmission: false, 'AwsSubmission.InvolvementType': 'Co-Sell' }));

    expect(operations()).toEqual(['GetOpportunity']);
  });
});
