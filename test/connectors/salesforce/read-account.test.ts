import { expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/connector.ts';
import { stepClock } from '../contract/contract-stage.ts';
import { serveStage } from '../contract/served-connection.ts';
import { startSalesforceStage } from './salesforce-stage.ts';

it('an e-mail leads to the active user who has it; former users stay known, guests are left out', async () => {
  const clock = stepClock();
  const stage = await startSalesforceStage(clock);
  const user = (Username: string, Email: string, more = {}) => ({
    object: 'User',
    values: { Username, Email, LastName: 'U', Alias: 'u', IsActive: true, UserType: 'Standard', ...more },
  });
  const [former = '', twin = '', active = '', guest = ''] = stage.simulator.seed([
    user('former@x.example', 'former@x.example', { IsActive: false }),
    user('twin@x.example', 'same@x.example', { IsActive: false }),
    user('now@x.example', 'Same@X.example '),
    user('guest@x.example', 'guest@x.example', { UserType: 'Guest' }),
  ]);

  const answer = await serveStage(salesforce, stage, clock).port.account();
  await stage.close();

  const owners = answer.ok ? answer.value.owners : {};
  expect(owners).toMatchObject({ [former]: 'former@x.example', [active]: 'same@x.example' });
  expect(owners).not.toHaveProperty(twin);
  expect(owners).not.toHaveProperty(guest);
});
