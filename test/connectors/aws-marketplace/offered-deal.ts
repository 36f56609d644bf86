import { expect } from 'vitest';
import type { SystemValues } from '../../../domain/model/value.ts';

/** A deal that is offered. */
export const unifiedId = '01JNQ3ZK8Y2N4W5V6X7Y8Z9A0B';

/** What an offer is made of, in AWS's fields. */
export const offered: SystemValues = {
  Name: 'Nordlicht – rollout',
  ProductId: 'prod-1',
  'Targeting.BuyerAccounts': '444455556666',
  Price: '48000.25',
  CurrencyCode: 'EUR',
  AgreementMonths: '36',
  AvailabilityEndDate: '2026-07-01T00:00:00.000Z',
};

/** The answer while AWS is at work. */
export const running = expect.objectContaining({
  outcome: 'failed',
  fault: expect.objectContaining({ kind: 'throttled', code: 'CHANGE_SET_RUNNING' }),
});

/** It was made by an earlier attempt, so it is read before it is compared. */
export const taken = { outcome: 'written', externalId: 'offer-1', created: true, isUntouched: true };
