import { describe, expect, it } from 'vitest';
import { receiveEvent } from '../../../connectors/aws-partner-central/events.ts';
import type { ConnectionSettings, VendorEvent } from '../../../connectors/kit/connector.ts';

const settings: ConnectionSettings = {
  id: 'ace',
  system: 'aws-partner-central',
  auth: 'own-account',
  objects: ['Opportunity', 'EngagementInvitation'],
  accountId: '111122223333',
  options: { catalog: 'Sandbox' },
};

function event(detailType: string, detail: unknown, more: Partial<VendorEvent> = {}): VendorEvent {
  return {
    id: '5f2b1c1e-0000-4000-8000-009681cffa26',
    source: 'aws.partnercentral-selling',
    detailType,
    account: '111122223333',
    region: 'us-east-1',
    time: '2026-03-02T10:15:00Z',
    resources: [],
    detail,
    ...more,
  };
}

const opportunity = { schemaVersion: '1', catalog: 'Sandbox', opportunity: { identifier: 'O1234567' } };
const invitation = {
  schemaVersion: '1.0',
  catalog: 'Sandbox',
  engagementInvitation: { id: 'engi-0123456789abc', participantType: 'RECEIVER' },
};

describe('an event of Partner Central', () => {
  it.each([
    ['Opportunity Created', opportunity, 'Opportunity', 'O1234567'],
    ['Opportunity Updated', { ...opportunity, schemaVersion: '1.0' }, 'Opportunity', 'O1234567'],
    ['Opportunity Accepted', { ...opportunity, schemaVersion: 1 }, 'Opportunity', 'O1234567'],
    ['Opportunity Rejected', opportunity, 'Opportunity', 'O1234567'],
    ['Engagement Invitation Created', invitation, 'EngagementInvitation', 'engi-0123456789abc'],
    ['Engagement Invitation Expired', invitation, 'EngagementInvitation', 'engi-0123456789abc'],
    [
      'Resource Snapshot Created',
      { ...opportunity, resourceSnapshot: { resourceType: 'Opportunity', resourceId: 'O7' } },
      'Opportunity',
      'O7',
    ],
  ])('of type %s names the record to look at', (type, detail, object, externalId) => {
    expect(receiveEvent(event(type, detail), settings)).toEqual({ hints: [{ object, externalId }], ignored: {} });
  });

  it.each([
    ['other-account', event('Opportunity Created', opportunity, { account: '999999999999' })],
    ['other-catalog', event('Opportunity Created', { ...opportunity, catalog: 'AWS' })],
    ['other-catalog', event('Nobody Knows', { catalog: 'AWS' })],
    ['engagement', event('Engagement Member Added', { catalog: 'Sandbox' })],
    ['engagement', event('Engagement Member Joined', { catalog: 'Sandbox' })],
    ['other-resource', event('Resource Snapshot Created', { catalog: 'Sandbox' })],
    [
      'sent-by-us',
      event('Engagement Invitation Created', {
        ...invitation,
        engagementInvitation: { id: 'engi-0123456789abc', participantType: 'SENDER' },
      }),
    ],
  ])('is ignored as %s', (reason, of) => {
    expect(receiveEvent(of, settings)).toEqual({ hints: [], ignored: { [reason]: 1 } });
  });

  it('is ignored when the connection does not have its object', () => {
    const receipt = receiveEvent(event('Engagement Invitation Created', invitation), {
      ...settings,
      objects: ['Opportunity'],
    });

    expect(receipt.ignored).toEqual({ 'object-not-connected': 1 });
  });

  it.each([
    ['unknown-type', event('Opportunity Sublimated', opportunity)],
    ['unknown-type', event('constructor', opportunity)],
    ['unknown-schema', event('Opportunity Created', { ...opportunity, schemaVersion: '2' })],
    ['malformed', event('Opportunity Created', null)],
    ['malformed', event('Opportunity Created', { schemaVersion: '1' })],
    ['malformed', event('Opportunity Created', { ...opportunity, opportunity: { identifier: '../../etc' } })],
    ['malformed', event('Opportunity Created', { ...opportunity, opportunity: 7 })],
    ['malformed', event('Opportunity Created', { ...opportunity, schemaVersion: { of: 'much' } })],
  ])('is kept for a person as %s', (why, of) => {
    const { hints, ignored, kept } = receiveEvent(of, settings);

    expect({ hints, ignored }).toEqual({ hints: [], ignored: {} });
    expect(kept).toMatchObject({ why, facts: { type: of.detailType, time: of.time } });
    for (const fact of Object.values(kept?.facts ?? {})) expect(fact.length).toBeLessThanOrEqual(255);
  });

  it('is taken from any account while the connection does not name its own, and from production unless it says otherwise', () => {
    const { accountId: _accountId, options: _options, ...bare } = settings;

    expect(receiveEvent(event('Opportunity Created', { ...opportunity, catalog: 'AWS' }), bare).hints).toHaveLength(1);
  });
});
