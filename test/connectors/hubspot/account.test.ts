import { afterEach, describe, expect, it } from 'vitest';
import { hubspot } from '../../../connectors/hubspot/connector.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { serveStage } from '../contract/served-connection.ts';
import { type HubspotStage, startHubspotStage } from './hubspot-stage.ts';

let stage: HubspotStage | undefined;
afterEach(() => stage?.simulator.close());

function owner(number: number, over: object = {}) {
  return {
    id: String(500 + number),
    email: `Owner${number}@x.example`,
    firstName: 'A',
    lastName: 'B',
    userId: number,
    archived: false,
    ...over,
  };
}

async function readAccount(owners: readonly ReturnType<typeof owner>[]) {
  const clock: StepClock = stepClock();
  stage = await startHubspotStage(clock, { account: { portalId: 4_711, owners } });
  return serveStage(hubspot, stage, clock).port.account();
}

describe('the account', () => {
  it('is known by its portal id', async () => {
    expect(await readAccount([])).toEqual({ ok: true, value: { accountId: '4711', owners: {} } });
  });

  it('has owners by owner id (not user id), over several pages', async () => {
    const answer = await readAccount(Array.from({ length: 250 }, (_, number) => owner(number)));

    const { owners } = answer.ok ? answer.value : { owners: {} as Record<string, string> };
    expect(Object.keys(owners).length).toBe(250);
    expect(owners['742']).toBe('owner242@x.example');
  });

  it('has neither deactivated owners nor owners without an address', async () => {
    const answer = await readAccount([owner(1), owner(2, { archived: true }), owner(3, { email: '' })]);

    expect(answer).toMatchObject({ value: { owners: { '501': 'owner1@x.example' } } });
    expect(answer.ok && Object.keys(answer.value.owners)).toEqual(['501']);
  });
});
