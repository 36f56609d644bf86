import { describe, expect, test } from 'vitest';
import type { WebhookReceipt, WebhookRefusal } from '../../../connectors/kit/connector.ts';
import type { AnyConnector } from '../../../connectors/kit/connector-registry.ts';
import { fail, succeed } from '../../../domain/model/fault.ts';
import type { Notice } from '../../../domain/model/notice.ts';
import { type ReceiveParts, receive } from '../../../functions/receive-webhook/receive.ts';

const RESPONSE = { status: 200, contentType: 'text/xml', body: '<Ack>true</Ack>' };

describe('a genuine webhook', () => {
  test('is queued as notices of at most 100 different ids for each object, and answered as the vendor expects', async () => {
    const companies = Array.from({ length: 150 }, (_, index) => ({ object: 'company', externalId: `${index}` }));
    const { parts, queued } = setUp({ hints: [...companies, ...companies, { object: 'deal', externalId: '7' }] });

    const { answer, outcome, facts } = await receive(parts, request());

    expect(answer).toEqual(RESPONSE);
    expect(outcome).toBe('queued');
    expect(facts).toEqual({ records: 151 });
    expect(queued.map(({ object, ids }) => [object, ids.length])).toEqual([
      ['company', 100],
      ['company', 50],
      ['deal', 1],
    ]);
    expect(new Set(queued.flatMap(({ object, ids }) => ids.map((id) => `${object}#${id}`))).size).toBe(151);
    expect(queued[2]).toEqual({
      schema: 1,
      connection: 'hubspot',
      object: 'deal',
      ids: ['7'],
      reason: 'webhook',
      attempts: 0,
      correlationId: 'c-1',
    });
  });

  test('of objects that are not kept the same is answered, counted and not queued', async () => {
    const { parts, queued } = setUp({
      hints: [{ object: 'ticket', externalId: '1' }],
      ignored: { 'unknown-type': 2 },
    });

    const { answer, outcome, facts } = await receive(parts, request());

    expect(answer).toEqual(RESPONSE);
    expect(outcome).toBe('nothing-of-use');
    expect(facts).toEqual({ records: 0, 'ignored:unknown-type': 2, 'ignored:not-mapped': 1 });
    expect(queued).toEqual([]);
  });

  test('of a paused connection is answered and dropped', async () => {
    const { parts, queued, noted } = setUp({}, { isPaused: async () => true });

    const { answer, outcome } = await receive(parts, request());

    expect([answer, outcome]).toEqual([RESPONSE, 'paused']);
    expect([queued, noted]).toEqual([[], []]);
  });

  test('is noted only after the queue has accepted it', async () => {
    const order: string[] = [];
    const { parts } = setUp(
      {},
      {
        queue: async () => void order.push('queued'),
        replays: { isReplay: async () => false, note: async () => void order.push('noted') },
      },
    );

    await receive(parts, request());

    expect(order).toEqual(['queued', 'noted']);
  });

  test('that cannot be queued is answered 503, is not noted, and is taken in when it comes again', async () => {
    let isDown = true;
    const { parts, noted, defects, queued } = setUp({}, (made) => ({
      queue: async (notices) => {
        if (isDown) throw new Error('The queue inbound did not accept 1 of 1 entries.');
        await made.queue(notices);
      },
    }));

    const first = await receive(parts, request());
    expect([first.answer.status, first.outcome]).toEqual([503, 'unavailable']);
    expect(noted).toEqual([]);
    expect(defects).toHaveLength(1);

    isDown = false;
    const second = await receive(parts, request());
    expect([second.answer.status, second.outcome]).toEqual([200, 'queued']);
    expect(queued).toHaveLength(1);
  });

  test('is taken in although it could not be noted', async () => {
    const { parts, queued, defects } = setUp(
      {},
      {
        replays: {
          isReplay: async () => false,
          note: async () => {
            throw new Error('The table is not there.');
          },
        },
      },
    );

    const { answer } = await receive(parts, request());

    expect(answer).toEqual(RESPONSE);
    expect([queued.length, defects.length]).toEqual([1, 1]);
  });
});

describe('a webhook that is refused', () => {
  test('for a connection there is not: 404, without looking at it', async () => {
    const { parts } = setUp({}, { isKnown: () => false, door: () => Promise.reject(new Error('looked')) });

    const { answer, facts } = await receive(parts, request());

    expect([answer.status, facts]).toEqual([404, { code: 'unknown-connection' }]);
  });

  test('for its size: 413, before its signature is checked', async () => {
    const { parts } = setUp(() => {
      throw new Error('looked');
    });

    const { answer, facts } = await receive(parts, request(new Uint8Array(1_001)));

    expect([answer.status, facts]).toEqual([413, { code: 'oversized' }]);
  });

  test.each([
    [401, 'unsigned'],
    [401, 'stale'],
    [400, 'malformed'],
  ] as const)('by its connector: %i %s, with nothing queued or noted', async (status, code) => {
    const { parts, queued, noted } = setUp(() => ({ status, code }));

    const { answer, outcome, facts } = await receive(parts, request());

    expect(answer).toEqual({ status, contentType: 'application/json', body: JSON.stringify({ error: code }) });
    expect([outcome, facts]).toEqual(['refused', { code }]);
    expect([queued, noted]).toEqual([[], []]);
  });

  test('as a replay: 409, and it is not queued again', async () => {
    const { parts, queued } = setUp({ replayKeys: ['signature-1'] });

    const [first, second] = [await receive(parts, request()), await receive(parts, request())];

    expect([first?.answer.status, second?.answer.status]).toEqual([200, 409]);
    expect(second?.facts).toEqual({ code: 'replayed' });
    expect(queued).toHaveLength(1);
  });

  test('without a key to know it by is never taken for a replay', async () => {
    const { parts, queued } = setUp({ replayKeys: [] });

    await receive(parts, request());
    const { answer } = await receive(parts, request());

    expect(answer.status).toBe(200);
    expect(queued).toHaveLength(2);
  });

  test('for missing credentials: 503, so that it comes again when they are there', async () => {
    const fault = { kind: 'credential', code: 'CREDENTIALS_MISSING', message: 'The connection hubspot …' } as const;
    const { parts } = setUp({}, { door: async () => fail(fault) });

    const { answer, outcome, facts } = await receive(parts, request());

    expect([answer.status, outcome, facts]).toEqual([503, 'unavailable', { code: 'CREDENTIALS_MISSING' }]);
  });

  test('because its connector threw: 503 and a line for a developer', async () => {
    const { parts, defects } = setUp(() => {
      throw new TypeError('x is undefined');
    });

    const { answer } = await receive(parts, request());

    expect(answer.status).toBe(503);
    expect(defects).toHaveLength(1);
  });
});

type Answer = Partial<WebhookReceipt> | (() => WebhookReceipt | WebhookRefusal);

function setUp(answer: Answer, change: Partial<ReceiveParts> | ((parts: ReceiveParts) => Partial<ReceiveParts>) = {}) {
  const queued: Notice[] = [];
  const noted: string[] = [];
  const defects: unknown[] = [];
  const receipt = {
    hints: [{ object: 'company', externalId: '1' }],
    ignored: {},
    replayKeys: ['k'],
    response: RESPONSE,
  };
  const webhook = {
    bodyMax: 1_000,
    receive: typeof answer === 'function' ? answer : (): WebhookReceipt => ({ ...receipt, ...answer }),
  };
  // Of a connector only its webhook part is used here.
  const connector = { webhook } as unknown as AnyConnector;
  const settings = {
    id: 'hubspot',
    system: 'hubspot',
    auth: 'static-token',
    objects: ['company', 'deal'],
    direction: 'both',
    ceilings: {},
  } as const;
  const parts: ReceiveParts = {
    isKnown: () => true,
    isMapped: (_, object) => object === 'company' || object === 'deal',
    isPaused: async () => false,
    door: async () =>
      succeed({
        connector,
        settings: { ...settings, objects: [...settings.objects] },
        credentials: {},
        secretVersion: '1',
      }),
    queue: async (notices) => void queued.push(...notices),
    replays: {
      isReplay: async (_, keys) => keys.length > 0 && keys.every((key) => noted.includes(key)),
      note: async (_, keys) => void noted.push(...keys),
    },
    now: () => 1,
    defect: (error) => void defects.push(error),
  };
  const changed = typeof change === 'function' ? change(parts) : change;
  return { parts: { ...parts, ...changed }, queued, noted, defects };
}

function request(body: Uint8Array = new Uint8Array([123, 125])) {
  return {
    connection: 'hubspot',
    correlationId: 'c-1',
    request: { method: 'POST', url: 'https://hub.example/webhooks/hubspot', headers: {}, body },
  };
}
