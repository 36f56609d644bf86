import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { opportunityFields } from '../../../../local/simulators/aws-partner-central/opportunity-requests.ts';
import { complete, openAccount } from './partner-central-under-test.ts';

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'partner-central-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'account.log');
}

describe('an account with a file', () => {
  it('is the same after it was closed: records, tokens, ids and locks', async () => {
    const file = newFile();
    const first = openAccount({ file });
    const id = await first.draft();
    const held = await first.read(id);
    await first.account.close();

    const second = openAccount({ file });
    const again = await second.call('CreateOpportunity', { ...complete, ClientToken: 'draft-1' });
    const other = await second.call('CreateOpportunity', { ...complete, ClientToken: 'new' });

    expect(await second.read(id)).toEqual(held);
    expect(again.json.Id).toBe(id);
    expect(other.json.Id).not.toBe(id);
  });

  it('finishes what was under way: tasks, and invitations that expire', async () => {
    const file = newFile();
    const first = openAccount({ file, taskMs: 60_000 });
    const Identifier = await first.draft();
    const start = { Identifier, ClientToken: 't', AwsSubmission: { InvolvementType: 'Co-Sell' } };
    await first.call('StartEngagementFromOpportunityTask', start);
    first.account.admin.sendReferral({ catalog: 'Sandbox', fields: opportunityFields.parse(complete) });
    await first.account.close();

    const second = openAccount({ file, taskMs: 60_000 });
    second.advance(16 * 86_400_000);
    second.account.runDue();

    expect((await second.read(Identifier)).LifeCycle.ReviewStatus).toBe('Submitted');
    expect(second.told()).toContain('Engagement Invitation Expired');
  });

  it('is new after a reset, and gives no id twice', async () => {
    const under = openAccount({ file: newFile() });
    const id = await under.draft();

    await under.ask('POST', 'reset');

    expect((await under.call('GetOpportunity', { Identifier: id })).status).toBe(400);
    expect(await under.draft()).not.toBe(id);
    expect((await under.call('ListSolutions')).json.SolutionSummaries).toHaveLength(3);
  });
});
