import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startOrg, testNow } from './org-under-test.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-salesforce-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('an org with a file', () => {
  it('has lost nothing it answered for when its process is killed', async () => {
    const folder = newFolder();
    const file = join(folder, 'org.log');
    const org = await startOrg({ file });
    const seeded = org.simulator.seed([
      { object: 'Account', values: { Name: 'Seeded', SystemModstamp: '2020-01-01T00:00:00Z' } },
    ]);
    const changed = await org.create('Account', { Name: 'First', Tributary_Id__c: 'k' });
    await org.call('PATCH', `sobjects/Account/${changed}`, { Name: 'Second' });
    const deleted = await org.create('Contact', { LastName: 'Gone' });
    await org.call('DELETE', `sobjects/Contact/${deleted}`);
    await org.call('POST', 'composite/sobjects', {
      allOrNone: true,
      records: [{ attributes: { type: 'Account' }, Name: 'Rolled back' }, { attributes: { type: 'Account' } }],
    });

    // What a killed process leaves behind is what the file holds at this moment.
    copyFileSync(file, join(folder, 'after-kill.log'));
    const revived = await startOrg({ file: join(folder, 'after-kill.log') });

    expect(revived.simulator.records('Account')).toEqual(org.simulator.records('Account'));
    expect(revived.simulator.records('Contact')).toEqual(org.simulator.records('Contact'));
    expect(revived.simulator.records('User')).toEqual(org.simulator.records('User'));
    expect(revived.simulator.records('Account').map(({ Id, Name }) => [Id, Name])).toEqual([
      [seeded[0], 'Seeded'],
      [changed, 'Second'],
    ]);
    const next = await revived.create('Account', { Name: 'Next' });
    expect([...seeded, changed]).not.toContain(next);
    expect((await revived.call('PATCH', 'sobjects/Account/Tributary_Id__c/K', { Phone: '1' })).json.id).toBe(changed);
  });

  it('forgets on file as well what a reset forgot', async () => {
    const file = join(newFolder(), 'org.log');
    const org = await startOrg({ file });
    await org.create('Account', { Name: 'x' });
    org.simulator.reset();
    await org.simulator.close();

    const revived = await startOrg({ file });

    expect(revived.simulator.statistics().records).toMatchObject({ Account: 0, User: 4 });
  });

  it('never finds a new result by a locator from before a restart', async () => {
    const file = join(newFolder(), 'org.log');
    const accounts = Array.from({ length: 2_001 }, (_, at) => ({ object: 'Account', values: { Name: `N${at}` } }));
    const org = await startOrg({ file });
    org.simulator.seed(accounts);
    const before = await org.query('SELECT Id FROM Account');
    await org.simulator.close();
    const revived = await startOrg({ file, now: () => testNow + 1 });
    await revived.query('SELECT Id FROM Account');

    const answer = await revived.call('GET', before.json.nextRecordsUrl.replace('/services/data/v67.0/', ''));

    expect(answer.json[0].errorCode).toBe('INVALID_QUERY_LOCATOR');
  });
});
