import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authenticate } from '../../../connectors/hubspot/authenticate.ts';
import type { ConnectionSettings } from '../../../connectors/kit/connector.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { type HubspotStage, startHubspotStage } from './hubspot-stage.ts';

let clock: StepClock;
let stage: HubspotStage;
beforeEach(async () => {
  clock = stepClock();
  stage = await startHubspotStage(clock);
});
afterEach(() => stage.simulator.close());

const signal = AbortSignal.timeout(60_000);
const settingsFor = (auth: string, baseUrl?: string): ConnectionSettings => ({
  ...stage.settings,
  auth,
  baseUrl: baseUrl ?? stage.simulator.url,
});

describe('getting a session', () => {
  it('takes a static token as it is, without a call and without an end', async () => {
    const answer = await authenticate(settingsFor('static-token'), { accessToken: 'pat-x' }, clock.now(), signal);

    expect(answer).toEqual({ ok: true, value: { accessToken: 'pat-x' } });
    expect(stage.simulator.admin.statistics().calls.calls).toBe(0);
  });

  it('exchanges a refresh token for an access token with its end', async () => {
    const answer = await authenticate(settingsFor('refresh-token'), stage.credentials, clock.now(), signal);

    expect(answer).toMatchObject({ ok: true, value: { expiresAt: clock.now() + 1_800_000 } });
  });

  it('calls the address of the connection, with or without a slash at its end', async () => {
    const answer = await authenticate(
      settingsFor('refresh-token', `${stage.simulator.url}/`),
      stage.credentials,
      clock.now(),
      signal,
    );

    expect(answer.ok).toBe(true);
  });

  it.each(['clientId', 'clientSecret', 'refreshToken'])('names the credential that is missing: %s', async (name) => {
    const credentials = { ...stage.credentials, [name]: '' };

    const answer = await authenticate(settingsFor('refresh-token'), credentials, clock.now(), signal);

    expect(answer).toMatchObject({ fault: { kind: 'credential', code: 'CREDENTIAL_MISSING' } });
    expect(!answer.ok && answer.fault.message).toContain(name);
  });

  it('is an administrator’s matter when HubSpot refuses the credentials, and repeats none of them', async () => {
    const credentials = { ...stage.credentials, refreshToken: 'a-revoked-token' };

    const answer = await authenticate(settingsFor('refresh-token'), credentials, clock.now(), signal);

    expect(answer).toMatchObject({ fault: { kind: 'credential', code: 'TOKEN_REFUSED' } });
    expect(JSON.stringify(answer)).not.toContain('a-revoked-token');
  });

  it('is tried again later when HubSpot is down or cannot be reached', async () => {
    stage.simulator.admin.addFault({ kind: 'unavailable', count: 1 });
    const down = await authenticate(settingsFor('refresh-token'), stage.credentials, clock.now(), signal);
    stage.simulator.admin.addFault({ kind: 'cut-request', count: 1 });
    const cut = await authenticate(settingsFor('refresh-token'), stage.credentials, clock.now(), signal);

    expect([down, cut]).toMatchObject([{ fault: { kind: 'transient' } }, { fault: { kind: 'transient' } }]);
  });

  it('knows no other way', async () => {
    const answer = await authenticate(settingsFor('password'), {}, clock.now(), signal);

    expect(answer).toMatchObject({ fault: { kind: 'credential', code: 'UNKNOWN_AUTH' } });
  });
});
