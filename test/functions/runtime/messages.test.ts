import { describe, expect, test } from 'vitest';
import {
  packDeliveries,
  parseDeliveries,
  parseInbound,
  parseNotice,
  parseSweepRequest,
} from '../../../functions/runtime/messages.ts';

const NOTICE = {
  schema: 1,
  connection: 'hubspot',
  object: 'company',
  ids: ['1', '2'],
  reason: 'webhook',
  attempts: 0,
  correlationId: 'c-1',
};

describe('a notice', () => {
  test('is read as it was sent, with and without a page', () => {
    for (const notice of [NOTICE, { ...NOTICE, page: 'p-1' }]) {
      expect(parseNotice(JSON.stringify(notice))).toEqual({ ok: true, message: notice });
    }
  });

  test('of this schema with a field that only newer versions know is read without it', () => {
    expect(parseNotice(JSON.stringify({ ...NOTICE, colour: 'red' }))).toEqual({ ok: true, message: NOTICE });
  });

  test('of a newer schema waits for a newer version, whatever is in it', () => {
    expect(parseNotice(JSON.stringify({ schema: 2, records: {} }))).toEqual({ ok: false, reason: 'newer-schema' });
  });

  test.each([
    ['no JSON', '{"schema":1'],
    ['no object', '"hello"'],
    ['no schema', JSON.stringify({ ...NOTICE, schema: undefined })],
    ['no ids', JSON.stringify({ ...NOTICE, ids: [] })],
    ['more than 100 ids', JSON.stringify({ ...NOTICE, ids: Array(101).fill('1') })],
    ['an id longer than any system has', JSON.stringify({ ...NOTICE, ids: ['x'.repeat(256)] })],
    ['a reason there is not', JSON.stringify({ ...NOTICE, reason: 'because' })],
  ])('with %s is malformed', (_, body) => {
    expect(parseNotice(body)).toEqual({ ok: false, reason: 'malformed' });
  });
});

test('a notice keeps how often it has waited for another record', () => {
  const waiting = { ...NOTICE, awaited: 3 };

  expect(parseNotice(JSON.stringify(waiting))).toEqual({ ok: true, message: waiting });
});

test('a sweep request of a schedule has not waited yet', () => {
  const request = { schema: 1, connection: 'hubspot', object: 'company', mode: 'changes' };

  expect(parseSweepRequest(JSON.stringify(request))).toEqual({ ok: true, message: { ...request, attempts: 0 } });
});

test('a delivery without its record is malformed', () => {
  expect(parseDeliveries(JSON.stringify({ ...NOTICE, kind: 'partner' }))).toEqual({ ok: false, reason: 'malformed' });
});

describe('deliveries', () => {
  const due = { schema: 1, connection: 'hubspot', object: 'company', attempts: 0, correlationId: 'c' } as const;

  test('come out of a message as they were put into it', () => {
    const all = [
      { ...due, kind: 'partner', id: 'U1', work: 'backfill' as const },
      { ...due, kind: 'partner', id: 'U2', work: 'backfill' as const, gaveWay: 2 },
    ];
    const [packed] = packDeliveries(all);

    expect(parseDeliveries(JSON.stringify(packed))).toEqual({ ok: true, message: { due: all, correlationId: 'c' } });
  });

  test('may stand alone', () => {
    const one = { ...due, kind: 'partner', id: 'U1' };

    expect(parseDeliveries(JSON.stringify(one))).toEqual({ ok: true, message: { due: [one], correlationId: 'c' } });
  });

  test.each([[[]], [Array(101).fill({ kind: 'partner', id: 'U1', attempts: 0, correlationId: 'c' })]])(
    'of none or of more than a hundred records are malformed',
    (records) => {
      expect(parseDeliveries(JSON.stringify({ ...due, records }))).toEqual({ ok: false, reason: 'malformed' });
    },
  );
});

describe('a message of the inbound queue', () => {
  const EVENT = {
    version: '0',
    id: 'e-1',
    'detail-type': 'Offer Released',
    source: 'aws.marketplacecatalog',
    account: '111122223333',
    time: '2026-03-02T10:15:00Z',
    region: 'us-east-1',
    resources: ['arn:aws:x'],
    detail: { offer: { id: 'offer-1' } },
  };

  test('is an event where a rule of the bus put it there, as AWS wrapped it', () => {
    const { version: _, 'detail-type': detailType, ...rest } = EVENT;

    expect(parseInbound(JSON.stringify(EVENT))).toEqual({ ok: true, message: { ...rest, detailType } });
  });

  test('is an event also where little of the envelope is there', () => {
    const bare = { id: 'e', source: 'aws.marketplace', 'detail-type': 'Disbursement Paused' };

    expect(parseInbound(JSON.stringify(bare))).toMatchObject({
      ok: true,
      message: { id: 'e', account: '', resources: [] },
    });
  });

  test('is a notice else, and an event of nobody’s is malformed: it goes back', () => {
    expect(parseInbound(JSON.stringify(NOTICE))).toEqual({ ok: true, message: NOTICE });
    expect(parseInbound(JSON.stringify({ ...EVENT, source: 'evil' }))).toEqual({ ok: false, reason: 'malformed' });
  });
});
