import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgreementRow } from '../../../connectors/aws-marketplace/answers.ts';
import { successionOf } from '../../../connectors/aws-marketplace/succession.ts';

const row = (
  id: string,
  status: string,
  accepted: string,
  start: string,
  end: string | null,
  offerId = 'offer-1',
): AgreementRow => ({
  agreementId: id,
  status,
  acceptanceTime: accepted,
  startTime: start,
  endTime: end,
  proposalSummary: { resources: [], offerId, offerSetId: null },
  agreementType: null,
  acceptor: null,
  proposer: null,
});

const first = row('agmt-a', 'RENEWED', '2024-01-01T09:00:00Z', '2024-01-01T00:00:00Z', '2024-12-31T23:59:59.999Z');
const second = row('agmt-b', 'RENEWED', '2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z', '2025-12-31T23:59:59.999Z');
const third = row('agmt-c', 'ACTIVE', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-12-31T23:59:59.999Z');

describe('what an agreement follows', () => {
  it('is the one that was renewed and ends where it begins', () => {
    expect(successionOf(third, [first, second, third])).toEqual({ predecessorId: 'agmt-b', isFirstOfOffer: false });
    expect(successionOf(second, [first, second, third])).toEqual({ predecessorId: 'agmt-a', isFirstOfOffer: false });
    expect(successionOf(first, [first, second, third])).toEqual({ isFirstOfOffer: true });
  });

  it('is the one that was replaced in the middle of its term', () => {
    const old = row('agmt-o', 'REPLACED', '2026-01-01T09:00:00Z', '2026-01-01T00:00:00Z', '2026-12-31T23:59:59.999Z');
    const next = row(
      'agmt-n',
      'ACTIVE',
      '2026-05-01T09:00:00Z',
      '2026-05-01T00:00:00Z',
      '2027-04-30T23:59:59.999Z',
      'offer-2',
    );

    expect(successionOf(next, [old])).toEqual({ predecessorId: 'agmt-o', isFirstOfOffer: true });
  });

  it('is nothing where the agreement before it just ran out, was cancelled, or ended long ago', () => {
    for (const status of ['EXPIRED', 'CANCELLED', 'ACTIVE']) {
      expect(successionOf(third, [{ ...second, status }])).toEqual({ isFirstOfOffer: false });
    }
    expect(successionOf(third, [first])).toEqual({ isFirstOfOffer: false });
  });

  it('is not one that a third agreement has followed already', () => {
    const old = row('agmt-o', 'REPLACED', '2025-01-01T09:00:00Z', '2025-01-01T00:00:00Z', '2027-12-31T23:59:59.999Z');
    const between = row('agmt-p', 'ACTIVE', '2025-06-01T09:00:00Z', '2025-06-01T00:00:00Z', '2027-12-31T23:59:59.999Z');

    expect(successionOf(third, [old, between])).toEqual({ isFirstOfOffer: false });
  });

  it('is the same in whatever order the others are told', () => {
    const times = fc.integer({ min: 0, max: 40 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString());
    const others = fc.array(
      fc
        .tuple(fc.uuid(), fc.constantFrom('RENEWED', 'REPLACED', 'ACTIVE', 'EXPIRED'), times, times, fc.option(times))
        .map(([id, status, accepted, start, end]) => row(id, status, accepted, start, end)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(others, times, (rows, at) => {
        const self = row('agmt-self', 'ACTIVE', at, at, null);

        expect(successionOf(self, rows.toReversed())).toEqual(successionOf(self, rows));
      }),
    );
  });
});
