import { expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/connector.ts';
import { stepClock } from '../contract/contract-stage.ts';
import { serveStage } from '../contract/served-connection.ts';
import { startSalesforceStage } from './salesforce-stage.ts';

it('an account’s users end with the active one of an e-mail, and leave out who owns no pipeline', async () => {
  const clock = stepClock();
  const stage = await startSalesforceStage(clock);
  const user = (Username: string, Email: string, more = {}) => ({
    object: 'User',
    values: { Username, Email, LastName: 'U', Alias: 'u', IsActive: true, UserType: 'Standard', ...more },
  });
  const [active = '', former = '', guest = ''] = stage.simulator.seed([
    user('now@x.example', 'Same@X.example '),
    user('then@x.example', 'same@x.example', { IsActive: false }),
    user('guest@x.example', 'guest@x.example', { UserType: 'Guest' }),
  ]);

  const answer = await serveStage(salesforce, stage, clock).port.account();
  await stage.close();

  const owners = answer.ok ? answer.value.owners : {};
  expect(owners[former]).toBe('same@x.example');
  expect(owners).not.toHaveProperty(guest);
  expect(Object.fromEntries(Object.entries(owners).map(([id, email]) => [email, id]))['same@x.example']).toBe(active);
});
